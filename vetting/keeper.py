"""A run kept in rows. The row is the truth: who holds it, by which lease, and what came of each stage.

A worker takes a run by raising its fence and holds it by a lease that a heartbeat extends. Every later write checks the
fence in its own transaction, so the answer of a worker that was thought dead, and came back, is turned away.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from vetting import advisories, models, policy, report
from vetting.errors import PlatformError, SkillError
from vetting.intake import Intake, unpack
from vetting.run import SHARED_STAGES, Predecessor, Run, StageRecord
from vetting.scanners.dependencies import advisory_file
from vetting.signals import run_concluded

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=settings.VETTING_LEASE_SECONDS)
HEARTBEAT_SECONDS = settings.VETTING_LEASE_SECONDS / 4
CANDIDATES = 200
QUEUED, RUNNING, DONE = models.Run.State.QUEUED, models.Run.State.RUNNING, models.Run.State.DONE
OWN = models.Run.Turn.OWN


class LeaseLost(Exception):
    """Another worker holds the run now; whatever this one still says is turned away."""


@dataclass
class KeptRun(Run):
    row: models.Run = None
    fence: int = 0
    attests: bool = True
    advisories: str = field(default_factory=lambda: advisories.edition(advisory_file()))
    lost: threading.Event = field(default_factory=threading.Event)

    @property
    def named(self) -> str:
        """What a log calls it: by the number that the database has, and by the release that people know."""
        return f"run {self.row.pk} of {self.skill}@{self.version}"

    @contextmanager
    def held(self) -> Iterator["KeptRun"]:
        """Keep the lease alive while the block runs."""
        stop = threading.Event()
        beat = threading.Thread(target=_beat, args=(self.row.pk, self.fence, stop, self.lost), daemon=True)
        beat.start()
        try:
            yield self
        finally:
            stop.set()
            beat.join()

    def put_back(self, trouble: str, *, crashed: bool) -> None:
        """Let the run wait and be tried again. A trouble that was told apart is not counted as a crash."""
        wait = timedelta(seconds=policy.retry_after(self.row.attempts))
        with self._fenced():
            models.Run.objects.filter(pk=self.row.pk).update(
                state=QUEUED,
                lease_until=None,
                wait_until=timezone.now() + wait,
                poked_at=None,
                trouble=trouble[:500],
                crashes=F("crashes") if crashed else F("crashes") - 1,
            )

    @contextmanager
    def _fenced(self) -> Iterator[None]:
        """One transaction in which nobody else can take the run; raises where somebody has."""
        with transaction.atomic():
            mine = models.Run.objects.select_for_update().filter(pk=self.row.pk, fence=self.fence, state=RUNNING)
            if self.lost.is_set() or not mine.exists():
                self.lost.set()
                raise LeaseLost(f"run {self.row.pk} is no longer held under fence {self.fence}")
            yield

    def _write(self, record: StageRecord) -> None:
        with self._fenced():
            models.Stage.objects.update_or_create(
                run_id=self.row.pk,
                name=record.name,
                defaults={
                    "state": record.state,
                    "started_at": record.started_at,
                    "seconds": record.seconds,
                    "detail": record.detail,
                    "key": self.key(record.name),
                },
            )

    _opened = _closed = _write

    def _failed(self, record: StageRecord) -> None:
        try:
            self._write(record)
        except (LeaseLost, DatabaseError) as error:
            log.warning("stage %s of run %s failed and could not say so: %s", record.name, self.row.pk, error)

    def _kept(self, name: str) -> StageRecord | None:
        """The stage's result from an earlier attempt, or from another run of the same bytes under the same rules."""
        done = models.Stage.objects.filter(key=self.key(name), name=name, state=models.Stage.State.DONE)
        own = done.filter(run_id=self.row.pk).first()
        found = own or (done.order_by("-id").first() if name in SHARED_STAGES else None)
        # What another run could not settle is tried again: that is what a second vetting is asked for.
        if found is None or (own is None and found.detail.get("conclusive") is False):
            return None
        record = StageRecord(name, found.state, found.seconds, found.started_at, found.detail)
        if own is None:
            self._write(record)
        return record

    def _concluded(self) -> None:
        """The end, once: the row, and whatever its listeners make of it, in one transaction."""
        with self._fenced():
            row = models.Run.objects.select_related("release__skill").get(pk=self.row.pk)
            row.state, row.verdict, row.status, row.ruleset = DONE, self.verdict, self.status, self.ruleset
            row.advisories = self.advisories
            row.concluded_at, row.lease_until, row.trouble = self.concluded_at, None, ""
            # This attempt was counted as a crash when it began, and was none.
            row.crashes -= 1
            row.save()
            run_concluded.send(
                sender=models.Run,
                run=row,
                report=report.of(row),
                attestation=self.detail("attest").get("envelope"),
            )
        worked = sum(record.seconds or 0.0 for record in self.stages.values())
        log.info("%s is %s: %s, after %.1f s of work", self.named, self.status, self.verdict, worked)


def waiting(now: datetime) -> QuerySet[models.Run]:
    """Runs that a worker may take: queued and past their wait, or held under a lease that has run out."""
    queued = Q(state=QUEUED) & (Q(wait_until=None) | Q(wait_until__lte=now))
    return models.Run.objects.filter(queued | Q(state=RUNNING, lease_until__lt=now))


