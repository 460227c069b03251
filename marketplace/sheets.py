"""A report document as the pages show it: banners, rows and trees, worked out here so that templates only print.

The document is the one of API v1 (vetting/report.py). A release that is still being vetted has an unfinished one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from django.urls import reverse

from marketplace.models import Release
from vetting import changes

STAGES = {
    "unpack": ("Unpack", "The archive is opened with care and read as a skill."),
    "static": ("Read", "Own checks and outside scanners read every file."),
    "detonation": ("Run in the sealed room", "An obedient agent does all that SKILL.md says, among planted secrets."),
    "trials": ("Trials", "Tasks are tried with and without the skill."),
    "score": ("Score", "Safety and quality are worked out, each on its own."),
    "attest": ("Attest", "The result is signed."),
}
PERMISSIONS = {
    "hosts": "Network hosts",
    "network": "Network hosts",
    "files": "Files",
    "reads": "Files read",
    "writes": "Files written",
    "commands": "Commands",
    "tools": "Agent tools",
    "env": "Environment variables",
}
PERMISSIONS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Banner:
    tone: str
    title: str
    text: str
    reasons: Sequence[str] = ()


def banner(release: Release) -> Banner:
    """What stands at the head of a release's pages. What was taken back comes before what was once found."""
    reasons = _reasons(release.report)
    if release.revoked_at:
        text = "This release was revoked: it cannot be fetched any more, and clients that have it are told."
        return Banner("block", "Revoked", text, _said(release.revoked_reason))
    if release.status == "rejected" and (decision := release.report.get("decision")):
        vetting_did = decision.get("decision") == "uphold"
        text = "Vetting refused it, and upon appeal a person of the registry’s staff upheld that."
        text = text if vetting_did else "A person of the registry’s staff refused it."
        return Banner("block", "Refused", text, (reasons if vetting_did else ()) + _said(decision["reason"]))
    if release.status == "rejected" and release.published_at:
        text = "It was published until it was vetted again: by the rules of now it is not let through."
        return Banner("block", "Withdrawn", text, reasons)
    if release.status == "rejected":
        text = "Vetting found malice of weight. The release is not published and nobody can fetch it."
        return Banner("block", "Refused", text, reasons)
    if release.status == "quarantined":
        text = "Vetting could not decide, so a person does. Until then nobody else can fetch this release."
        return Banner("unknown", "Quarantined", text, reasons)
    if release.status == "vetting":
        return Banner("unknown", "Being vetted", "The verdict is not there yet; nobody else can fetch this release.")
    return _published(release, reasons)


def _reasons(document: Mapping) -> tuple[str, ...]:
    """The first three: what was found and where, in the few words that findings have for it."""
    verdict = (document.get("safety") or {}).get("verdict")
    deciding = [one for one in document.get("findings", ()) if one.get("weighs") == verdict and one.get("title")]
    if verdict in ("block", "warn") and deciding:
        return tuple(dict.fromkeys(f"{one['title']}{_at(one)}." for one in deciding))[:3]
    return tuple((document.get("safety") or {}).get("reasons", ()))[:3]


def _at(finding: Mapping) -> str:
    line = f":{finding['line']}" if finding.get("line") else ""
    return f", at {finding['file']}{line}" if finding.get("file") else ""


def _published(release: Release, reasons: tuple[str, ...]) -> Banner:
    decision = release.report.get("decision") or {}
    if release.yanked_at:
        text = "Its publisher took this release out of the lists. It can still be fetched by its exact version."
        return Banner("warn", "Yanked", text, _said(release.yanked_reason))
    if release.verdict in ("block", "unknown"):
        text = f"Vetting did not let this release pass; {decision.get('by') or 'a person'} of the registry’s staff did."
        return Banner("warn", "Published by a person’s decision", text, _said(decision.get("reason", "")))
    if release.verdict == "warn":
        text = "Published with caution: something here deserves a look before an agent is given it."
        return Banner("warn", "Passed with caution", text, reasons)
    return Banner("pass", "Passed", "It was read and run, and no malice of weight was found.")


def _said(reason: str) -> tuple[str, ...]:
    return (f"Reason given: {reason}",) if reason else ()


DRIFT = {
    "hosts": "New hosts named",
    "observed_hosts": "New hosts seen in the room",
    "executables": "New programs and scripts",
    "installs": "New install steps",
}


