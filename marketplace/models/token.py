"""API tokens: shown once, kept as a hash, scoped and expiring."""

from django.conf import settings
from django.db import models

from marketplace.models.publisher import Publisher


class Token(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    publisher = models.ForeignKey(
        Publisher, null=True, blank=True, on_delete=models.CASCADE, related_name="tokens",
        help_text="pushes and yanks are limited to this publisher; none means every publisher of the user",
    )  # fmt: skip
    name = models.CharField(max_length=80)
    key = models.CharField(max_length=16, unique=True, help_text="the public part, by which the row is found")
    secret_hash = models.CharField(max_length=64, help_text="sha256 of the secret part, hex")
    scopes = models.JSONField(default=list, help_text="of: read, push, rate, yank, admin")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} of {self.user}"
