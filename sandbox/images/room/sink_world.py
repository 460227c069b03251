"""The false world outside a room: in its network namespace every address is local, every name resolves, every port
answers, and all that is sent is written down before it is understood. Nothing can leave: there is only loopback.

It reads one line of JSON on stdin (the certificate authority of this deployment, planted secrets, a nonce), says
`ready`, and then writes one line of JSON for every flow on stdout. At the line `end` it tells what is still open and
stops.
"""

import asyncio
import base64
import json
import os
import socket
import struct
import sys
import threading
import time

import sink_dns
import sink_door
import sink_http
from sink_ground import PORT

FIRST_BYTES_WAIT = 0.4
KEEP = 262144
MOST_FLOWS = 5000
MOST_BYTES = 24_000_000
ORIGINAL_DST = 80
PACKET_OUTGOING = 4
BANNERS = {
    21: b"220 ftp ready\r\n",
    22: b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n",
    25: b"220 mail ESMTP\r\n",
    587: b"220 mail ESMTP\r\n",
    110: b"+OK ready\r\n",
    143: b"* OK ready\r\n",
}


class Book:
    """Writes the flows down, within bounds."""

    def __init__(self):
        self.flows = self.bytes = 0
        self.open = set()
        self.dropped = 0

    def write(self, flow):
        data = bytes(flow.pop("data", b""))[:KEEP]
        self.flows += 1
        self.bytes += len(data)
        if self.flows > MOST_FLOWS or self.bytes > MOST_BYTES:
            self.dropped += 1
            return
        flow["data"] = base64.b64encode(data).decode()
        say(flow)


def say(value):
    line = json.dumps(value).encode() + b"\n"
    while line:
        line = line[os.write(1, line) :]


class Flow:
    """One TCP connection: where it wanted to go, what it sent, and what was understood of it."""

    def __init__(self, world, host, port):
        self.world, self.host, self.port = world, host, port
        self.t = time.time()
        self.sent = bytearray()
        self.tls = self.sni = ""
        self.requests = 0
        self.handed_over = False
        world.book.open.add(self)

    def record(self, data):
        if len(self.sent) < KEEP:
            self.sent += data[: KEEP - len(self.sent)]

    @property
    def is_door(self):
        """By the address that was dialled, never by what a request says of itself."""
        return self.world.door.stands_at(self.name, self.port) and not self.tls

    def request(self, method, host, path, headers, body, **more):
        self.requests += 1
        self.world.book.write(
            {
                "kind": "http",
                "t": time.time(),
                "scheme": "https" if self.tls else "http",
                "method": method,
                "host": host,
                "path": path,
                "ip": self.host,
                "port": self.port,
                "agent": headers.get("user-agent", ""),
                "data": head_of(method, path, headers) + body,
                **more,
            }
        )

    def close(self):
        if self not in self.world.book.open:
            return
        self.world.book.open.discard(self)
        if self.tls:
            self.world.book.write(
                {
                    "kind": "tls",
                    "t": self.t,
                    "host": self.sni or self.name,
                    "ip": self.host,
                    "port": self.port,
                    "state": self.tls,
                }
            )
        if not self.requests:
            self.world.book.write(
                {"kind": "tcp", "t": self.t, "host": self.name, "ip": self.host, "port": self.port, "data": self.sent}
            )

    @property
    def name(self):
        return self.world.names.name_of(self.host)


