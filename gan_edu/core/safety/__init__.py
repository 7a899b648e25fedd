"""Nothing is lost: values checked, files written whole, one writer at a time, interrupts between steps."""
