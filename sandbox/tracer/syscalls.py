"""The system calls the witness writes down."""

from sandbox.seccomp import SEEN_AND_REFUSED

# What the witness itself refuses, on behalf of the filter that handed it over.
REFUSED = ",".join(SEEN_AND_REFUSED)

TRACED = ",".join(
    [
        *("execve", "execveat", "clone", "fork", "vfork", "chdir", "fchdir"),
        *("open", "openat", "openat2", "creat", "truncate", "mknod", "mknodat"),
        *("unlink", "unlinkat", "rmdir", "rename", "renameat", "renameat2"),
        *("link", "linkat", "symlink", "symlinkat", "chmod", "fchmod", "fchmodat"),
        *("connect", "bind", "sendto", "sendmsg", "sendmmsg"),
        *("kill", "tkill", "tgkill", "ptrace", "pidfd_send_signal", "memfd_create"),
        *("rt_sigqueueinfo", "rt_tgsigqueueinfo"),
        *("mmap", "shmat"),  # Only where memory is shared, which the witness's own filter sees to.
        *("access", "faccessat", "faccessat2", "stat", "lstat", "newfstatat", "statx"),
        *SEEN_AND_REFUSED,
    ]
)

# Looking whether a file is there is what programs do all day; only looking for these is written down.
ASKED_FOR = (
    r"/\.dockerenv|/run/\.containerenv|/proc/1/|/proc/vz|/sys/class/dmi|/sys/hypervisor|/usr/bin/qemu|/\.dockerinit"
)
