"""Skills: found and shown."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from marketplace import documents, selectors
from marketplace.api.authentication import reader
from marketplace.api.base import HotView, json_answer, next_address, page_size
from marketplace.api.v1 import serializers
from marketplace.api.v1.describe import CURSOR, LIMIT, endpoint, says
from marketplace.models import Skill

_MANY = {"many": True, "type": OpenApiTypes.STR}
_FILTERS = [
    OpenApiParameter("q", OpenApiTypes.STR, description="Words that must all match; the last may be a beginning."),
    OpenApiParameter("verdict", enum=["pass", "warn"], many=True),
    OpenApiParameter("license", **_MANY),
    OpenApiParameter("publisher", description="A handle.", **_MANY),
    OpenApiParameter("tier", description="How strong the evidence behind the quality score is.", **_MANY),
    OpenApiParameter("keyword", **_MANY),
    OpenApiParameter("sort", enum=list(selectors.SORTS), description="relevance with q, else quality."),
    OpenApiParameter("facets", enum=["1"], description="Also count what the result can be narrowed to."),
]


def query_of(parameters: Any) -> selectors.SkillQuery:
    """What the address of a list asks for; the pages read the same address."""
    many = {name: tuple(value for value in parameters.getlist(name) if value)[:20] for name in selectors.FACETS}
    return selectors.SkillQuery(text=parameters.get("q", ""), sort=parameters.get("sort", ""), **many)


class SkillList(HotView):
    def hot(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase | None:
        return self._page(request)

    @endpoint("skills_find", answers={200: serializers.SkillPage}, errors=(400,), parameters=[*_FILTERS, CURSOR, LIMIT])
    def get(self, request: Request) -> HttpResponseBase:
        """Find skills by words and facets. Only skills with a published release are listed."""
        return self._page(request)

    def _page(self, request: Any) -> HttpResponseBase:
        with_facets = request.GET.get("facets") in ("1", "true")
        page = selectors.skills_find(
            query_of(request.GET),
            limit=page_size(request),
            cursor=request.GET.get("cursor", ""),
            facets=with_facets,
        )
        body = {"results": [documents.card(row) for row in page.rows], "next": next_address(request, page.next)}
        if page.total >= 0:
            body |= {"total": page.total, "total_is_capped": page.total_is_capped}
        if with_facets:
            body["facets"] = {
                name: [{"value": value, "count": count} for value, count in counted]
                for name, counted in page.facets.items()
            }
        return json_answer(request, documents.dumps(body))


class SkillView(HotView):
    def hot(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase | None:
        columns = ("document", "downloads", "rating_count", "rating_sum")
        rows = Skill.objects.filter(full_name=f"{kwargs['owner']}/{kwargs['name']}", is_public=True)
        row = rows.values_list(*columns).first()
        if row is None:
            return None
        return json_answer(request, documents.with_counters(row[0], documents.skill_counters(*row[1:])))

    @endpoint(
        "skill_get",
        answers={200: serializers.SkillDetail, 304: says(None, "You have it: the ETag is the same.")},
        errors=(401, 404),
    )
    def get(self, request: Request, owner: str, name: str) -> HttpResponseBase:
        """One skill with its newest published release. Its team also sees it before anything is published."""
        user = reader(request, owner)
        skill = selectors.skill_get(f"{owner}/{name}", user=user)
        if selectors.may_see_unpublished(user, skill.publisher):
            document = documents.skill_document(skill, private=True)
        else:
            document = skill.document
        counters = documents.skill_counters(skill.downloads, skill.rating_count, skill.rating_sum)
        return json_answer(request, documents.with_counters(document, counters), public=request.auth is None)
