"""Data protection: encryption, keys, backups, deletion, versions and expiry of each store."""
