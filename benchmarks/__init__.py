"""Speed and quality beside peers, each comparison measured in one run. `make bench` runs all and stores the result."""
