"""Which output a growing layer writes how often: where checkerboards come from."""
