"""The wire contract's Python form.

`scorer_pb2` and `scorer_pb2_grpc` are compiled from `proto/aftc/v1/scorer.proto` when the project is installed; they
are never committed.
"""
