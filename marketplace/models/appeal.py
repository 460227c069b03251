"""A publisher's objection to a verdict, and what a person of the registry's staff made of it."""

from django.conf import settings
from django.db import models

from marketplace.models.release import Release


class Appeal(models.Model):
    class Outcome(models.TextChoices):
        OPEN = "open"
        UPHELD = "upheld", "the verdict stands"
        OVERTURNED = "overturned", "the release is published"

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="appeals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    text = models.TextField()
    verdict = models.CharField(max_length=8, help_text="the verdict appealed against")
    ruleset = models.CharField(max_length=40, blank=True, help_text="the rules it was found under")
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True, help_text="of the decision")

    class Meta:
        indexes = [models.Index(fields=["outcome", "at"], name="appeal_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["release"], condition=models.Q(outcome="open"), name="one_open_appeal_a_release"
            )
        ]

    def __str__(self) -> str:
        return f"appeal of {self.release} by {self.by}"
