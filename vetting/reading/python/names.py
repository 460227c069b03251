"""What a dotted name stands for in Python: the kind of deed a call of it is, and where its value comes from.

The same names come up over and over, so what was found for one is remembered.
"""

import re

from vetting.reading import programs as p
from vetting.reading.places import is_credential, of_short_texts

SENDERS = re.compile(
    r"^(?:requests|httpx|session|client|aiohttp|\w*\.?(?:session|client|http|self\.session))\.(?:post|put|patch"
    r"|request|send|stream)$"
    r"|^(?:requests|httpx)\.(?:get|head|delete|options|Request)$|urlopen$"
    r"|urllib\.request\.(?:Request|urlretrieve)$|^urllib3?\.\w*\.?request$|\.(?:sendall|sendto)$"
    r"|^(?:sock|socket|s|conn|client|ws|websocket)\.(?:send|connect)$|sendmail$|send_message$|http\.client\.\w+$"
    r"|HTTPS?Connection(?:\.request)?$|\.storbinary$|paramiko\.\S+put$"
    r"|upload_file(?:obj)?$|put_object$|getaddrinfo$|gethostbyname$|create_connection$|\.(?:webhook|execute_webhook)$",
)
FETCHERS = re.compile(
    r"^(?:requests|httpx|session|client|aiohttp|\w*session|\w*client)\.(?:get|request|post)$|urlopen$"
    r"|urlretrieve$|\.recv$|wget\.download$"
)
SHELL = re.compile(
    r"^(?:os\.(?:system|popen|exec\w+|spawn\w+|posix_spawn)|(?:subprocess|sp)\.(?:run|call|Popen|check_output"
    r"|check_call|getoutput|getstatusoutput)|pty\.spawn|commands\.getoutput"
    r"|asyncio\.create_subprocess_(?:shell|exec))$"
)
CODE = re.compile(
    r"^(?:exec|eval|compile|__import__|(?:__)?builtins(?:__)?\.(?:exec|eval|compile)|runpy\.run_\w+"
    r"|code\.InteractiveInterpreter|importlib\.import_module|types\.FunctionType|marshal\.loads|pickle\.loads?"
    r"|cPickle\.loads|dill\.loads)$"
)
WRITERS = re.compile(
    r"(?:^|\.)(?:write_text|write_bytes|writelines|write)$|^(?:shutil\.(?:copy\w*|move)"
    r"|os\.(?:rename|symlink|link|chmod))$|^json\.dump$"
)
DELETERS = re.compile(
    r"^(?:shutil\.rmtree|os\.(?:remove|unlink|rmdir|removedirs))$|\.(?:unlink|rmdir|rmtree)$|secure_delete"
)
READERS = re.compile(
    r"^open$|^io\.open$|^codecs\.open$|\.(?:read_text|read_bytes|open|read|readlines|readline)$"
    r"|^(?:os\.(?:listdir|walk|scandir)|glob\.i?glob)$|\.(?:glob|rglob|iterdir)$"
)
DECODERS = re.compile(
    r"(?:b(?:16|32|64|85)decode|a85decode|urlsafe_b64decode|standard_b64decode|decodebytes|unhexlify|fromhex"
    r"|decompress|rot13|marshal\.loads|\.decrypt)$|^codecs\.decode$"
)
WATCHERS = re.compile(
    r"(?:pyperclip\.paste|clipboard_get|ImageGrab\.grab\w*|pyautogui\.screenshot|mss\.\w+|pynput\.\S+"
    r"|keyboard\.(?:on_press|hook|record|read_key)|sounddevice\.rec|cv2\.VideoCapture|CLLocationManager\S*"
    r"|pyaudio\.\S+|GetAsyncKeyState|SetWindowsHookEx\w*)$"
)
SYSTEMS = re.compile(
    r"^(?:platform\.\w+|socket\.gethostname|socket\.getfqdn|getpass\.getuser|os\.(?:uname|getlogin|getuid)"
    r"|uuid\.getnode|psutil\.\w+|pwd\.getpw\w+)$"
)
_NAME_TALK = re.compile(
    r"(?:^|[._])(?:prompts?|system_prompt|user_(?:input|message|query|prompt)|conversation\w*|chat_history"
    r"|messages|history|transcript|user_data)$",
    re.I,
)
# The user's own file of keys, or whatever lies in a project's, printed for somebody to take.
_PRINTS_KEYS = re.compile(
    r"\b(?:cat|type|head|tail|base64|Get-Content|gc)\s{1,3}[^|;&\n]{0,80}(?<![\w-])\.env\b(?![.\w-]*(?:example"
    r"|sample|template))"
)
_CARRIERS = frozenset(("data", "json", "files", "params", "headers", "content", "body"))
_FROM: tuple[tuple[re.Pattern, str], ...] = (
    (READERS, p.FILE),
    (FETCHERS, p.REMOTE),
    (DECODERS, p.DECODED),
    (WATCHERS, p.WATCH),
    (SYSTEMS, p.SYSTEM),
)


