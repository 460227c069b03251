"""`python -m bench.seed 10000`: published skills for measuring, shown and indexed by the registry's code."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
WORDS = (
    *("csv", "table", "merge", "release", "notes", "changelog", "log", "rotate", "image", "shrink", "resize", "deploy"),
    *("check", "audit", "chart", "report", "mail", "invoice", "parse", "translate", "summarise", "commit", "review"),
    *("lint", "format", "test", "fixture", "schema", "migrate", "backup", "restore"),
)
BATCH = 1000


def main(count: int) -> None:
    django.setup()
    from django.db import transaction

    from marketplace.models import Publisher

    publisher = Publisher.objects.create(handle="bench", display_name="Bench")
    for first in range(0, count, BATCH):
        with transaction.atomic():
            _batch(publisher, range(first, min(first + BATCH, count)))


def _batch(publisher, numbers: range) -> None:
    from django.utils import timezone

    from marketplace.models import Release, Skill
    from marketplace.names import skeleton
    from marketplace.services.publication import refresh_skill

    names = [f"skill-{number:05d}" for number in numbers]
    skills = Skill.objects.bulk_create(
        Skill(publisher=publisher, name=name, full_name=f"bench/{name}", skeleton=skeleton(name)) for name in names
    )
    now = timezone.now()
    Release.objects.bulk_create(
        Release(
            skill=skill,
            version="1.0.0",
            digest=f"sha256:{number:064x}",
            size=4096,
            status="published",
            verdict="pass",
            safety_score=100,
            quality_score=40 + number % 60,
            quality_tier="runs as documented",
            concluded_at=now,
            readme=" ".join(_words(number, 200)),
            manifest={"description": " ".join(_words(number, 12)), "license": "MIT", "keywords": _words(number, 3)},
            files=[{"path": "SKILL.md", "size": 2000, "sha256": f"{number:064x}", "executable": False}],
        )
        for skill, number in zip(skills, numbers, strict=True)
    )
    for skill in skills:
        refresh_skill(skill)


def _words(number: int, count: int) -> list[str]:
    """The same words for the same number, some common and some rare, as in real text."""
    return [WORDS[(number * 7 + step * step * 13) % len(WORDS)] for step in range(count)]


if __name__ == "__main__":
    main(int(sys.argv[1]))
