"""Who did what and when. Written by the services in the same transaction as the change; never edited."""

from django.conf import settings
from django.db import models


class AuditEvent(models.Model):
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=200, db_index=True, help_text="owner/name@version, a handle, a token's key …")
    detail = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return f"{self.actor} {self.verb} {self.subject}"
