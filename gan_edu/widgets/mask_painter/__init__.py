"""Paint a hole in a picture, and see what networks fill it with."""
