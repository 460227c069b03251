"""Reads a tar strictly: regular files and folders, checked headers, and no extension that could rewrite a member.

Python's tarfile skips what it cannot read and lets PAX headers override name and size; two readers of such a file can
see two different skills. Here every block is either understood or refused.
"""

from dataclasses import dataclass, field

from vetting.archives.member import Budget, Member, shown
from vetting.errors import SkillError

BLOCK = 512
ZERO = bytes(BLOCK)
REPACK = "Pack the skill's folder again with an ordinary tar program."
FILES, FOLDER, PAX, PAX_GLOBAL, LONG_NAME = (b"0", b"\0"), b"5", b"x", b"g", b"L"
LINKS = (b"1", b"2", b"K")
SPECIAL = {b"3": "device", b"4": "device", b"6": "pipe", b"7": "contiguous file", b"S": "sparse file"}
MAX_HEADER = 64 * 1024


@dataclass(slots=True)
class Pending:
    """What extension headers have said about the member that comes next."""

    path: str | None = None
    pax: dict[str, str] = field(default_factory=dict)
    kinds: set[bytes] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Header:
    kind: bytes
    path: str
    size: int
    mode: int


def is_tar(data: bytes) -> bool:
    return len(data) >= BLOCK and data[:BLOCK] != ZERO and _checksum_fits(data[:BLOCK])


