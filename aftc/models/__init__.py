"""Signed bundles, scores, percentiles and reasons: one module set for training and serving alike."""
