"""The losses' curves and slopes, side by side."""
