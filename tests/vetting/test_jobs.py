"""Runs in rows: who may take one, whose answer counts, and that every open run is found again."""

from datetime import timedelta

import pytest
from django.db import OperationalError, transaction
from django.utils import timezone

from sandbox.errors import RoomError
from tests.vetting.conftest import small_skill
from vetting import jobs, keeper, policy, queueing, report
from vetting.errors import PlatformError
from vetting.models import Run, Stage
from vetting.signals import run_concluded

pytestmark = pytest.mark.django_db


@pytest.fixture
def bells(monkeypatch) -> list:
    """The bells that were rung, in place of a broker."""
    rung: list[dict] = []
    monkeypatch.setattr(jobs.vet, "apply_async", lambda *_, **options: rung.append(options))
    return rung


@pytest.fixture
def concluded() -> list:
    """What was told of concluded runs, in order."""
    told: list[tuple] = []

    def listen(sender, run, report, attestation, **_):
        told.append((run.pk, report["status"], attestation))

    run_concluded.connect(listen)
    yield told
    run_concluded.disconnect(listen)


def let_the_lease_run_out(pk: int) -> None:
    Run.objects.filter(pk=pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def let_the_wait_be_over(pk: int) -> None:
    Run.objects.filter(pk=pk).update(wait_until=timezone.now() - timedelta(seconds=1))


def pipeline_that(monkeypatch, work) -> None:
    from vetting import pipeline

    monkeypatch.setattr(pipeline, "vet", lambda run, room, ahead: work(run))


def pass_it(run: keeper.KeptRun) -> None:
    from vetting import pipeline

    pipeline.end(run, verdict="pass", status="published")


def test_a_push_leaves_one_queued_run_born_unknown_and_rings_once_committed(
    push, bells, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        release = push(small_skill())
        assert bells == []
    run = release.runs.get()
    assert (run.state, run.verdict, run.fence) == ("queued", "unknown", 0)
    assert len(bells) == 1


def test_a_dead_broker_does_not_fail_the_push(push, monkeypatch, django_capture_on_commit_callbacks):
    def no_broker(*_, **__):
        raise ConnectionError("no redis here")

    monkeypatch.setattr(jobs.vet, "apply_async", no_broker)
    with django_capture_on_commit_callbacks(execute=True):
        release = push(small_skill())
    assert release.runs.get().state == "queued"


def test_a_push_that_is_rolled_back_leaves_no_run_and_rings_nobody(push, bells, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError), transaction.atomic():
        push(small_skill())
        raise RuntimeError("the upload failed after all")
    assert not Run.objects.exists()
    assert bells == []


def test_a_release_has_one_open_run_however_often_it_is_asked_for(push):
    release = push(small_skill())
    assert queueing.enqueue(release) == release.runs.get()
    Run.objects.update(state="done")
    assert queueing.enqueue(release) != release.runs.order_by("pk").first()
    assert release.runs.count() == 2


def test_a_taken_run_is_not_taken_twice_until_its_lease_runs_out(push):
    push(small_skill())
    first = keeper.take()
    assert first.fence == 1
    assert keeper.take() is None
    let_the_lease_run_out(first.row.pk)
    assert keeper.take().fence == 2


def test_the_late_answer_of_a_worker_thought_dead_is_turned_away(push, concluded):
    push(small_skill())
    late = keeper.take()
    let_the_lease_run_out(late.row.pk)
    second = keeper.take()
    with pytest.raises(keeper.LeaseLost):
        pass_it(late)
    with pytest.raises(keeper.LeaseLost), late.stage("static"):
        pass
    assert concluded == []
    pass_it(second)
    assert [(pk, status) for pk, status, _ in concluded] == [(second.row.pk, "published")]
    assert (Run.objects.get().attempts, Run.objects.get().crashes) == (2, 1)
    assert Run.objects.get().state == "done"


def test_the_log_names_the_release_and_what_became_of_it(push, monkeypatch, caplog):
    release = push(small_skill())
    pipeline_that(monkeypatch, pass_it)
    with caplog.at_level("INFO", logger="vetting"):
        jobs.vet()
    assert f"run {release.runs.get().pk} of {release} is published: pass, after " in caplog.text


def test_the_log_names_the_release_that_waits(push, monkeypatch, caplog):
    def trouble(run):
        raise PlatformError("room.away", "The engine does not answer.")

    release = push(small_skill())
    pipeline_that(monkeypatch, trouble)
    jobs.vet()
    assert f"of {release} waits: The engine does not answer." in caplog.text


def test_a_concluded_run_concludes_only_once(push, concluded):
    push(small_skill())
    run = keeper.take()
    pass_it(run)
    with pytest.raises(keeper.LeaseLost):
        pass_it(run)
    assert len(concluded) == 1
    assert keeper.take() is None


def test_the_conclusion_carries_a_hallmark_and_publishes_the_release_in_one_stroke(push, concluded):
    from vetting import attest

    release = push(small_skill())
    pass_it(keeper.take())
    envelope = concluded[0][2]
    assert attest.verify(envelope)["subject"][0]["digest"]["sha256"] == release.digest.removeprefix("sha256:")
    release.refresh_from_db()
    assert (release.status, release.verdict) == ("published", "pass")
    assert release.attestation == envelope


def test_a_listener_that_fails_undoes_the_conclusion_and_the_run_is_tried_again(push, monkeypatch):
    def broken(sender, **_):
        raise RuntimeError("no index today")

    release = push(small_skill())
    pipeline_that(monkeypatch, pass_it)
    run_concluded.connect(broken)
    try:
        jobs.attempt(keeper.take())
    finally:
        run_concluded.disconnect(broken)
    run = Run.objects.get()
    assert (run.state, run.crashes) == ("queued", 1)
    release.refresh_from_db()
    assert release.status == "vetting"
    let_the_wait_be_over(run.pk)
    jobs.attempt(keeper.take())
    release.refresh_from_db()
    assert release.status == "published"


@pytest.mark.parametrize(
    "trouble",
    [
        RoomError("room.no-engine", "No Docker engine answers.", fix="Start it."),
        PlatformError("blob.corrupt", "The kept bundle is damaged."),
        OperationalError("database is locked"),
    ],
)
def test_a_trouble_of_the_platform_is_retried_for_ever_and_never_held_against_the_skill(push, monkeypatch, trouble):
    def fail(run):
        raise trouble

    release = push(small_skill())
    pipeline_that(monkeypatch, fail)
    for attempts in range(1, policy.CRASHES_AT_MOST + 5):
        jobs.attempt(keeper.take())
        run = Run.objects.get()
        assert (run.state, run.attempts, run.crashes) == ("queued", attempts, 0)
        assert run.wait_until > timezone.now()
        assert keeper.take() is None
        let_the_wait_be_over(run.pk)
    release.refresh_from_db()
    assert release.status == "vetting"
    assert report.of(run)["trouble"]
    assert report.of(run)["status"] == "vetting"


def test_a_run_that_crashes_too_often_ends_unknown_and_quarantined_and_accuses_nobody(push, monkeypatch, concluded):
    def crash(run):
        raise ZeroDivisionError("ours")

    release = push(small_skill())
    pipeline_that(monkeypatch, crash)
    for _ in range(policy.CRASHES_AT_MOST + 1):
        jobs.attempt(keeper.take())
        let_the_wait_be_over(Run.objects.get().pk)
    release.refresh_from_db()
    assert (release.status, release.verdict, release.safety_score) == ("quarantined", "unknown", None)
    finding = release.report["findings"][0]
    assert finding["code"] == "platform.failed"
    assert "ZeroDivisionError" in finding["why"]
    assert len(concluded) == 1


def test_a_worker_that_dies_every_time_counts_as_a_crash(push):
    push(small_skill())
    for _ in range(policy.CRASHES_AT_MOST + 1):
        run = keeper.take()
        let_the_lease_run_out(run.row.pk)
    assert run.row.crashes == policy.CRASHES_AT_MOST + 1
    jobs.attempt(run)
    assert Run.objects.get().status == "quarantined"


def test_a_damaged_blob_is_the_platforms_trouble(push, settings):
    from vetting import pipeline, rooms

    release = push(small_skill())
    blob = next(path for path in (settings.BLOB_DIR).rglob("*") if path.is_file())
    blob.chmod(0o644)
    blob.write_bytes(blob.read_bytes() + b"x")
    with pytest.raises(PlatformError):
        pipeline.vet(keeper.take(), rooms.room)
    blob.unlink()
    let_the_lease_run_out(release.runs.get().pk)
    with pytest.raises(PlatformError):
        pipeline.vet(keeper.take(), rooms.room)


def test_publishers_take_turns(push):
    for number in range(3):
        push(small_skill(f"bulk-{number}"), "mallory")
    push(small_skill("urgent"), "bob")
    order = [keeper.take().skill for _ in range(4)]
    assert order == ["mallory/bulk-0", "bob/urgent", "mallory/bulk-1", "mallory/bulk-2"]


def test_the_sweep_rings_for_every_run_nobody_heard_of(push, bells):
    release = push(small_skill())
    Run.objects.update(poked_at=timezone.now() - timedelta(minutes=5))
    assert jobs.sweep() == 1
    assert jobs.sweep() == 0, "the bell has just been rung"
    run = keeper.take()
    Run.objects.update(poked_at=None)
    assert jobs.sweep() == 0, "somebody holds it"
    let_the_lease_run_out(run.row.pk)
    assert jobs.sweep() == 1
    pass_it(keeper.take())
    Run.objects.update(poked_at=None)
    assert jobs.sweep() == 0, f"{release} is done"


def test_the_sweep_leaves_a_run_alone_that_waits_after_a_trouble(push, bells):
    push(small_skill())
    keeper.take().put_back("no room", crashed=False)
    assert jobs.sweep() == 0
    let_the_wait_be_over(Run.objects.get().pk)
    assert jobs.sweep() == 1


def test_a_finished_stage_is_not_done_again_by_the_next_worker(push):
    push(small_skill())
    done: list[str] = []
    first = keeper.take()
    first.do("static", lambda: done.append("first") or {"findings": [], "coverage": {"files": 1}})
    let_the_lease_run_out(first.row.pk)
    second = keeper.take()
    assert second.do("static", lambda: done.append("second") or {})["coverage"] == {"files": 1}
    assert done == ["first"]


def test_a_stage_that_failed_or_was_cut_off_is_done_again(push):
    push(small_skill())
    first = keeper.take()
    with pytest.raises(ZeroDivisionError):
        first.do("static", lambda: 1 / 0)
    assert Stage.objects.get().state == "failed"
    let_the_lease_run_out(first.row.pk)
    assert keeper.take().do("static", lambda: {"findings": []}) == {"findings": []}
    assert Stage.objects.get().state == "done"


def test_another_release_of_the_same_bytes_takes_over_the_rooms_result_but_not_the_static_one(push):
    push(small_skill(), "alice")
    push(small_skill(), "bob")
    first, second = keeper.take(), keeper.take()
    assert first.digest == second.digest
    for name in ("static", "detonation"):
        first.do(name, lambda: {"findings": [], "by": "first"})
    assert second.do("detonation", lambda: {"by": "second"})["by"] == "first"
    assert second.do("static", lambda: {"by": "second"})["by"] == "second"
    assert second.row.stages.get(name="detonation").state == "done"


def test_a_new_ruleset_does_every_stage_anew(push):
    push(small_skill())
    first = keeper.take()
    first.do("detonation", lambda: {"by": "old rules"})
    let_the_lease_run_out(first.row.pk)
    second = keeper.take()
    second.ruleset = "r-of-tomorrow"
    assert second.do("detonation", lambda: {"by": "new rules"})["by"] == "new rules"
    pass_it(second)
    assert Run.objects.get().ruleset == "r-of-tomorrow"


def test_the_report_of_a_living_run_shows_how_far_it_is(push):
    push(small_skill())
    run = keeper.take()
    run.do("static", lambda: {"findings": [], "coverage": {"files": 1}})
    with run.stage("detonation"):
        told = report.of(Run.objects.get())
    assert told["status"] == "vetting"
    assert told["safety"] == {"verdict": "unknown", "score": None, "reasons": [], "axes": {}, "explanation": []}
    assert [(stage["name"], stage["state"]) for stage in told["stages"]] == [
        ("static", "done"),
        ("detonation", "running"),
    ]
    assert told["stages"][0]["seconds"] is not None


def test_what_postgres_cannot_keep_does_not_lose_the_run(push):
    push(small_skill())
    run = keeper.take()
    run.do("static", lambda: {"findings": [], "coverage": {"odd": "a\0b\ud800", "n": float("inf")}})
    assert Stage.objects.get().detail["coverage"] == {"odd": "a␀b?", "n": None}


def test_the_report_costs_the_same_few_queries_however_much_was_found(push, django_assert_num_queries):
    from tests.vetting.test_policy import finding
    from vetting.run import rows

    push(small_skill())
    run = keeper.take()
    run.do("static", lambda: rows([finding(code=f"SK-{n}") for n in range(200)]))
    row = Run.objects.select_related("release__skill").get()
    with django_assert_num_queries(1):
        assert len(report.of(row)["findings"]) == 200