def head_of(method, path, headers):
    lines = [f"{method} {path}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"


class World:
    def __init__(self, order):
        self.order, self.book = order, Book()
        self.names = sink_dns.Names(self.book)
        self.door = sink_door.Door(order.get("door") or {}, say)
        self.certificates = None
        self.lock = threading.Lock()

    def context(self, host):
        """A server's TLS context for this name. The certificate library takes a while to load, so only when needed."""
        with self.lock:
            if self.certificates is None:
                import sink_tls

                self.certificates = sink_tls.Certificates(self.order["ca_key"], self.order["ca_certificate"])
        return self.certificates.context(host)

    async def serve(self, sock, address, v6):
        host, port = original(sock, v6)
        if port == PORT or host in ("127.0.0.1", "::1"):
            sock.close()
            return
        flow = Flow(self, host, port)
        try:
            await asyncio.wait_for(self.answer(sock, flow), 120)
        except (TimeoutError, OSError, asyncio.IncompleteReadError, ValueError):
            pass
        finally:
            flow.close()
            sock.close()

    async def answer(self, sock, flow):
        first = await peek(sock)
        if not first:
            banner = BANNERS.get(flow.port)
            if banner:
                await asyncio.get_running_loop().sock_sendall(sock, banner)
            first = await peek(sock, 30)
        if first[:1] == b"\x16":
            await self.answer_tls(sock, flow)
        else:
            flow.handed_over = True
            await self.talk(*await asyncio.open_connection(sock=sock), flow)

    async def answer_tls(self, sock, flow):
        """Decrypt with a certificate for the name asked for. What the client refuses to talk to is told as such."""
        loop = asyncio.get_running_loop()
        flow.tls = "refused"
        hello = sock.recv(4096, socket.MSG_PEEK)
        flow.sni = sink_http.server_name(hello)
        context = await loop.run_in_executor(None, self.context, flow.sni or flow.host)
        reader = asyncio.StreamReader(limit=1 << 20)
        protocol = asyncio.StreamReaderProtocol(reader)
        flow.handed_over = True
        transport, _ = await loop.connect_accepted_socket(lambda: protocol, sock, ssl=context, ssl_handshake_timeout=10)
        flow.tls = "opened"
        writer = asyncio.StreamWriter(transport, protocol, reader, loop)
        await self.talk(reader, writer, flow)

    async def talk(self, reader, writer, flow):
        try:
            tunnel = await sink_http.talk(reader, writer, flow, self.order)
            if tunnel:
                await self.tunnel(reader, writer, flow, tunnel)
        finally:
            writer.close()

    async def tunnel(self, reader, writer, flow, target):
        """Through a proxy: the inner connection is a flow of its own, told by a socket pair."""
        host, _, port = target.rpartition(":")
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        theirs.setblocking(False)
        inner = Flow(self, host, int(port) if port.isdigit() else 0)
        loop = asyncio.get_running_loop()
        talking = loop.create_task(self.answer(theirs, inner))
        near_reader, near_writer = await asyncio.open_connection(sock=ours)
        await asyncio.wait(
            [loop.create_task(pump(reader, near_writer)), loop.create_task(pump(near_reader, writer)), talking],
            return_when=asyncio.FIRST_COMPLETED,
        )
        inner.close()


async def pump(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


async def peek(sock, wait=FIRST_BYTES_WAIT):
    """The first bytes without taking them; empty when nothing comes in time."""
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    loop.add_reader(sock.fileno(), lambda: ready.done() or ready.set_result(None))
    try:
        await asyncio.wait_for(ready, wait)
        return sock.recv(16, socket.MSG_PEEK)
    except (TimeoutError, BlockingIOError):
        return b""
    finally:
        loop.remove_reader(sock.fileno())


def original(sock, v6):
    if v6:
        raw = sock.getsockopt(socket.IPPROTO_IPV6, ORIGINAL_DST, 28)
        return socket.inet_ntop(socket.AF_INET6, raw[8:24]), struct.unpack(">H", raw[2:4])[0]
    raw = sock.getsockopt(socket.SOL_IP, ORIGINAL_DST, 16)
    return socket.inet_ntoa(raw[4:8]), struct.unpack(">H", raw[2:4])[0]


def listen(family):
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    sock.bind(("", PORT))
    sock.listen(256)
    sock.setblocking(False)
    return sock


async def accept(world, sock, v6):
    loop = asyncio.get_running_loop()
    keep = set()
    while True:
        client, address = await loop.sock_accept(sock)
        client.setblocking(False)
        task = loop.create_task(world.serve(client, address, v6))
        keep.add(task)
        task.add_done_callback(keep.discard)


def sniff(world):
    """Datagrams and everything that is neither TCP nor DNS, as they pass over loopback."""
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
    sock.setblocking(False)

    def packet():
        for _ in range(200):
            try:
                data, (_, protocol, kind, *_) = sock.recvfrom(65535)
            except BlockingIOError:
                return
            if kind == PACKET_OUTGOING:
                told = sink_dns.datagram(data, protocol)
                if told:
                    world.book.write({"t": time.time(), **told, "host": world.names.name_of(told["ip"])})

    asyncio.get_running_loop().add_reader(sock.fileno(), packet)


async def commands(world):
    """Do as stdin says: hand on what comes through the door, until `end` or its close."""
    reader = asyncio.StreamReader(limit=1 << 24)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        if line == b"end\n":
            return
        world.door.take(json.loads(line))


async def main(order, v6):
    world = World(order)
    loop = asyncio.get_running_loop()
    world.names.listen(loop)
    sniff(world)
    tasks = [loop.create_task(accept(world, listen(socket.AF_INET), False))]
    if v6:
        tasks.append(loop.create_task(accept(world, listen(socket.AF_INET6), True)))
    say({"kind": "ready", "v6": v6})
    threading.Thread(target=world.context, args=("warm.invalid",), daemon=True).start()
    await commands(world)
    await asyncio.sleep(0.02)
    for flow in list(world.book.open):
        flow.close()
    say({"kind": "end", "dropped": world.book.dropped})


def begin(ground):
    """Wait for the ground and the order, then be the world."""
    has_v6 = ground.wait()
    asyncio.run(main(json.loads(sys.stdin.buffer.raw.readline(1 << 20)), has_v6))
    os._exit(0)
