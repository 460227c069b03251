"""Which of bandit's tests could find something in a piece of Python; where none could, bandit is not asked.

bandit visits every node of every file with every test, which costs a hundred times what it costs to see that the names
it looks for are not there. The table holds for the version it was written from and says nothing of any other. A test
looks at names and constants of the code, so a text stands for them once constants written in halves or with escapes
are put together; where a file declares an encoding of its own, nothing is known of it.
"""

import re
import unicodedata
from collections.abc import Iterable

from vetting.scanners.words import Letters, Like, Need, Text, all_of, any_of, is_met, name

VERSIONS = {"1.9.4"}

_JOINT = re.compile(r"[\"'][\s\\]{0,200}[rRbBuUfF]{0,2}[\"']")
_ESCAPE = re.compile(r"\\(?:\n|x([2-7][0-9a-fA-F])|u00([2-7][0-9a-fA-F])|U000000([2-7][0-9a-fA-F])|([0-7]{2,3}))")
_NAMED_ESCAPE = "\\N{"
_DECLARED = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BIDIRECTIONAL = re.compile("[\u200f\u202a-\u202e\u2066-\u2069]")
TROJAN = "B613"


def _one_of(words: str) -> Need:
    return any_of(map(name, words.split()))


def _with(words: str, *others: Need) -> Need:
    return all_of([*map(name, words.split()), *others])


def _letters(*folded: str) -> Need:
    return any_of(map(Letters, folded))


_RUNS_A_SHELL = any_of(
    [
        _with("os", _one_of("system popen popen2 popen3 popen4")),
        _one_of("popen2"),
        all_of([_one_of("commands subprocess"), _one_of("getoutput getstatusoutput")]),
    ]
)
_STARTS_A_PROCESS = any_of(
    [
        _one_of("startfile execl execle execlp execlpe execv execve execvp execvpe"),
        _one_of("spawnl spawnle spawnlp spawnlpe spawnv spawnve spawnvp spawnvpe"),
    ]
)
_SHELL_IS_TRUE = _with("subprocess shell", _one_of("Popen call check_call check_output run"))
_OLD_TLS = _letters("sslv2", "sslv3", "tlsv1")

# The package of that name is imported or spoken of, and not only files of that kind.
_XML = Like(r"(?:\b(?:import|from)|,)[\s\\]*xml\b|\bxml[\s\\)]*\.")

# Calls and imports that bandit has on a list of its own.
_LISTED = any_of(
    [
        all_of([_one_of("pickle dill"), _one_of("loads load Unpickler")]),
        _with("shelve", _one_of("open DbfilenameShelf")),
        _with("jsonpickle", _one_of("decode Unpickler")),
        _with("pandas read_pickle"),
        _with("marshal", _one_of("load loads")),
        _one_of("Crypto Cryptodome"),
        _with("cryptography", _one_of("MD5 SHA1 ARC4 Blowfish CAST5 IDEA SEED TripleDES ECB")),
        _with("tempfile mktemp"),
        _one_of("eval mark_safe _create_unverified_context"),
        _with("urllib request", _one_of("urlopen urlretrieve URLopener FancyURLopener")),
        _with("telnetlib Telnet"),
        _with("etree", _one_of("parse iterparse fromstring XMLParser"), _XML),
        _with("sax", _one_of("create_parser parse parseString make_parser"), _XML),
        _with("dom", _one_of("parse parseString"), _XML),
        _with("ftplib FTP"),
        _letters("pyghmi"),
    ]
)

NEEDS: dict[str, Need] = {
    "B001": _LISTED,
    "B102": _one_of("exec"),
    "B103": _letters("chmod"),
    "B104": _letters("0.0.0.0"),  # noqa: S104
    "B108": _letters("/tmp", "/dev/shm"),  # noqa: S108
    "B201": _with("run debug", _letters("flask")),
    "B202": _with("tarfile", _letters("extractall")),
    "B324": any_of([_with("hashlib", _one_of("md4 md5 sha sha1 new")), _one_of("crypt")]),
    "B501": _with("verify", _one_of("requests httpx")),
    "B502": _OLD_TLS,
    "B503": _OLD_TLS,
    "B504": _one_of("wrap_socket"),
    "B505": any_of([_one_of("generate_private_key"), _with("generate", _one_of("Crypto Cryptodome"))]),
    "B506": _with("yaml load"),
    "B507": _with("set_missing_host_key_policy", _letters("paramiko")),
    "B508": _with("pysnmp CommunityData"),
    "B509": _with("pysnmp UsmUserData"),
    "B601": _with("exec_command", _letters("paramiko")),
    "B602": _SHELL_IS_TRUE,
    "B604": _one_of("shell"),
    "B605": _RUNS_A_SHELL,
    "B606": _with("os", _STARTS_A_PROCESS),
    # What stands before the word may be the escape of a new line, so only its end is one.
    "B608": any_of(
        all_of([*map(Letters, words), *(Like(rf"(?i){word}\b") for word in words)])
        for words in (("select", "from"), ("delete", "from"), ("insert", "into", "values"), ("update", "set"))
    ),
    "B609": all_of([any_of([_RUNS_A_SHELL, _SHELL_IS_TRUE]), _letters("chown", "chmod", "tar", "rsync")]),
    "B610": _one_of("extra"),
    "B611": _with("RawSQL", _letters("django")),
    "B612": _with("logging config listen"),
    "B614": _with("torch load"),
    "B615": all_of(
        [
            _letters("transformers", "datasets", "huggingface_hub"),
            _one_of("from_pretrained load_dataset hf_hub_download snapshot_download repository_id"),
        ]
    ),
    "B701": _with("jinja2 Environment"),
    "B702": _with("mako Template"),
    "B703": all_of([_letters("django"), _one_of("mark_safe SafeText SafeUnicode SafeString SafeBytes")]),
    "B704": _one_of("Markup"),
}


def numbers_for(text: str) -> list[str] | None:
    """The tests that could find something in this Python; None where that is not known."""
    if any(found[1].lower() not in ("utf-8", "utf8") for found in _declared(text)) or _NAMED_ESCAPE in text:
        return None
    asked = Text(_put_together(text))
    tests = [test for test, need in NEEDS.items() if is_met(need, asked)]
    return [*tests, TROJAN] if not text.isascii() and _BIDIRECTIONAL.search(text) else tests


def _declared(text: str) -> Iterable[re.Match]:
    return filter(None, map(_DECLARED.match, text.split("\n", 2)[:2]))


def _put_together(text: str) -> str:
    """The text, and behind it the same with its constants as Python reads them, where it reads them otherwise."""
    read = text if text.isascii() else unicodedata.normalize("NFKC", text)
    read = _JOINT.sub("", _ESCAPE.sub(_character, read) if "\\" in read else read)
    return text if read == text else f"{text}\n{read}"


def _character(escape: re.Match) -> str:
    hexadecimal = escape[1] or escape[2] or escape[3]
    if hexadecimal:
        return chr(int(hexadecimal, 16))
    return chr(int(escape[4], 8)) if escape[4] else ""
