"""Who publishes: a person or an organisation, owner of every `owner/name` below its handle."""

from django.conf import settings
from django.db import models

from marketplace.names import skeleton


class Publisher(models.Model):
    class Kind(models.TextChoices):
        PERSON = "person"
        ORGANISATION = "organisation"

    handle = models.CharField(max_length=39, unique=True)
    skeleton = models.CharField(max_length=39, unique=True, help_text="names.skeleton(handle): no two look alike")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.PERSON)
    display_name = models.CharField(max_length=80, blank=True)
    about = models.CharField(max_length=500, blank=True)
    website = models.URLField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Membership", related_name="publishers")

    def __str__(self) -> str:
        return self.handle

    def save(self, *args, **kwargs) -> None:
        self.skeleton = skeleton(self.handle)
        super().save(*args, **kwargs)


class Membership(models.Model):
    class Role(models.TextChoices):
        OWNER = "owner"
        MEMBER = "member"

    publisher = models.ForeignKey(Publisher, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role, default=Role.MEMBER)
    joined_at = models.DateTimeField(auto_now_add=True, null=True, help_text="none for those here before it was kept")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publisher", "user"], name="one_membership_a_person")]

    def __str__(self) -> str:
        return f"{self.user} in {self.publisher}"
