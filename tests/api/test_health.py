"""GET /healthz says what works and what does not."""

from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone

from marketplace.api import health
from vetting.models import Run


def test_it_is_degraded_while_no_worker_is_heard(db, client):
    response = client.get("/healthz")
    body = response.json()
    assert response.status_code == 200 and body["status"] == "degraded"
    assert body["database"]["ok"] and body["redis"]["ok"] and not body["worker"]["ok"]


def test_it_is_ok_once_the_worker_beats(db, client):
    health.worker_is_alive()
    assert client.get("/healthz").json()["status"] == "ok"


def test_a_stale_worker_is_told_apart(db, client, monkeypatch):
    health.worker_is_alive()
    cache.set(health.HEARTBEAT, cache.get(health.HEARTBEAT) - 60)
    body = client.get("/healthz").json()
    assert body["status"] == "degraded" and body["worker"]["seconds_ago"] >= 60


def test_a_release_that_waits_too_long_degrades_it(push, client):
    health.worker_is_alive()
    push("pdf-tools")
    body = client.get("/healthz").json()
    assert body["status"] == "ok" and body["queue"]["depth"] == 1
    Run.objects.update(created_at=timezone.now() - timedelta(seconds=health.QUEUE_STALE_SECONDS + 60))
    assert client.get("/healthz").json()["status"] == "degraded"


def test_a_run_that_waits_for_its_engine_degrades_it_at_once(push, client):
    health.worker_is_alive()
    push("pdf-tools")
    Run.objects.update(trouble="No Docker engine answers.")
    body = client.get("/healthz").json()
    assert body["status"] == "degraded" and "No Docker engine answers." in body["queue"]["reason"]


def test_a_disk_that_is_nearly_full_degrades_it(db, client, monkeypatch):
    health.worker_is_alive()
    assert client.get("/healthz").json()["disk"]["ok"]
    monkeypatch.setattr(health, "DISK_LOW_MEGABYTES", 2**40)
    body = client.get("/healthz").json()
    assert body["status"] == "degraded" and "MB are left" in body["disk"]["reason"]


def test_without_redis_it_is_degraded_and_not_down(db, client, monkeypatch):
    from redis.exceptions import ConnectionError as Away

    def away(*args, **kwargs):
        raise Away("no redis")

    monkeypatch.setattr(cache, "get", away, raising=False)
    response = client.get("/healthz")
    assert response.status_code == 200 and response.json()["status"] == "degraded"


def test_without_a_database_it_is_down(db, client, monkeypatch):
    from django.db import OperationalError

    def away(*args, **kwargs):
        raise OperationalError("no database")

    with monkeypatch.context() as patch:
        patch.setattr("marketplace.api.health.connection.cursor", away)
        response = client.get("/healthz")
    assert response.status_code == 503 and response.json()["status"] == "down"
