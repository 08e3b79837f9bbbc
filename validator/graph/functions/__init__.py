"""Functions as they are run: what starts them, where their failures and logs go, who waits for them."""
