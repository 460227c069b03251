"""Short hands for the schema: the errors that an endpoint can answer, and parameters that several share."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from marketplace.api.v1.serializers import Problem

_SAYS = {
    400: "A parameter is wrong.",
    401: "No token, or one that is malformed, unknown, revoked or expired.",
    403: "The token's scope, its publisher or its user does not allow this.",
    404: "There is no such thing, or you may not know of it.",
    409: "It stands against what is already here.",
    410: "The release was revoked; the reason is in `detail`.",
    413: "The upload is too large.",
    415: "The body is of another media type.",
    422: "What was sent cannot be used; `file` and `line` point into the bundle where they can.",
    429: "Too many requests; see Retry-After.",
    503: "The registry cannot answer now; see Retry-After.",
    507: "The registry has no room left on its disk.",
}
CURSOR = OpenApiParameter("cursor", OpenApiTypes.STR, description="Opaque; take it from `next`.")
LIMIT = OpenApiParameter("limit", OpenApiTypes.INT, description="1 to 100, 20 when left out.")
BYTES = OpenApiTypes.BINARY


def endpoint(operation: str, *, answers: dict[int, Any], errors: tuple[int, ...] = (), **more: Any) -> Any:
    """The schema of one method of a view; its docstring is the description."""
    responses: dict[Any, Any] = dict(answers)
    for status in errors:
        responses[(status, "application/problem+json")] = OpenApiResponse(Problem, description=_SAYS[status])
    return extend_schema(operation_id=operation, responses=responses, **more)


def says(shape: Any, text: str) -> OpenApiResponse:
    return OpenApiResponse(shape, description=text)
