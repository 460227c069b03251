"""An owner asks a person onto the team of a publisher; nobody is on a team before they said yes."""

from django.conf import settings
from django.db import models

from marketplace.models.publisher import Membership, Publisher


class Invitation(models.Model):
    publisher = models.ForeignKey(Publisher, on_delete=models.CASCADE, related_name="invitations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=8, choices=Membership.Role, default=Membership.Role.MEMBER)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publisher", "user"], name="one_invitation_a_person")]

    def __str__(self) -> str:
        return f"{self.user} to {self.publisher}"
