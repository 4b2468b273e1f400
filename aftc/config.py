"""Settings: one frozen table of name, default and meaning.

A value comes from the environment (`AFTC_` + the name in capitals) or else the default. Documented in
docs/settings.md, which a test compares with this table.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from aftc.errors import InputError

__all__ = ["Settings"]


_Value = TypeVar("_Value", Path, int, str)


def _setting(default: _Value, meaning: str) -> _Value:
    declared: _Value = field(default=default, metadata={"meaning": meaning})
    return declared


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that may be set from outside; each field's `meaning` is in its metadata."""

    store: Path = _setting(Path("aftc-store"), "folder of journal, lake, state, bundles, audit log and keys")
    max_message_bytes: int = _setting(10_000_000, "larger messages are quarantined unread (bytes)")
    commit_messages: int = _setting(2_000, "messages applied in one commit of state and lake while reading files")
    link_window_hours: int = _setting(
        12, "two crossings of one registration on one route within this are the same movement"
    )
    cutoff_minutes: int = _setting(120, "decision point before scheduled arrival, all modes but ro-ro (minutes)")
    roro_cutoff_minutes: int = _setting(15, "decision point before scheduled arrival, ro-ro (minutes)")
    max_state_lag_minutes: int = _setting(
        60, "a scorer refuses to start when its state is behind the journal by more than this (minutes)"
    )
    audit_sync: str = _setting(
        "group", "group: audit records are synced at most 50 ms after the reply; strict: before it"
    )
    state: str = _setting(
        "", "URL of the Redis server whose mirror of the state is scored from; none: the store's own state"
    )
    redis_password: str = _setting(
        "", "password of the servers of `--from-redis`, `--redis` and `--state`, so that no list of processes shows it"
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Settings with what the environment overrides.

        Raises:
            InputError: a value of the wrong form.
        """
        given: dict[str, Any] = {}
        for each in fields(cls):
            text = environment.get(f"AFTC_{each.name.upper()}")
            if text is None:
                continue
            try:
                given[each.name] = Path(text) if each.type == "Path" else int(text) if each.type == "int" else text
            except ValueError as error:
                raise InputError(f"a whole number in AFTC_{each.name.upper()}", repr(text)) from error
        return cls(**given)
