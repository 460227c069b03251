"""What the false world wrote down: one flow a line, read with caps from a stream that is only half trusted."""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.base import Event, Flow

MOST_BYTES = 80_000_000


@dataclass
class Ledger:
    """Feed it bytes; it keeps flows, and knows whether the sink said that it is ready and that it told all."""

    ready: bool = False
    ended: bool = False
    v6: bool = False
    dropped: int = 0
    flows: list[Flow] = field(default_factory=list)
    at_door: Callable[[dict], None] | None = None
    _buffer: bytearray = field(default_factory=bytearray)
    _bytes: int = 0

    def feed(self, data: bytes) -> None:
        self._bytes += len(data)
        if self._bytes > MOST_BYTES:
            self.dropped += 1
            return
        self._buffer += data
        while (end := self._buffer.find(b"\n")) >= 0:
            line = bytes(self._buffer[:end])
            del self._buffer[: end + 1]
            try:
                self._take(json.loads(line))
            except (ValueError, KeyError, TypeError, binascii.Error):
                self.dropped += 1

    def _take(self, told: dict) -> None:
        kind = told.pop("kind")
        if kind == "ready":
            self.ready, self.v6 = True, bool(told.get("v6"))
        elif kind == "door":
            if self.at_door:
                self.at_door(told)
        elif kind == "end":
            self.ended, self.dropped = True, self.dropped + int(told.get("dropped", 0))
        else:
            data = base64.b64decode(told.pop("data", ""))
            host = str(told.get("host") or told.get("name") or told.get("ip") or "")
            self.flows.append(Flow(float(told.pop("t")), kind, host, int(told.get("port", 0)), data, told))


def events(flows: list[Flow], began: float) -> list[Event]:
    """Flows as events: dns, http and tls by their names, all other traffic as connect with a sample of its bytes."""
    out = []
    for flow in flows:
        detail = {key: value for key, value in flow.detail.items() if value not in ("", None)}
        detail.update({"host": flow.host, **({"port": flow.port} if flow.port else {}), "seen_by": "sink"})
        if flow.kind in ("tcp", "udp", "icmp", "ip"):
            detail["protocol"] = flow.kind
        if flow.kind != "dns" and flow.data:
            detail["sample"] = flow.data[:600].decode("utf-8", "backslashreplace")
            detail["bytes"] = len(flow.data)
        kind = flow.kind if flow.kind in ("dns", "http", "tls") else "connect"
        out.append(Event(t=max(flow.t - began, 0.0), kind=kind, detail=detail))
    return out
