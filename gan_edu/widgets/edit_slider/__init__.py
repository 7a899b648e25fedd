"""Push pictures along a direction, and see what of them changes."""
