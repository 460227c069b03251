"""What only a program does that feels watched: it attacks the witness, tries the walls, looks for a sandbox, wipes."""

import re
from collections.abc import Iterator

from sandbox.base import Event
from vetting.findings import Axis, Confidence, Finding, Severity
from vetting.stages.room_scene import HOME, Scene, by

_FIX = "Leave this out: no skill needs it."
_DETECTORS = re.compile(
    r"/\.dockerenv$|/proc/1/(cgroup|mountinfo|sched)$|/proc/(self|\d+)/status$|/sys/class/dmi/|/proc/kmsg$"
    r"|/dev/kmsg$|/proc/scsi"
)
# Programs that read process state to do their work, not to find out whether they are watched.
_HONEST_READERS = {
    "ps",
    "top",
    "pgrep",
    "pkill",
    "pidof",
    "free",
    "uptime",
    "lsof",
    "htop",
    "node",
    "java",
    "w",
    "vmstat",
    "killall",
}
_HISTORY = re.compile(r"/\.(bash|zsh|python|node_repl|mysql|psql|sh)_history$|/\.histfile$")
_ESCAPES = {
    "mount": "to mount a file system",
    "umount2": "to unmount a file system",
    "unshare": "to make a namespace of its own",
    "setns": "to enter another namespace",
    "pivot_root": "to change the root",
    "name_to_handle_at": "to name a file past every folder",
    "fsopen": "to mount a file system",
    "fsmount": "to mount a file system",
    "open_tree": "to take a mount apart",
    "move_mount": "to move a mount",
    "mount_setattr": "to change a mount",
    "pidfd_getfd": "to take an open file from another process",
    "process_madvise": "to reach into the memory of another process",
    "kexec_file_load": "to load another kernel",
    "fanotify_init": "to watch what all others open",
    "filter": "a call that hides from the witness, and was ended for it",
    "open_by_handle_at": "to open a file by its handle, past every folder",
    "perf_event_open": "to watch the processor",
    "kexec_load": "to load another kernel",
    "settimeofday": "to set the clock",
    "clock_settime": "to set the clock",
    "reboot": "to restart the machine",
    "init_module": "to load a kernel module",
    "finit_module": "to load a kernel module",
    "bpf": "to load a program into the kernel",
    "keyctl": "to reach the kernel's key ring",
    "userfaultfd": "to handle page faults itself, as exploits do",
    "io_uring_setup": "to open an io_uring, which hides what is done from a tracer",
}


def witness(scene: Scene) -> Iterator[Finding]:
    """Signals to the guard or the witness, and tracing of others."""
    ours = {1} | {int(event.detail["witness"]) for event in scene.of("witness") if "witness" in event.detail}
    for event in scene.of("signal"):
        if event.detail.get("target") in ours or (
            event.detail.get("error") == "EPERM" and event.detail.get("target") != -1
        ):
            yield _tamper(scene, event, f"It sent {event.detail.get('signal')} to a process that is not its own.")
    for event in scene.of("ptrace"):
        what = str(event.detail.get("what", ""))
        if "TRACEME" in what:
            yield _tamper(
                scene, event, "It asked to be traced, which fails when somebody already watches.", Severity.MEDIUM
            )
        elif "ATTACH" in what or "SEIZE" in what or str(event.detail.get("call", "")).startswith("process_vm"):
            yield _tamper(scene, event, "It reached into the memory of another process.")


def escapes(scene: Scene) -> Iterator[Finding]:
    for event in scene.of("limit"):
        wish = _ESCAPES.get(str(event.detail.get("call", "")))
        if wish:
            yield _tamper(scene, event, f"It tried {wish}.", code="SK-PRIV")
    for event in scene.of("connect"):
        path = str(event.detail.get("path", ""))
        if re.search(r"docker\.sock$|containerd\.sock$|podman\.sock$|crio\.sock$", path):
            yield _tamper(scene, event, f"It reached for {path}, which rules the whole machine.", code="SK-PRIV")
    for event in scene.of("write"):
        path = str(event.detail.get("path", ""))
        if re.search(r"^/proc/sys/|^/sys/fs/cgroup|release_agent|core_pattern|/proc/sysrq|^/proc/\d+/mem$", path):
            yield _tamper(scene, event, f"It tried to write {path}, a way out of a container.", code="SK-PRIV")


