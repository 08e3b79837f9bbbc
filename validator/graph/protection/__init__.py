"""How stores protect their data: encryption, keys, backups, deletion, expiry."""
