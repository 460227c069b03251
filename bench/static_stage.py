"""What reading costs: our own checks a skill, and the scanners in a batch."""

from pathlib import Path

from bench.rows import Row, timed
from vetting import scanners
from vetting.bundle import Bundle, BundleFile
from vetting.intake import Intake, read_folder
from vetting.stages.static import findings_in

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
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
    """A batch of fifty different skills beside a batch of one."""
    one = skills[:1]
    many = [_renamed(skills[number % len(skills)].bundle, number) for number in range(BATCH)]
    single = Row("scanners, a batch of 1", "ms", timed(lambda: scanners.scan([one[0].bundle]), 3))
    batch = Row(f"scanners, a batch of {BATCH}", "ms", timed(lambda: scanners.scan(many), 3))
    return [single, batch.against(single).ratio_at_most(3)]


def _renamed(bundle: Bundle, number: int) -> Bundle:
    """The same skill with a file of its own, so that no two of a batch are alike."""
    return Bundle((*bundle.files, BundleFile(f"zz-{number}.txt", f"number {number}\n".encode())))
