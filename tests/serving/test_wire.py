"""The stubs are those of the contract."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2

from serving.wire import scorer_pb2

ROOT = Path(__file__).resolve().parents[2]


def test_the_stubs_are_compiled_from_the_contract(tmp_path: Path) -> None:
    """What is imported equals a fresh compilation of the contract: an edit without an install is seen."""
    pytest.importorskip("grpc_tools", reason="the compiler is not installed")
    command = [
        *(sys.executable, "-m", "grpc_tools.protoc", f"-Iserving/wire={ROOT / 'proto/aftc/v1'}"),
        *(f"--descriptor_set_out={tmp_path / 'set'}", "serving/wire/scorer.proto"),
    ]
    subprocess.run(command, cwd=ROOT, check=True, timeout=60)
    (fresh,) = descriptor_pb2.FileDescriptorSet.FromString((tmp_path / "set").read_bytes()).file
    imported = descriptor_pb2.FileDescriptorProto()
    scorer_pb2.DESCRIPTOR.CopyToProto(imported)
    assert _bare(fresh) == _bare(imported), "run: make (or pip install -e .) to compile the contract again"


def _bare(described: descriptor_pb2.FileDescriptorProto) -> bytes:
    """Without the JSON names, which only one of the two compilations spells out."""
    bare = descriptor_pb2.FileDescriptorProto()
    bare.CopyFrom(described)
    for message in bare.message_type:
        for field in message.field:
            field.ClearField("json_name")
    return bare.SerializeToString(deterministic=True)