@of_short_texts
def is_sender(name: str) -> bool:
    return bool(SENDERS.search(name))


@of_short_texts
def is_shell(name: str) -> bool:
    return bool(SHELL.match(name))


@of_short_texts
def runs(name: str) -> bool:
    """Does it run a command or code?"""
    return bool(SHELL.match(name) or CODE.match(name))


@of_short_texts
def names_a_path(name: str) -> bool:
    """Does it take a path, to read it or to make another of it?"""
    return (
        bool(READERS.search(name))
        or name in ("os.path.expanduser", "Path", "pathlib.Path", "os.path.join")
        or name.endswith(".expanduser")
    )


@of_short_texts
def origin_of_call(name: str) -> frozenset[str]:
    """The labels of what a call of this name gives, whatever its arguments."""
    labels = {label for pattern, label in _FROM if pattern.search(name)}
    if name in ("input", "sys.stdin.read"):
        labels.add(p.INPUT)
    return frozenset(labels)


@of_short_texts
def origin_of_name(name: str) -> frozenset[str]:
    """The labels of what is called so."""
    if name == "os.environ":
        return frozenset({p.ENV_ALL})
    if name in ("sys.argv", "sys.stdin"):
        return frozenset({p.INPUT})
    return frozenset({p.TALK}) if _NAME_TALK.search(name) else frozenset()


@of_short_texts
def origin_of_command(command: str) -> frozenset[str]:
    """The labels of what a shell command prints."""
    labels = set()
    if re.search(
        r"\b(?:pbpaste|xclip|xsel|wl-paste|Get-Clipboard|screencapture|scrot|gnome-screenshot|imagesnap|arecord)\b",
        command,
    ):
        labels.add(p.WATCH)
    if is_credential(command) or _PRINTS_KEYS.search(command):
        labels.add(p.CRED_FILE)
    if re.search(r"\b(?:whoami|hostname|uname|ifconfig|ip addr|systeminfo)\b", command):
        labels.add(p.SYSTEM)
    if re.search(r"(?:^|[;&|\s])(?:env|printenv|set)(?:$|[;&|\s])", command):
        labels.add(p.ENV_ALL)
    if re.search(r"\b(?:curl|wget)\b", command):
        labels.add(p.REMOTE)
    return frozenset(labels)


@of_short_texts
def kind_of(name: str, carries: bool) -> str:
    """The kind of deed that a call is; carries says whether something is passed along that could be sent."""
    if CODE.match(name):
        return p.RUNS_CODE
    if SHELL.match(name):
        return p.RUNS_SHELL
    if SENDERS.search(name):
        get = name.endswith((".get", ".head", "urlopen", "urlretrieve"))
        return p.SENDS if not get or carries else p.FETCHES
    if FETCHERS.search(name):
        return p.FETCHES
    if DELETERS.search(name):
        return p.DELETES
    if WRITERS.search(name):
        return p.WRITES
    return p.READS if READERS.search(name) else ""


def carries(keywords: tuple[str, ...], positional: int) -> bool:
    """Is something passed along that could be sent?"""
    return positional > 1 or not _CARRIERS.isdisjoint(keywords)
