"""Walk between the samples of a generator."""
