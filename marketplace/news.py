"""What is new of weight between any two releases of a skill: hosts, permissions, programs, install steps, new hands.

Vetting tells this of each release and the one published before it, and has the whole of both to read. Of two others it
is made here from what is kept of them: their lists of files, their reports, and the text that differs, within the
limits of the comparison of files. It has the shape of vetting's document, judges nothing, and says what it was read
from.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from marketplace import bundle_files
from marketplace.models import Release

if TYPE_CHECKING:
    from marketplace.comparison import Change

READ_FROM = "the two reports and the files that differ"
KNOWN_BYTES = 2_000_000


def news(before: Release, after: Release, changes: Sequence["Change"], files: Mapping[str, int]) -> dict:
    """The document of what is new in one release against any other."""
    from vetting import drift

    old, new = _permissions(before), _permissions(after)
    added = list(_lines_added(changes))
    named = sorted(_hosts(added) - _known_hosts(before, changes))
    seen = sorted(set(new["observed"].get("hosts", ())) - set(old["observed"].get("hosts", ())))
    declared = set(new["declared"].get("hosts", ()))
    return {
        "from": {"version": before.version, "digest": before.digest},
        "step": drift.step(before.version, after.version),
        "hosts": named[: drift.MOST],
        "undeclared_hosts": [host for host in dict.fromkeys([*named, *seen]) if not _is_within(host, declared)],
        "observed_hosts": seen[: drift.MOST],
        "permissions": drift.words_added(old["declared"], new["declared"]),
        "observed": drift.words_added(old["observed"], new["observed"], without=("hosts",)),
        "executables": _new_programs(before, after, changes)[: drift.MOST],
        "installs": sorted(set(_installs(added)))[: drift.MOST],
        "pushed_by": _new_hands(before, after),
        "files": dict(files),
        "risky": False,
        "read_from": READ_FROM,
        "unread": sorted(change.path for change in changes if change.after and not _is_read(change))[: drift.MOST],
    }


def _permissions(release: Release) -> dict[str, Mapping]:
    kept = (release.report or {}).get("permissions") or {}
    return {side: kept.get(side) or {} for side in ("declared", "observed")}


def _lines_added(changes: Iterable["Change"]) -> Iterable[str]:
    """The lines of the files that differ which their earlier text did not have."""
    for change in changes:
        if change.texts:
            was = set(change.texts[0])
            yield from (line for line in change.texts[1] if line not in was)


def _is_read(change: "Change") -> bool:
    """Whether what it says now is known: read here, or the same bytes that were there before."""
    same = change.before and change.before["sha256"] == change.after["sha256"]
    return bool(change.texts or same or not change.after["size"])


def _hosts(lines: Iterable[str]) -> set[str]:
    from vetting.reading.hosts import addresses, is_example, is_local

    found = (address.host for line in lines for address in addresses(line))
    return {host for host in found if host and not is_local(host) and not is_example(host)}


def _known_hosts(before: Release, changes: Iterable["Change"]) -> set[str]:
    """Every host that the earlier release named, in what differs and in what stayed, or was seen to reach."""
    texts = ["\n".join(change.texts[0]) for change in changes if change.texts]
    differ = {path for change in changes for path in (change.was or change.path, change.path)}
    stayed, budget = [], KNOWN_BYTES
    for file in before.files:
        budget -= file["size"]
        if budget < 0:
            break
        if file["path"] not in differ:
            stayed.append(file["path"])
    read = bundle_files.read(before.digest, stayed, KNOWN_BYTES) if stayed else {}
    texts += [text for data in read.values() if (text := bundle_files.text_of(data))]
    return _hosts(texts) | set(_permissions(before)["observed"].get("hosts", ()))


def _new_programs(before: Release, after: Release, changes: Sequence["Change"]) -> list[str]:
    """Programs that were not there; one that only moved was."""
    known = _programs(before.files)
    moved = {change.path for change in changes if change.state == "moved" and change.was in known}
    return sorted(_programs(after.files) - known - moved)


def _programs(files: Iterable[Mapping]) -> set[str]:
    from vetting.drift import ASIDE, CODE_ENDS

    return {
        file["path"]
        for file in files
        if not file["path"].startswith(ASIDE)
        and (file["path"].lower().endswith(CODE_ENDS) or (file["executable"] and not file["path"].endswith(".md")))
    }


def _installs(lines: Iterable[str]) -> Iterable[str]:
    from vetting.drift import INSTALL

    for line in lines:
        command = " ".join(line.strip().lstrip("$`>-* ").removeprefix("RUN ").strip("` ").split())[:200]
        if INSTALL.search(command):
            yield command


def _new_hands(before: Release, after: Release) -> str:
    """Who pushed the one, where they had pushed nothing published up to the other."""
    if after.created_by_id is None:
        return ""
    earlier = Release.objects.filter(skill=before.skill_id, created_by__isnull=False, status=Release.Status.PUBLISHED)
    known = set(earlier.filter(created_at__lte=before.created_at).values_list("created_by", flat=True))
    known.add(before.created_by_id)
    return "" if after.created_by_id in known else after.created_by.get_username()


def _is_within(host: str, domains: Iterable[str]) -> bool:
    return any(f".{host}".endswith(f".{domain}") for domain in domains)
