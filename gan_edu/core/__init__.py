"""The foundations, which know no chapter: data, networks, devices, features, recordings, checkpoints, figures."""
