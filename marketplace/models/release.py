"""One immutable upload of a skill, addressed by the sha256 of its deterministic bundle."""

from django.conf import settings
from django.db import models

from marketplace import blobs
from marketplace.models.skill import Skill
from vetting.errors import PlatformError


class Release(models.Model):
    class Status(models.TextChoices):
        VETTING = "vetting"
        PUBLISHED = "published"
        QUARANTINED = "quarantined"
        REJECTED = "rejected"

    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="releases")
    version = models.CharField(max_length=64)
    digest = models.CharField(max_length=71, db_index=True, help_text="sha256:<64 hex> of the bundle's bytes")
    size = models.PositiveIntegerField(help_text="bytes of the bundle")
    status = models.CharField(max_length=12, choices=Status, default=Status.VETTING, db_index=True)
    manifest = models.JSONField(default=dict, help_text="the front matter of SKILL.md, as read at intake")
    files = models.JSONField(default=list, help_text="[{path, size, sha256, executable}], sorted by path")
    readme = models.TextField(blank=True, help_text="the body of SKILL.md, below its front matter")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    concluded_at = models.DateTimeField(null=True, blank=True, help_text="when its last vetting ended")
    published_at = models.DateTimeField(null=True, blank=True, help_text="when it was first published")

    # Written once by the run that concluded it; rendered then so that reading costs one SELECT.
    verdict = models.CharField(max_length=8, default="unknown")
    safety_score = models.FloatField(null=True, blank=True)
    quality_score = models.FloatField(null=True, blank=True)
    quality_tier = models.CharField(max_length=24, blank=True)
    report = models.JSONField(default=dict, blank=True, help_text="the report document of API v1")
    attestation = models.JSONField(null=True, blank=True, help_text="the DSSE envelope")

    yanked_at = models.DateTimeField(null=True, blank=True)
    yanked_reason = models.CharField(max_length=500, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=500, blank=True)
    document = models.TextField(blank=True, help_text="the release as API v1 shows it, without its downloads")
    downloads = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["skill", "version"], name="one_release_a_version")]
        indexes = [models.Index(fields=["skill", "-created_at"], name="release_newest")]

    def __str__(self) -> str:
        return f"{self.skill}@{self.version}"

    @property
    def is_fetchable(self) -> bool:
        """Whether others than its owner may download it."""
        return self.status == self.Status.PUBLISHED and self.revoked_at is None

    @property
    def is_quarantined(self) -> bool:
        """Whether a person has to decide about it."""
        return self.status == self.Status.QUARANTINED

    def bundle_bytes(self) -> bytes:
        """The bundle, checked against its digest."""
        try:
            return blobs.read(self.digest)
        except OSError as error:
            fix = "Restore the blob from a backup."
            raise PlatformError("blob.unreadable", f"The bytes of {self} cannot be read: {error}.", fix=fix) from error
