"""Alice's publisher `alice` and what is in it; Bob is on her team, Charlie has no access, Mallory uploads."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from marketplace.models import Publisher
from tests.web import factories


@pytest.fixture
def atelier(alice: Any, alices: Publisher) -> Publisher:
    alices.display_name = "Alice Example"
    alices.save()
    return alices


@pytest.fixture
def shelf(atelier: Publisher) -> Callable[..., Any]:
    """shelf("pdf-tables", verdict="warn", ...) puts a vetted release of Alice's onto the shelf."""

    def _shelf(name: str = "pdf-tables", **more: Any) -> Any:
        return factories.release(atelier, name, **more)

    return _shelf


@pytest.fixture
def as_person() -> Callable[[Any], Client]:
    """A browser that this person is signed in with."""

    def _client(user: Any = None) -> Client:
        client = Client()
        if user:
            client.force_login(user)
        return client

    return _client
