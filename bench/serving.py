"""How many requests a second the API answers when ten thousand skills are in it."""

import http.client
import multiprocessing
import time

from bench.rows import Row
from bench.stack import Stack, running

SKILLS = 10_000
CLIENTS = 2
SECONDS = 4
ROUNDS = 3
SEARCHES = ("csv", "release notes", "log rotate", "image", "deploy check")


def rows() -> list[Row]:
    with running(prepare=lambda stack: stack.python("-m", "bench.seed", str(SKILLS))) as stack:
        detail = [f"/api/v1/skills/bench/skill-{number:05d}" for number in range(0, SKILLS, 37)]
        search = [f"/api/v1/skills?q={word.replace(' ', '+')}" for word in SEARCHES]
        floor = ["/healthz"]
        found = [_measure(stack, "API detail", detail), _measure(stack, "API search", search)]
        return [*found, _measure(stack, "health", floor)]


def _measure(stack: Stack, name: str, paths: list[str]) -> Row:
    _load(stack.port, paths, 1.0)
    taken = [_load(stack.port, paths, SECONDS) for _ in range(ROUNDS)]
    note = f"{SKILLS:,} skills, {CLIENTS} clients on the same machine"
    return Row(f"{name}", "req/s", taken, note=note)


def _load(port: int, paths: list[str], seconds: float) -> float:
    """Requests a second of a few clients that each keep one connection open."""
    with multiprocessing.get_context("spawn").Pool(CLIENTS) as pool:
        return sum(pool.starmap(_client, [(port, paths, seconds, number) for number in range(CLIENTS)]))


def _client(port: int, paths: list[str], seconds: float, number: int) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    done = number
    begin = time.perf_counter()
    while (passed := time.perf_counter() - begin) < seconds:
        connection.request("GET", paths[done % len(paths)])
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{paths[done % len(paths)]} answered {answer.status}")
        done += 1
    return (done - number) / passed
