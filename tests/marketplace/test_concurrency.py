"""What happens at the same moment: on both databases one wins, nobody is left half-written."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from marketplace.errors import Conflict
from marketplace.models import AuditEvent, Rating, Release, Skill
from marketplace.services import download_count, release_push, release_yank, skill_rate, skill_unrate
from tests.conftest import skill_zip
from vetting.models import Run

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Start all at one barrier, and give what each returned or raised."""
    barrier, results = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=30)
            results[place] = work()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    return results


def test_of_two_pushes_of_one_version_one_wins(alice, alices):
    def pusher(body):
        return lambda: release_push(actor=alice, publisher=alices, data=skill_zip(body=body), version="1.0.0")

    results = at_once(*(pusher(f"body {number}") for number in range(4)))
    won = [result for result in results if isinstance(result, tuple)]
    lost = [result for result in results if isinstance(result, Conflict)]
    assert (len(won), len(lost)) == (1, 3), results
    release = Release.objects.get()
    assert release.pk == won[0][0].pk and release.bundle_bytes()
    assert Skill.objects.count() == Run.objects.count() == AuditEvent.objects.filter(verb="release.push").count() == 1


def test_the_same_bytes_pushed_at_once_are_one_release(alice, alices):
    data = skill_zip()
    results = at_once(*[lambda: release_push(actor=alice, publisher=alices, data=data)] * 4)
    assert sorted(created for _, created in results) == [False, False, False, True]
    assert len({release.pk for release, _ in results}) == 1 and Run.objects.count() == 1


def test_versions_chosen_at_once_are_all_different(alice, alices):
    def pusher(number):
        return lambda: release_push(actor=alice, publisher=alices, data=skill_zip(body=str(number)))

    results = at_once(*map(pusher, range(5)))
    assert sorted(release.version for release, _ in results) == [f"1.0.{number}" for number in range(5)]


def test_no_star_and_no_download_is_lost(publish, django_user_model):
    release = publish("pdf-tools")
    people = [django_user_model.objects.create(username=f"u{number}") for number in range(4)]

    def rate(person, stars):
        return lambda: skill_rate(actor=person, skill=release.skill, stars=stars)

    works = [rate(person, stars) for person in people for stars in (2, 4)]
    works += [lambda: download_count(release_id=release.pk, skill_id=release.skill_id)] * 4
    assert not [result for result in at_once(*works) if isinstance(result, Exception)]
    skill = Skill.objects.get()
    stars = list(Rating.objects.values_list("stars", flat=True))
    assert (len(stars), skill.rating_count, skill.rating_sum, skill.downloads) == (4, 4, sum(stars), 4)


def test_a_rating_taken_back_twice_at_once_counts_once(publish, charlie):
    from marketplace.errors import NotFound

    skill = publish("pdf-tools").skill
    skill_rate(actor=charlie, skill=skill, stars=5)
    results = at_once(*[lambda: skill_unrate(actor=charlie, skill=skill)] * 3)
    assert sum(isinstance(result, NotFound) for result in results) == 2
    skill.refresh_from_db()
    assert (skill.rating_count, skill.rating_sum) == (0, 0)


def test_downloads_counted_while_a_release_is_yanked_stay_counted(publish, alice):
    release = publish("pdf-tools")
    count = lambda: download_count(release_id=release.pk, skill_id=release.skill_id)  # noqa: E731
    yank = lambda: release_yank(actor=alice, release=release, reason="x")  # noqa: E731
    assert not [result for result in at_once(*[count] * 5, yank) if isinstance(result, Exception)]
    release.refresh_from_db()
    assert release.downloads == 5 and release.yanked_at is not None
    assert Skill.objects.get().downloads == 5
