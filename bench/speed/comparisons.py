"""Which subject is held against which, by how much, and what came of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from bench.speed import measure, subjects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bench.speed.measure import Figures
    from bench.speed.subjects import Subject
    from bench.speed.tables import Seeded
    from bench.speed.trees import Trees

PROCESS, EMULATOR = "process", "emulator"
"""The execution environments: `bench.speed.processes` and `bench.speed.emulator`."""


class Pair(NamedTuple):
    what: str
    ours: Subject
    theirs: Subject
    target: float | None


@dataclass(frozen=True)
class Ratio:
    """CPU. Of a cold start also by the clock, with what it waited for the tables."""

    ours_ms: float
    reference_ms: float
    ratio: float
    clock_ratio: float | None = None


@dataclass(frozen=True)
class Row:
    what: str
    reference: str
    target: float | None
    process: Ratio
    emulator: Ratio | None
    """None where the emulator does not run."""

    @property
    def missed(self) -> bool:
        return self.target is not None and self.process.ratio > self.target

    def result(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "reference": self.reference,
            "target": self.target,
            **asdict(self.process),
            "emulator": self.emulator and asdict(self.emulator),
        }


def cold(built: Trees, seeded: Seeded) -> list[Pair]:
    one_key, floor = subjects.authorizer(built, seeded, 1), subjects.floor(built, seeded)
    redirect, their_redirect, samples = subjects.redirects(built, seeded)
    link, their_link = subjects.links(built, seeded)["read a link"]
    return [
        Pair("authorizer, cold", one_key, floor, 0.5),
        Pair("redirect, cold", redirect, their_redirect, 0.6),
        Pair("redirect, cold", redirect, samples, None),
        Pair("LinksFunction, cold", link, their_link, 0.75),
        Pair("QrCodesFunction, cold", *subjects.qr_codes(built), 0.4),
        *(
            Pair(f"{function}, cold", ours, theirs or their_link, 0.75)
            for function, (ours, theirs) in subjects.others(built).items()
        ),
    ]


def warm(built: Trees, seeded: Seeded) -> list[Pair]:
    uncached = subjects.authorizer(built, seeded, len(seeded.secrets))
    cached, floor = subjects.authorizer(built, seeded, 1), subjects.floor(built, seeded)
    redirect, their_redirect, _ = subjects.redirects(built, seeded)
    links = subjects.links(built, seeded)
    return [
        Pair("authorizer, key not cached, warm", uncached, floor, 0.4),
        Pair("authorizer, key cached, warm", cached, floor, 0.1),
        Pair("redirect, warm", redirect, their_redirect, None),
        *(Pair(f"{what}, warm", ours, theirs, 0.7) for what, (ours, theirs) in links.items()),
        Pair("create a QR code, warm", *subjects.qr_codes(built), 0.7),
        *(
            Pair(f"{function}, warm", ours, theirs or links["read a link"][1], 0.7)
            for function, (ours, theirs) in subjects.others(built).items()
        ),
    ]


def each(cold_pairs: Iterable[Pair], warm_pairs: Iterable[Pair]) -> list[tuple[Subject, int]]:
    """Every subject once, those that are compared side by side, with its number of warm calls."""
    calls: dict[str, tuple[Subject, int]] = {}
    for pairs, count in ((warm_pairs, measure.CALLS), (cold_pairs, 0)):
        for _, ours, theirs, _ in pairs:
            for subject in (ours, theirs):
                calls.setdefault(subject.name, (subject, count))
    return list(calls.values())


def rows(
    cold_pairs: Iterable[Pair],
    warm_pairs: Iterable[Pair],
    figures: Mapping[str, Mapping[str, Figures]],
) -> Iterator[Row]:
    """From the figures of each environment."""
    for pairs, of in ((cold_pairs, _cold), (warm_pairs, _warm)):
        for what, ours, theirs, target in pairs:
            ratios = {
                name: of(each[ours.name], each[theirs.name]) for name, each in figures.items()
            }
            yield Row(what, theirs.name, target, ratios[PROCESS], ratios.get(EMULATOR))


def _cold(ours: Figures, theirs: Figures) -> Ratio:
    return Ratio(
        measure.median(ours.cold_cpu),
        measure.median(theirs.cold_cpu),
        measure.ratio(ours.cold_cpu, theirs.cold_cpu),
        measure.ratio(ours.cold_wall, theirs.cold_wall),
    )


def _warm(ours: Figures, theirs: Figures) -> Ratio:
    return Ratio(
        measure.median(ours.warm_cpu),
        measure.median(theirs.warm_cpu),
        measure.ratio(ours.warm_cpu, theirs.warm_cpu),
    )
