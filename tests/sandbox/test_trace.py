"""The witness's lines become events; what is not whole is never called whole."""

from sandbox.base import Job, Limits
from sandbox.frames import Frames
from sandbox.outcome import outcome_of
from sandbox.tracer.decode import arguments, split_call, unescape
from sandbox.tracer.parse import parse, quiet

LINES = """\
7 100.000100 execve("/usr/bin/choom", ["/usr/bin/choom", "-n", "900", "--", "bash"], 0x7 /* 3 vars */) = 0
7 100.000200 openat(AT_FDCWD</workspace>, "oom_score_adj", O_WRONLY) = 3</proc/7/oom_score_adj>
7 100.001000 execve("/usr/bin/bash", ["bash", "-c", "cat a; rm b"], 0x7 /* 9 vars */) = 0
7 100.002000 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD) = 9
9 100.003000 execve("/usr/bin/cat", ["cat", "a\\"b"], 0x7 /* 9 vars */) = 0
9 100.004000 openat(AT_FDCWD</home/agent>, "a\\"b", O_RDONLY <unfinished ...>
7 100.004500 unlinkat(5</workspace/deep>, "b", 0) = 0
9 100.005000 <... openat resumed>)   = 3</home/agent/a"b>
9 100.006000 connect(3<TCP:[1]>, {sa_family=AF_INET6, sin6_port=htons(443), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr)}, 28) = -1 ENETUNREACH (Network is unreachable)
9 100.007000 +++ exited with 0 +++
7 100.008000 kill(1, SIGKILL)        = -1 EPERM (Operation not permitted)
7 100.009000 +++ exited with 0 +++
"""  # noqa: E501 - lines of the witness as they come


def told(text: str = LINES) -> list[tuple]:
    return [
        (one.kind, one.pid, one.detail.get("path") or one.detail.get("host")) for one in parse(text, began=100.0).events
    ]


def test_events_come_in_order_with_their_process_and_resolved_paths():
    assert told() == [
        ("exec", 7, "/usr/bin/bash"),
        ("exec", 9, "/usr/bin/cat"),
        ("open", 9, '/home/agent/a"b'),
        ("delete", 7, "/workspace/deep/b"),
        ("connect", 9, "2001:db8::1"),
        ("signal", 7, None),
    ]


def test_who_started_whom_is_known():
    trace = parse(LINES, began=100.0)
    assert (trace.root, trace.parents, trace.alive) == (7, {9: 7}, set())


def test_a_call_that_never_came_back_was_still_asked_for():
    cut = 'LINE 5 100.1 x\n5 100.2 openat(AT_FDCWD</>, "/home/agent/k", O_RDWR <unfinished ...>\n'
    assert [one.kind for one in parse(cut, began=100.0).events] == ["write"]


def test_what_was_opened_in_truth_is_told_with_the_name_it_was_asked_by():
    lines = (
        '7 100.1 openat(AT_FDCWD</workspace>, "d/k", O_RDONLY) = 3</home/agent/.aws/k>\n'
        '7 100.2 openat(AT_FDCWD</workspace>, "gone", O_RDWR) = 4</tmp/gone (deleted)>\n'
        '7 100.3 openat(AT_FDCWD</workspace>, "/proc/self/status", O_RDONLY) = 5</proc/7/status>\n'
        '7 100.4 openat(AT_FDCWD</workspace>, "/proc/self/root/home/agent/x", O_RDONLY) = 5</home/agent/x>\n'
    )
    told = [(one.detail["path"], one.detail.get("through", "")) for one in parse(lines, began=100.0).events]
    assert told == [
        ("/home/agent/.aws/k", "/workspace/d/k"),
        ("/tmp/gone", "/workspace/gone"),
        ("/proc/self/status", ""),
        ("/home/agent/x", "/proc/self/root/home/agent/x"),
    ]


def test_a_link_is_told_with_where_it_leads():
    line = '7 100.1 symlinkat("../.aws", AT_FDCWD</home/agent/deep>, "d") = 0\n'
    event = parse(line, began=100.0).events[0]
    assert (event.detail["path"], event.detail["to"]) == ("/home/agent/.aws", "/home/agent/deep/d")


def test_a_process_that_the_filter_ended_is_told():
    event = parse("7 100.1 +++ killed by SIGSYS (core dumped) +++\n", began=100.0).events[0]
    assert (event.kind, event.detail["call"]) == ("limit", "filter")


def test_garbage_is_passed_over():
    assert parse("\0\xff nonsense\n7 x y\n7 100.0 what(\n", began=0).events == []


def test_arguments_are_split_outside_quotes_and_brackets():
    assert arguments('3, {a=1, b="x, y"}, "p, \\"q", [1, 2]') == ["3", '{a=1, b="x, y"}', '"p, \\"q"', "[1, 2]"]


def test_escapes_of_every_kind_are_undone():
    assert unescape(r"a\tb\"c\303\274\x41") == 'a\tb"cüA'


def test_a_question_mark_is_no_result():
    assert split_call("exit_group(0) = ?").result == -1


def test_what_every_program_reads_is_quiet_and_a_secret_is_not():
    assert quiet("/usr/lib/x.so") and quiet("/etc/passwd") and quiet("/proc/self/maps")
    assert not quiet("/home/agent/.ssh/id_rsa") and not quiet("/proc/self/status") and not quiet("/etc/shadow")


def outcome(feed: list[tuple[bytes, bytes]], killed: str = ""):
    import struct

    frames = Frames(Limits(output_bytes=10), 1000)
    for kind, data in feed:
        frames.feed(struct.pack(">cHI", kind, 0, len(data)) + data)
    return outcome_of(Job(command=["x"]), frames, killed=killed, memory=False, posture={}, seconds=1.0)


START = (b"S", b'{"wall": 100.0}')
DONE = (b"D", b'{"ended": "exit", "code": 0, "seconds": 1, "trace_complete": true, "over": []}')


def test_a_whole_run_is_whole():
    assert outcome([START, (b"T", LINES[:200].encode()), DONE, (b"X", b"{}")]).trace_complete


def test_a_guard_that_fell_silent_leaves_the_trace_incomplete():
    lost = outcome([START, (b"T", LINES[:200].encode())])
    assert not lost.trace_complete and lost.ended == "killed"


def test_a_room_that_was_killed_is_never_called_whole():
    assert not outcome([START], killed="timeout").trace_complete


def test_a_witness_that_lost_lines_is_never_called_whole():
    done = (b"D", DONE[1].replace(b"true", b"false"))
    assert not outcome([START, done, (b"X", b"{}")]).trace_complete


def test_output_beyond_its_bound_is_cut_and_said_to_be():
    cut = outcome([START, (b"O", b"x" * 50), DONE, (b"X", b"{}")])
    assert cut.stdout == b"x" * 10 and cut.truncated
