"""Switch the ingredients of a recipe on and off: what each does to samples, curve and score over seeds."""
