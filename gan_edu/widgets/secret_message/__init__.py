"""A message that is enciphered, and read by what a generator knows of the key, step after step of its training."""
