"""A question whose answer waits until a guess is made."""
