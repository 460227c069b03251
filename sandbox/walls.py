"""The walls of a room as the engine's flags, and what `inspect` says of them afterwards."""

import hashlib
from collections.abc import Iterable

from sandbox import seccomp
from sandbox.base import Job, Limits

UID = 10001
HOME = "/home/agent"
CERTIFICATES = "/etc/ssl/certs"
# What the guard and the witness need, and the payload never gets: it runs as another user. The last one is for looking
# up in /proc which file a descriptor of the payload means.
CAPABILITIES = ("SETUID", "SETGID", "SYS_PTRACE", "KILL", "DAC_READ_SEARCH")
_SYSTEM = {
    "bin",
    "boot",
    "dev",
    "etc",
    "lib",
    "lib32",
    "lib64",
    "libx32",
    "proc",
    "root",
    "run",
    "sbin",
    "sys",
    "usr",
    "var",
}


def folders(job: Job) -> list[str]:
    """The writable folders of the room: the usual three, and one for each place a file is laid into."""
    wanted = {"/workspace", HOME, "/tmp"}  # noqa: S108 - inside the room
    for path in (*(file.path for file in job.files), *(f"{folder}/." for folder in job.copy_out), f"{job.workdir}/."):
        parts = path.split("/")
        if not path.startswith("/") or ".." in parts or len(parts) < 3:
            raise ValueError(f"{path!r} is not an absolute path below a folder of the room")
        if parts[1] == "home":
            wanted.add("/home/" + parts[2] if parts[2] != "." else HOME)
        elif parts[1] not in _SYSTEM:
            wanted.add("/" + parts[1])
        else:
            raise ValueError(f"{path!r} lies in a system folder, which is read-only in a room")
    return sorted(wanted)


def host_config(job: Job, *, architecture: str, network: str, runtime: str = "") -> dict:
    """HostConfig of the payload's container. Every number here bounds an attack that was tried."""
    limits = job.limits
    memory = limits.memory_mb * 1024 * 1024
    config = {
        "NetworkMode": network,
        "ReadonlyRootfs": True,
        "CapDrop": ["ALL"],
        "CapAdd": list(CAPABILITIES),
        "SecurityOpt": ["no-new-privileges:true", f"seccomp={seccomp.profile(architecture)}"],
        "PidsLimit": limits.pids,
        "Memory": memory,
        "MemorySwap": memory,
        "NanoCpus": int(limits.cpus * 1_000_000_000),
        "Tmpfs": tmpfs([*folders(job), *((CERTIFICATES,) if network != "none" else ())], limits),
        "ShmSize": 8 * 1024 * 1024,
        "IpcMode": "private",
        "Ulimits": ulimits(limits),
        "LogConfig": {"Type": "none", "Config": {}},
        "AutoRemove": False,
        "RestartPolicy": {"Name": "no"},
    }
    return {**config, "Runtime": runtime} if runtime else config


def tmpfs(paths: Iterable[str], limits: Limits) -> dict[str, str]:
    """Bytes and inodes are capped, and all the pages count against the memory too. Programs may run from here: a
    dropper that is kept from starting does not show what it is for."""
    options = f"rw,nosuid,nodev,exec,size={limits.disk_mb}m,nr_inodes={limits.inodes},mode=0755,uid={UID},gid={UID}"
    mounts = dict.fromkeys(paths, options)
    mounts["/tmp"] = options.replace("mode=0755", "mode=1777")  # noqa: S108
    mounts["/run/room"] = "rw,nosuid,nodev,noexec,size=1m,nr_inodes=256,mode=0700"
    mounts["/var/tmp"] = "rw,nosuid,nodev,size=8m,nr_inodes=256,mode=1777"  # noqa: S108
    return mounts


def ulimits(limits: Limits) -> list[dict]:
    biggest = limits.disk_mb * 1024 * 1024
    walls = {"nofile": limits.files, "core": 0, "fsize": biggest, "memlock": 64 * 1024}
    return [{"Name": name, "Soft": value, "Hard": value} for name, value in walls.items()]


def posture(inspected: dict, walls_inside: dict, engine: dict) -> dict:
    """The walls as they stand: from inspect, and from /proc inside, never from what was asked for."""
    host = inspected.get("HostConfig", {})
    options = host.get("SecurityOpt") or []
    profile = next((option.partition("=")[2] for option in options if option.startswith("seccomp=")), "")
    return {
        "engine": engine.get("version", ""),
        "runtime": host.get("Runtime", ""),
        "network": "own" if str(host.get("NetworkMode", "")).startswith("container:") else host.get("NetworkMode", ""),
        "read_only": bool(host.get("ReadonlyRootfs")),
        "capabilities_dropped": host.get("CapDrop") or [],
        "capabilities_of_the_guard": host.get("CapAdd") or [],
        "no_new_privileges": any(option.startswith("no-new-privileges") for option in options),
        "seccomp": "sha256:" + hashlib.sha256(profile.encode()).hexdigest()[:16] if profile else "default",
        "pids": host.get("PidsLimit"),
        "memory": host.get("Memory"),
        "memory_and_swap": host.get("MemorySwap"),
        "cpus": (host.get("NanoCpus") or 0) / 1e9,
        "tmpfs": {path: flags.split("mode=")[0].rstrip(",") for path, flags in (host.get("Tmpfs") or {}).items()},
        "binds": host.get("Binds") or [],
        "shm": host.get("ShmSize"),
        "log_driver": (host.get("LogConfig") or {}).get("Type", ""),
        "privileged": bool(host.get("Privileged")),
        "image": inspected.get("Image", ""),
        "inside": {
            "uid": walls_inside.get("Uid", ""),
            "capabilities": walls_inside.get("CapEff", ""),
            "no_new_privileges": walls_inside.get("NoNewPrivs") == "1",
            "seccomp": walls_inside.get("Seccomp") == "2",
        },
    }


def unsealed(posture: dict) -> list[str]:
    """What makes this no sealed room; empty when every wall stands."""
    inside = posture["inside"]
    wrong = {
        "the root file system is writable": not posture["read_only"],
        "the container is privileged": posture["privileged"],
        "a folder of the host is bound": bool(posture["binds"]),
        "the network is not sealed": posture["network"] not in ("none", "own"),
        "the payload may gain privileges": not (posture["no_new_privileges"] and inside["no_new_privileges"]),
        "the payload has capabilities": inside["capabilities"].strip("0") != "",
        "no system-call filter is on": not inside["seccomp"],
        "the payload runs as root": inside["uid"] in ("", "0"),
        "memory is not bounded": not posture["memory"],
        "processes are not bounded": not posture["pids"] or posture["pids"] < 0,
    }
    return [what for what, is_so in wrong.items() if is_so]
