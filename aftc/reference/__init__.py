"""Reference data that several rooms share: ports, ferry routes, countries, goods nomenclature."""
