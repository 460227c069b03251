"""Celery's entry points. A message is only a doorbell: which run is next, and whether there is one, the rows say.

So nothing is lost with the broker: a run whose bell was lost is found by the sweep, a bell too many finds nothing.
"""

import logging
from datetime import timedelta

from celery import shared_task
from celery.signals import worker_before_create_process, worker_init
from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone

from sandbox.errors import RoomError
from vetting import keeper, models, policy, queueing, revetting, ruleset
from vetting.errors import PlatformError
from vetting.queueing import ring

log = logging.getLogger(__name__)

BELL_OLD = timedelta(seconds=20)
BELLS_A_SWEEP = 8
TROUBLES = (PlatformError, RoomError, DatabaseError)


@shared_task(name=queueing.BELL)
def vet() -> None:
    """Take the next run and vet it; ring again when more are waiting."""
    run = keeper.take()
    if run is None:
        return
    with run.held():
        attempt(run)
    if keeper.waiting(timezone.now()).exists():
        ring()


def attempt(run: keeper.KeptRun) -> None:
    """One attempt at a run. Whatever happens here, the run ends concluded, put back, or held by another."""
    try:
        _work(run)
    except keeper.LeaseLost as late:
        log.warning("a late answer was turned away: %s", late)
    except TROUBLES as trouble:
        log.warning("%s waits: %s", run.named, trouble)
        _put_back(run, f"{getattr(trouble, 'message', trouble)} {getattr(trouble, 'fix', '')}".strip(), crashed=False)
    except Exception as crash:
        log.exception("%s crashed", run.named)
        _put_back(run, f"{type(crash).__name__}: {crash}", crashed=True)


@worker_init.connect
def preflight(**_: object) -> None:
    """Rooms that a killed worker left behind go first. A worker whose rooms would not be sealed does not start: it
    could only put every run back."""
    from vetting import rooms

    rooms.reap()
    if why := rooms.preflight():
        raise SystemExit(f"No worker is started: {why}")


@worker_before_create_process.connect
def warm_up(**_: object) -> None:
    """Load what vetting needs once, before the pool is forked: the first run is as quick as the next.

    The ruleset's version is taken here too, of the files as they are when they are loaded, so that all children agree.
    """
    from vetting import attest, drift, garbage, pipeline, rooms  # noqa: F401
    from vetting.checks import checks
    from vetting.stages import detonation, trials  # noqa: F401

    checks()
    ruleset.current()
    garbage.look_seldom()


def _work(run: keeper.KeptRun) -> None:
    # The web processes import this file to enqueue; only a worker pays for parsers, scanners and the Docker client.
    from vetting import pipeline, rooms

    if run.row.crashes > policy.CRASHES_AT_MOST:
        pipeline.give_up(run, f"{policy.CRASHES_AT_MOST} attempts crashed. {run.row.trouble}".strip())
    else:
        try:
            pipeline.vet(run, rooms.room, rooms.ahead)
        finally:
            rooms.settle()


def _put_back(run: keeper.KeptRun, trouble: str, *, crashed: bool) -> None:
    try:
        run.put_back(trouble, crashed=crashed)
    except (keeper.LeaseLost, DatabaseError) as error:
        # Its lease runs out and the sweep finds it.
        log.warning("%s could not be put back: %s", run.named, error)


@shared_task(name="vetting.jobs.sweep")
def sweep() -> int:
    """Ring for runs that wait though nobody seems to have heard the bell; tells how often it rang."""
    now = timezone.now()
    unheard = keeper.waiting(now).filter(Q(poked_at=None) | Q(poked_at__lt=now - BELL_OLD))
    waiting = list(unheard.order_by("created_at").values_list("pk", flat=True)[:BELLS_A_SWEEP])
    rung = [pk for pk in waiting if ring(expires=60)]
    models.Run.objects.filter(pk__in=rung).update(poked_at=now)
    return len(rung)


@shared_task(name="vetting.jobs.revet")
def revet() -> int:
    """Vet again, a few at a time, what was published under other rules; tells how many were queued."""
    return revetting.queue()


@shared_task(name="vetting.jobs.reap")
def reap() -> int:
    """Remove rooms that a killed worker left behind."""
    from vetting import rooms

    return rooms.reap()
