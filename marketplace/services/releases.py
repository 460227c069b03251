"""Releases: pushed, yanked, revoked. A release's bytes never change."""

from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from marketplace import blobs, documents, selectors
from marketplace.errors import Conflict, Invalid, NotAllowed
from marketplace.models import Publisher, Release, Skill
from marketplace.names import Version, skeleton
from marketplace.services.audit import record
from marketplace.services.publication import refresh_skill
from marketplace.text import storable
from vetting.errors import SkillError
from vetting.intake import Intake, unpack
from vetting.queueing import enqueue


def release_push(
    *, actor: AbstractBaseUser, publisher: Publisher, data: bytes, filename: str = "", version: str = ""
) -> tuple[Release, bool]:
    """Take in a bundle and start its vetting; False when these very bytes are here already.

    The bytes are kept first and the rows written after, all together: a failure in between leaves at most a blob that
    nothing names, never a release without its bytes.
    """
    must_be_member(actor, publisher)
    intake = unpack(data, filename=filename)
    name = intake.manifest.name
    wanted = _wanted_version(intake, version)
    _refuse_look_alike(publisher, name)
    known = Skill.objects.filter(publisher=publisher, name=name).first()
    if known and (same := _same_release(known, intake.bundle.digest, wanted)):
        return same, False
    blobs.put(intake.bundle.digest, intake.bundle.tar)
    with transaction.atomic():
        skill = _locked_skill(publisher, name)
        # Asked again under the lock: another push of the same version may have won.
        if same := _same_release(skill, intake.bundle.digest, wanted):
            return same, False
        chosen = wanted or _next_version(skill.releases.values_list("version", flat=True))
        release = _create(actor, skill, chosen, intake)
        record(actor, "release.push", str(release), digest=release.digest, size=release.size)
        enqueue(release)
    return release, True


@transaction.atomic
def release_yank(*, actor: AbstractBaseUser, release: Release, reason: str = "") -> Release:
    """Hide a release from lists and from `latest`; whoever names its exact version still gets it."""
    release = held(actor, release)
    if release.yanked_at is None:
        release.yanked_at, release.yanked_reason = timezone.now(), storable(reason.strip())[:500]
        _rewrite(release, "yanked_at", "yanked_reason")
        record(actor, "release.yank", str(release), reason=release.yanked_reason)
    return release


@transaction.atomic
def release_unyank(*, actor: AbstractBaseUser, release: Release) -> Release:
    """Show a yanked release again."""
    release = held(actor, release)
    if release.yanked_at is not None:
        release.yanked_at, release.yanked_reason = None, ""
        _rewrite(release, "yanked_at", "yanked_reason")
        record(actor, "release.unyank", str(release))
    return release


@transaction.atomic
def release_revoke(*, actor: AbstractBaseUser, release: Release, reason: str) -> Release:
    """Take a release back for good: nobody fetches it any more, and clients that ask are told why."""
    release = held(actor, release)
    reason = storable(reason.strip())[:500]
    if not reason:
        raise Invalid(
            "release.reason",
            "A release is revoked with a reason, for those who have it installed.",
            fix="Give the `reason`.",
        )
    if release.revoked_at is None:
        release.revoked_at, release.revoked_reason = timezone.now(), reason
        _rewrite(release, "revoked_at", "revoked_reason")
        record(actor, "release.revoke", str(release), reason=reason)
    return release


def must_be_member(actor: AbstractBaseUser, publisher: Publisher) -> None:
    if not selectors.is_member(actor, publisher):
        raise NotAllowed(
            "publisher.not-member",
            f"You are not on the team of {publisher.handle}.",
            fix=f"Ask an owner of {publisher.handle} to add you, or publish under your own handle.",
        )


def _wanted_version(intake: Intake, given: str) -> str:
    """The version that was asked for, in its full form; "" leaves the choice to us."""
    try:
        if given.strip():
            return str(Version(given))
        return str(Version(intake.manifest.version)) if intake.manifest.version else ""
    except ValueError as error:
        if given.strip():
            raise Invalid(
                "version.invalid", str(error), fix="Give another version, or leave it out for the next free one."
            ) from None
        fix = "Give `version:` in SKILL.md as MAJOR.MINOR.PATCH, or leave it out and have it chosen."
        raise SkillError("version.invalid", str(error), fix=fix, file="SKILL.md") from None


def _refuse_look_alike(publisher: Publisher, name: str) -> None:
    # Only published skills count, or a squatter's rejected upload could keep the honest name away.
    others = Skill.objects.filter(skeleton=skeleton(name), is_public=True).exclude(publisher=publisher)
    if other := others.exclude(name=name).first():
        raise Conflict(
            "name.look-alike",
            f"{name!r} would be taken for {other.full_name}.",
            fix="Choose a name that no reader mixes up with theirs.",
        )


def _same_release(skill: Skill, digest: str, wanted: str) -> Release | None:
    """The release that already holds these bytes; raises Conflict where the version holds others."""
    rows = skill.releases.select_related("skill").defer("report", "attestation", "readme", "files", "document")
    if not wanted:
        return rows.filter(digest=digest).order_by("-id").first()
    release = rows.filter(version=wanted).first()
    if release and release.digest != digest:
        raise Conflict(
            "release.exists",
            f"{skill.full_name}@{wanted} is here already with other bytes, and a release never changes.",
            fix=f"Push under a new version; {_next_version(skill.releases.values_list('version', flat=True))} is free.",
        )
    return release


def _locked_skill(publisher: Publisher, name: str) -> Skill:
    full_name = f"{publisher.handle}/{name}"
    skill, _ = Skill.objects.get_or_create(publisher=publisher, name=name, defaults={"full_name": full_name})
    return Skill.objects.select_for_update().get(pk=skill.pk)


def _next_version(versions: Iterable[str]) -> str:
    newest = max(map(Version, versions), default=None)
    return str(newest.next()) if newest else "1.0.0"


def _create(actor: AbstractBaseUser, skill: Skill, version: str, intake: Intake) -> Release:
    bundle, manifest = intake.bundle, intake.manifest
    release = Release(
        skill=skill,
        version=version,
        digest=bundle.digest,
        size=len(bundle.tar),
        manifest=storable(manifest.raw),
        files=storable(bundle.listing()),
        readme=storable(manifest.body),
        created_by=actor,
        created_at=timezone.now(),
    )
    release.save()
    release.document = documents.release_document(skill.full_name, release)
    release.save(update_fields=["document"])
    return release


def held(actor: AbstractBaseUser, release: Release) -> Release:
    """The release with its skill's row locked, for a member of the team or the registry's staff."""
    if not actor.is_staff:
        must_be_member(actor, release.skill.publisher)
    Skill.objects.select_for_update().get(pk=release.skill_id)
    return Release.objects.select_related("skill__publisher").get(pk=release.pk)


def _rewrite(release: Release, *fields: str) -> None:
    release.document = documents.release_document(release.skill.full_name, release)
    release.save(update_fields=[*fields, "document"])
    refresh_skill(release.skill)
