"""Writers of lens reviews: JSON, CSV of risks, and a summary for the terminal."""
