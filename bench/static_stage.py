"""What reading costs: our own checks a skill, and the scanners in a batch."""

from itertools import count
from pathlib import Path

from bench.rows import Row, timed
from vetting import scanners
from vetting.bundle import Bundle, BundleFile
from vetting.intake import Intake, read_folder
from vetting.reading.forgetting import forget
from vetting.scanners import bandit, semgrep
from vetting.stages.static import findings_in

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
COMMENTED = (".py", ".sh", ".md")
NUMBERS = count()
BATCH = 50


def rows() -> list[Row]:
    skills = samples()
    return [*checks_rows(skills), *scanner_rows(skills)]


def samples() -> list[Intake]:
    folders = sorted(file.parent for file in (ROOT / "tests" / "samples").glob("*/*/SKILL.md"))
    return [read_folder(folder) for folder in folders]


def checks_rows(skills: list[Intake]) -> list[Row]:
    """Each sample as if nothing like it had been read before, and read again."""

    def read(skill: Intake, *, anew: bool) -> None:
        if anew:
            forget()
        findings_in(skill.bundle, skill.manifest, scanners=False)

    rows = []
    for name, anew in (("first read", True), ("read again", False)):
        taken = [ms for skill in skills for ms in timed(lambda skill=skill, anew=anew: read(skill, anew=anew), ROUNDS)]
        rows.append(
            Row(f"static checks, a skill, warm, {name}", "ms", taken, note=f"{len(skills)} samples").at_most(50)
        )
    return rows


def scanner_rows(skills: list[Intake]) -> list[Row]:
    """A batch of fifty different skills beside a batch of one; nothing is known of any from before."""
    single = Row("scanners, a batch of 1", "ms", _scanned(skills, 1))
    batch = Row(f"scanners, a batch of {BATCH}", "ms", _scanned(skills, BATCH))
    return [single, batch.against(single).ratio_at_most(3)]


def _scanned(skills: list[Intake], size: int) -> list[float]:
    batches = [
        [_altered(skills[number % len(skills)].bundle) for number in range(start, start + size)]
        for start in range(ROUNDS + 1)
    ]
    waiting = iter(batches)

    def scanned() -> None:
        bandit.ANSWERS.forget()
        semgrep.ANSWERS.forget()
        scanners.scan(next(waiting))

    return timed(scanned, ROUNDS)


def _altered(bundle: Bundle) -> Bundle:
    """The same skill with a comment of its own in every script, so that nothing is known from before."""
    mark = f"\n# {next(NUMBERS)}\n".encode()
    return Bundle(
        tuple(
            BundleFile(file.path, file.data + mark, file.executable) if file.path.endswith(COMMENTED) else file
            for file in bundle
        )
    )
