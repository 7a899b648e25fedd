"""Shipped recordings, a folder each, and `recipes`, which make them anew."""
