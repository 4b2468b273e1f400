"""The frame of the command line: replies, exit statuses, and one line for a person's mistake."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import requires
from pathlib import Path

import pytest

from aftc.cli import EXTRAS, Command, Reply, installed_commands, run
from aftc.config import Settings
from aftc.errors import InputError


def _command(answer: Callable[[argparse.Namespace, Settings], Reply], name: str = "weigh") -> Command:
    return Command(name, "weigh a load", lambda parser: None, answer)


def _raise(error: BaseException) -> Callable[[argparse.Namespace, Settings], Reply]:
    def answer(arguments: argparse.Namespace, settings: Settings) -> Reply:
        raise error

    return answer


def test_text_for_people_and_json_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    """The same reply as text, and as JSON with `--json`."""
    command = _command(lambda arguments, settings: Reply({"grams": 5}, "5 g"))
    assert run([command], ["weigh"]) == 0
    assert capsys.readouterr().out == "5 g\n"
    assert run([command], ["weigh", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"grams": 5}


def test_names_that_are_no_utf_8_are_spelled_out(capsys: pytest.CaptureFixture[str]) -> None:
    """A file name of any bytes is printed, not a traceback."""
    assert run([_command(lambda arguments, settings: Reply({}, "caf\udce9.xml"))], ["weigh"]) == 0
    assert capsys.readouterr().out == "caf\\udce9.xml\n"


def test_nothing_that_a_sender_wrote_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Control characters of messages and file names are spelled out in answers and errors alike."""
    assert run([_command(lambda arguments, settings: Reply({}, "a\x1b]0;title\x07b\nc\u202ed"))], ["weigh"]) == 0
    assert capsys.readouterr().out == "a\\x1b]0;title\\x07b\nc\\u202ed\n"
    assert run([_command(_raise(InputError("a scale", "\x1b[2J")))], ["weigh"]) == 2
    assert "\\x1b[2J" in capsys.readouterr().err


def test_a_finding_has_its_own_status() -> None:
    """An answer that is itself a finding is printed and exits with 1."""
    assert run([_command(lambda arguments, settings: Reply({}, "differs", 1))], ["weigh"]) == 1


