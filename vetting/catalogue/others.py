"""The rules of the sealed room, of dependencies, of versions compared, and the remarks of vetting on itself."""

from vetting.catalogue.rule import Rule

# name: (codes, what was found, how it is found)
ROOM = {
    "canary": (
        ("SK-EXF",),
        "A planted secret was sent out of the room",
        "Secrets that exist nowhere else lie where real ones would. One of them was in what the skill sent, as it is,"
        " or encoded, split, or in a name that was looked up. This alone refuses a release.",
    ),
    "dropped-and-run": (
        ("SK-DROP",),
        "Runs what it has downloaded",
        "The room answers downloads with a script of its own, which proves by what it starts that it was run.",
    ),
    "shell-for-others": (
        ("SK-EXEC",),
        "Hands a shell to somebody else",
        "A connection to the outside and a shell that takes its orders from it.",
    ),
    "stranger": (
        ("SK-OVER", "SK-EXF"),
        "Talks to a host of which it does not speak",
        "A connection, request or TLS handshake to a host that neither the text nor the permissions name.",
    ),
    "cloud-metadata": (
        ("SK-CRED",),
        "Asks the cloud for the machine's own credentials",
        "A request to an address at which clouds hand out the credentials of the machine itself.",
    ),
    "credential": (
        ("SK-CRED",),
        "Opens a planted credential",
        "A file in which a planted key, password or token lies was opened by a program that has no business with it.",
    ),
    "credential-sweep": (
        ("SK-CRED",),
        "Gathers credentials",
        "One command opened the planted credentials of several programs.",
    ),
    "start-up": (
        ("SK-PERS",),
        "Writes where things start by themselves",
        "A file was written from which cron, the desktop, the system or a log-in starts something.",
    ),
    "shell-start": (
        ("SK-PERS",),
        "Writes to the shell's start-up files",
        "A start-up file of the shell has lines that it did not have. A path or an alias weighs little, a command"
        " much.",
    ),
    "git-config": (
        ("SK-PERS",),
        "Steers git from now on",
        "The user's global git configuration has new hooks, helpers, aliases or other addresses.",
    ),
    "agent-settings": (
        ("SK-TOOL",),
        "Changes an agent's settings",
        "A file was changed that decides what an agent may do and which servers and hooks run beside it.",
    ),
    "agent-memory": (
        ("SK-MEM",),
        "Writes into what an agent obeys at every start",
        "A file of standing instructions or memories outside the skill was written.",
    ),
    "destroyed": (
        ("SK-DEST",),
        "Removes the user's own files",
        "One command removed or moved several files that lay in the user's home before the skill came.",
    ),
    "tampering": (
        ("SK-PRIV",),
        "Attacks what watches it, or the walls",
        "Signals to the witness, tracing of other processes, and system calls whose only use is to leave the room.",
    ),
    "sandbox-probe": (
        ("SK-PRIV",),
        "Looks whether somebody watches",
        "Questions whose only use is to find out whether this is a sandbox.",
    ),
    "fileless": (("SK-OBF",), "Starts a program from memory", "A program was started that no file on the disk shows."),
    "history-wiped": (
        ("SK-PRIV",),
        "Wipes its traces",
        "The history of what was typed was emptied or removed.",
    ),
    "exhausted": (
        ("SK-RES",),
        "Uses all that it is given",
        "The room's memory was used up, or more output was written than anybody reads.",
    ),
    "left-running": (
        ("SK-PERS",),
        "Leaves a program running",
        "After the last command a program ran on that serves nobody and of which SKILL.md does not speak.",
    ),
}
# name: (usual severity, what was found, how it is found)
DEPENDENCIES = {
    "unpinned": (
        "low",
        "Dependencies without an exact version",
        "Packages in requirements, package.json and fences that name no exact version.",
    ),
    "look-alike": (
        "medium",
        "A dependency named like a well-known one",
        "Names one slip away from a package that many use, on PyPI or npm.",
    ),
    "other-index": (
        "medium",
        "Dependencies from another index",
        "`--index-url`, `--extra-index-url`, registries and the like that are not the public ones.",
    ),
    "from-address": (
        "low",
        "A dependency from an address that can change",
        "Packages installed from an archive or a repository without a commit or a checksum.",
    ),
    "advisory": (
        "",
        "A dependency with a known vulnerability",
        "Exact versions that an advisory names, of the OSV export that the operator has loaded.",
    ),
    "malicious-package": (
        "critical",
        "A dependency that is known to be malicious",
        "Exact versions that are listed as malware in the OSV export that was loaded.",
    ),
    "lifecycle-script": (
        "medium",
        "A script that runs by itself at installation",
        "preinstall, install, postinstall and prepare scripts of package.json but the ordinary ones.",
    ),
}
# What a tool says when it could not look, by the last part of the rule's name: (severity, title, what it means).
SILENCE = {
    "failed": ("medium", "The scanner {} broke", "{} did not look at this skill: it broke or took too long."),
    "absent": ("medium", "The scanner {} is not installed", "{} did not look at this skill: it is not installed."),
    "unparsable": ("low", "{} could not parse a file", "A file that is not valid in its language was not scanned."),
    "unread": ("low", "{} did not read a file", "A file that is too large for {}, or is no text, was not scanned."),
    "more": ("info", "{} found more than is shown", "How many findings stand behind those that are shown."),
}
ROOM_WHY = (
    "It was seen, not inferred: the sealed room ran what SKILL.md says, and this happened there. The finding names the"
    " step during which it did; the report lists the events around it."
)
OTHERS = (
    Rule(
        name="drift",
        family="other",
        codes=("SK-DRIFT",),
        title="A patch that turns a text into code with an undeclared host",
        axis="malice",
        severity="medium",
        confidence="medium",
        finds="A release is compared with the published one before it. What is new is shown; this finding is for one"
        " conjunction: a skill of text alone brings code together with a host that it declares nowhere, in a version"
        " whose number says that something was only mended. New hands, or a host made for hiding, make it grave.",
        why="People trust a skill for what it was. Taking a harmless one over and adding little is how trust is used.",
        fix="Say in the description what the host is for, or declare it under `metadata.permissions`; give new code a"
        " new minor version.",
    ),
    Rule(
        name="reviewer:*",
        family="other",
        codes=(),
        title="A remark of the optional reviewer",
        finds="What a language model remarked on when it read the skill, where the operator has set one up. It quotes"
        " the line it speaks of; a remark whose quote is not there is dropped.",
        why="A model may see what no rule is written for. It may also be wrong or talked round: its remarks can warn,"
        " they never refuse a release, and they lower nothing.",
        fix="Change the line, or say in the text why it is needed. Where the remark is wrong, appeal.",
    ),
    Rule(
        name="reviewer",
        family="other",
        codes=("SK-ART",),
        title="The optional reviewer did not read all of it",
        axis="quality",
        severity="info",
        finds="That the language model gave no usable answer for a part of the skill, or was talked round by it.",
        why="The reviewer is an aid. The verdict does not rest on it.",
        fix="Nothing to mend in the skill.",
    ),
    Rule(
        name="suppressions",
        family="other",
        codes=(),
        title="An entry of assay.toml that suppresses nothing",
        axis="quality",
        severity="info",
        finds="Entries that are wrong in form, or that met no finding.",
        why="What is suppressed is shown to all with its reason, so an entry has to say what it means.",
        fix="Name a check or a code, the files and the reason, or take the entry out.",
    ),
)