def members(data: bytes, budget: Budget) -> list[Member]:
    found: list[Member] = []
    at, pending = 0, Pending()
    while True:
        block = data[at : at + BLOCK]
        if len(block) < BLOCK:
            raise _truncated()
        if block == ZERO:
            break
        budget.entry()
        header = _header(block, pending)
        at += BLOCK
        end = at + header.size
        padded = at + -(-header.size // BLOCK) * BLOCK
        if padded > len(data):
            raise _truncated()
        if header.kind in (PAX, PAX_GLOBAL, LONG_NAME):
            _extend(pending, header, data[at:end])
        else:
            if header.kind in FILES and not header.path.endswith("/"):
                budget.file(header.path, header.size)
                found.append(Member(header.path, data[at:end], bool(header.mode & 0o100)))
            pending = Pending()
        at = padded
    _check_end(data, at, pending)
    return found


def _check_end(data: bytes, at: int, pending: Pending) -> None:
    if data[at:].strip(b"\0"):
        raise _refuse("archive.trailing-data", "The tar archive has more data after its end.")
    if pending.kinds:
        raise _refuse("archive.corrupt", "The tar archive ends with an extension header that belongs to no member.")


def _header(block: bytes, pending: Pending) -> Header:
    if not _checksum_fits(block):
        raise _refuse("archive.corrupt", "A header of the tar archive does not match its checksum.")
    kind = block[156:157]
    path = _own_path(block)
    if kind in (PAX, PAX_GLOBAL, LONG_NAME):
        size = _number(block[124:136], "size", path)
        if size > MAX_HEADER:
            raise _refuse("archive.pax", "An extension header of the tar archive is far too large.")
        return Header(kind, path, size, 0)
    path = path if pending.path is None else pending.path
    _judge_kind(kind, path, block)
    size = _number(block[124:136], "size", path)
    if pending.pax.get("size", str(size)) != str(size):
        raise _refuse("archive.pax", f"A PAX header gives {shown(path)} another size than its own header.", path)
    if (kind == FOLDER or path.endswith("/")) and size:
        raise _refuse("archive.header-mismatch", f"The folder {shown(path)} has contents of its own.", path)
    return Header(kind, path, size, _number(block[100:108], "mode", path))


def _judge_kind(kind: bytes, path: str, block: bytes) -> None:
    if kind in LINKS or (kind in FILES and block[157:257].strip(b"\0")):
        raise _refuse(
            "archive.link", f"The entry {shown(path)} is a link.", path, "Put a copy of the file in the link's place."
        )
    if kind in SPECIAL:
        code = "archive.sparse" if kind == b"S" else "archive.special-file"
        raise _refuse(code, f"The entry {shown(path)} is a {SPECIAL[kind]}.", path)
    if kind not in (*FILES, FOLDER):
        raise _refuse("archive.special-file", f"The entry {shown(path)} is of the unknown kind {kind!r}.", path)


def _checksum_fits(block: bytes) -> bool:
    text = block[148:156].strip(b" \0")
    if not text or text.strip(b"01234567"):
        return False
    return int(text, 8) == sum(block[:148]) + 8 * 32 + sum(block[156:])


def _number(raw: bytes, what: str, path: str) -> int:
    """An octal number as ustar writes it. The binary form is for sizes past 8 GB, which no skill has."""
    text = raw.strip(b" \0")
    if text.strip(b"01234567"):
        raise _refuse("archive.corrupt", f"The {what} in the tar header of {shown(path)} is not a number.", path)
    return int(text or b"0", 8)


def _own_path(block: bytes) -> str:
    name = block[:100].split(b"\0", 1)[0]
    prefix = block[345:500].split(b"\0", 1)[0] if block[257:265] == b"ustar\x0000" else b""
    return _decode(prefix + b"/" + name if prefix else name)


def _decode(name: bytes) -> str:
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refuse(
            "archive.bad-name", f"The name of the entry {shown(name)} is not UTF-8.", shown(name), "Rename the file."
        ) from error


def _extend(pending: Pending, header: Header, data: bytes) -> None:
    if header.kind == PAX_GLOBAL:
        _judge_records(_records(data), allowed_path=False)
        return
    if pending.kinds:
        raise _refuse("archive.pax", "A member of the tar archive has more than one extension header.")
    pending.kinds.add(header.kind)
    if header.kind == LONG_NAME:
        pending.path = _decode(data.removesuffix(b"\0"))
        return
    pending.pax = _records(data)
    _judge_records(pending.pax, allowed_path=True)
    pending.path = pending.pax.get("path")


def _records(data: bytes) -> dict[str, str]:
    """The `length key=value` lines of a PAX header."""
    records: dict[str, str] = {}
    at = 0
    while at < len(data):
        length_text = data[at : at + 8].split(b" ", 1)[0]
        if not length_text.isdigit():
            raise _refuse("archive.pax", "A PAX header of the tar archive is damaged.")
        length = int(length_text)
        line = data[at + len(length_text) + 1 : at + length]
        if length <= len(length_text) or at + length > len(data) or not line.endswith(b"\n") or b"=" not in line:
            raise _refuse("archive.pax", "A PAX header of the tar archive is damaged.")
        key, _, value = line[:-1].partition(b"=")
        name = key.decode("utf-8", "replace")
        if name in records:
            raise _refuse("archive.pax", f"A PAX header of the tar archive states {shown(name)} twice.")
        # Attributes such as SCHILY.xattr hold any bytes; only the ones that matter to us must be text.
        records[name] = _decode(value) if name in ("path", "size") else value.decode("utf-8", "replace")
        at += length
    return records


def _judge_records(records: dict[str, str], *, allowed_path: bool) -> None:
    for key in records:
        if key == "linkpath":
            raise _refuse(
                "archive.link", "A PAX header of the tar archive makes a link.", "", "Put a copy in its place."
            )
        if key.startswith("GNU.sparse"):
            raise _refuse("archive.sparse", "A PAX header of the tar archive describes a sparse file.")
        if key == "hdrcharset" or (key in ("path", "size") and not allowed_path):
            raise _refuse("archive.pax", f"A PAX header of the tar archive sets {key}, which changes how it is read.")


def _truncated() -> SkillError:
    return SkillError(
        "archive.truncated", "The tar archive ends too early.", fix="The upload was cut short: send it again."
    )


def _refuse(code: str, message: str, path: str = "", fix: str = REPACK) -> SkillError:
    return SkillError(code, message, fix=fix, file=shown(path))
