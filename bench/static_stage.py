"""What reading costs: our own checks a skill, and the scanners in a batch."""

from itertools import count
from pathlib import Path

from bench.rows import Row, timed
from vetting import scanners
from vetting.bundle import Bundle, BundleFile
from vetting.intake import Intake, read_folder
from vetting.stages.static import findings_in

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
COMMENTED = (".py", ".sh", ".md")
NUMBERS = count()
BATCH = 50


def rows() -> list[Row]:
    skills = samples()
    return [checks_row(skills), *scanner_rows(skills)]


def samples() -> list[Intake]:
    folders = sorted(file.parent for file in (ROOT / "tests" / "samples").glob("*/*/SKILL.md"))
    return [read_folder(folder) for folder in folders]


def checks_row(skills: list[Intake]) -> Row:
    taken: list[float] = []
    for skill in skills:
        taken += timed(lambda skill=skill: findings_in(skill.bundle, skill.manifest, scanners=False), ROUNDS)
    return Row("static checks, a skill, warm", "ms", taken, note=f"{len(skills)} samples, no scanners").at_most(50)


def scanner_rows(skills: list[Intake]) -> list[Row]:
    """A batch of fifty different skills beside a batch of one; no two that are read are ever alike."""
    single = Row("scanners, a batch of 1", "ms", _scanned(skills, 1))
    batch = Row(f"scanners, a batch of {BATCH}", "ms", _scanned(skills, BATCH))
    return [single, batch.against(single).ratio_at_most(3)]


def _scanned(skills: list[Intake], size: int) -> list[float]:
    batches = [
        [_altered(skills[number % len(skills)].bundle) for number in range(start, start + size)]
        for start in range(ROUNDS + 1)
    ]
    waiting = iter(batches)
    return timed(lambda: scanners.scan(next(waiting)), ROUNDS)


def _altered(bundle: Bundle) -> Bundle:
    """The same skill with a comment of its own in every script, so that nothing is known from before."""
    mark = f"\n# {next(NUMBERS)}\n".encode()
    return Bundle(
        tuple(
            BundleFile(file.path, file.data + mark, file.executable) if file.path.endswith(COMMENTED) else file
            for file in bundle
        )
    )
