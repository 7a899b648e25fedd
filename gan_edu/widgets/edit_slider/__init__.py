"""TODO: the control in one line."""
