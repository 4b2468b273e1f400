"""`aftc export`, `card`, `promote` and `rollback`: what is done with a bundle once it is made."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from aftc.cli import Command, Reply
from aftc.config import Settings

if TYPE_CHECKING:
    from training.promote import Promotion

__all__ = ["CARD", "EXPORT", "PROMOTE", "ROLLBACK"]


def _configure_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", help="run or 'latest'")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="new folder for the bundle's files")


def _export(arguments: argparse.Namespace, settings: Settings) -> Reply:
    from training.promote import copy_bundle
    from training.tracking import Tracking

    found = Tracking(settings.store).find(arguments.run)
    bundle = copy_bundle(settings.store, found.folder, arguments.out)
    payload = {"run": found.run_id, "bundle": bundle.digest, "folder": str(arguments.out)}
    return Reply(payload, f"Bundle {bundle.digest} of run {found.run_id}, verified, in {arguments.out}")


def _configure_card(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", nargs="?", metavar="RUN", help="run or 'latest' (the promoted bundle)")


def _card(arguments: argparse.Namespace, settings: Settings) -> Reply:
    from training.judging import find_bundle

    bundle = find_bundle(settings, arguments.run)
    return Reply(
        {"run": bundle.manifest.run_id, "bundle": bundle.digest, "card": bundle.card}, bundle.card.rstrip("\n")
    )


def _configure_promote(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", nargs="?", default="latest", metavar="RUN", help="run to promote (latest)")


def _promote(arguments: argparse.Namespace, settings: Settings) -> Reply:
    from training.promote import promote
    from training.tracking import Tracking

    tracking = Tracking(settings.store)
    made = promote(settings.store, tracking.find(arguments.run).folder)
    tracking.crown(made.run_id)
    return _told(made)


def _roll_back(_: argparse.Namespace, settings: Settings) -> Reply:
    from training.promote import roll_back
    from training.tracking import Tracking

    made = roll_back(settings.store)
    Tracking(settings.store).crown(made.run_id)
    return _told(made)


def _told(made: Promotion) -> Reply:
    before = f"before it {made.previous[:12]}; 'aftc rollback' returns to it" if made.previous else "none before it"
    payload = {"run": made.run_id, "bundle": made.digest, "previous": made.previous}
    return Reply(payload, f"Bundle {made.digest} of run {made.run_id} is current; {before}")


EXPORT = Command("export", "write a run's signed bundle into a folder", _configure_export, _export)
CARD = Command("card", "the model card of a bundle", _configure_card, _card)
PROMOTE = Command("promote", "make a run's bundle the one that serves", _configure_promote, _promote)
ROLLBACK = Command("rollback", "return to the bundle that served before", lambda _: None, _roll_back)