def drift(release: Release) -> dict | None:
    """What is new since the release before it, row by row; None where there was none."""
    document = release.report.get("drift")
    if not document:
        return None
    if "failed" in document:
        return {"failed": document["failed"], "since": ""}
    undeclared = set(document.get("undeclared_hosts", ()))
    rows = [(label, document.get(key, ())) for key, label in DRIFT.items()]
    for key, label in (("permissions", "now declared"), ("observed", "now observed")):
        kinds = document.get(key, {}).items()
        rows += [(f"{PERMISSIONS.get(kind, kind.capitalize())} {label}", words) for kind, words in kinds]
    rows.append(("Pushed by somebody new", [document["pushed_by"]] if document.get("pushed_by") else []))
    owner, name = release.skill.full_name.split("/", 1)
    since = document["from"]["version"]
    return {
        "since": since,
        "href": reverse("skill-version", args=[owner, name, since]),
        "compare": reverse("compare", args=[owner, name, since, release.version]),
        "risky": document.get("risky", False),
        "read_from": document.get("read_from", ""),
        "unread": document.get("unread", ()),
        "files_words": ", ".join(f"{n} {_files(n)} {what}" for what, n in document["files"].items()),
        "rows": [
            {"label": label, "items": [{"text": word, "undeclared": word in undeclared} for word in words]}
            for label, words in rows
            if words
        ],
    }


def _files(n: int) -> str:
    return "file" if n == 1 else "files"


DECISIONS = {"publish": "Published", "reject": "Refused", "uphold": "Verdict upheld", "overturn": "Verdict overturned"}


def second_look(report: Mapping) -> dict:
    """What came after the first verdict: a new vetting, a person's decision, appeals; ready for _second_look.html."""
    change, decision = report.get("revetted"), report.get("decision")
    if change and changes.is_nothing(change) and not change.get("decision_stands"):
        # The list of all vettings says so too.
        change = None
    if change:
        lists = [
            ("New findings", change["new"], change["new_total"] - len(change["new"])),
            ("Findings that are gone", change["gone"], change["gone_total"] - len(change["gone"])),
        ]
        change = {**change, "words": changes.in_words(change), "lists": lists}
    return {
        "vettings": list(reversed(report.get("vettings", ()))),
        "change": change,
        "inconclusive": report.get("inconclusive"),
        "decision": {**decision, "words": DECISIONS.get(decision.get("decision"), "Decided")} if decision else None,
        "appeals": [
            {**one, "outcome_word": {"upheld": "verdict upheld"}.get(one["outcome"], one["outcome"])}
            for one in report.get("appeals", ())
        ],
    }


def is_appealed(report: Mapping) -> bool:
    return any(one["outcome"] == "open" for one in report.get("appeals", ()))


def may_appeal(release: Release) -> bool:
    """Whether there is a verdict to appeal against; the service has the last word."""
    passed = release.verdict == "pass" and release.status == "published"
    return not (release.status == "vetting" or release.revoked_at or passed or is_appealed(release.report))


def stages(report: Mapping, *, running: bool) -> list[dict]:
    """Every stage in order, those to come as queued while the run lives."""
    seen = {stage["name"]: stage for stage in report.get("stages", ())}
    rows = []
    for name, (title, about) in STAGES.items():
        stage = seen.pop(name, None)
        if stage is None and not running:
            continue
        row = {"state": "queued", "seconds": None, **(stage or {}), "name": name, "title": title, "about": about}
        rows.append(row | {"looked_at": _looked_at(row)})
    return rows + [{**stage, "title": name.capitalize(), "about": ""} for name, stage in seen.items()]


def _looked_at(stage: Mapping) -> str:
    """How much a finished stage had before it, where it says so."""
    coverage = stage.get("coverage") or {}
    counts = [(coverage.get("files"), "file"), (coverage.get("steps"), "step"), (len(stage.get("tasks") or ()), "task")]
    return ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for n, word in counts if isinstance(n, int) and n)


def because(document: Mapping) -> list[dict]:
    """The explanation of a score, item by item; points as they are read, a loss with a real minus sign."""
    rows = []
    for item in document.get("explanation", ()):
        points, of = item.get("points", 0), item.get("of", 0)
        number = f"{abs(points):g}"
        shown = f"{number}/{of:g}" if of else (f"−{number}" if points < 0 else "")
        rows.append(
            {
                "label": str(item["item"])[:1].upper() + str(item["item"])[1:],
                "points": shown,
                "share": "full" if of and points >= of else "part" if points > 0 else "none",
                "reason": item.get("reason", ""),
                "evidence": item.get("evidence", ()),
            }
        )
    return rows


