"""Simulated price paths: a fan, one path's returns, what their sizes remember, and a shuffle that makes them forget."""
