"""Progress on standard error: stages as lines with the seconds since the command began."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

__all__ = ["stages"]


def stages(stream: TextIO | None = None) -> Callable[[str], None]:
    """A function that tells a stage as it begins."""
    began = time.perf_counter()

    def tell(stage: str) -> None:
        print(f"{time.perf_counter() - began:6.1f} s  {stage}", file=stream or sys.stderr, flush=True)

    return tell
