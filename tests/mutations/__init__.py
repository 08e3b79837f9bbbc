"""The mutation suite: good templates, edits that break one property each, and what the rules say of them."""
