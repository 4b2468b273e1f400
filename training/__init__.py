"""The data scientist's application: worlds, training sets, models, their evaluation, export and promotion."""
