"""The documents of API v1, rendered when something changes and read as they are.

The counters (downloads, stars) change too often for that: they are set in front when a document is read.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from marketplace.models import Publisher, Release, Skill
from marketplace.names import Version

RELEASES_SHOWN = 100


def dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def with_counters(document: str, counters: Mapping[str, Any]) -> str:
    """The document with these members set in front of its own."""
    return dumps(counters)[:-1] + "," + document[1:]


def skill_counters(downloads: int, count: int, total: int) -> dict:
    return {"downloads": downloads, "rating": {"mean": round(total / count, 2) if count else None, "count": count}}


def time(value: datetime | None) -> str | None:
    return value.isoformat(timespec="seconds").replace("+00:00", "Z") if value else None


def skill_path(full_name: str) -> str:
    return f"/api/v1/skills/{full_name}"


def release_path(full_name: str, version: str) -> str:
    return f"{skill_path(full_name)}/releases/{version}"


def report_page(full_name: str, version: str) -> str:
    """The address of the report for people."""
    return f"{settings.SITE_URL}/{full_name}/{version}/report"


def card(row: Mapping[str, Any]) -> dict:
    """A skill as lists show it, from a row of selectors.CARD_FIELDS."""
    full_name = row["full_name"]
    owner, _, name = full_name.partition("/")
    return {
        "skill": full_name,
        "owner": owner,
        "name": name,
        "summary": row["summary"],
        "license": row["license"],
        "keywords": row["keywords"],
        "version": row["latest__version"],
        "digest": row["latest__digest"],
        "published_at": time(row["published_at"]),
        "safety": {"verdict": row["verdict"], "score": row["safety_score"]},
        "quality": {"score": row["quality_score"], "tier": row["quality_tier"]},
        **skill_counters(row["downloads"], row["rating_count"], row["rating_sum"]),
        "links": {"self": skill_path(full_name), "page": f"/{full_name}"},
    }


def skill_document(skill: Skill, *, private: bool = False) -> str:
    """What GET …/skills/{owner}/{name} answers, without the counters; private shows unpublished releases too."""
    latest = skill.latest
    rows = skill.releases.order_by("-id").defer("report", "attestation", "readme", "files", "manifest", "document")
    if not private:
        rows = rows.filter(status=Release.Status.PUBLISHED)
    releases = [release_line(skill.full_name, row) for row in rows[:RELEASES_SHOWN]]
    owner, _, name = skill.full_name.partition("/")
    links = {"self": skill_path(skill.full_name), "page": f"/{skill.full_name}"}
    links["releases"], links["ratings"] = f"{links['self']}/releases", f"{links['self']}/ratings"
    if latest:
        links |= release_links(skill.full_name, latest.version)
    return dumps(
        {
            "skill": skill.full_name,
            "owner": owner,
            "name": name,
            "summary": skill.summary,
            "license": skill.license,
            "keywords": skill.keywords,
            "version": latest.version if latest else None,
            "digest": latest.digest if latest else None,
            "size": latest.size if latest else None,
            "published_at": time(skill.published_at),
            "safety": {"verdict": skill.verdict or "unknown", "score": skill.safety_score},
            "quality": {"score": skill.quality_score, "tier": skill.quality_tier},
            "releases": releases,
            "readme": latest.readme if latest else "",
            "links": links,
        }
    )


def release_links(full_name: str, version: str) -> dict:
    path = release_path(full_name, version)
    return {
        "release": path,
        "report": f"{path}/report",
        "sarif": f"{path}/report.sarif",
        "bundle": f"{path}/bundle",
        "attestation": f"{path}/attestation",
        "report_page": f"/{full_name}/{version}/report",
    }


def release_line(full_name: str, release: Release) -> dict:
    """A release as a list of releases shows it, without its downloads."""
    return {
        "version": release.version,
        "digest": release.digest,
        "size": release.size,
        "status": release.status,
        "created_at": time(release.created_at),
        "concluded_at": time(release.concluded_at),
        "published_at": time(release.published_at),
        "safety": {"verdict": release.verdict, "score": release.safety_score},
        "quality": {"score": release.quality_score, "tier": release.quality_tier},
        "yanked": _taken_back(release.yanked_at, release.yanked_reason),
        "revoked": _taken_back(release.revoked_at, release.revoked_reason),
        "links": {"self": release_path(full_name, release.version)},
    }


def release_document(full_name: str, release: Release) -> str:
    """What GET …/releases/{version} answers, without its downloads."""
    return dumps(
        {
            "skill": full_name,
            **release_line(full_name, release),
            "manifest": release.manifest,
            "files": release.files,
            "readme": release.readme,
            "report_url": report_page(full_name, release.version),
            "links": {"self": release_path(full_name, release.version), **release_links(full_name, release.version)},
        }
    )


def publisher_document(publisher: Publisher, skills: int) -> dict:
    return {
        "handle": publisher.handle,
        "kind": publisher.kind,
        "display_name": publisher.display_name,
        "about": publisher.about,
        "website": publisher.website,
        "created_at": time(publisher.created_at),
        "skills": skills,
        "links": {
            "self": f"/api/v1/publishers/{publisher.handle}",
            "skills": f"/api/v1/skills?publisher={publisher.handle}",
        },
    }


def newest(releases: list[Release]) -> Release | None:
    """What `latest` means: the highest version by precedence; a pre-release only while there is no other."""
    return max(releases, key=lambda release: _precedence(release.version), default=None)


def _precedence(text: str) -> tuple:
    version = Version(text)
    return not version.pre, version


def taken_back(release: Release) -> dict:
    """yanked and revoked, each only where it is so: what a report has to say besides what vetting found."""
    both = {
        "yanked": _taken_back(release.yanked_at, release.yanked_reason),
        "revoked": _taken_back(release.revoked_at, release.revoked_reason),
    }
    return {state: told for state, told in both.items() if told}


def _taken_back(at: datetime | None, reason: str) -> dict | None:
    return {"at": time(at), "reason": reason} if at else None
