"""Rehearsal: a simulated world played week by week through the product's own path, in memory."""