def trials(report: Mapping) -> dict:
    """Trials joined by task and agent, the two arms side by side, and what they come to."""
    rows: dict[tuple[str, str], dict] = {}
    for trial in report.get("trials", ()):
        row = rows.setdefault(
            (trial["task"], trial["agent"]),
            {"task": trial["task"], "agent": trial["agent"], "origin": trial.get("origin", ""), "arms": {}},
        )
        row["arms"].setdefault(trial["arm"], []).append(trial)
    for row in rows.values():
        arms = row.pop("arms")
        row["without"] = _arm(arms.get("without", []), expected=False)
        row["with_skill"] = _arm(arms.get("with", []), expected=True)
    return {
        "rows": list(rows.values()),
        "without": _sum(rows.values(), "without"),
        "with": _sum(rows.values(), "with_skill"),
    }


def _arm(trials: Sequence[Mapping], *, expected: bool) -> dict:
    """One arm of a task. Only the skill is expected to pass: that the task fails without it is no bad sign."""
    passed = sum(trial["outcome"] == "pass" for trial in trials)
    seconds = [trial["seconds"] for trial in trials if trial.get("seconds") is not None]
    tokens = [_count(trial["tokens"]) for trial in trials if trial.get("tokens")]
    sign = "unknown" if not trials else "pass" if passed == len(trials) else "warn" if passed else "block"
    words = trials[0]["outcome"] if len(trials) == 1 else f"{passed} of {len(trials)} pass"
    return {
        "n": len(trials),
        "passed": passed,
        "icon": sign,
        "tone": sign if expected else "unknown",
        "words": words if trials else "",
        "said": [_said_by(trial) for trial in trials if trial.get("reason") or trial.get("output")],
        "seconds": sum(seconds) / len(seconds) if seconds else None,
        "tokens": round(sum(tokens) / len(tokens)) if tokens else None,
    }


def _said_by(trial: Mapping) -> str:
    """Why a trial ended as it did, with the verifier's last words."""
    return f"{trial.get('reason', '')}\n{trial.get('output', '')}".strip()


def _count(tokens: object) -> int:
    """Tokens as one number, whether they came as one or as input and output apart."""
    if isinstance(tokens, Mapping):
        return sum(value for value in tokens.values() if isinstance(value, int))
    return tokens if isinstance(tokens, int) else 0


def _sum(rows: Iterable[Mapping], arm: str) -> dict:
    arms = [row[arm] for row in rows if row[arm]["n"]]
    n, passed = sum(arm["n"] for arm in arms), sum(arm["passed"] for arm in arms)
    return {"n": n, "passed": passed, "share": passed / n if n else None}


def permissions(report: Mapping) -> list[dict]:
    """What the author declared beside what the sealed room saw, one row a kind, the undeclared marked."""
    document = report.get("permissions") or {}
    declared, observed = document.get("declared") or {}, document.get("observed") or {}
    rows = []
    for kind in dict.fromkeys([*declared, *observed]):
        said, saw = _words(declared.get(kind)), _words(observed.get(kind))
        if not said and not saw:
            continue
        rows.append(
            {
                "kind": kind,
                "label": PERMISSIONS.get(kind, kind.replace("_", " ").capitalize()),
                "declared": said,
                "observed": [
                    {"text": word, "undeclared": kind in declared and not _covers(said, word)}
                    for word in saw[:PERMISSIONS_SHOWN]
                ],
                "more": max(0, len(saw) - PERMISSIONS_SHOWN),
            }
        )
    return rows


def _words(value: object) -> list[str]:
    if isinstance(value, bool):
        return ["yes"] if value else []
    if isinstance(value, Mapping):
        return [f"{key}: {item}" for key, item in value.items()]
    if isinstance(value, list | tuple):
        return [str(item) for item in value]
    return [str(value)] if value else []


def _covers(said: Iterable[str], word: str) -> bool:
    return any(entry in ("*", word) or (word.startswith(entry.rstrip("*")) and entry.endswith("*")) for entry in said)


def tokens(report: Mapping) -> dict | None:
    """What the skill costs an agent's context, with the bar drawn to 300 units."""
    cost = (report.get("quality") or {}).get("tokens")
    if not cost:
        return None
    total = max(cost["l1"] + cost["l2"] + cost["l3"], 1)
    first, second = (round(300 * cost[key] / total, 1) for key in ("l1", "l2"))
    return {**cost, "total": total, "bar": [(0, first), (first, second), (first + second, 300 - first - second)]}


def file_url(release: Release, path: str) -> str:
    return files_url(release) + quote(path)


def files_url(release: Release) -> str:
    owner, name = release.skill.full_name.split("/", 1)
    return reverse("file", args=[owner, name, release.version, "x"]).removesuffix("x")
