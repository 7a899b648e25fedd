"""What label smoothing does to the best discriminator."""