def detectors(scene: Scene) -> Iterator[Finding]:
    """Questions whose only use is to find out whether somebody watches."""
    for event in scene.of("open"):
        path = str(event.detail.get("path", ""))
        if _DETECTORS.search(path) and event.detail.get("program") not in _HONEST_READERS:
            yield _probe(scene, event, path)
    for event in scene.of("exec"):
        argv = event.detail.get("argv") or [""]
        if str(argv[0]).rsplit("/", 1)[-1] in ("systemd-detect-virt", "virt-what", "dmidecode"):
            yield _probe(scene, event, str(argv[0]))


def fileless(scene: Scene) -> Iterator[Finding]:
    """A program that was started from memory, so that no file shows it."""
    for event in scene.of("exec"):
        path = str(event.detail.get("path", ""))
        if re.search(r"^/?memfd:|^/proc/(self|\d+)/fd/\d+$|^/dev/fd/\d+$|^/dev/shm/", path):
            yield scene.finding(
                "SK-OBF",
                "fileless",
                event,
                Severity.CRITICAL,
                Confidence.MEDIUM,
                why="It started a program from memory, where no file shows what runs.",
                evidence=f"{by(event)} from {path}",
                fix=_FIX,
            )


def traces_wiped(scene: Scene) -> Iterator[Finding]:
    for event in scene.of("delete", "write", "rename"):
        path = str(event.detail.get("path", ""))
        emptied = event.kind == "write" and len(scene.written.get(path, b"x" * 999)) < len(scene.laid.get(path, b""))
        if (
            path.startswith(HOME)
            and _HISTORY.search(path)
            and path in scene.laid
            and (event.kind != "write" or emptied)
        ):
            yield scene.finding(
                "SK-PRIV",
                "history-wiped",
                event,
                Severity.CRITICAL,
                Confidence.HIGH,
                why=f"It wiped {path.replace(HOME, '~')}, so that nobody sees what was typed.",
                evidence=by(event),
                fix=_FIX,
            )


def exhausted(scene: Scene) -> Iterator[Finding]:
    """Walls that were hit: memory, output."""
    words = {"memory": "all the memory it was given", "output": "more output than anybody reads"}
    for event in scene.of("limit"):
        what = str(event.detail.get("what", ""))
        if what in words and "call" not in event.detail:
            yield scene.finding(
                "SK-RES",
                "exhausted",
                event,
                Severity.MEDIUM,
                Confidence.MEDIUM,
                axis=Axis.VULNERABILITY,
                why=f"It used {words[what]} and had to be ended.",
                evidence=f"the room ended it: {what}",
                fix="Bound what the scripts use.",
            )


def _tamper(
    scene: Scene, event: Event, why: str, severity: Severity = Severity.CRITICAL, code: str = "SK-PRIV"
) -> Finding:
    told = {key: value for key, value in event.detail.items() if key not in ("by", "program", "step")}
    return scene.finding(
        code,
        "tampering" if code == "SK-PRIV" else "escape",
        event,
        severity,
        Confidence.HIGH if severity >= Severity.CRITICAL else Confidence.MEDIUM,
        why=why,
        evidence=f"{by(event)}: {told}",
        fix=_FIX,
    )


def _probe(scene: Scene, event: Event, path: str) -> Finding:
    return scene.finding(
        "SK-PRIV",
        "sandbox-probe",
        event,
        Severity.MEDIUM,
        Confidence.MEDIUM,
        why=f"It looked at {path}, as programs do that behave well only while they are watched.",
        evidence=f"{by(event)} opened {path}",
        fix=_FIX,
    )
