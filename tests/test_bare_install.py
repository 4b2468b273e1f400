"""The bare install scores and serves, without one package of the extras."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sys.executable).with_name("uv")
ABSENT = (
    "lightgbm",
    "mlflow",
    "sklearn",
    "pandas",
    "lxml",
    "pyarrow",
    "deltalake",
    "duckdb",
    "onnx",
    "matplotlib",
    "splink",
    "pyspark",
)

CLIENT = """
    import importlib.util, signal, subprocess, sys
    import grpc
    import aftc.scoring, serving.server
    from serving.wire import scorer_pb2, scorer_pb2_grpc

    present = [name for name in sys.argv[3].split(",") if importlib.util.find_spec(name)]
    assert not present, present
    command = [sys.argv[1], "serve", "--port", "0", "--store", sys.argv[2]]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        address = server.stdout.readline().split()[2]
        with grpc.insecure_channel(address) as channel:
            request = scorer_pb2.ScoreRequest(consignment_id=sys.argv[4])
            reply = scorer_pb2_grpc.ScorerStub(channel).Score(request, timeout=60)
        print(reply.score_id, len(reply.threats), len(reply.reasons))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)
"""


def _run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*map(str, words)], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)


@pytest.mark.scale
@pytest.mark.timeout(900)
def test_bare_install_serves(store: Path, consignment_ids: tuple[str, ...], tmp_path: Path) -> None:
    """A wheel installed alone, at the locked versions, serves a score; ingest names the extra that it needs."""
    built = _run(UV, "build", "--wheel", "--no-build-isolation", "--python", sys.executable, "-o", tmp_path / "dist")
    assert built.returncode == 0, built.stderr
    (wheel,) = (tmp_path / "dist").glob("aftc-*.whl")
    bare = tmp_path / "bare"
    assert _run(UV, "venv", "--python", sys.executable, bare).returncode == 0
    pins = tmp_path / "pins.txt"
    locked = (ROOT / "requirements.lock").read_text().splitlines()
    pins.write_text("\n".join(line.split(" \\")[0] for line in locked if "==" in line))
    installed = _run(UV, "pip", "install", "--python", bare / "bin" / "python", "-c", pins, wheel)
    assert installed.returncode == 0, installed.stderr
    client = tmp_path / "client.py"
    client.write_text(textwrap.dedent(CLIENT))
    aftc = bare / "bin" / "aftc"
    told = _run(bare / "bin" / "python", client, aftc, store, ",".join(ABSENT), consignment_ids[0])
    assert told.returncode == 0, told.stderr
    score_id, threats, reasons = told.stdout.split()[-3:]
    assert score_id
    assert int(threats) == 2
    assert int(reasons) > 0
    refused = _run(aftc, "ingest", store, "--store", tmp_path / "other")
    assert refused.returncode == 2
    assert "pip install 'aftc[ingest]'" in refused.stderr
    assert "Traceback" not in refused.stderr
