"""What runs in the engines' own processes: no other part of the validator is imported here."""
