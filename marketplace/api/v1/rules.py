"""What vetting looks for, for programs: every rule that a finding can name in `check`."""

import json
from functools import lru_cache

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from marketplace.api.base import ApiView, json_answer
from marketplace.api.v1 import serializers
from marketplace.api.v1.describe import endpoint
from marketplace.errors import NotFound
from vetting import catalogue
from vetting.taxonomy import KINDS

CODE = OpenApiParameter("code", OpenApiTypes.STR, description="Only rules whose findings have this code, as SK-DROP.")


class RuleList(ApiView):
    @endpoint("checks_list", parameters=[CODE], answers={200: serializers.RuleList}, errors=(404,))
    def get(self, request: Request):
        """Every rule, with what it finds, why it matters and how to fix it; and the kinds of trouble they belong to."""
        code = request.GET.get("code", "")
        if code and code not in KINDS:
            raise NotFound("check.no-such-code", f"There is no kind of trouble {code[:24]!r}.", fix=_CODES)
        return json_answer(request, _listed(code))


class RuleView(ApiView):
    @endpoint("check_retrieve", answers={200: serializers.Rule}, errors=(404,))
    def get(self, request: Request, name: str):
        """One rule, by the name that a finding gives in `check`, such as pipe_to_shell, room:canary or bandit:B602."""
        found = catalogue.rule(name)
        if found is None:
            raise NotFound("check.not-found", f"There is no check {name[:80]!r}.", fix=_others(name))
        return json_answer(request, json.dumps(found.as_dict() | {"kinds": [_kind(code) for code in found.codes]}))


def _others(name: str) -> str:
    """What else may have been meant, and where all names are."""
    near = catalogue.nearest(name)
    meant = f"Did you mean {' or '.join(near)}? " if near else ""
    return f"{meant}All names are at /checks and in /api/v1/checks."


_CODES = f"The codes are {', '.join(KINDS)}."


@lru_cache(maxsize=64)
def _listed(code: str) -> str:
    found = catalogue.of_code(code) if code else catalogue.rules()
    kinds = [_kind(one) for one in ([code] if code else KINDS)]
    return json.dumps({"kinds": kinds, "results": [one.as_dict() for one in found]})


def _kind(code: str) -> dict:
    kind = KINDS[code]
    return {
        "code": code,
        "title": kind.title,
        "static": kind.static,
        "event": kind.event,
        "aitech": list(kind.aitech),
        "links": list(kind.links),
    }
