"""The freight world: a simulated border that knows the true probability of every consignment."""
