"""What came of a job, put together from the guard's frames. A trace that is not whole is never called complete."""

from sandbox.base import Event, Flow, Job, Outcome, Result
from sandbox.frames import Frames, Told
from sandbox.sink.flows import events as flow_events
from sandbox.tracer.parse import parse


def outcome_of(
    job: Job,
    frames: Frames,
    *,
    killed: str,
    memory: bool,
    posture: dict,
    seconds: float,
    flows: list[Flow] | None = None,
    told_all: bool = True,
) -> Outcome:
    began = frames.commands[0].wall if 0 in frames.commands else 0.0
    results, events = [], []
    for number in sorted(frames.commands):
        told = frames.commands[number]
        result, seen = _result(told, number, began, traced=job.traced, killed=killed)
        results.append(result)
        events += seen
    events += flow_events(flows or [], began)
    last = results[-1] if results else None
    ended = _ended(results, killed, memory, frames)
    events += _limits(results, ended)
    events += _left(results, frames.end or {})
    events.sort(key=lambda event: event.t)
    whole = bool(results) and frames.end is not None and all(result.trace_complete for result in results)
    return Outcome(
        ended=ended,
        exit_code=last.exit_code if last and ended in ("exit", "memory") else None,
        stdout=b"".join(result.stdout for result in results),
        stderr=b"".join(result.stderr for result in results),
        seconds=seconds,
        events=events,
        trace_complete=(whole if job.traced else True) and told_all,
        truncated=frames.over or any(told.done.get("over") for told in frames.commands.values()),
        copied_out=frames.files,
        posture=posture,
        results=results,
        flows=flows or [],
        began=began,
    )


def _limits(results: list[Result], ended: str) -> list[Event]:
    """Each command that hit a wall, and the wall that ended the room as a whole."""
    hit = [
        Event(t=one.began + one.seconds, kind="limit", detail={"step": number, "what": one.ended})
        for number, one in enumerate(results)
        if one.ended in ("timeout", "output")
    ]
    if ended != "exit" and not any(one.detail["what"] == ended for one in hit):
        last = results[-1].began + results[-1].seconds if results else 0.0
        hit.append(Event(t=last, kind="limit", detail={"what": ended}))
    return hit


def _left(results: list[Result], end: dict) -> list[Event]:
    """What the payload had left running when the room was closed: nothing a command does needs to outlive it."""
    last = results[-1].began + results[-1].seconds if results else 0.0
    return [
        Event(
            t=last,
            kind="limit",
            pid=int(one["pid"]),
            detail={
                "what": "still running",
                "argv": [str(word) for word in one["argv"]],
                "parent": int(one["parent"]),
                **({"serves": str(one["serves"])} if one["serves"] else {}),
            },
        )
        for one in end.get("left") or ()
    ]


def _result(told: Told, number: int, began: float, *, traced: bool, killed: str) -> tuple[Result, list[Event]]:
    done = told.done
    events, whole = [], bool(done.get("trace_complete")) or not traced
    if traced:
        trace = parse(told.trace.decode("utf-8", "replace"), began=began, step=number)
        events = trace.events
        whole = whole and not trace.dropped
    code = done.get("code")
    ended = done.get("ended") or ("timeout" if killed == "timeout" else "lost")
    result = Result(
        ended=ended,
        exit_code=code if ended == "exit" else None,
        stdout=bytes(told.stdout),
        stderr=bytes(told.stderr),
        seconds=float(done.get("seconds", 0.0)),
        began=told.wall - began,
        trace_complete=whole,
    )
    return result, events


def _ended(results: list[Result], killed: str, memory: bool, frames: Frames) -> str:
    if killed == "timeout":
        return "timeout"
    if memory:
        return "memory"
    if killed or frames.end is None:
        return "killed"
    for word in ("output", "timeout"):
        if results and results[-1].ended == word:
            return word
    return "exit"
