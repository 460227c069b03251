"""A release vetted again: asked for by its team, or by the registry under new rules, and what comes of it.

What a person decided stands while a new vetting brings nothing graver. What vetting cannot settle a second time takes
nothing from a release that is published: the verdict it has still says under which rules it was found.
"""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from marketplace import documents
from marketplace.errors import Conflict, TooOften
from marketplace.models import AuditEvent, Release, Skill
from marketplace.services.audit import record
from marketplace.services.publication import release_conclude
from marketplace.services.releases import held
from vetting import advised, changes, policy, ruleset
from vetting.models import Run
from vetting.queueing import enqueue

# How often a person may ask, for one release and in all.
AGAIN_AFTER = timedelta(minutes=10)
A_DAY = 50


@transaction.atomic
def release_revet(*, actor: AbstractBaseUser, release: Release) -> tuple[Release, str]:
    """Queue a new vetting; the second value says why none was needed, and is empty where one was queued."""
    release = held(actor, release)
    if release.revoked_at is not None:
        raise Conflict(
            "revet.revoked", f"{release} was revoked; there is nothing left to vet.", fix="Push a new version."
        )
    if release.runs.exclude(state=Run.State.DONE).exclude(turn=Run.Turn.OWN).exists():
        return release, "It is being vetted already."
    rules = (release.report or {}).get("ruleset", "")
    settled = rules == ruleset.current() and release.verdict != policy.UNKNOWN
    if settled and not advised.is_unseen(release):
        return release, f"These bytes were judged under the rules of now ({rules}); the answer would be the same."
    _not_too_often(actor, release)
    enqueue(release, turn=Run.Turn.ASKED)
    record(actor, "release.revet", str(release), ruleset=ruleset.current(), before=rules)
    return release, ""


def _not_too_often(actor: AbstractBaseUser, release: Release) -> None:
    asked, now = AuditEvent.objects.filter(verb="release.revet"), timezone.now()
    if asked.filter(subject=str(release), at__gt=now - AGAIN_AFTER).exists():
        minutes = AGAIN_AFTER.seconds // 60
        raise TooOften(
            "revet.too-soon", f"{release} was vetted again a moment ago.", fix=f"Wait {minutes} minutes between two."
        )
    if asked.filter(actor=actor, at__gt=now - timedelta(days=1)).count() >= A_DAY:
        raise TooOften("revet.too-many", f"You have asked for {A_DAY} vettings within a day.", fix="Go on tomorrow.")


def on_run_concluded(sender: Any, run: Any, report: dict, attestation: dict | None = None, **_: Any) -> None:
    """The ear of vetting.signals.run_concluded: a first vetting publishes, a later one is compared."""
    Skill.objects.select_for_update().get(pk=run.release.skill_id)
    release = Release.objects.select_related("skill").get(pk=run.release_id)
    if not release.report:
        return release_conclude(release=release, report=report, attestation=attestation)
    again(release, report, attestation)


@transaction.atomic
def again(release: Release, report: dict, attestation: dict | None) -> None:
    """A later vetting of a release that has a verdict."""
    before = release.report
    change = changes.between(before, report) | {"at": documents.time(timezone.now())}
    said = changes.in_words(change)
    if release.status == Release.Status.PUBLISHED and report["status"] == Release.Status.QUARANTINED:
        reasons = (report.get("safety") or {}).get("reasons", [])
        record(None, "release.revet-inconclusive", str(release), reasons=reasons, ruleset=report["ruleset"])
        release.report = before | {"inconclusive": {"at": change["at"], "ruleset": report["ruleset"], "why": reasons}}
        release.save(update_fields=["report"])
        return
    # What changed last stays told when a later vetting only says the same again.
    told = before["revetted"] if changes.is_nothing(change) and "revetted" in before else change
    after = report | {"revetted": told}
    for kept in ("decision", "appeals"):
        if kept in before:
            after[kept] = before[kept]
    if "decision" in before and _decision_stands(before, report):
        # Signed anew below: the statement of the run names another status.
        after["status"], attestation = before["status"], None
    change["after"]["status"] = after["status"]
    change["decision_stands"] = after["status"] != report["status"]
    detail = {"said": said, "before": change["before"], "after": change["after"]}
    after["vettings"] = changes.history(before, after, change)
    record(None, "release.revetted", str(release), **detail)
    if release.status == Release.Status.PUBLISHED and after["status"] != Release.Status.PUBLISHED:
        record(None, "release.withdrawn", str(release), **detail, reasons=after["safety"]["reasons"][:5])
    release_conclude(release=release, report=after, attestation=attestation)


def _decision_stands(before: dict, report: dict) -> bool:
    """A person looked at all that is said now: no graver verdict, and no new finding that weighs on it."""
    worse = changes.is_worse(before["safety"]["verdict"], report["safety"]["verdict"])
    return not worse and not changes.new_grave(before, report)
