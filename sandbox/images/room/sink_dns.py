"""Names of the false world: every name resolves to an address of its own, and every question is written down."""

import ipaddress
import socket
import struct
import time

A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, SRV, ANY = 1, 2, 5, 6, 12, 15, 16, 28, 33, 255
TYPES = {
    A: "A",
    NS: "NS",
    CNAME: "CNAME",
    SOA: "SOA",
    PTR: "PTR",
    MX: "MX",
    TXT: "TXT",
    AAAA: "AAAA",
    SRV: "SRV",
    ANY: "ANY",
}
FIRST = int(ipaddress.IPv4Address("198.18.0.10"))
MOST_NAMES = 60000
IP_PKTINFO = 8


class Names:
    def __init__(self, book):
        self.book = book
        self.by_name, self.by_address = {}, {}

    def name_of(self, address):
        return self.by_address.get(address, address)

    def address_of(self, name):
        name = name.lower().rstrip(".")
        if name not in self.by_name and len(self.by_name) < MOST_NAMES:
            address = str(ipaddress.IPv4Address(FIRST + len(self.by_name)))
            self.by_name[name], self.by_address[address] = address, name
        return self.by_name.get(name, "198.18.0.9")

    def listen(self, loop):
        for family in (socket.AF_INET, socket.AF_INET6):
            try:
                self.listen_on(loop, family)
            except OSError:
                if family == socket.AF_INET:
                    raise

    def listen_on(self, loop, family):
        udp = socket.socket(family, socket.SOCK_DGRAM)
        tcp = socket.socket(family, socket.SOCK_STREAM)
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            udp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            tcp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        else:
            udp.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
        for sock in (udp, tcp):
            sock.bind(("", 53))
            sock.setblocking(False)
        tcp.listen(64)
        loop.add_reader(udp.fileno(), self.on_datagram, udp)
        loop.create_task(self.on_stream(loop, tcp))

    def on_datagram(self, sock):
        for _ in range(100):
            try:
                data, ancillary, _, peer = sock.recvmsg(4096, 256)
            except BlockingIOError:
                return
            answer = self.answer(data, "udp")
            # The answer has to come from the address that was asked, whichever that was.
            back = [
                (level, kind, struct.pack("=I4s4s", 0, value[8:12], value[8:12]))
                for level, kind, value in ancillary
                if level == socket.IPPROTO_IP and kind == IP_PKTINFO
            ]
            try:
                sock.sendmsg([answer], back, 0, peer)
            except OSError:
                pass

    async def on_stream(self, loop, sock):
        while True:
            client, _ = await loop.sock_accept(sock)
            loop.create_task(self.one_stream(loop, client))

    async def one_stream(self, loop, client):
        client.setblocking(False)
        try:
            data = await loop.sock_recv(client, 65535)
            if len(data) > 14:
                answer = self.answer(data[2:], "tcp")
                await loop.sock_sendall(client, struct.pack(">H", len(answer)) + answer)
        except OSError:
            pass
        finally:
            client.close()

    def answer(self, data, over):
        """Any question gets an answer; what is no question gets a refusal and is written down all the same."""
        try:
            name, kind, end = question(data)
        except (IndexError, struct.error):
            self.book.write({"kind": "udp", "t": time.time(), "host": "", "ip": "", "port": 53, "data": data})
            return data[:2] + b"\x81\x81" + b"\0" * 8
        self.book.write(
            {
                "kind": "dns",
                "t": time.time(),
                "name": name,
                "type": TYPES.get(kind, str(kind)),
                "over": over,
                "data": b"",
            }
        )
        records = self.records(name, kind)
        head = data[:2] + struct.pack(">HHHHH", 0x8180, 1, len(records), 0, 0) + data[12:end]
        return head + b"".join(
            b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(record)) + record for record in records
        )

    def records(self, name, kind):
        if kind == A:
            return [socket.inet_aton("127.0.0.1" if name.lower() == "localhost" else self.address_of(name))]
        if kind == TXT:
            return [b"\x0fv=spf1 +mx -all"]
        if kind == MX:
            return [struct.pack(">H", 10) + b"\x04mail\xc0\x0c"]
        if kind == PTR:
            return [b"\x04host\x07example\0"]
        return []


def question(data):
    at, labels = 12, []
    while size := data[at]:
        if size > 63:
            raise IndexError
        labels.append(data[at + 1 : at + 1 + size].decode("latin-1"))
        at += 1 + size
    kind = struct.unpack(">H", data[at + 1 : at + 3])[0]
    return ".".join(labels), kind, at + 5


def datagram(data, protocol):
    """What an IP packet says, when it is neither TCP nor DNS nor the answer of a daemon of ours."""
    if protocol == 0x0800 and len(data) >= 20:
        size, inner = (data[0] & 15) * 4, data[9]
        address = socket.inet_ntoa(data[16:20])
        body = data[size:]
    elif protocol == 0x86DD and len(data) >= 40:
        inner, address, body = data[6], socket.inet_ntop(socket.AF_INET6, data[24:40]), data[40:]
    else:
        return None
    if inner == 17 and len(body) >= 8:
        source, port = struct.unpack(">HH", body[:4])
        if 53 in (source, port) or address.startswith("127.") or address == "::1":
            return None
        return {"kind": "udp", "ip": address, "port": port, "data": body[8:]}
    if inner in (1, 58) and body[:1] in (b"\x08", b"\x80"):
        return {"kind": "icmp", "ip": address, "port": 0, "data": body[8:]}
    if inner not in (1, 6, 17, 58, 2):
        return {"kind": "ip", "ip": address, "port": 0, "protocol": inner, "data": body}
    return None
