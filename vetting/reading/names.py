"""Names of hosts by what they are for, read from names.txt; and the hooks that pass on what they are sent."""

from pathlib import Path


def _sections(text: str) -> dict[str, frozenset[str]]:
    found: dict[str, list[str]] = {}
    name = ""
    for line in text.splitlines():
        if line.startswith("["):
            name = line.strip("[]")
            found[name] = []
        elif line and not line.startswith("#"):
            found[name] += line.split()
    return {key: frozenset(words) for key, words in found.items()}


_NAMES = _sections((Path(__file__).parent / "names.txt").read_text(encoding="utf-8"))
CATCHERS, TUNNELS, PASTES = _NAMES["catchers"], _NAMES["tunnels"], _NAMES["pastes"]
SHORTENERS, FREE_HOSTING, SECOND_LEVEL = _NAMES["shorteners"], _NAMES["free-hosting"], _NAMES["second-level"]
KNOWN, INSTALLERS = _NAMES["known"], _NAMES["installers"]

MESSENGERS = (
    ("discord.com", "/api/webhooks"),
    ("discordapp.com", "/api/webhooks"),
    ("api.telegram.org", "/bot"),
    ("hooks.slack.com", "/services"),
    ("hooks.slack.com", "/workflows"),
    ("hooks.zapier.com", "/hooks"),
    ("maker.ifttt.com", "/trigger"),
    ("open.feishu.cn", "/open-apis/bot"),
    ("oapi.dingtalk.com", "/robot"),
    ("qyapi.weixin.qq.com", "/cgi-bin/webhook"),
    ("script.google.com", "/macros"),
    ("hook.eu1.make.com", "/"),
    ("hook.us1.make.com", "/"),
    ("formspree.io", "/f"),
)
