"""Before a worker starts, its engines have to seal a room; one that is merely away may come back."""

import pytest

from sandbox.errors import RoomError
from vetting import jobs, rooms


@pytest.fixture
def engine_that(monkeypatch, settings):
    settings.DOCKER_ENDPOINTS = ["unix:///nowhere.sock"]
    monkeypatch.setattr(rooms, "_proven", {})

    reaped: list[int] = []

    def answers(trouble: RoomError | None) -> None:
        class Backend:
            def reap(self, *, everything):
                assert not everything
                reaped.append(1)
                return 0

            def check(self):
                if trouble:
                    raise trouble

        monkeypatch.setattr(rooms, "_backend", lambda endpoint: Backend())

    yield answers
    assert reaped


def test_a_worker_whose_rooms_are_not_sealed_refuses_to_start(engine_that):
    engine_that(RoomError("room.unsealed", "This engine does not seal a room: it is privileged.", fix="Run selfcheck."))
    with pytest.raises(SystemExit) as refusal:
        jobs.preflight()
    assert "privileged" in str(refusal.value) and "selfcheck" in str(refusal.value)


@pytest.mark.parametrize("code", ["room.no-engine", "room.image-missing", "room.no-witness"])
def test_a_worker_whose_engine_may_come_back_starts(engine_that, code):
    engine_that(RoomError(code, "Not yet.", fix="Wait."))
    jobs.preflight()


def test_a_worker_with_sealed_rooms_starts(engine_that):
    engine_that(None)
    jobs.preflight()
