"""The findings of a report as the pages show them: by what they do to the verdict, narrowed to what is asked for."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import QueryDict
from django.urls import reverse

from marketplace.finding_cards import cards
from marketplace.models import Release
from marketplace.sheets import file_url
from vetting import catalogue, report
from vetting.identity import mark

GROUPS = {
    "block": ("This refuses it", "Each alone, or because several rules confirm one another."),
    "warn": ("This cautions", "It is published, and this deserves a look before an agent is given it."),
    "": ("This is shown", "It refuses nothing. It may cost points."),
}
DECIDES = {"block": "decides", "warn": "decides", "": "shown"}
# What a reader can narrow by: the field of the address, and the values with their words, in this order.
FACETS = {
    "weight": ("Weight", {"decides": "decides the verdict", "shown": "is only shown"}),
    "axis": ("Axis", {one: one for one in ("malice", "vulnerability", "privilege", "quality")}),
    "severity": ("Severity", {one: one for one in ("critical", "high", "medium", "low", "info")}),
}
TO_PASS_SHOWN, PLACES_SHOWN = 12, 6


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the page prints: groups of those asked for, the boxes to narrow by, and how many there are in all."""

    groups: Sequence[dict]
    facets: Sequence[dict]
    shown: int
    total: int
    clear: str


def rows(release: Release, *, linked: bool) -> list[dict]:
    """Every finding with its pages: the place in the file, where the reader may see files, and the rule."""
    known = {file["path"] for file in release.files} if linked else set()
    seen: Counter[str] = Counter()
    made = []
    for finding in report.explained(release.report.get("findings", ())):
        key = mark(finding)[:12]
        seen[key] += 1
        made.append(_row(release, finding, known) | {"anchor": f"f-{key}" + (f"-{n}" if (n := seen[key]) > 1 else "")})
    return made


def _row(release: Release, finding: dict, known: set[str]) -> dict:
    href = ""
    if finding.get("file") in known:
        href = file_url(release, finding["file"]) + (f"#L{finding['line']}" if finding.get("line") else "")
    place = f"{finding['file']}:{finding['line']}" if finding.get("file") and finding.get("line") else finding["file"]
    return {
        **finding,
        "href": href,
        "place": place or "the whole skill",
        "heading": finding["title"] or finding["why"],
        "why": finding["why"] if finding["title"] else "",
        "rule_href": reverse("rule", args=[finding["check"]]) if catalogue.is_known(finding["check"]) else "",
        "references": references(finding.get("links") or ()),
    }


def to_pass(found: Sequence[dict]) -> dict | None:
    """What has to go before the release passes, rule by rule with its places, the gravest first."""
    deciding = [one for one in found if one["weighs"]]
    if not deciding:
        return None
    rules: dict[tuple[str, str], list[dict]] = {}
    for one in deciding:
        rules.setdefault((one["heading"], one["fix"]), []).append(one)
    made = [
        {"heading": heading, "fix": fix, "places": found[:PLACES_SHOWN], "more": max(0, len(found) - PLACES_SHOWN)}
        for (heading, fix), found in rules.items()
    ]
    return {"rows": made[:TO_PASS_SHOWN], "more": max(0, len(made) - TO_PASS_SHOWN), "total": len(deciding)}


def shelf(found: Sequence[dict], query: QueryDict) -> Shelf:
    """The findings that the address asks for; what it asks for in vain is ignored."""
    asked = {name: query.get(name, "") for name, (_, words) in FACETS.items() if query.get(name, "") in words}
    kept = [one for one in found if all(_value(one, name) == value for name, value in asked.items())]
    groups = [
        {"weight": weight, "title": title, "about": about, "rows": mine, "cards": cards(mine)}
        for weight, (title, about) in GROUPS.items()
        if (mine := [one for one in kept if one["weighs"] == weight])
    ]
    facets = [_facet(name, found, asked) for name in FACETS]
    clear = "?#findings" if asked else ""
    return Shelf(groups, [one for one in facets if len(one["values"]) > 1], len(kept), len(found), clear)


def _facet(name: str, found: Sequence[dict], asked: Mapping[str, str]) -> dict:
    """One row of boxes: each value with the number it would leave, given what else is asked for."""
    title, words = FACETS[name]
    others = {key: value for key, value in asked.items() if key != name}
    among = [one for one in found if all(_value(one, key) == value for key, value in others.items())]
    counts, all_counts = Counter(_value(one, name) for one in among), Counter(_value(one, name) for one in found)
    values = [
        {
            "words": said,
            "count": counts[value],
            "on": asked.get(name) == value,
            "href": _address(others if asked.get(name) == value else others | {name: value}),
        }
        for value, said in words.items()
        if all_counts[value]
    ]
    return {"title": title, "values": values}


def _address(asked: Mapping[str, str]) -> str:
    query = QueryDict(mutable=True)
    query.update(asked)
    return f"?{query.urlencode()}#findings"


def _value(finding: Mapping, name: str) -> str:
    return DECIDES[finding["weighs"]] if name == "weight" else finding.get(name, "")


def references(links: Iterable[str], most: int = 12) -> list[dict]:
    """Where the kind of a finding is explained, each by the name that readers know it by."""
    made = []
    for link in links:
        parts = urlsplit(str(link))
        if parts.scheme == "https" and parts.hostname:
            made.append({"href": str(link), "label": _reference(parts.hostname, parts.path, parts.fragment)})
    return made[:most]


def _reference(host: str, path: str, fragment: str) -> str:
    last = path.rstrip("/").rsplit("/", 1)[-1].removesuffix(".html")
    if host == "cwe.mitre.org":
        return f"CWE-{last}"
    if host == "attack.mitre.org":
        return f"MITRE ATT&CK {path.partition('/techniques/')[2].strip('/').replace('/', '.')}"
    if host == "atlas.mitre.org":
        return f"MITRE ATLAS {last}"
    if risk := re.fullmatch(r"(llm\d\d)(?:20\d\d)?-(.+)", last) if host == "genai.owasp.org" else None:
        return f"OWASP {risk[1].upper()} {risk[2].replace('-', ' ')}"
    if host.endswith("owasp.org"):
        return f"OWASP {fragment.upper() or last}"
    return f"{host} {last}".strip()
