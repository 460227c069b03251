"""owner/name[@version], and what may stand in each part. Checked before anything is put into an address or a path."""

import re
from dataclasses import dataclass

from assay_cli.errors import UsageProblem

HANDLE = re.compile(r"(?!.*--)[a-z0-9]([a-z0-9-]{0,37}[a-z0-9])?")
NAME = re.compile(r"(?!.*--)[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?")
VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,63}")


@dataclass(frozen=True)
class Ref:
    owner: str
    name: str
    version: str = ""

    @property
    def skill(self) -> str:
        return f"{self.owner}/{self.name}"

    def __str__(self) -> str:
        return f"{self.skill}@{self.version}" if self.version else self.skill

    def at(self, version: str) -> "Ref":
        if not VERSION.fullmatch(version):
            raise UsageProblem(f"{version!r} is no version.", hint="A version looks like 1.2.3.")
        return Ref(self.owner, self.name, version)


def parse(text: str) -> Ref:
    skill, at, version = text.removeprefix("@").partition("@")
    owner, _, name = skill.partition("/")
    if not HANDLE.fullmatch(owner) or not NAME.fullmatch(name):
        raise UsageProblem(
            f"{text!r} is not of the form OWNER/NAME[@VERSION].", hint="For example alice/csv-totals@1.0.0."
        )
    return Ref(owner, name).at(version) if at else Ref(owner, name)


def parse_exact(text: str) -> Ref:
    ref = parse(text)
    if not ref.version:
        raise UsageProblem(f"Which version of {ref.skill}?", hint=f"Write {ref.skill}@VERSION.")
    return ref
