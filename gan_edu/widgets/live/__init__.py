"""Train, and watch the samples change."""
