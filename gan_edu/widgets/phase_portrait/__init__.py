"""The paths of small games."""
