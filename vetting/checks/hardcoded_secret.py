"""A secret written into the skill

Finds keys and tokens of known services, private keys and passwords in addresses, in any text of the bundle. Examples
and placeholders are passed over.

Why it matters: Everything in a published skill is public and stays so: releases are immutable. Whoever reads the key
can use it.
"""

import math
import re

from vetting.findings import Axis, Confidence, Severity
from vetting.reading.hit import Hit
from vetting.reading.text import Lines

CODE, AXIS = "SK-SECRET", Axis.VULNERABILITY
SEVERITY, CONFIDENCE = Severity.HIGH, Confidence.MEDIUM
FIX = "Revoke the secret where it was issued, then read it from an environment variable that the manifest declares."

_AWS = "AKIA" + "Q3EGRZPL7MHT2WKD"
BAD = [
    f"---\nname: a\ndescription: b\n---\n```bash\nexport AWS_ACCESS_KEY_ID={_AWS}\n```\n",
    {
        "SKILL.md": "---\nname: a\ndescription: b\n---\nx\n",
        "k.pem": "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEpAIBAAKCAQEA7bq3\n" * 8 + "-----END RSA PRIVATE KEY-----\n",
    },
]
GOOD = [
    (
        "---\nname: a\ndescription: b\n---\n```bash\nexport AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\n"
        "export OPENAI_API_KEY=sk-your-key-here-xxxxxxxxxxxxxxxxxxxx\n```\n"
    ),
]

_KINDS = tuple(
    (kind, cue, re.compile(pattern))
    for kind, cue, pattern in (
        ("an AWS access key", "AKIA", r"\bAKIA[A-Z0-9]{16}\b"),
        ("a temporary AWS key", "ASIA", r"\bASIA[A-Z0-9]{16}\b"),
        *(
            ("a GitHub token", cue, rf"\b{cue}[A-Za-z0-9]{{36,80}}\b")
            for cue in ("ghp_", "gho_", "ghu_", "ghs_", "ghr_")
        ),
        ("a GitHub token", "github_pat_", r"\bgithub_pat_[A-Za-z0-9_]{60,90}\b"),
        (
            "an OpenAI or Anthropic key",
            "sk-",
            r"\bsk-(?:proj-|ant-(?:api\d\d-)?|svcacct-|or-v1-)?[A-Za-z0-9_-]{32,180}\b",
        ),
        ("a Slack token", "xox", r"\bxox[abprs]-[0-9A-Za-z-]{20,90}\b"),
        ("a Google key", "AIza", r"\bAIza[0-9A-Za-z_-]{35}\b"),
        ("a Stripe key", "k_live_", r"\b[sr]k_live_[0-9A-Za-z]{20,100}\b"),
        ("a GitLab token", "glpat-", r"\bglpat-[0-9A-Za-z_-]{20,40}\b"),
        ("an npm token", "npm_", r"\bnpm_[A-Za-z0-9]{36}\b"),
        ("a PyPI token", "pypi-AgE", r"\bpypi-AgE[A-Za-z0-9_-]{50,200}"),
        ("a Hugging Face token", "hf_", r"\bhf_[A-Za-z0-9]{34,40}\b"),
        ("a Telegram bot token", ":AA", r"\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b"),
        ("a Discord webhook", "api/webhooks/", r"discord(?:app)?\.com/api/webhooks/\d{17,20}/[A-Za-z0-9_-]{60,80}"),
        ("a SendGrid key", "SG.", r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b"),
        (
            "a private key",
            "PRIVATE KEY",
            r"-----BEGIN (?:RSA |EC |DSA |OPENSSH |PGP )?PRIVATE KEY(?: BLOCK)?-----[\s\\n]{1,4}[A-Za-z0-9+/=]{20}",
        ),
        ("a password in an address", "://", r"://[\w.-]{1,40}:[^\s@/:\"'<>{}$]{6,60}@[\w.-]{4,80}"),
    )
)
_PLACEHOLDER = re.compile(
    r"example|your|xxx|placeholder|test|dummy|fake|sample|redacted|\.\.\.|<|\*\*|0000|1234|abcd|changeme"
    r"|password@|:pass@|user:|secret@|localhost|127\.0|insert|here|\$\{|canary",
    re.IGNORECASE,
)


def find(skill):
    for source in skill.sources:
        if source.reach == "fixture":
            continue
        for kind, line, shown, confidence in source.reading.once(_secrets):
            why = f"This looks like {kind}. Everything in a published skill is public and stays so."
            yield Hit(source.path, line, shown, why=why, confidence=confidence)


def _secrets(text: str) -> list[tuple[str, int, str, Confidence]]:
    """(kind, line, what may be shown, how sure) of each."""
    return [found for kind, cue, pattern in _KINDS if cue in text for found in _of_kind(text, kind, pattern)]


def _of_kind(text, kind, pattern):
    lines = None
    for match in pattern.finditer(text):
        word = match.group()
        if _PLACEHOLDER.search(word) or ("private" not in kind and _entropy(word[-32:]) < 3.0):
            continue
        lines = lines or Lines(text)
        shown = word.split("\n")[0] if kind == "a private key" else f"{word[:8]}…{word[-4:]}"
        confidence = Confidence.LOW if "address" in kind else Confidence.MEDIUM
        yield kind, lines.at(match.start()), shown, confidence


def _entropy(word: str) -> float:
    return -sum((n := word.count(c) / len(word)) * math.log2(n) for c in set(word))
