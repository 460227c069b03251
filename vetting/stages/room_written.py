"""What a payload wrote is read again by the static stage: a dropper's or a packer's real text shows only here."""

import re
from collections.abc import Iterable
from dataclasses import replace

from vetting.bundle import Bundle, BundleFile
from vetting.findings import Axis, Finding
from vetting.stages.room_scene import HOME, Scene
from vetting.stages.static import findings_in

MOST_FILES, MOST_BYTES = 40, 400_000
# A packed archive in base64: whoever makes one hides nothing from himself, and what is in it was in the room.
_PACKED = re.compile(r"\s*(?:H4sI|UEsDB|QlpoO|/Td6WFo)")
# What package managers and programs keep for themselves is not the skill's own text.
_NOT_ITS_OWN = re.compile(r"/(\.cache|\.npm|\.local|\.git|node_modules|site-packages|__pycache__|\.config/pip)/")


def rescanned(scene: Scene) -> list[Finding]:
    """Malice that stands in the files the skill wrote, told with the name of each."""
    files = list(_texts(scene))
    if not files:
        return []
    bundle = Bundle((scene.bundle.skill_md, *files))
    known = {(one.code, one.check) for one in findings_in(scene.bundle, scene.manifest, scanners=False).findings}
    found = findings_in(bundle, scene.manifest, scanners=False).findings
    return [
        replace(
            one,
            stage="detonation",
            file="",
            line=0,
            evidence=f"/{one.file}:{one.line}: {one.evidence}"[:600],
            why=f"In a file that it wrote while it ran: {one.why}",
        )
        for one in found
        if one.axis is Axis.MALICE
        and one.file != "SKILL.md"
        and (one.code, one.check) not in known
        and not (one.check == "decoded_payload" and _PACKED.match(one.evidence))
    ]


def _texts(scene: Scene) -> Iterable[BundleFile]:
    own = {file.data for file in scene.bundle}
    baited = {path for path in scene.laid if path.startswith(HOME) and not path.startswith(scene.skill_dir)}
    left = MOST_BYTES
    for path, data in sorted(scene.written.items())[: MOST_FILES * 10]:
        strange = path in baited or _NOT_ITS_OWN.search(path) or data in own or scene.nonce.encode() in data
        if strange or len(data) > left or any(canary.token.encode() in data for canary in scene.bait.canaries):
            continue
        file = BundleFile(path.lstrip("/"), data)
        if data and file.text is not None:
            left -= len(data)
            yield file
