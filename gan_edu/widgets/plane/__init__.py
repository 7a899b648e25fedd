"""A GAN of points in the plane, trained before your eyes, and its recordings."""
