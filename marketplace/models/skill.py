"""The named thing, `owner/name`. What lists and search need of its newest published release is copied here."""

from django.db import models

from marketplace.models.publisher import Publisher
from marketplace.names import skeleton


class Skill(models.Model):
    publisher = models.ForeignKey(Publisher, on_delete=models.PROTECT, related_name="skills")
    name = models.CharField(max_length=64)
    full_name = models.CharField(max_length=104, unique=True, help_text="owner/name, kept for one-column look-ups")
    skeleton = models.CharField(max_length=64, db_index=True, help_text="names.skeleton(name), to meet look-alikes")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    # Copied from the newest published release; empty while there is none.
    latest = models.ForeignKey("Release", null=True, blank=True, on_delete=models.SET_NULL, related_name="latest_of")
    summary = models.CharField(max_length=1024, blank=True)
    license = models.CharField(max_length=120, blank=True)
    keywords = models.JSONField(default=list, blank=True)
    verdict = models.CharField(max_length=8, blank=True)
    safety_score = models.FloatField(null=True, blank=True)
    quality_score = models.FloatField(null=True, blank=True)
    quality_tier = models.CharField(max_length=24, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    rank = models.BigIntegerField(
        null=True, blank=True, unique=True, help_text="ascending is best quality first; the search index's row id"
    )  # fmt: skip

    # Rendered when something of it changes, so that reading costs one SELECT and no work.
    is_public = models.BooleanField(default=False, help_text="a release of it was published at some time")
    document = models.TextField(blank=True, help_text="the skill as API v1 shows it, without the counters below")

    # Counted here in the transaction that adds one.
    downloads = models.PositiveBigIntegerField(default=0)
    rating_count = models.PositiveIntegerField(default=0)
    rating_sum = models.PositiveIntegerField(default=0)
    rating_order = models.FloatField(default=3.0, help_text="the mean as if five people had given three stars before")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publisher", "name"], name="one_name_a_publisher")]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="skill_newest"),
            models.Index(fields=["-downloads", "-id"], name="skill_downloads"),
            models.Index(fields=["-rating_order", "-id"], name="skill_rating"),
            models.Index(fields=["name"], name="skill_name"),
            # Holds all that facets are counted over, so that counting reads no skill's wide row.
            models.Index(fields=["rank", "verdict", "license", "quality_tier", "publisher"], name="skill_facets"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args, **kwargs) -> None:
        self.skeleton = skeleton(self.name)
        super().save(*args, **kwargs)

    @property
    def rating(self) -> float | None:
        """The mean of all stars, None while nobody rated."""
        return self.rating_sum / self.rating_count if self.rating_count else None


class Keyword(models.Model):
    """One keyword of one skill, as a row, so that a list can be narrowed to it and its skills counted."""

    skill = models.ForeignKey(Skill, on_delete=models.CASCADE, related_name="keyword_rows")
    word = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "skill"], name="one_keyword_a_word")]

    def __str__(self) -> str:
        return self.word
