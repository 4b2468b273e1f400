"""The README's client is a program: it runs against a real scorer as it stands there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.serving.conftest import Serving

ROOT = Path(__file__).resolve().parents[2]
MOST_LINES = 10  # of code: what the README promises


def test_the_readme_client_runs(serving: Serving, consignment_ids: tuple[str, ...]) -> None:
    """With its address and id filled in, the ten lines print a line for each threat and each reason."""
    found = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert found is not None
    program = found[1]
    statements = [line for line in program.splitlines() if line.strip() and not line.startswith(("import", "from"))]
    assert len(statements) <= MOST_LINES
    program = program.replace("127.0.0.1:50551", f"127.0.0.1:{serving.server.port}").replace("C...", consignment_ids[0])
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("THREAT_ANY: ")
    assert any(line[0] in "+-" for line in lines)
