"""The ground of the false world: in this network namespace every address is local and all TCP comes to one port.

The kernel is told by programs of its own, which work while the rest of the sink is still being loaded.
"""

import os
import subprocess

PORT = 64443
# IPv6 comes last: a kernel without it stops there.
LINKS = """addr add 10.99.99.99/32 dev lo
link set lo up
route add local 0.0.0.0/0 dev lo
route add local ::/0 dev lo
"""
NAT = """*nat
:PREROUTING ACCEPT
:INPUT ACCEPT
:OUTPUT ACCEPT
:POSTROUTING ACCEPT
-A OUTPUT -d {loopback} -j RETURN
-A OUTPUT -p tcp --dport 53 -j RETURN
-A OUTPUT -p tcp -j REDIRECT --to-ports {port}
COMMIT
*filter
:INPUT ACCEPT
:FORWARD DROP
:OUTPUT ACCEPT
-A OUTPUT -p {icmp} -j DROP
COMMIT
"""


class Ground:
    """Laid in the background; `wait` tells whether it holds IPv6 too, or raises when it does not hold at all."""

    def __init__(self):
        v4 = NAT.format(loopback="127.0.0.0/8", port=PORT, icmp="icmp -m icmp --icmp-type destination-unreachable")
        v6 = NAT.format(loopback="::1/128", port=PORT, icmp="ipv6-icmp -m icmp6 --icmpv6-type destination-unreachable")
        self.links = begin(["ip", "-batch", "-"], LINKS)
        self.v4 = begin(["iptables-restore", "-w"], v4)
        self.v6 = begin(["ip6tables-restore", "-w"], v6)

    def wait(self):
        links, v4, v6 = said(self.links), said(self.v4), said(self.v6)
        if links and "-:4" not in links:
            raise OSError(f"ip: {links}")
        if v4:
            raise OSError(f"iptables-restore: {v4}")
        return not (links or v6)


def begin(command, text):
    started = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    started.stdin.write(text.encode())
    started.stdin.close()
    return started


def said(started):
    """What a program that failed said, "" when it did not."""
    words = os.read(started.stderr.fileno(), 4096).decode("utf-8", "replace").strip()[:200]
    return (words or "no message") if started.wait(10) else ""
