"""Speed and quality beside peers, each comparison measured in one run. `make bench` runs all and stores the result."""

import gan_edu  # noqa: F401  (settles how long threads wait awake, before torch is loaded)
