"""What of the payload runs on though its last command is over: who it is, who started it, and whether it serves."""

import os

from guard_payload import processes_of

MOST = 40
ARGV_BYTES, ARGV_WORDS = 2000, 16
LISTENS = {"tcp": "0A", "tcp6": "0A"}
ACCEPTS = 0x10000


def still_there(user):
    """A few of them, each with its parent, its arguments and what it listens at."""
    listening = _listening()
    found = []
    for pid in processes_of(user)[:MOST]:
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as words:
                argv = words.read(ARGV_BYTES).decode("utf-8", "replace").split("\0")[:-1][:ARGV_WORDS]
            with open(f"/proc/{pid}/stat") as status:
                parent = int(status.read().rpartition(")")[2].split()[1])
            found.append({"pid": pid, "parent": parent, "argv": argv, "serves": _serves(pid, listening)})
        except OSError:
            pass
    return found


def all_serve(user):
    """Whether all that is left serves somebody, or belongs to one that does: its parent, or a child of its own."""
    left = {one["pid"]: one for one in still_there(user)}
    return all(_explained(one, left) for one in left.values())


def _explained(one, left):
    if one["serves"] or any(other["serves"] and other["parent"] == one["pid"] for other in left.values()):
        return True
    parent = left.get(one["parent"])
    return bool(parent and parent["serves"])


def _listening():
    """Each listening socket's inode, and how a person would name it."""
    found = {}
    for kind, state in LISTENS.items():
        for words in _table(kind):
            if len(words) > 9 and words[3] == state:
                found[words[9]] = f"tcp port {int(words[1].rpartition(':')[2], 16)}"
    for words in _table("unix"):
        if len(words) > 6 and int(words[3], 16) & ACCEPTS:
            found[words[6]] = words[7][:200] if len(words) > 7 else "a socket without a name"
    return found


def _table(kind):
    try:
        with open(f"/proc/self/net/{kind}") as table:
            return [line.split() for line in table.readlines()[1:]]
    except OSError:
        return []


def _serves(pid, listening):
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            what = os.readlink(f"/proc/{pid}/fd/{name}")
        except OSError:
            continue
        if what.startswith("socket:[") and what[8:-1] in listening:
            return listening[what[8:-1]]
    return ""