def rules() -> list[Rule]:
    return [*_room(), *_dependencies(), *OTHERS]


def title_of(check: str) -> str:
    family, _, name = check.partition(":")
    if family == "room":
        return ROOM[name][1] if name in ROOM else ""
    if family == "dependencies":
        return DEPENDENCIES[name][1] if name in DEPENDENCIES else _silence(family, name)
    by_name = {one.name: one.title for one in OTHERS}
    return by_name.get(check) or by_name.get(f"{family}:*" if name else "") or _silence(family, name)


def _silence(tool: str, state: str) -> str:
    return SILENCE[state][1].format(tool) if state in SILENCE else ""


def _room() -> list[Rule]:
    return [
        Rule(
            name=f"room:{name}",
            family="room",
            codes=codes,
            title=title,
            finds=finds,
            why=ROOM_WHY,
            fix="Remove what does this, or say in SKILL.md what it is for and declare it.",
        )
        for name, (codes, title, finds) in ROOM.items()
    ]


def _dependencies() -> list[Rule]:
    return [
        Rule(
            name=f"dependencies:{name}",
            family="dependencies",
            codes=("SK-DEP",),
            title=title,
            axis="malice" if name == "malicious-package" else "vulnerability",
            severity=severity,
            finds=finds,
            why="What a skill installs runs with the user's rights, and was not in the bundle when it was vetted.",
            fix="Name the exact package and version, from the public registry, and lock it with a hash where you can.",
        )
        for name, (severity, title, finds) in DEPENDENCIES.items()
    ]
