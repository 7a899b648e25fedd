"""Molecules that were made on the way of a training, drawn: by the weight λ of D, by step, filtered by a property."""
