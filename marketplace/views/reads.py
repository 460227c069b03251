"""What only pages read; everything shared stands in selectors. No read grows with the rows it shows."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from marketplace.models import Appeal, AuditEvent, Membership, Publisher, Rating, Release, Skill, Token
from marketplace.selectors import HEAVY, skills_listed
from vetting import report as reports

REVIEWS_SHOWN = 50
DECISIONS_SHOWN = 20


def figures() -> dict[str, int]:
    """The register in numbers, counted now."""
    releases = Release.objects.exclude(status=Release.Status.VETTING).aggregate(
        vetted=Count("pk"), refused=Count("pk", filter=Q(status=Release.Status.REJECTED))
    )
    skills = skills_listed().aggregate(skills=Count("pk"))
    return {**releases, **skills, "downloads": Skill.objects.aggregate(n=Sum("downloads"))["n"] or 0}


def publisher_figures(publisher: Publisher) -> dict[str, int]:
    """What a publisher has out, took back and was refused."""
    releases = Release.objects.filter(skill__publisher=publisher).aggregate(
        yanked=Count("pk", filter=Q(yanked_at__isnull=False) | Q(revoked_at__isnull=False)),
        refused=Count("pk", filter=Q(status=Release.Status.REJECTED)),
    )
    listed = skills_listed().filter(publisher=publisher).aggregate(skills=Count("pk"), downloads=Sum("downloads"))
    return {**releases, "skills": listed["skills"], "downloads": listed["downloads"] or 0}


def members_of(publisher: Publisher) -> QuerySet[Membership]:
    return publisher.memberships.select_related("user").order_by("pk")[:100]


def memberships_of(user: object) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user).select_related("publisher").order_by("publisher__handle")


def releases_for(user: object) -> QuerySet[Release]:
    """The newest releases of all publishers a person publishes for, at every stage, with why each is where it is."""
    heavy = [name for name in HEAVY if name != "report"]
    rows = Release.objects.filter(skill__publisher__memberships__user=user).select_related("skill")
    return rows.defer(*heavy, "skill__document").order_by("-id")[:50]


def ratings_by(user: object) -> QuerySet[Rating]:
    return (
        Rating.objects.filter(user=user).select_related("skill").defer("skill__document").order_by("-updated_at")[:50]
    )


def tokens_of(user: object) -> QuerySet[Token]:
    return Token.objects.filter(user=user).select_related("publisher").order_by("-id")[:100]


def appeals_open() -> QuerySet[Appeal]:
    """The oldest first: who waits longest comes first."""
    rows = Appeal.objects.filter(outcome=Appeal.Outcome.OPEN).select_related("by", "release__skill")
    heavy = [f"release__{name}" for name in HEAVY if name != "report"]
    return rows.defer(*heavy, "release__skill__document").order_by("at", "pk")


def quarantined() -> QuerySet[Release]:
    """Releases that wait for a decision and are in no open appeal, the oldest first."""
    rows = Release.objects.filter(status=Release.Status.QUARANTINED, revoked_at=None)
    rows = rows.exclude(Exists(Appeal.objects.filter(release=OuterRef("pk"), outcome=Appeal.Outcome.OPEN)))
    heavy = [name for name in HEAVY if name != "report"]
    return rows.select_related("skill").defer(*heavy, "skill__document").order_by("concluded_at", "pk")


def decided_lately() -> QuerySet[AuditEvent]:
    """What persons decided about releases, the newest first."""
    return AuditEvent.objects.filter(verb="release.decide").select_related("actor").order_by("-pk")[:DECISIONS_SHOWN]


def is_being_vetted_again(release: Release) -> bool:
    return release.runs.exclude(state="done").exists()


def report_of(release: Release) -> dict:
    """The release's report document: the kept one, or the unfinished one of its run."""
    if release.report:
        return release.report
    run = release.runs.prefetch_related("stages").order_by("-id").first()
    return reports.of(run) if run else {}
