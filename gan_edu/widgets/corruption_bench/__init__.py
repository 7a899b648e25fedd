"""The corruption bench: digits spoiled in one way, and what each score says of them."""