def take() -> KeptRun | None:
    """The next run in turn, held by this caller from now on; None when none is waiting."""
    for pk, fence in _in_turn(timezone.now()):
        now = timezone.now()
        taken = (
            waiting(now)
            .filter(pk=pk, fence=fence)
            .update(
                state=RUNNING,
                fence=fence + 1,
                lease_until=now + LEASE,
                wait_until=None,
                attempts=F("attempts") + 1,
                crashes=F("crashes") + 1,
                started_at=Coalesce("started_at", now),
            )
        )
        if taken:
            return _kept_run(models.Run.objects.select_related("release__skill__publisher").get(pk=pk), fence + 1)
    return None


def _in_turn(now: datetime) -> list[tuple[int, int]]:
    """(pk, fence) of waiting runs. Publishers take turns: one who pushes fifty does not keep another waiting."""
    owner = "release__skill__publisher"
    rows = waiting(now).order_by("turn", "created_at", "pk")
    if _own_running(now) >= max(1, settings.WORKERS // 2):
        # What the registry does by itself never keeps every worker from what people wait for.
        rows = rows.exclude(turn=OWN)
    candidates = list(rows.values_list("pk", "fence", owner, "turn")[:CANDIDATES])
    owners = {one[2] for one in candidates}
    if len(owners) > 1:
        # The order_by undoes the model's own ordering, which would split the groups.
        last = dict(
            models.Run.objects.filter(**{f"{owner}__in": owners})
            .order_by()
            .values_list(owner)
            .annotate(last=Max("started_at"))
        )
        never = datetime.min.replace(tzinfo=now.tzinfo)
        candidates.sort(key=lambda one: (one[3], last.get(one[2]) or never))
    return [(pk, fence) for pk, fence, _, _ in candidates]


def _own_running(now: datetime) -> int:
    return models.Run.objects.filter(turn=OWN, state=RUNNING, lease_until__gte=now).count()


def _kept_run(row: models.Run, fence: int) -> KeptRun:
    release = row.release
    return KeptRun(
        read=lambda: _read(row),
        digest=row.digest,
        owner=release.skill.publisher.handle,
        skill=release.skill.full_name,
        version=release.version,
        known_names=_known_names(release.skill.full_name, type(release.skill)),
        predecessor=lambda: _predecessor(row),
        pushed_by=release.created_by.get_username() if release.created_by else "",
        report_url=f"{settings.SITE_URL}/{release.skill.full_name}/{release.version}/report",
        row=row,
        fence=fence,
    )


def _read(row: models.Run) -> Intake:
    """The skill as it was pushed; other bytes than those are the platform's fault, never the skill's."""
    try:
        data = row.release.bundle_bytes()
    except OSError as error:
        fix = "Give the store back its blobs."
        raise PlatformError("blob.missing", f"The bundle cannot be read: {error}.", fix=fix) from error
    digest = f"sha256:{sha256(data).hexdigest()}"
    if digest != row.digest:
        raise PlatformError(
            "blob.corrupt",
            f"The kept bundle has the digest {digest}, the release {row.digest}.",
            fix="Restore the blob from a backup.",
        )
    return unpack(data, filename=f"{row.release.skill.name}.tar")


def _predecessor(row: models.Run) -> Predecessor | None:
    """The newest release of the skill that was published before this one, and who pushed any until then."""
    release = row.release
    earlier = type(release).objects.filter(skill_id=release.skill_id, pk__lt=release.pk)
    before = earlier.filter(status="published", revoked_at=None).order_by("-pk").first()
    if before is None:
        return None
    try:
        skill = unpack(before.bundle_bytes(), filename=f"{release.skill.name}.tar")
    except SkillError as error:
        # It was taken in under other rules; what cannot be read any more cannot be compared.
        log.warning("%s cannot be compared with: %s", before, error)
        return None
    observed = ((before.report or {}).get("permissions") or {}).get("observed") or {}
    hands = earlier.filter(created_by__isnull=False, status="published").order_by()
    return Predecessor(
        version=before.version,
        digest=before.digest,
        skill=skill,
        observed=observed,
        pushed_by=frozenset(hands.values_list("created_by__username", flat=True).distinct()),
    )


def _known_names(but: str, skill_model: type) -> tuple[str, ...]:
    """Published skills of others, which a new name may not imitate."""
    published = skill_model.objects.filter(published_at__isnull=False).exclude(full_name=but)
    return tuple(published.order_by("full_name").values_list("full_name", flat=True))


def _beat(pk: int, fence: int, stop: threading.Event, lost: threading.Event) -> None:
    """Extend the lease until told to stop. A database that is away for a moment is asked again at the next beat."""
    try:
        while not stop.wait(HEARTBEAT_SECONDS):
            mine = models.Run.objects.filter(pk=pk, fence=fence, state=RUNNING)
            try:
                if not mine.update(lease_until=timezone.now() + LEASE):
                    lost.set()
                    return
            except DatabaseError as error:
                log.warning("the heartbeat of run %s missed a beat: %s", pk, error)
                connections.close_all()
    finally:
        connections.close_all()
