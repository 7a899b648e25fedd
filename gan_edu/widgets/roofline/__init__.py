"""Where a training step stands between what a machine can compute and what it can move."""
