"""The data stores of an architecture: where each lives, what opens it, who uses it."""
