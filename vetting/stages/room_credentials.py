"""Planted credentials that were opened by something that has no business with them."""

import re
from collections.abc import Iterator

from sandbox.base import Event
from vetting.findings import Axis, Confidence, Finding, Severity
from vetting.stages.room_scene import HOME, Scene, by

# Where a credential lies, the programs whose own it is, and how a text would name it.
_OWNERS = (
    (
        r"\.ssh/",
        {"ssh", "scp", "sftp", "git", "rsync", "ssh-keygen", "ssh-add", "ssh-agent", "ssh-copy-id"},
        r"\.ssh\b|ssh key",
    ),
    (r"\.aws/", {"aws", "terraform", "sam", "cdk"}, r"\.aws\b"),
    (r"\.kube/", {"kubectl", "helm", "k9s"}, r"\.kube\b|kubeconfig"),
    (r"\.config/gcloud/", {"gcloud", "gsutil", "bq"}, r"gcloud"),
    (r"\.npmrc$", {"npm", "npx", "pnpm", "yarn", "node", "bun"}, r"\.npmrc"),
    (r"\.pypirc$", {"twine", "pip", "flit"}, r"\.pypirc"),
    (r"\.git-credentials$", {"git", "git-remote-https", "git-credential-store"}, r"\.git-credentials"),
    (r"\.config/gh/", {"gh"}, r"gh/hosts|gh auth"),
    # Every client that may log in by itself reads ~/.netrc.
    (
        r"\.netrc$",
        {"curl", "wget", "git", "git-remote-https", "python3", "python3.11", "python", "pip", "pip3", "node", "ftp"},
        r"\.netrc",
    ),
    (r"\.docker/", {"docker", "docker-compose", "buildx"}, r"\.docker/"),
    (r"\.ethereum/|\.config/solana/|wallet", set(), r"wallet|keystore|solana|ethereum"),
    (
        r"\.mozilla/|google-chrome/",
        {"firefox", "chrome", "chromium"},
        r"login data|logins\.json|browser (cookies|passwords)",
    ),
    (r"\.claude/\.credentials", {"claude", "node"}, r"\.credentials\.json"),
    (r"\.codex/auth", {"codex"}, r"\.codex/auth"),
    (r"\.openclaw/openclaw\.json", {"openclaw", "node"}, r"openclaw\.json"),
    (r"\.bash_history$", {"bash"}, r"bash_history|shell history"),
    (r"projects/shop/\.env$", {"docker-compose"}, r"\.env\b"),
)
# Nothing that a skill does for its user needs to read these with a program that is not their own.
_NEVER = re.compile(
    r"\.ssh/id_(?!.*\.pub$)|\.aws/credentials|wallet|\.ethereum/|\.config/solana|\.mozilla/|google-chrome/"
    r"|\.credentials\.json|\.codex/auth|\.git-credentials"
)
_SWEEP = 5


def credentials(scene: Scene) -> Iterator[Finding]:
    """One finding for each process and credential; many credentials read by one command are a sweep."""
    reads: dict[tuple[int, str], list[Event]] = {}
    # A second name for it is a way to open it unseen.
    for event in scene.of("open", "link", "rename"):
        path = str(event.detail.get("path", ""))
        if scene.bait.at(path) and not _is_own(event, path):
            reads.setdefault((int(event.detail.get("step", 0)), path), []).append(event)
    steps: dict[int, set[str]] = {}
    for step, path in reads:
        steps.setdefault(step, set()).add(path)
    for step, paths in steps.items():
        if len(paths) >= _SWEEP:
            event = next(events[0] for (number, _), events in reads.items() if number == step)
            yield _sweep(scene, event, sorted(paths))
    for (step, path), events in reads.items():
        if len(steps[step]) < _SWEEP:
            yield _one(scene, events[0], path)


def _one(scene: Scene, event: Event, path: str) -> Finding:
    canary = scene.bait.at(path)[0]
    short = path.replace(HOME, "~")
    openly = scene.mentions(_named(path)) or short.lower() in scene.words
    grave = bool(_NEVER.search(path))
    severity = Severity.HIGH if grave or not openly else Severity.MEDIUM
    return scene.finding(
        "SK-CRED",
        "credential",
        event,
        severity,
        Confidence.HIGH if grave else Confidence.MEDIUM,
        axis=Axis.MALICE if grave or not openly else Axis.PRIVILEGE,
        why=f"It opened {short}, in which a planted {canary.name} lay"
        + (", though SKILL.md never speaks of it." if not openly else "."),
        evidence=f"{by(event)} opened {short}",
        fix="Read no credential that is another program's own; ask the user for the one secret the skill needs.",
    )


def _sweep(scene: Scene, event: Event, paths: list[str]) -> Finding:
    short = [path.replace(HOME, "~") for path in paths]
    return scene.finding(
        "SK-CRED",
        "credential-sweep",
        event,
        Severity.CRITICAL,
        Confidence.HIGH,
        why=f"One command opened {len(paths)} different planted credentials: it gathers them.",
        evidence=f"{by(event)} opened {', '.join(short)}",
        fix="Read no credential that is another program's own.",
    )


def _is_own(event: Event, path: str) -> bool:
    program = str(event.detail.get("program", ""))
    return any(re.search(place, path) and program in owners for place, owners, _ in _OWNERS)


def _named(path: str) -> str:
    return next((words for place, _, words in _OWNERS if re.search(place, path)), r"(?!)")
