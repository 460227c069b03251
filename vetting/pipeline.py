"""The life of a release, top to bottom. The run keeps what each stage found; a stage that is done is not done again.

Every caller (Celery's worker, `manage.py vet`, the API's dry run) comes through `vet`. A SkillError is the author's and
concludes the run as rejected. Whatever else goes wrong leaves the run unknown and goes up to the caller.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from vetting import policy, report, steps
from vetting.bundle import Bundle
from vetting.errors import SkillError
from vetting.run import Run

if TYPE_CHECKING:
    from sandbox.base import Sandbox


def vet(run: Run, room: Callable[[], "Sandbox"], ahead: Callable[[Bundle], None] | None = None) -> None:
    """From bytes to a verdict. room is called when a sealed room is first needed, ahead as soon as one is likely."""
    try:
        with run.stage("unpack") as stage:
            skill = run.read()
            stage.detail = steps.unpacked(run, skill)
    except SkillError as error:
        return refuse(run, error)

    if ahead and not run.static_only:
        ahead(skill.bundle)
    run.do("static", lambda: steps.static(run, skill))
    if reason := why_not_run(run):
        run.skip("detonation", reason)
        run.skip("trials", reason)
    else:
        run.do("detonation", lambda: steps.detonation(skill, room()))
        run.do("trials", lambda: steps.trials(skill, room()))
    run.do("score", lambda: steps.score(run, skill))

    verdict = run.detail("score")["safety"]["verdict"]
    return end(run, verdict=verdict, status=policy.STATUS[verdict])


def why_not_run(run: Run) -> str:
    """Why nothing of the skill is to run; empty where it is."""
    if run.static_only:
        return "Only the static stage was asked for."
    return "The static stage has settled the verdict." if policy.must_stop(run.findings()) else ""


def refuse(run: Run, error: SkillError) -> None:
    """The author's fault: rejected, with the reason as a finding. Safety was not judged: the verdict stays unknown."""
    record = run.stages["unpack"]
    record.state, record.detail = "done", steps.refusal(error)
    run.amend(record)
    end(run, verdict=policy.UNKNOWN, status=policy.STATUS[policy.BLOCK])


def give_up(run: Run, why: str) -> None:
    """The platform's fault, too often: unknown, and quarantined for a person to look at. It never passes."""
    with run.stage("score") as stage:
        stage.detail = steps.failure(why)
    end(run, verdict=policy.UNKNOWN, status=policy.STATUS[policy.UNKNOWN])


def end(run: Run, *, verdict: str, status: str) -> None:
    """The one way out: sign what was found, then conclude in one stroke."""
    if run.attests:
        # What signs is heavy to load, and a dry run never signs.
        from vetting import attest

        with run.stage("attest") as stage:
            so_far = report.of_memory(run, verdict=verdict, status=status)
            stage.detail = attest.hallmark(so_far, report_url=run.report_url)
    run.conclude(verdict=verdict, status=status)
