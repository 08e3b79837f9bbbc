"""WAF coverage: everything the Internet can call has a web ACL that does something."""
