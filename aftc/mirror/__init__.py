"""The online state a second time, in Redis: published from the writer's own, read by scorers on other machines.

    form        keys, values and the scripts that the server runs: how the mirror stands in Redis
    server      the connection: bounded waits, errors in the project's words
    publishing  the one publisher: the whole state, then commit by commit
    reading     snapshots of the mirror behind the same `View` as those of LMDB

Why it is so: docs/decisions/0013-redis-mirror.md.
"""
