"""HTTP of the false world: reads requests, has them written down, and answers far enough to see what was wanted."""

import json

import sink_pages

MOST_HEAD = 65536
MOST_BODY = 4_000_000
METHODS = (b"GET ", b"POST", b"PUT ", b"HEAD", b"DELE", b"PATC", b"OPTI", b"CONN", b"TRAC", b"PROP", b"MKCO", b"REPO")


async def talk(reader, writer, flow, order):
    """Answer what comes. Returns host:port when the client asks for a tunnel. Bytes that are no HTTP are kept."""
    while True:
        first = await reader.read(4)
        if not first:
            return ""
        while len(first) < 4 and (more := await reader.read(4 - len(first))):
            first += more
        if first not in METHODS:
            flow.record(first)
            await keep(reader, writer, flow)
            return ""
        head = first + await until_blank(reader)
        flow.record(head)
        method, target, headers = parse(head)
        if method == "CONNECT":
            flow.request(method, target, target, headers, b"")
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await writer.drain()
            return target
        if headers.get("expect", "").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            await writer.drain()
        body = await read_body(reader, headers)
        flow.record(body)
        if flow.is_door:
            return await through_door(writer, flow, method, target, headers, body)
        host, path = place(target, headers, flow)
        flow.request(method, host, path, headers, body)
        await answer(writer, method, host, path, headers, order)
        if headers.get("connection", "").lower() == "close" or head.split(b"\r\n", 1)[0].endswith(b"/1.0"):
            return ""


async def through_door(writer, flow, method, path, headers, body):
    """The one request of a connection that somebody outside answers; its answer comes in pieces."""
    status = 0
    try:
        async for answered, piece in flow.world.door.pass_on(method, path, headers, body):
            status = answered
            writer.write(piece)
            await writer.drain()
    finally:
        # Whoever asked may hang up before the last of it: that it asked is told all the same.
        flow.request(method, flow.name, path, headers, body, door=True, status=status)
    return ""


async def keep(reader, writer, flow):
    """Not HTTP: keep what comes, and answer a line with a line, so that a protocol in lines goes on."""
    while data := await reader.read(65536):
        flow.record(data)
        if data.endswith(b"\n") and len(data) < 1000:
            writer.write(b"250 ok\r\n" if flow.port in (21, 25, 587) else b"\n")
            await writer.drain()


async def until_blank(reader):
    head = b""
    while not head.endswith((b"\r\n\r\n", b"\n\n")):
        line = await reader.readline()
        if not line or len(head) > MOST_HEAD:
            break
        head += line
        if line in (b"\r\n", b"\n"):
            break
    return head


def parse(head):
    lines = head.decode("latin-1").splitlines()
    method, _, rest = lines[0].partition(" ")
    target = rest.rpartition(" ")[0] or rest
    headers = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    return method, target, headers


async def read_body(reader, headers):
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = b""
        while len(body) < MOST_BODY:
            size = int((await reader.readline()).split(b";")[0].strip() or b"0", 16)
            if size == 0:
                await reader.readline()
                break
            body += await reader.readexactly(size)
            await reader.readline()
        return body
    length = headers.get("content-length", "0")
    left, body = int(length) if length.isdigit() else 0, b""
    while left > 0 and (data := await reader.read(min(left, 65536))):
        left -= len(data)
        if len(body) < MOST_BODY:
            body += data
    return body


def place(target, headers, flow):
    if "://" in target:
        rest = target.split("://", 1)[1]
        host, slash, path = rest.partition("/")
        return without_port(host), slash + path or "/"
    return without_port(headers.get("host") or flow.sni or flow.name), target


def without_port(host):
    if host.startswith("["):
        return host[1:].partition("]")[0]
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() and ":" not in name else host


async def answer(writer, method, host, path, headers, order):
    status, kind, body = sink_pages.page(method, host, path, headers, order)
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nServer: nginx\r\n\r\n"
    writer.write(head.encode() + (b"" if method == "HEAD" else body))
    await writer.drain()


def server_name(hello):
    """The name in a TLS ClientHello, "" where there is none."""
    try:
        at = 5 + 4 + 34
        at += 1 + hello[at]
        at += 2 + int.from_bytes(hello[at : at + 2], "big")
        at += 1 + hello[at]
        end = at + 2 + int.from_bytes(hello[at : at + 2], "big")
        at += 2
        while at + 4 <= min(end, len(hello)):
            kind, size = int.from_bytes(hello[at : at + 2], "big"), int.from_bytes(hello[at + 2 : at + 4], "big")
            if kind == 0:
                length = int.from_bytes(hello[at + 7 : at + 9], "big")
                return hello[at + 9 : at + 9 + length].decode("ascii").lower()
            at += 4 + size
    except (IndexError, UnicodeDecodeError):
        pass
    return ""


def as_json(value):
    return json.dumps(value).encode()
