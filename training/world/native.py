"""Native messages in folders: a file each, and the received times in a sidecar beside them."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from types import TracebackType

from aftc.clock import Instant, format_instant
from aftc.streams import (
    baplie,
    cds_import,
    cds_notification,
    coprar,
    cuscar,
    dcsa_bl,
    detection,
    ens,
    ens_intervention,
    ens_response,
    ferry_booking,
    ferry_check_in,
    ferry_departure,
    gmr,
    ncts_transit,
    outcome,
    selector,
    xffm,
    xfwb,
    xfzb,
)
from aftc.streams.spool import SIDECAR
from training.world.dispatch import Delivery, Dispatch
from training.world.folder import folder_digest

__all__ = ["MOST_FILES", "MessageFolder", "NativeMessages", "arrived", "file_name", "native"]

MOST_FILES = 20_000  # a folder with more is slow to list

_EXTENSIONS = {
    "ens": "xml",
    "ens_response": "xml",
    "ens_intervention": "xml",
    "gmr": "json",
    "cuscar": "edi",
    "baplie": "edi",
    "coprar": "edi",
    "dcsa_bl": "json",
    "ferry_booking": "json",
    "ferry_check_in": "json",
    "ferry_departure": "json",
    "outcome": "json",
    "cds_import": "xml",
    "cds_notification": "xml",
    "ncts_transit": "xml",
    "xfwb": "xml",
    "xfzb": "xml",
    "xffm": "xml",
    "detection": "json",
    "selector": "json",
}
_BUILDERS: dict[str, Callable[..., bytes]] = {
    "ens": ens.build,
    "ens_response": ens_response.build,
    "ens_intervention": ens_intervention.build,
    "gmr": gmr.build,
    "cuscar": cuscar.build,
    "baplie": baplie.build,
    "coprar": coprar.build,
    "dcsa_bl": dcsa_bl.build,
    "ferry_booking": ferry_booking.build,
    "ferry_check_in": ferry_check_in.build,
    "ferry_departure": ferry_departure.build,
    "outcome": outcome.build,
    "cds_import": cds_import.build,
    "cds_notification": cds_notification.build,
    "ncts_transit": ncts_transit.build,
    "xfwb": xfwb.build,
    "xfzb": xfzb.build,
    "xffm": xffm.build,
    "detection": detection.build,
    "selector": selector.build,
}


def arrived(delivery: Delivery) -> bytes:
    """The bytes of a message as they arrived: its record in its stream's format, or what became of it."""
    return native(delivery) if delivery.raw is None else delivery.raw


def native(message: Dispatch | Delivery) -> bytes:
    """A message's record in its stream's format."""
    return _BUILDERS[message.stream](message.record)


def file_name(delivery: Delivery) -> str:
    """The name of a message's file."""
    return f"{delivery.name}.{_EXTENSIONS[delivery.stream]}"


class NativeMessages:
    """One week's messages of some streams, as they arrived: `messages/STREAM/WEEK/NAME.EXTENSION`.

    Args:
        folder: The world's.
        week: Name of the week's folder.

    Attributes:
        digests: Of the streams' folders by path, when all is written.
    """

    def __init__(self, folder: Path, week: str) -> None:
        self._folder = folder
        self._week = week
        self._streams: dict[str, MessageFolder] = {}
        self.digests: dict[str, str] = {}

    def __enter__(self) -> NativeMessages:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """The sidecars are written where all went well."""
        if kind is None:
            for path, messages in self._streams.items():
                self.digests[path] = messages.close()

    def put(self, delivery: Delivery) -> bool:
        """Write a message; False where there is nothing to write, as it never arrived."""
        if delivery.received is None:
            return False
        path = f"messages/{delivery.stream}/{self._week}"
        if path not in self._streams:
            self._streams[path] = MessageFolder(self._folder / path)
        self._streams[path].put(file_name(delivery), delivery.received, arrived(delivery))
        return True


class MessageFolder:
    """A new folder of messages; one of very many files is split by the first sign of their names.

    Args:
        path: Where; its parents are made.
    """

    def __init__(self, path: Path) -> None:
        path.mkdir(parents=True)
        self._path = str(path)
        self._split = False
        self._parts: set[str] = set()
        self._files: list[tuple[str, Instant, bytes]] = []

    def put(self, name: str, received: Instant, raw: bytes) -> None:
        """Write a message.

        Args:
            name: Of its file.
            received: Known-at.
            raw: What arrived.
        """
        with open(self._place(name), "xb") as file:
            file.write(raw)
        self._files.append((name, received, sha256(raw).digest()))
        if len(self._files) > MOST_FILES and not self._split:
            self._divide()

    def close(self) -> str:
        """Write the sidecars; the digest of the folder (`training.world.folder.folder_digest`)."""
        rows: dict[str, list[str]] = {}
        digests: dict[str, str] = {}
        for name, received, digest in sorted(self._files):
            part = f"{name[0]}/" if self._split else ""
            rows.setdefault(part, ["file,received\n"]).append(f"{name},{format_instant(received)}\n")
            digests[f"{part}{name}"] = digest.hex()
        for part, lines in rows.items():
            sidecar = "".join(lines).encode()
            with open(f"{self._path}/{part}{SIDECAR}", "xb") as file:
                file.write(sidecar)
            digests[f"{part}{SIDECAR}"] = sha256(sidecar).hexdigest()
        return folder_digest(digests)

    def _place(self, name: str) -> str:
        if not self._split:
            return f"{self._path}/{name}"
        if name[0] not in self._parts:
            self._parts.add(name[0])
            Path(self._path, name[0]).mkdir()
        return f"{self._path}/{name[0]}/{name}"

    def _divide(self) -> None:
        """Move what is there into folders of its own; what comes goes there at once."""
        self._split = True
        for name, *_ in self._files:
            Path(self._path, name).rename(self._place(name))
