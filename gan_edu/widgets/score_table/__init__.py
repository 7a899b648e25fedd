"""Stored scores, sorted and compared."""
