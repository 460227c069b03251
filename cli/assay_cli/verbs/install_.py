"""`skill install`: nothing is written before the bytes, the signature and the verdict have been verified."""

from pathlib import Path

import click

from assay_cli import clean, lock, trust
from assay_cli.agents import skills_folder
from assay_cli.canonical import digest_of
from assay_cli.client import release_path, skill_path
from assay_cli.docs import pick, text
from assay_cli.errors import ODD_ANSWER, CliError, Missing, Refused, Tampered
from assay_cli.names import Ref, parse
from assay_cli.options import place, verb
from assay_cli.session import Session, word
from assay_cli.unpack import members
from assay_cli.unpack import place as put_in_place


@verb(help="Verify the release OWNER/NAME[@VERSION] and unpack it into DIR/NAME.")
@click.argument("skill", metavar="OWNER/NAME[@VERSION]")
@place
@click.option("--force", is_flag=True, help="Replace what is in its place.")
def command(session: Session, skill: str, folder: str | None, agent: str | None, for_user: bool, force: bool) -> None:
    ref = parse(skill)
    shelf = skills_folder(folder, agent, for_user)
    _refuse_occupied(shelf / ref.name, force)
    ref = ref if ref.version else _latest(session, ref)
    digest = _published_digest(session, ref)
    signed = trust.fetch(session, ref)
    trust.vouched(signed, ref, digest)
    bundle = session.registry.bundle(ref)
    if digest_of(bundle) != digest:
        raise Tampered(f"The bytes of {ref} are not those that were vetted.", code="integrity.digest", hint=ODD_ANSWER)
    files = members(bundle)
    put_in_place(files, shelf / ref.name, force=force)
    new = lock.entry(
        ref, digest=digest, registry=session.registry_url, keyid=signed.keyid, verdict=signed.verdict, unpacked=files
    )
    lock.add(shelf, ref.name, new)
    _answer(session, ref, shelf / ref.name, new)
    if signed.verdict not in ("pass", "warn"):
        by, why = (clean.line(text(signed.decision, key), 300) for key in ("by", "reason"))
        session.note(f"note: published by the decision of {by}, not by its verdict: {why}")


def _answer(session: Session, ref: Ref, target: Path, new: dict) -> None:
    session.data(f"Installed {ref} in {target}")
    session.data(f"  verdict  {word(new['verdict'])}, signed by {new['keyid'][:16]}")
    session.data(f"  digest   {new['digest']}")
    if new["verdict"] == "warn":
        session.note(f"note: vetting has warnings about it; read them with `skill status {ref}`")
    session.document("assay.install.v1", {**new, "path": str(target), "files": sorted(new["files"])})


def _refuse_occupied(target: Path, force: bool) -> None:
    """Said before anything is fetched; put_in_place asks again."""
    if (target.exists() or target.is_symlink()) and not force:
        raise CliError(f"{target} is there already.", code="target.exists", hint="Add --force to replace it.")


def _latest(session: Session, ref: Ref) -> Ref:
    version = text(session.registry.get(skill_path(ref)), "version")
    if not version:
        hint = f"`skill info {ref.skill}` shows its releases."
        raise Refused(f"{ref.skill} has no published release.", code="refused.not-published", hint=hint)
    return ref.at(version)


def _published_digest(session: Session, ref: Ref) -> str:
    """What the registry says is published; the attestation has to agree."""
    try:
        release = session.registry.get(release_path(ref))
    except Missing as error:
        raise Missing(
            f"There is no published release {ref}.",
            code=error.code,
            hint=f"`skill info {ref.skill}` shows its releases.",
        ) from error
    status = clean.line(text(release, "status", default="unknown"), 24)
    if status != "published":
        hint = f"`skill status {ref}` says why."
        raise Refused(f"{ref} is {status}, not published.", code="refused.not-published", hint=hint)
    if revoked := pick(release, "revoked"):
        reason = clean.line(text(revoked, "reason"), 300)
        raise Refused(f"{ref} was revoked: {reason}", code="refused.revoked", hint="Remove copies of it that you have.")
    if yanked := pick(release, "yanked"):
        session.note(f"warning: {ref} was yanked: {clean.line(text(yanked, 'reason') or 'no reason given', 300)}")
    digest = text(release, "digest")
    if len(digest) != 71 or not digest.startswith("sha256:"):
        raise Tampered(f"The registry gives no digest for {ref}.", code="integrity.digest", hint=ODD_ANSWER)
    return digest
