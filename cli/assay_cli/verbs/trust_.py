"""`skill trust`: the pinned keys, and accepting a registry's new ones."""

import click

from assay_cli import clean, config, trust
from assay_cli.docs import pick, text
from assay_cli.options import verb
from assay_cli.session import Session


@verb(help="Show the pinned keys of the registries you use.")
@click.option(
    "--reset", is_flag=True, help="Pin what the registry offers now. Ask its operator for the fingerprint first."
)
def command(session: Session, reset: bool) -> None:
    if reset:
        keys = trust.offered_keys(session)
        trust.pin(session.registry_url, keys)
        session.note(f"pinned the keys that {session.registry_url} offers now")
    known = config.read(config.KNOWN)
    shown = []
    for url, entry in sorted(known.items()):
        for key in pick(entry, "keys", default={}):
            session.data(f"{clean.line(url)}  {clean.line(key, 64)}  since {clean.line(text(entry, 'pinned_at'), 32)}")
            shown.append({"registry": url, "fingerprint": key, "pinned_at": text(entry, "pinned_at")})
    if not shown:
        session.note("no registry's key is pinned yet; the first install does it")
    session.document("assay.trust.v1", {"keys": shown})
