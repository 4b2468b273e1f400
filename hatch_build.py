"""Build hook: compiles the wire contract into `serving/wire/` whenever the project is installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

__all__ = ["StubsHook"]

CONTRACT = "proto/aftc/v1"
PACKAGE = "serving/wire"


class StubsHook(BuildHookInterface[Any]):
    """Makes `scorer_pb2` and `scorer_pb2_grpc`, for wheels and editable installs alike."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  (the interface names it)
        """Compile the contract and have its stubs packed, although git ignores them."""
        root = Path(self.root)
        command = [
            *(sys.executable, "-m", "grpc_tools.protoc", f"-I{PACKAGE}={CONTRACT}"),
            *("--python_out=.", "--grpc_python_out=.", "--pyi_out=."),
            f"{PACKAGE}/scorer.proto",
        ]
        subprocess.run(command, cwd=root, check=True)
        build_data["artifacts"].append(f"{PACKAGE}/scorer_pb2*")
