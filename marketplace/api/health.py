"""GET /healthz: what works and what does not, said as it is.

`ok` when all parts answer; `degraded` when pages are served but vetting stands still, the cache or the blob store is
away, or the disk is nearly full; `down`, with 503, when the database does not answer.
"""

import logging
import shutil
import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from marketplace import blobs
from vetting.models import Run

log = logging.getLogger(__name__)

HEARTBEAT = "assay:worker-heartbeat"
WORKER_STALE_SECONDS = 30
# A run that waits longer than this is not queued, it is stuck.
QUEUE_STALE_SECONDS = 600
# With less than this a few uploads fill the disk.
DISK_LOW_MEGABYTES = 200


def worker_is_alive(**_: Any) -> None:
    """Called by Celery's own heartbeat inside every worker, each two seconds."""
    try:
        cache.set(HEARTBEAT, time.time(), timeout=3600)
    except Exception as error:
        log.warning("the worker's heartbeat was not heard: %s", error)


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    parts = {"database": _database(), "redis": _redis(), "worker": _worker(), "queue": _queue(), "blobs": _blobs()}
    parts["disk"] = _disk()
    if not parts["database"]["ok"]:
        status = "down"
    else:
        status = "ok" if all(part["ok"] for part in parts.values()) else "degraded"
    headers = {"Cache-Control": "no-store"}
    return JsonResponse({"status": status, **parts}, status=503 if status == "down" else 200, headers=headers)


def _database() -> dict:
    start = time.perf_counter()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        log.exception("the database does not answer")
        return {"ok": False, "reason": "The database does not answer."}
    return {"ok": True, "engine": connection.vendor, "ms": round((time.perf_counter() - start) * 1000, 2)}


def _redis() -> dict:
    start = time.perf_counter()
    try:
        cache.get(HEARTBEAT)
    except Exception as error:
        log.warning("redis does not answer: %s", error)
        return {"ok": False, "reason": "Redis does not answer; new work is found by the sweep once it is back."}
    return {"ok": True, "ms": round((time.perf_counter() - start) * 1000, 2)}


def _worker() -> dict:
    try:
        beat = cache.get(HEARTBEAT)
    except Exception:
        return {"ok": False, "reason": "Unknown while Redis is away."}
    if beat is None:
        return {"ok": False, "reason": "No worker was heard in the last hour."}
    age = round(max(time.time() - beat, 0.0), 1)
    if age > WORKER_STALE_SECONDS:
        return {"ok": False, "seconds_ago": age, "reason": f"No worker was heard for {age:.0f} seconds."}
    return {"ok": True, "seconds_ago": age}


def _blobs() -> dict:
    start = time.perf_counter()
    if reason := blobs.trouble():
        log.error("the blob store: %s", reason)
        return {"ok": False, "reason": f"{reason} Nothing can be pushed, vetted or fetched until it answers."}
    ms = round((time.perf_counter() - start) * 1000, 2)
    return {"ok": True, "kept": "s3" if blobs.is_remote() else "disk", "ms": ms}


def _disk() -> dict:
    """The room where database, logs and, unless they are in S3, bundles lie."""
    try:
        free = shutil.disk_usage(settings.DATA_DIR).free // 2**20
    except OSError as error:
        return {"ok": False, "reason": f"The data folder cannot be read: {error.strerror}."}
    answer = {"ok": free >= DISK_LOW_MEGABYTES, "free_megabytes": free}
    return answer if answer["ok"] else answer | {"reason": f"Only {free} MB are left on the disk of the data folder."}


def _queue() -> dict:
    try:
        open_runs = Run.objects.exclude(state=Run.State.DONE).exclude(turn=Run.Turn.OWN)
        depth = open_runs.count()
        trouble = open_runs.exclude(trouble="").values_list("trouble", flat=True).first()
        oldest = open_runs.order_by("created_at").values_list("created_at", flat=True).first()
    except DatabaseError:
        return {"ok": False, "reason": "Unknown while the database is away."}
    age = round((timezone.now() - oldest).total_seconds(), 1) if oldest else 0.0
    answer = {"ok": age <= QUEUE_STALE_SECONDS and not trouble, "depth": depth, "oldest_seconds": age}
    if trouble:
        return answer | {"reason": f"Vetting waits and will try again: {trouble}"}
    return answer if answer["ok"] else answer | {"reason": f"A release has waited {age:.0f} seconds for its verdict."}