def test_store_overrides_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--store` goes before AFTC_STORE, which goes before the default."""
    seen = []

    def answer(arguments: argparse.Namespace, settings: Settings) -> Reply:
        seen.append(settings.store)
        return Reply({}, "")

    monkeypatch.setenv("AFTC_STORE", "/from/environment")
    run([_command(answer)], ["weigh"])
    run([_command(answer)], ["weigh", "--store", "given"])
    assert seen == [Path("/from/environment"), Path("given")]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (InputError("a scale", "none", advice="buy one"), "aftc: input: expected a scale, found none; buy one"),
        (FileNotFoundError(2, "No such file or directory", "x.xml"), "No such file or directory: 'x.xml'"),
        (ModuleNotFoundError("No module", name="deltalake.table"), "run: pip install 'aftc[ingest]'"),
        (ModuleNotFoundError("No module", name="lightgbm"), "run: pip install 'aftc[train]'"),
    ],
)
def test_a_mistake_is_one_line(error: Exception, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What a person can mend exits with 2 and says so in one line on standard error, without a traceback."""
    assert run([_command(_raise(error))], ["weigh"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert told in said.err
    assert said.err.count("\n") == 1


def test_a_defect_is_not_hidden() -> None:
    """A missing module that no extra brings is ours to mend, and stays an exception."""
    with pytest.raises(ModuleNotFoundError):
        run([_command(_raise(ModuleNotFoundError("No module", name="aftc.nowhere")))], ["weigh"])


def test_an_interruption_exits_with_130(capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C ends quietly."""
    assert run([_command(_raise(KeyboardInterrupt()))], ["weigh"]) == 130
    assert capsys.readouterr().err == "aftc: interrupted\n"


def test_a_wrong_setting_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A setting of the wrong form is told before anything runs."""
    monkeypatch.setenv("AFTC_COMMIT_MESSAGES", "many")
    assert run([_command(_raise(AssertionError("ran")))], ["weigh"]) == 2
    assert "AFTC_COMMIT_MESSAGES" in capsys.readouterr().err


def test_commands_form_families(capsys: pytest.CaptureFixture[str]) -> None:
    """`audit verify` is the command `verify` under `audit`."""
    commands = [
        _command(lambda arguments, settings: Reply({}, "verified"), "audit verify"),
        _command(lambda arguments, settings: Reply({}, "proved"), "audit prove"),
    ]
    run(commands, ["audit", "prove"])
    run(commands, ["audit", "verify"])
    assert capsys.readouterr().out == "proved\nverified\n"
    with pytest.raises(SystemExit, match="2"):
        run(commands, ["audit"])


def test_a_command_may_have_commands_under_it(capsys: pytest.CaptureFixture[str]) -> None:
    """`world` stands alone with its own arguments, and `world describe` is another command with its own."""

    def days(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--days", type=int)

    def folder(parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder")

    alone = Command("world", "make one", days, lambda given, _: Reply({}, f"{given.days} days"))
    under = Command("world describe", "describe one", folder, lambda given, _: Reply({}, f"described {given.folder}"))
    assert run([under, alone], ["world", "--days", "3"]) == 0
    assert run([under, alone], ["world", "describe", "W"]) == 0
    assert capsys.readouterr().out == "3 days\ndescribed W\n"
    with pytest.raises(SystemExit, match="2"):
        run([under, alone], ["world", "elsewhere"])


def test_every_installed_command_explains_itself() -> None:
    """Names are distinct and each command has a summary of one line."""
    commands = installed_commands()
    assert {"ingest", "serve", "score", "explain", "replay", "audit verify", "consignment"} <= {
        each.name for each in commands
    }
    assert len({each.name for each in commands}) == len(commands)
    assert all(each.summary and "\n" not in each.summary for each in commands)


def test_every_installed_command_is_in_the_readme() -> None:
    """The README's list of commands names each one, in a line that begins with the first of its family."""
    page = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    listed = page.partition("## Commands")[2].partition("## ")[0]
    lines = [line.split() for line in listed.splitlines() if line.startswith("aftc ")]
    unnamed = [
        each.name
        for each in installed_commands()
        if not any(set(each.name.split()) <= {word.strip("(|)") for word in line} for line in lines)
    ]
    assert unnamed == []


def test_help_imports_nothing_heavy() -> None:
    """`aftc --help` answers without numpy, numba, grpc, LightGBM or a database."""
    script = (
        "import sys; from aftc.cli import installed_commands, run\n"
        "try: run(installed_commands(), ['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'numba', 'grpc', 'lightgbm', 'mlflow', 'lmdb', 'onnxruntime', 'pyarrow', 'pandas'}\n"
        "sys.exit(' '.join(sorted(heavy & set(sys.modules))) or None)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "serve" in done.stdout


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    """Output into a closed pipe ends quietly."""
    script = (
        "from aftc.cli import Command, Reply, run\n"
        "import sys, time\n"
        "sys.stdin.readline()\n"
        "sys.exit(run([Command('long', 's', lambda p: None, lambda a, s: Reply({}, 'x' * 10**7))], ['long']))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write(b"go\n")
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


def test_extras_name_what_the_project_declares() -> None:
    """Every module that sends a person to an extra is declared by that extra."""
    distributions = {"sklearn": "scikit-learn"}
    declared = [requirement.replace('"', "'") for requirement in requires("aftc") or ()]
    for extra, modules in EXTRAS.items():
        wanted = {distributions.get(module, module) for module in modules}
        listed = {each.split(";")[0].split(">")[0].split("<")[0] for each in declared if f"extra == '{extra}'" in each}
        assert wanted <= listed
