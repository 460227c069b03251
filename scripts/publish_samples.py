"""Publishes the project's own sample skills and waits for their verdicts."""

import time
from pathlib import Path

from scripts import registry
from scripts.places import ROOT
from scripts.publishing import Batch
from scripts.say import STILL_EVERY, Stop, step

SAMPLES = ROOT / "tests" / "samples"
PUBLISHERS = {"calm": "assay-samples", "hostile": "mallory"}
LIMIT = 900


def publish(port: int) -> None:
    """Push what is new, then show each verdict as it comes."""
    batches = [Batch(publisher, folders(kind), port) for kind, publisher in PUBLISHERS.items()]
    new = [(batch, folder) for batch in batches for folder in batch.to_push()]
    if new:
        step(f"Samples: publishing {len(new)} skills with `skill push`")
    for batch, folder in new:
        note = batch.push(folder)
        if note["status"] == "refused":
            step(f"  {batch.publisher}/{folder.name:<28} refused at the door: {note['reason']}")
    _wait(batches)
    notes = [note for batch in batches for note in batch.notes.values()]
    published = sum(note["status"] == "published" for note in notes)
    turned_away = sum(note["status"] in {"rejected", "refused"} for note in notes)
    step(f"Samples: {published} published, {turned_away} turned away, {len(notes) - published - turned_away} else")


def folders(kind: str) -> list[Path]:
    return sorted(file.parent for file in (SAMPLES / kind).glob("*/SKILL.md"))


def _wait(batches: list[Batch]) -> None:
    end = time.monotonic() + LIMIT
    waiting = [(batch, folder) for batch in batches for folder in batch.undecided()]
    total, told, spoke = len(waiting), 0, time.monotonic()
    while waiting and time.monotonic() < end:
        for batch, folder in waiting:
            note = batch.ask(folder)
            if note["status"] != "vetting":
                told, spoke = told + 1, time.monotonic()
                step(f"  [{told}/{total}] {line(note)}")
        waiting = [(batch, folder) for batch in batches for folder in batch.undecided()]
        if time.monotonic() - spoke > STILL_EVERY:
            step(f"  … {len(waiting)} of {total} are still being vetted")
            spoke = time.monotonic()
        if waiting and not registry.running():
            raise Stop("The registry was stopped while its samples were being vetted; `make up` goes on with them.")
        time.sleep(1 if waiting else 0)
    if waiting:
        step(f"Samples: {len(waiting)} still have no verdict after {LIMIT} s; the worker goes on with them")


def line(note: dict) -> str:
    scores = f"safety {_number(note.get('safety'))}  quality {_number(note.get('quality'))}"
    return f"{note['skill'] + '@' + note['version']:<44} {note['status']:<11} {note.get('verdict') or '':<7} {scores}"


def _number(score: float | None) -> str:
    return "  –" if score is None else f"{score:3.0f}"
