"""How a release gets in line to be vetted, and how a worker is woken for it.

Whoever has a release vetted imports this file alone; what a worker then does is in jobs.py, called by its name.
"""

import logging

from celery import signature
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from vetting import models, ruleset

log = logging.getLogger(__name__)

BELL = "vetting.jobs.vet"


def enqueue(release: Model, *, turn: int = models.Run.Turn.PUSHED) -> models.Run:
    """A run for the release, in the caller's transaction; the worker is woken once that is committed.

    A release has at most one open run: asked again while one is open, that one is the answer, and no later in turn.
    """
    run, created = models.Run.objects.exclude(state=models.Run.State.DONE).get_or_create(
        release=release,
        defaults={"digest": release.digest, "ruleset": ruleset.current(), "poked_at": timezone.now(), "turn": turn},
    )
    if not created and turn < run.turn:
        models.Run.objects.filter(pk=run.pk, turn__gt=turn).update(turn=turn)
    transaction.on_commit(ring)
    return run


def ring(**options: object) -> bool:
    """Wake a worker. A broker that is away costs nothing but time: the sweep rings again."""
    try:
        signature(BELL).apply_async(retry=False, ignore_result=True, **options)
    except Exception as error:
        log.warning("no worker could be woken, the sweep will try again: %s", error)
        return False
    return True
