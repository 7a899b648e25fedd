"""Move two densities and see what the best discriminator makes of them."""
