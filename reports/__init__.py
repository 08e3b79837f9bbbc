"""Report writers: each turns a review into one format; they know the model only, never the rules."""
