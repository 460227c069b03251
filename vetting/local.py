"""Vetting of local folders with no server, no database and no Redis; nothing is kept."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.errors import RoomError
from vetting import pipeline, report
from vetting.errors import PlatformError, SkillError
from vetting.intake import Intake, read_folder
from vetting.run import Run
from vetting.stages.static import findings_in_many

if TYPE_CHECKING:
    from sandbox.base import Sandbox

# So many skills share one start of each outside tool, and so many bytes are held in memory at once.
BATCH_SKILLS = 128
BATCH_BYTES = 64 * 1024 * 1024


def vet_paths(paths: Sequence[str], *, static_only: bool) -> Iterator[dict]:
    """One report a path, in order, with `path` as it was given."""
    if not static_only:
        return (_line(path, Run(read=_reader(path))) for path in paths)
    return _static_lines(paths)


def _line(path: str, run: Run) -> dict:
    return {"path": path, **_vetted(run)}


def _room() -> "Sandbox":
    # Whoever runs nothing of a skill need not read what a room takes.
    from vetting import rooms

    return rooms.room()


def _reader(path: str) -> Callable[[], Intake]:
    return lambda: read_folder(Path(path))


def _vetted(run: Run) -> dict:
    """The report, whatever happened: what the platform failed at stays unknown and says so."""
    try:
        pipeline.vet(run, _room)
    except (PlatformError, RoomError) as trouble:
        run.trouble = f"{trouble.message} {trouble.fix}".strip()
        pipeline.give_up(run, run.trouble)
    except Exception as crash:
        run.trouble = f"{type(crash).__name__}: {crash}"
        pipeline.give_up(run, run.trouble)
    return report.of_memory(run)


def _static_lines(paths: Sequence[str]) -> Iterator[dict]:
    """In batches, side by side on the machine's cores; one batch is not worth a second process."""
    batches = [paths[at : at + BATCH_SKILLS] for at in range(0, len(paths), BATCH_SKILLS)]
    cores = min(len(os.sched_getaffinity(0)), len(batches))
    if cores < 2:
        for batch in batches:
            yield from _static_batch(batch)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # Forked children have everything loaded already; no thread or connection is alive at this point.
    with ProcessPoolExecutor(cores, mp_context=get_context("fork")) as pool:
        for lines in pool.map(_static_batch, batches):
            yield from lines


def _static_batch(paths: Sequence[str]) -> list[dict]:
    """Vet a batch; the scanners see as many skills at once as memory allows."""
    lines: list[dict] = []
    held: list[tuple[str, Run, Intake | None]] = []
    size = 0
    for path in paths:
        run, skill = _read(path)
        held.append((path, run, skill))
        size += sum(len(file.data) for file in skill.bundle) if skill else 0
        if size > BATCH_BYTES:
            lines += _scanned(held)
            held, size = [], 0
    return lines + _scanned(held)


def _read(path: str) -> tuple[Run, Intake | None]:
    """The run of a path and its skill; what cannot be read is read again by the pipeline, which says why."""
    try:
        skill = read_folder(Path(path))
    except (SkillError, OSError):
        return Run(read=_reader(path), static_only=True), None
    return Run(read=lambda: skill, static_only=True), skill


def _scanned(held: list[tuple[str, Run, Intake | None]]) -> list[dict]:
    skills = [skill for _, _, skill in held if skill]
    results = iter(findings_in_many([(skill.bundle, skill.manifest) for skill in skills]))
    for _, run, skill in held:
        if skill:
            run.static_made = next(results)
    return [_line(path, run) for path, run, _ in held]
