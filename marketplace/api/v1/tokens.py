"""The asker's own tokens. Making one and seeing them all takes the scope `admin`; any token may end itself."""

from rest_framework.request import Request
from rest_framework.response import Response

from marketplace import documents, selectors, services
from marketplace.api.authentication import asker
from marketplace.api.base import ApiView, next_address, page_size
from marketplace.api.v1 import people_serializers
from marketplace.api.v1.describe import CURSOR, LIMIT, endpoint
from marketplace.errors import NotAllowed, Unauthenticated
from marketplace.models import Token


class TokenList(ApiView):
    throttle_scope = "write"

    @endpoint(
        "tokens_list", answers={200: people_serializers.TokenList}, errors=(400, 401, 403), parameters=[CURSOR, LIMIT]
    )
    def get(self, request: Request) -> Response:
        """Your tokens, newest first, without their secrets."""
        user = asker(request, "admin")
        rows = Token.objects.filter(user=user).select_related("publisher").order_by("-id")
        page, cursor = selectors.id_page(rows, limit=page_size(request), cursor=request.GET.get("cursor", ""))
        return Response({"results": [row(token) for token in page], "next": next_address(request, cursor)})

    @endpoint(
        "token_issue",
        request=people_serializers.TokenForm,
        answers={201: people_serializers.TokenIssued},
        errors=(401, 403, 404, 415, 422, 429),
    )
    def post(self, request: Request) -> Response:
        """A new token of yours, no mightier than the asking one. Its plain text is in this answer and nowhere else."""
        user = asker(request, "admin")
        form = people_serializers.TokenForm(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = form.validated_data
        handle = wanted.get("publisher")
        _refuse_more(request.auth, wanted["scopes"], handle)
        publisher = selectors.publisher_get(handle) if handle else None
        token, text = services.token_issue(
            actor=user, name=wanted["name"], scopes=wanted["scopes"], publisher=publisher, days=wanted["days"]
        )
        return Response({**row(token), "token": text}, status=201, headers={"Cache-Control": "no-store"})

    @endpoint("token_revoke_own", answers={204: None}, errors=(401, 429), request=None)
    def delete(self, request: Request) -> Response:
        """End the very token that asks."""
        if request.auth is None:
            raise Unauthenticated("token.missing", "This needs a token.", fix="Send `Authorization: Bearer …`.")
        services.token_revoke(actor=request.user, key=request.auth.key)
        return Response(status=204)


class TokenView(ApiView):
    throttle_scope = "write"

    @endpoint("token_revoke", answers={204: None}, errors=(401, 403, 404, 429), request=None)
    def delete(self, request: Request, key: str) -> Response:
        """End one of your tokens."""
        user = asker(request, "admin")
        services.token_revoke(actor=user, key=key)
        return Response(status=204)


def row(token: Token) -> dict:
    return {
        "key": token.key,
        "name": token.name,
        "scopes": token.scopes,
        "publisher": token.publisher.handle if token.publisher else None,
        "created_at": documents.time(token.created_at),
        "expires_at": documents.time(token.expires_at),
        "last_used_at": documents.time(token.last_used_at),
        "revoked_at": documents.time(token.revoked_at),
    }


def _refuse_more(asking: Token, scopes: list[str], handle: str | None) -> None:
    if missing := [scope for scope in scopes if scope not in asking.scopes]:
        said = f"Your token does not hold the scope {missing[0]!r}, so it cannot give it."
        raise NotAllowed("token.wrong-scope", said, fix="Make the token on the account page.")
    if asking.publisher is not None and asking.publisher.handle != handle:
        said = (
            f"Your token is bound to {asking.publisher.handle}, so it gives tokens of {asking.publisher.handle} only."
        )
        raise NotAllowed("token.wrong-publisher", said, fix="Use a token that is limited to no publisher.")
