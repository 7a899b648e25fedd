"""Two piles of earth, or two clouds: the cheapest plan from one to the other, and its price."""
