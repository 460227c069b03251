"""The named thing, `owner/name`. What lists and search need of its newest published release is copied here."""

from django.db import models

from marketplace.models.publisher import Publisher


class Skill(models.Model):
    publisher = models.ForeignKey(Publisher, on_delete=models.PROTECT, related_name="skills")
    name = models.CharField(max_length=64)
    full_name = models.CharField(max_length=104, unique=True, help_text="owner/name, kept for one-column look-ups")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    # Copied from the newest published release; empty while there is none.
    latest = models.ForeignKey("Release", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    summary = models.CharField(max_length=1024, blank=True)
    license = models.CharField(max_length=120, blank=True)
    keywords = models.JSONField(default=list, blank=True)
    verdict = models.CharField(max_length=8, blank=True)
    safety_score = models.FloatField(null=True, blank=True)
    quality_score = models.FloatField(null=True, blank=True)
    quality_tier = models.CharField(max_length=24, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    # Counted here in the transaction that adds one.
    downloads = models.PositiveBigIntegerField(default=0)
    rating_count = models.PositiveIntegerField(default=0)
    rating_sum = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publisher", "name"], name="one_name_a_publisher")]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="skill_newest"),
            models.Index(fields=["-downloads", "-id"], name="skill_downloads"),
            models.Index(fields=["-quality_score", "-id"], name="skill_quality"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def rating(self) -> float | None:
        """The mean of all stars, None while nobody rated."""
        return self.rating_sum / self.rating_count if self.rating_count else None
