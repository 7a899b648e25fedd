"""Mode collapse on a stage: a GAN that loses its modes, and cures that are switched on while it runs."""
