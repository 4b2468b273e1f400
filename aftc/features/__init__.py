"""Features: a consignment version and the history of its entities, as known at one message, become a vector.

`algebra` says what a definition is made of, `catalogue` holds the definitions, `extract` reads a version, `sightings`
keep the history of entities, `kernel` turns history into window sums (in `batch` and `online` alike), `assembly` turns
integers into the vector, `out_of_core` does all of it for more than memory holds, `spark` does so on many machines by
the same steps (`shares`), `sql` computes the same windows again by other means.
"""
