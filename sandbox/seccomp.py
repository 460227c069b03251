"""The system calls a room may make, as a seccomp profile: a list of what is allowed, everything else is refused.

io_uring (which hides opens and connects from a tracer), bpf, userfaultfd, the kernel keyring, namespaces, mounts,
modules and clocks are not on the list. A call of another machine (32-bit, x32) ends the process that makes it.
"""

import json
from functools import cache

_FILES = """
access chdir chmod chown close close_range copy_file_range creat dup dup2 dup3 faccessat faccessat2 fadvise64
fallocate fchdir fchmod fchmodat fchown fchownat fcntl fdatasync fgetxattr flistxattr flock fremovexattr
fsetxattr fstat fstatfs fsync ftruncate getcwd getdents getdents64 getxattr inotify_add_watch inotify_init
inotify_init1 inotify_rm_watch ioctl lchown lgetxattr link linkat listxattr llistxattr lremovexattr lseek lsetxattr
lstat mkdir mkdirat mknod mknodat newfstatat open openat openat2 pipe pipe2 pread64 preadv preadv2 pwrite64 pwritev
pwritev2 read readahead readlink readlinkat readv removexattr rename renameat renameat2 rmdir sendfile setxattr splice
stat statfs statx symlink symlinkat sync sync_file_range syncfs tee truncate umask unlink unlinkat utime utimensat
utimes futimesat vmsplice write writev memfd_create
"""
_PROCESSES = """
arch_prctl capget capset execve execveat exit exit_group fork vfork getegid geteuid getgid getgroups getpgid
getpgrp getpid getppid getpriority getresgid getresuid getrlimit getrusage getsid gettid getuid ioprio_get ioprio_set
kill landlock_add_rule landlock_create_ruleset landlock_restrict_self pause pidfd_open pidfd_send_signal
prctl prlimit64 ptrace rseq sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr
sched_getparam sched_getscheduler sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam
sched_setscheduler sched_yield set_robust_list get_robust_list set_tid_address setfsgid setfsuid setgid
setgroups setpgid setpriority setregid setresgid setresuid setreuid setrlimit setsid setuid sysinfo tgkill times tkill
uname wait4 waitid getcpu getrandom membarrier futex futex_waitv restart_syscall rt_sigaction rt_sigpending
rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo sigaltstack signalfd
signalfd4 set_thread_area get_thread_area
"""
_MEMORY = """
brk madvise mincore mlock mlock2 mlockall mmap mprotect mremap msync munlock munlockall munmap pkey_alloc pkey_free
pkey_mprotect mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink msgctl msgget msgrcv msgsnd
semctl semget semop semtimedop shmat shmctl shmdt shmget
"""
_TIME_AND_WAITING = """
alarm clock_getres clock_gettime clock_nanosleep getitimer gettimeofday nanosleep setitimer time timer_create
timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime
epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait
epoll_wait_old eventfd eventfd2 poll ppoll pselect6 select io_setup io_submit io_getevents io_pgetevents io_cancel
io_destroy
"""
_NETWORK = """
accept accept4 bind connect getpeername getsockname getsockopt listen recvfrom recvmmsg recvmsg sendmmsg sendmsg
sendto setsockopt shutdown socketpair
"""
# Refused like all that is not listed, but seen: the kernel hands these to the witness, who refuses them and writes them
# down. Where nobody watches, the kernel answers that there is no such call.
SEEN_AND_REFUSED = (
    *("mount", "umount2", "pivot_root", "chroot", "unshare", "setns", "open_by_handle_at", "name_to_handle_at"),
    *("init_module", "finit_module", "delete_module", "kexec_load", "bpf", "perf_event_open", "userfaultfd"),
    *("io_uring_setup", "io_uring_enter", "io_uring_register", "keyctl", "add_key", "request_key"),
    *("syslog", "reboot", "swapon", "settimeofday", "clock_settime", "process_vm_readv", "process_vm_writev"),
    *("fsopen", "fsmount", "open_tree", "move_mount", "mount_setattr", "kexec_file_load", "fanotify_init"),
    *("pidfd_getfd", "process_madvise", "kcmp", "quotactl", "acct"),
)
# The witness reads a payload's arguments by this call, so the filter has to let it pass; a payload that is watched is
# refused it by the witness, and one that is not reaches its own user's processes only.
_WITNESS_NEEDS = "process_vm_readv"
# Every CLONE_NEW* flag of clone's first argument, and CLONE_UNTRACED, by which a child hides from the witness.
_NOT_WITH_CLONE = 0x7E020000 | 0x00800000
_PERSONALITIES = (0x0, 0x0008, 0x20000, 0x20008, 0xFFFFFFFF)
_SOCKETS = (0, 1, 2, 10, 16, 17)  # unspecified, unix, IPv4, IPv6, netlink and (useless without a capability) packet
# A filter of the payload's own may not hand calls to a listener: that could let them pass before the witness sees them.
_NEW_LISTENER = 8
ENOSYS = 38


@cache
def profile(architecture: str = "x86_64") -> str:
    """The profile as JSON, as the engine's security option wants it."""
    names = sorted(
        {
            _WITNESS_NEEDS,
            *_FILES.split(),
            *_PROCESSES.split(),
            *_MEMORY.split(),
            *_TIME_AND_WAITING.split(),
            *_NETWORK.split(),
        }
    )
    allow = "SCMP_ACT_ALLOW"
    arch = "SCMP_ARCH_AARCH64" if architecture in ("aarch64", "arm64") else "SCMP_ARCH_X86_64"
    rules = [
        {"names": names, "action": allow},
        {
            "names": ["clone"],
            "action": allow,
            "args": [{"index": 0, "value": _NOT_WITH_CLONE, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}],
        },
        {"names": [name for name in SEEN_AND_REFUSED if name != _WITNESS_NEEDS], "action": "SCMP_ACT_TRACE"},
        {
            "names": ["seccomp"],
            "action": allow,
            "args": [{"index": 1, "value": _NEW_LISTENER, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}],
        },
        {
            "names": ["seccomp"],
            "action": "SCMP_ACT_KILL_PROCESS",
            "args": [{"index": 1, "value": _NEW_LISTENER, "valueTwo": _NEW_LISTENER, "op": "SCMP_CMP_MASKED_EQ"}],
        },
        # Without an answer of "no such call" the C library would not fall back from clone3 to clone.
        {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": ENOSYS},
    ]
    for value in _PERSONALITIES:
        rules.append(
            {"names": ["personality"], "action": allow, "args": [{"index": 0, "value": value, "op": "SCMP_CMP_EQ"}]}
        )
    rules += _sockets()
    return json.dumps({"defaultAction": "SCMP_ACT_ERRNO", "architectures": [arch], "syscalls": rules})


def _sockets() -> list[dict]:
    """The usual address families; not those that reach the hypervisor or the kernel's crypto."""
    return [
        {
            "names": ["socket"],
            "action": "SCMP_ACT_ALLOW",
            "args": [{"index": 0, "value": family, "op": "SCMP_CMP_EQ"}],
        }
        for family in _SOCKETS
    ]
