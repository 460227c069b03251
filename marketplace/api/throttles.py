"""How often one asker may do what is dear. The counts lie in the cache; while that is away nobody is turned away."""

import logging

from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import ScopedRateThrottle
from rest_framework.views import APIView

log = logging.getLogger(__name__)


class Throttle(ScopedRateThrottle):
    """By user where one is known, else by address. A view names its scope; GET and HEAD cost nothing."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return True
        try:
            return super().allow_request(request, view)
        except (RedisError, OSError) as error:
            log.warning("the cache is away, %s goes uncounted: %s", request.path, error)
            return True
