"""The system calls the witness writes down."""

TRACED = ",".join(
    [
        *("execve", "execveat", "clone", "fork", "vfork"),
        *("open", "openat", "openat2", "creat", "truncate", "mknod", "mknodat"),
        *("unlink", "unlinkat", "rmdir", "rename", "renameat", "renameat2"),
        *("link", "linkat", "symlink", "symlinkat", "chmod", "fchmod", "fchmodat"),
        *("connect", "bind", "sendto", "sendmsg", "sendmmsg"),
        *("kill", "tkill", "tgkill", "ptrace", "pidfd_send_signal", "memfd_create"),
        *("process_vm_readv", "process_vm_writev", "mount", "umount2", "unshare", "setns", "chroot", "pivot_root"),
        *("access", "faccessat", "faccessat2", "stat", "lstat", "newfstatat", "statx"),
        *("init_module", "finit_module", "bpf", "io_uring_setup", "keyctl", "userfaultfd", "syslog"),
    ]
)

# Looking whether a file is there is what programs do all day; only looking for these is written down.
ASKED_FOR = (
    r"/\.dockerenv|/run/\.containerenv|/proc/1/|/proc/vz|/sys/class/dmi|/sys/hypervisor|/usr/bin/qemu|/\.dockerinit"
)
