"""The keys that attestations are signed with."""

from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.api.base import ApiView
from marketplace.api.v1 import serializers
from marketplace.api.v1.describe import endpoint
from vetting import attest


class KeyList(ApiView):
    @endpoint("keys_list", answers={200: serializers.KeyList})
    def get(self, request: Request) -> Response:
        """The public keys of this registry. Pin them: a client that trusts a new key each time trusts nobody."""
        return Response({"keys": attest.public_keys()}, headers={"Cache-Control": "public, max-age=300"})
