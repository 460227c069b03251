"""One vetting of one release, as rows: the run with its lease, its stages, findings, trials and scores."""

from django.db import models


class Run(models.Model):
    """The truth about one vetting. Born `unknown`; a worker holds it by a lease with a fencing token."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"

    class Turn(models.IntegerChoices):
        """Who comes first: what was pushed, then what a person asked for, then what the registry does by itself."""

        PUSHED = 0
        ASKED = 1
        OWN = 2

    release = models.ForeignKey("marketplace.Release", on_delete=models.CASCADE, related_name="runs")
    digest = models.CharField(max_length=71)
    ruleset = models.CharField(max_length=40, help_text="version of checks, rules and policy together")
    advisories = models.CharField(
        max_length=24, blank=True, help_text="the edition of the advisories that were loaded, where that is known"
    )
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    turn = models.PositiveSmallIntegerField(choices=Turn, default=Turn.PUSHED)
    verdict = models.CharField(max_length=8, default="unknown")
    status = models.CharField(max_length=12, blank=True, help_text="what the run made of the release, once it is done")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    concluded_at = models.DateTimeField(null=True, blank=True)

    fence = models.PositiveIntegerField(default=0, help_text="raised by every worker that takes the run")
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0, help_text="how often a worker took the run")
    crashes = models.PositiveSmallIntegerField(default=0, help_text="takes that neither concluded nor told a trouble")
    wait_until = models.DateTimeField(null=True, blank=True, help_text="no worker takes the run before this time")
    poked_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=500, blank=True, help_text="the last PlatformError, while it is retried")

    class Meta:
        indexes = [models.Index(fields=["state", "lease_until"], name="run_waiting")]
        constraints = [
            models.UniqueConstraint(
                fields=["release"], condition=~models.Q(state="done"), name="one_open_run_a_release"
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.pk} of {self.digest[:19]}"


class Stage(models.Model):
    """One step of a run. `detail` is the stage's whole result, capped: findings, events, trials, scores, posture.

    A stage that is done is not done again: `key` is the hash of what the result depends on (digest, stage, ruleset),
    and a run of the same bytes under the same rules takes it over.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        SKIPPED = "skipped"
        FAILED = "failed"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="stages")
    name = models.CharField(max_length=20)
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    started_at = models.DateTimeField()
    seconds = models.FloatField(null=True, blank=True)
    key = models.CharField(max_length=64, blank=True, db_index=True)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="one_stage_a_name")]
        ordering = ["started_at", "id"]

    def __str__(self) -> str:
        return f"{self.name} of {self.run}"
