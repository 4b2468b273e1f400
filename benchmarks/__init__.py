"""The demonstration and the measurements: they run both applications, as a user would."""
