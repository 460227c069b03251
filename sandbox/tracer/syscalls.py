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
        *("init_module", "finit_module", "bpf", "io_uring_setup", "keyctl", "userfaultfd", "syslog"),
    ]
)
