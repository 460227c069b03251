"""Publishers, and who the asker is."""

from django.http import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace import documents, selectors, services
from marketplace.api.authentication import asker
from marketplace.api.base import ApiView, json_answer
from marketplace.api.v1 import people_serializers
from marketplace.api.v1.describe import endpoint
from marketplace.api.v1.tokens import row
from marketplace.errors import Unauthenticated


class PublisherView(ApiView):
    throttle_scope = "write"

    @endpoint("publisher_get", answers={200: people_serializers.PublisherDetail}, errors=(404,))
    def get(self, request: Request, handle: str) -> HttpResponseBase:
        """A person or an organisation that publishes."""
        publisher = selectors.publisher_get(handle)
        skills = selectors.skills_listed().filter(publisher=publisher).count()
        return json_answer(request, documents.dumps(documents.publisher_document(publisher, skills)))

    @endpoint(
        "publisher_describe",
        request=people_serializers.DescriptionForm,
        answers={200: people_serializers.PublisherDetail},
        errors=(401, 403, 404, 415, 422, 429),
    )
    def put(self, request: Request, handle: str) -> Response:
        """Say what the publisher's page tells of it; what is left out becomes empty. For its owners."""
        user = asker(request, "admin", owner=handle)
        form = people_serializers.DescriptionForm(data=request.data)
        form.is_valid(raise_exception=True)
        publisher = services.publisher_describe(
            actor=user, publisher=selectors.publisher_get(handle), **form.validated_data
        )
        skills = selectors.skills_listed().filter(publisher=publisher).count()
        return Response(documents.publisher_document(publisher, skills))


class WhoAmI(ApiView):
    @endpoint("whoami", answers={200: people_serializers.WhoAmI}, errors=(401,))
    def get(self, request: Request) -> Response:
        """Who you are to this registry, what you publish as, and what your token may do."""
        if request.auth is None:
            raise Unauthenticated("token.missing", "This needs a token.", fix="Send `Authorization: Bearer …`.")
        teams = request.user.memberships.select_related("publisher").order_by("publisher__handle")
        return Response(
            {
                "username": request.user.get_username(),
                "publishers": [{"handle": team.publisher.handle, "role": team.role} for team in teams],
                "invitations": selectors.invitations_for(request.user).count(),
                "token": row(request.auth),
            }
        )
