"""Stars and words about a skill."""

from django.http import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace import documents, selectors, services
from marketplace.api.authentication import asker
from marketplace.api.base import ApiView, json_answer, next_address, page_size
from marketplace.api.v1 import serializers
from marketplace.api.v1.describe import CURSOR, LIMIT, endpoint
from marketplace.errors import NotFound
from marketplace.models import Rating


class OwnRating(ApiView):
    throttle_scope = "write"

    @endpoint("rating_get", answers={200: serializers.RatingRow}, errors=(401, 403, 404))
    def get(self, request: Request, owner: str, name: str) -> Response:
        """The rating that you gave this skill."""
        user = asker(request, "read")
        skill = selectors.skill_get(f"{owner}/{name}")
        rating = selectors.ratings_of(skill).filter(user=user).first()
        if rating is None:
            raise NotFound(
                "rating.not-found",
                f"You have not rated {skill.full_name}.",
                fix="Rate it first: `skill rate OWNER/NAME STARS`.",
            )
        return Response(row(rating))

    @endpoint(
        "rating_put",
        request=serializers.RatingForm,
        answers={200: serializers.RatingRow, 201: serializers.RatingRow},
        errors=(401, 403, 404, 415, 422, 429),
    )
    def put(self, request: Request, owner: str, name: str) -> Response:
        """Give or change your rating. Nobody rates a skill of their own team."""
        user = asker(request, "rate")
        form = serializers.RatingForm(data=request.data)
        form.is_valid(raise_exception=True)
        skill = selectors.skill_get(f"{owner}/{name}")
        rating, created = services.skill_rate(actor=user, skill=skill, **form.validated_data)
        return Response(row(rating), status=201 if created else 200)

    @endpoint("rating_delete", answers={204: None}, errors=(401, 403, 404, 429), request=None)
    def delete(self, request: Request, owner: str, name: str) -> Response:
        """Take your rating back."""
        user = asker(request, "rate")
        services.skill_unrate(actor=user, skill=selectors.skill_get(f"{owner}/{name}"))
        return Response(status=204)


class RatingList(ApiView):
    @endpoint("ratings_list", answers={200: serializers.RatingPage}, errors=(400, 404), parameters=[CURSOR, LIMIT])
    def get(self, request: Request, owner: str, name: str) -> HttpResponseBase:
        """What people say of a skill, newest first."""
        skill = selectors.skill_get(f"{owner}/{name}")
        rows = selectors.ratings_of(skill)
        page, cursor = selectors.id_page(rows, limit=page_size(request), cursor=request.GET.get("cursor", ""))
        body = {"results": [row(rating) for rating in page], "next": next_address(request, cursor)}
        return json_answer(request, documents.dumps(body), public=request.auth is None)


def row(rating: Rating) -> dict:
    return {
        "user": rating.user.get_username(),
        "stars": rating.stars,
        "review": rating.review,
        "version": rating.version,
        "created_at": documents.time(rating.created_at),
        "updated_at": documents.time(rating.updated_at),
    }
