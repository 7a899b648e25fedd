"""Slide through recorded runs."""
