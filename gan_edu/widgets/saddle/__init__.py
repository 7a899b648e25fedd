"""Two numbers, one value: who climbs and who descends."""
