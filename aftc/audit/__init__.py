"""Audit: what every score rested on, appended and never rewritten, and its replay."""
