"""History: the journal (the only source), the lake (its tables) and the fold that derives state and lake from it."""
