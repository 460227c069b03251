"""Pid 1 of a room: lays the files, runs the commands under the witness, and sends all that happens over one pipe.

It starts as root with a handful of capabilities; the payload runs as another user without any, so it can neither
signal the guard and the witness nor read what they write. Everything goes out as frames on stdout: one byte of kind,
two bytes of command number, four bytes of length, then the bytes. Kinds: R ready, S a command started, O its stdout,
E its stderr, T its trace, D it is done, C a file copied out, X the end.

The order comes in on stdin: one line of JSON, then a tar of files, then the payload's own stdin.
"""

import errno
import os
import selectors
import signal
import time

from guard_command import PRIVATE, Command
from guard_files import copy_out, lay, lay_clock
from guard_frames import frame_json, read_order
from guard_left import all_serve, still_there
from guard_payload import as_user, kill_all, out_of_memory, processes_of

# A server that was started needs no longer than this to stand; whether others do is looked at now and then.
SETTLED, LOOK_EVERY = 3.0, 0.5


class Guard:
    def __init__(self):
        self.order, self.files, self.payload_stdin = read_order()
        self.selector = selectors.DefaultSelector()
        self.running = []
        woken, wakes = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
        self.selector.register(woken, selectors.EVENT_READ, None)

    def main(self):
        user = self.order["user"]
        os.makedirs(PRIVATE, mode=0o700, exist_ok=True)
        walls = as_user(user, lambda: lay(self.files))
        if self.order["warped"]:
            as_user(user, lay_clock)
        self.files = b""
        frame_json(b"R", walls)
        if "error" not in walls:
            for number, spec in enumerate(self.order["commands"]):
                if self.run(number, spec) == "deadline":
                    break
        self.linger_on()
        left = still_there(user)
        dead = self.end_all()
        if dead and self.order["copy_out"]:
            as_user(user, lambda: copy_out(self.order))
        frame_json(b"X", {"dead": dead, "out_of_memory": out_of_memory(), "left": left})

    def run(self, number, spec):
        left = self.order["wall_deadline_in"] - (time.monotonic() - BORN)
        if left <= 0:
            return "deadline"
        spec["timeout"] = min(spec["timeout"], left)
        command = Command(number, self.order, spec, self.payload_stdin if number == 0 else b"", self.selector)
        self.running.append(command)
        command.stop_clock(self.wait_for(command))
        if command.ended != "exit":
            self.end_all()
        return command.ended

    def wait_for(self, command):
        while True:
            now = time.monotonic()
            if command.status is not None and not self.pipes_wait(command):
                return "exit"
            if command.root_ended_at is not None and now > command.root_ended_at + self.linger(command):
                return "exit"
            if now > command.deadline:
                return "timeout"
            if command.over & {b"O", b"E"}:
                return "output"
            self.turn(0.01)

    def linger(self, command):
        """What a command left in the background is given a moment to show itself before the next one begins."""
        return self.order["linger"] if command.number < len(self.order["commands"]) - 1 else 0

    def linger_on(self):
        """What is left in the background after the last command goes on for as long as the job says; not so long where
        all of it is something that serves others and would go on for ever."""
        begun = time.monotonic()
        until = min(begun + self.order["last_linger"], BORN + self.order["wall_deadline_in"])
        look_again = begun + SETTLED
        while (now := time.monotonic()) < until and processes_of(self.order["user"]):
            if any(command.over & {b"O", b"E"} for command in self.running):
                return
            if now > look_again:
                look_again = now + LOOK_EVERY
                if all_serve(self.order["user"]):
                    return
            self.turn(0.02)

    def pipes_wait(self, command):
        return command.traced and not command.trace_ended

    def end_all(self):
        """Kill what the commands left behind, read their pipes to the end and tell how each came out."""
        dead = kill_all(self.order["user"])
        until = time.monotonic() + 2
        while time.monotonic() < until and any(c.status is None or c.open_pipes for c in self.running):
            self.turn(0.01)
        for command in self.running:
            frame_json(b"D", command.result(), command.number)
        self.running = []
        return dead

    def turn(self, seconds):
        for key, _ in self.selector.select(seconds):
            if key.data is None:
                os.read(key.fd, 4096)
                continue
            command, kind = key.data
            if kind == b"I":
                command.write_stdin(key.fd)
            else:
                command.read(key.fd, kind)
        self.reap()
        for command in self.running:
            command.read_trace()

    def reap(self):
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            for command in self.running:
                if command.pid == pid:
                    command.reaped(status)


BORN = time.monotonic()
if __name__ == "__main__":
    try:
        Guard().main()
    except OSError as trouble:
        if trouble.errno != errno.EPIPE:
            raise
    except Exception as trouble:
        frame_json(b"X", {"dead": False, "error": repr(trouble)[:500]})
    os._exit(0)
