"""Our own troubles: each has a stable code, one sentence and what to do, and none is taken for the payload's doing."""

import threading

import docker.errors
import pytest
import requests

from sandbox.broom import Broom
from sandbox.engine import translated
from sandbox.errors import RoomError


def code_of(said: str, status: int = 500) -> RoomError:
    response = requests.Response()
    response.status_code = status
    with pytest.raises(RoomError) as trouble, translated():
        raise docker.errors.APIError("refused", response=response, explanation=said)
    return trouble.value


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("write /var/lib/docker/tmp/x: no space left on device", "room.disk-full"),
        ("No such image: assay-room:0", "room.image-missing"),
        ("something else went wrong", "room.engine"),
    ],
)
def test_what_the_engine_refuses_has_a_name_and_a_way_out(said, code):
    trouble = code_of(said)
    assert trouble.code == code and trouble.fix and trouble.message.endswith((".", said))


def test_a_crowded_broom_makes_its_caller_wait_and_forgets_nothing():
    gate, gone = threading.Event(), []

    def slow(container: str) -> None:
        if container != "last":
            gate.wait(10)
        gone.append(container)

    broom = Broom(slow)
    broom.sweep(["a", "b", "c", "d"])
    broom.sweep(["last"])
    assert gone == ["last"]
    gate.set()
    broom.settle()
    assert sorted(gone) == ["a", "b", "c", "d", "last"]
