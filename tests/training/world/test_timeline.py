"""A world's messages in the order received, and the play of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from aftc.clock import DAY, SECOND
from aftc.errors import InputError
from aftc.streams.spool import scan
from training.world import timeline as timelines
from training.world.cast import Cast, make_cast
from training.world.deliveries import PARTS, deliveries
from training.world.live import Pace, play
from training.world.native import arrived, file_name
from training.world.parameters import DAYS_A_WEEK, WorldParameters
from training.world.simulation import Week, weeks
from training.world.timeline import LONGEST_LEAD, Received, timeline

PARAMETERS = WorldParameters(seed=5, days=80, consignments=1_200, random_stratum=0.1)


@pytest.fixture(scope="module")
def cast() -> Cast:
    """Of a world of twelve weeks, longer than the longest lead."""
    return make_cast(PARAMETERS)


@pytest.fixture(scope="module")
def played(cast: Cast) -> list[Received]:
    """All of it as received."""
    return list(timeline(cast))


def test_messages_come_in_the_order_received_and_none_is_left_out(cast: Cast, played: list[Received]) -> None:
    """Ascending by known-at, and the same messages as all parts of all weeks have."""
    assert played == sorted(played)
    parts = [each for week in weeks(cast) for part in PARTS for each in deliveries(cast, week, part)]
    expected = [
        Received(each.received, each.stream, file_name(each), arrived(each))
        for each in parts
        if each.received is not None
    ]
    assert played == sorted(expected)


def test_weeks_are_made_as_they_are_needed(monkeypatch: pytest.MonkeyPatch, cast: Cast) -> None:
    """When a week is made, what was received sixty days before it is past: the last weeks come last."""
    made: list[int] = []

    def watched(given: Cast) -> Iterator[Week]:
        for week in weeks(given):
            made.append(week.arrivals.number)
            yield week

    monkeypatch.setattr(timelines, "weeks", watched)
    for message in timeline(cast):
        last_begins = PARAMETERS.origin + made[-1] * DAYS_A_WEEK * DAY
        assert made[-1] == 0 or last_begins - LONGEST_LEAD <= message.received
    assert made == list(range(PARAMETERS.weeks))


def test_nothing_is_received_before_the_longest_lead(cast: Cast) -> None:
    """Of no week is a message received earlier than sixty days before it begins."""
    for week in weeks(cast):
        begins = PARAMETERS.origin + week.arrivals.number * DAYS_A_WEEK * DAY
        times = [each.received for part in PARTS for each in deliveries(cast, week, part) if each.received is not None]
        assert min(times) > begins - LONGEST_LEAD


@dataclass(slots=True)
class Watch:
    """A clock that moves when it is waited for, and by some time whenever a message is made."""

    now: float = 1_000.0
    waits: list[float] = field(default_factory=list)

    def clock(self) -> float:
        """Seconds."""
        return self.now

    def pause(self, seconds: float) -> None:
        """Wait."""
        assert seconds > 0
        self.waits.append(seconds)
        self.now += seconds


def _messages(*seconds: int) -> list[Received]:
    return [Received(second * SECOND, "ens", f"{second}.xml", b"message %d" % second) for second in seconds]


def test_messages_are_put_when_they_are_due(tmp_path: Path) -> None:
    """Ten times faster than life a message of second 130 comes three seconds after one of second 100."""
    watch = Watch()
    found: list[tuple[float, int]] = []

    def watched() -> Iterator[Received]:
        for message in _messages(60, 90, 130, 150):
            yield message
            found.append((watch.now - 1_000.0, len(list(tmp_path.iterdir()))))

    done = play(watched(), tmp_path, Pace(10.0), begin=100 * SECOND, clock=watch.clock, pause=watch.pause)
    assert found == [(0.0, 1), (0.0, 2), (3.0, 3), (5.0, 4)]
    assert (done.messages, done.first, done.last) == ({"ens": 4}, 60 * SECOND, 150 * SECOND)
    assert (done.behind, done.complete) == (0.0, True)


def test_the_spool_knows_when_a_message_was_received(tmp_path: Path) -> None:
    """What is put there is found by ingest with its simulated received time, its bytes unchanged; nothing is hidden."""
    watch = Watch()
    sent = _messages(60, 90)
    play(sent, tmp_path / "spool", Pace(), begin=0, clock=watch.clock, pause=watch.pause)
    files = scan([tmp_path / "spool"])
    assert [(each.known_at, each.path.read_bytes()) for each in files] == [(each.received, each.raw) for each in sent]
    assert all(each.skipped is None for each in files)


def test_the_play_ends_when_its_time_is_over(tmp_path: Path) -> None:
    """After seven seconds, ten times faster than life, what comes in seventy is there and no more."""
    watch = Watch()
    done = play(_messages(10, 60, 71), tmp_path, Pace(10.0, seconds=7.0), begin=0, clock=watch.clock, pause=watch.pause)
    assert (done.messages.total(), done.complete, watch.now) == (2, False, 1_007.0)


def test_lateness_is_told(tmp_path: Path) -> None:
    """A message that takes a while to be made comes late, by as much as is told."""
    watch = Watch()

    def slow() -> Iterator[Received]:
        for message in _messages(10, 20):
            yield message
            watch.now += 4.0

    done = play(slow(), tmp_path, Pace(10.0), begin=0, clock=watch.clock, pause=watch.pause)
    assert done.behind == 3.0


def test_an_interruption_ends_the_play(tmp_path: Path) -> None:
    """Ctrl-C is the usual way to end: what was played is told."""

    def interrupted() -> Iterator[Received]:
        yield from _messages(10)
        raise KeyboardInterrupt

    watch = Watch()
    done = play(interrupted(), tmp_path, Pace(), begin=0, clock=watch.clock, pause=watch.pause)
    assert (done.messages.total(), done.complete) == (1, False)


def test_a_spool_that_cannot_be_written_is_an_input_error(tmp_path: Path) -> None:
    """A file where the spool should be is told as such."""
    (tmp_path / "file").write_text("")
    watch = Watch()
    with pytest.raises(InputError, match="room and permission"):
        play(_messages(10), tmp_path / "file", Pace(), begin=0, clock=watch.clock, pause=watch.pause)


@pytest.mark.parametrize("values", [{"speed_up": 0.5}, {"speed_up": float("nan")}, {"seconds": 0.0}, {"seconds": -1.0}])
def test_a_pace_out_of_its_range_is_an_input_error(values: dict[str, float]) -> None:
    """The range is told."""
    with pytest.raises(InputError, match=r"from 1 to 10,000,000|above 0 and up to"):
        replace(Pace(), **values)
