"""A machine that waits to be signed in by a person at a browser (RFC 8628). Both of its codes are kept as hashes."""

from django.conf import settings
from django.db import models

from marketplace.models.publisher import Publisher


class DeviceLogin(models.Model):
    class State(models.TextChoices):
        WAITING = "waiting"
        GRANTED = "granted"
        DENIED = "denied"
        USED = "used"

    device_hash = models.CharField(max_length=64, unique=True, help_text="sha256 of the machine's secret, hex")
    code_hash = models.CharField(max_length=64, unique=True, help_text="keyed hash of the code that the person types")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)

    # What the machine says of itself, and what the registry saw.
    machine = models.CharField(max_length=60, blank=True)
    agent = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=45, blank=True)
    asked_scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    interval = models.PositiveSmallIntegerField(help_text="seconds between two questions; grows when asked too often")
    polled_at = models.DateTimeField(null=True, blank=True)

    # What the person decided.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    publisher = models.ForeignKey(Publisher, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    scopes = models.JSONField(default=list)
    days = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.machine or 'a machine'}, {self.state}"
