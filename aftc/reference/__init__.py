"""Reference data that parsing, linking, features and the world share: ports, ferry routes, countries, HS nomenclature."""
