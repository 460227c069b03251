"""One row of the bench table, and the table itself."""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field


@dataclass
class Row:
    """A measured thing. ratio compares its median with that of `peer`."""

    name: str
    unit: str
    values: Sequence[float]
    peer: str = ""
    ratio: float | None = None
    target: str = ""
    met: bool | None = None
    note: str = ""
    median: float = field(init=False)
    p95: float = field(init=False)

    def __post_init__(self) -> None:
        ordered = sorted(self.values)
        self.median = statistics.median(ordered)
        self.p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]

    def against(self, peer: "Row") -> "Row":
        self.peer, self.ratio = peer.name, self.median / peer.median if peer.median else None
        return self

    def at_most(self, limit: float) -> "Row":
        self.target, self.met = f"≤ {limit:g}", self.median <= limit
        return self

    def ratio_at_most(self, limit: float) -> "Row":
        self.target, self.met = f"ratio ≤ {limit:g}", self.ratio is not None and self.ratio <= limit
        return self

    def as_dict(self) -> dict:
        return {**asdict(self), "values": [round(value, 4) for value in self.values]}


def timed(work: Callable[[], object], times: int, *, warm: int = 1) -> list[float]:
    """Milliseconds of each call, after a few that do not count."""
    for _ in range(warm):
        work()
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begin) * 1000)
    return taken


def table(rows: Iterable[Row]) -> str:
    heads = ("what", "unit", "n", "median", "p95", "ratio", "target", "", "beside")
    cells = [heads, *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(heads))]
    right = {2, 3, 4, 5}
    lines = []
    for line in cells:
        padded = [
            text.rjust(width) if column in right else text.ljust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ]
        lines.append("  ".join(padded).rstrip())
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def _cells(row: Row) -> tuple[str, ...]:
    met = {True: "ok", False: "MISSED", None: ""}[row.met]
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}×"
    beside = " · ".join(filter(None, (row.peer and f"against {row.peer}", row.note)))
    return (
        row.name,
        row.unit,
        str(len(row.values)),
        _figure(row.median),
        _figure(row.p95),
        ratio,
        row.target,
        met,
        beside,
    )


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.3f}"
