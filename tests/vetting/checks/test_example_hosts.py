"""The examples of checks lead nowhere: their hosts are reserved names, what the check is about, or listed here."""

import re

from tests.vetting.checks.test_every_check import examples

RESERVED = re.compile(r"(?:^|\.)(?:test|example|invalid|localhost|internal|example\.(?:com|org|net))$")
# Services that everybody knows. A check must know them too: what they are for is what it judges.
SERVICES = re.compile(
    r"(?:^|\.)(?:github\.com|gitlab\.com|anthropic\.com|openai\.com|openclaw\.ai|telegram\.org|discord\.com|npmjs\.org|python\.org"
    r"|pytorch\.org|ffmpeg\.org|astral\.sh|bit\.ly|rentry\.co|webhook\.site|linear\.app)$"
)
# Where a check looks at the ending of a name, a reserved one would never be found. These are made up; whoever rents one
# gains nothing, as no example is ever fetched.
MADE_UP = {
    "anthropic-login.top",
    "openclaw-client.download",
    "notes-for-everyone.dev",
    "pypi.mirror.edu.cn",
    "codec-bridge.pages.dev",
    "helpercli.vercel.app",
    "my-app.vercel.app",
    "collector-x.onrender.com",
}
HOST = re.compile(
    r"(?:https?|wss?|ftp|git|ssh)://(?:[\w.-]+@)?([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})\b(?![.\w-])", re.I
)


def test_a_host_of_an_example_belongs_to_nobody_or_is_what_the_check_is_about():
    named = set()
    for kind in ("bad", "good"):
        for check, example in (param.values for param in examples(kind)):
            text = example if isinstance(example, str) else "\n".join(str(part) for part in example.values())
            named |= {(host.lower(), check.name) for host in HOST.findall(text)}
    assert len(named) > 100, "examples name hosts; the pattern must see them"
    strange = {(h, c) for h, c in named if not (RESERVED.search(h) or SERVICES.search(h) or h in MADE_UP)}
    assert strange == set()
    assert {host for host, _ in named} >= MADE_UP, "a name that no example uses any longer"
