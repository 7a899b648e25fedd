"""Ask a conditional generator for each class in several styles, and for what lies between two classes."""
