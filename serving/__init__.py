"""The services: the scorer (gRPC) and ingest (the one writer)."""
