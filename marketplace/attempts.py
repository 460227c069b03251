"""Counting what somebody got wrong, in the cache. While that is away nothing is counted and nobody is turned away."""

import logging

from django.core.cache import cache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def count(key: str) -> int:
    try:
        return int(cache.get(f"attempts:{key}", 0))
    except (RedisError, OSError) as error:
        log.warning("the cache is away, attempts go uncounted: %s", error)
        return 0


def add(key: str, seconds: int) -> None:
    """One more; the count ends so many seconds after the first."""
    try:
        if not cache.add(f"attempts:{key}", 1, timeout=seconds):
            cache.incr(f"attempts:{key}")
    except ValueError:
        # It ended between the two calls.
        cache.add(f"attempts:{key}", 1, timeout=seconds)
    except (RedisError, OSError) as error:
        log.warning("the cache is away, attempts go uncounted: %s", error)
