"""Full-text search behind one interface: FTS5 where the database is SQLite, tsvector where it is PostgreSQL.

Two indexes: one of name, summary and keywords, one of the body of SKILL.md. Scoring every match of a common word is
what makes full-text search slow, so the row id of both indexes is the skill's rank (ascending is best quality first):
the first CAP matches are taken in that order and only these are scored.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

CAP = 1000
BODY_CHARS = 60_000
MAX_WORDS = 12

_ID_BITS = 40
_ID_MASK = (1 << _ID_BITS) - 1
_WORD = re.compile(r"[^\W_]+")
# Chinese, Japanese and Korean write no spaces: each sign becomes a word, and a run of them a phrase.
_UNSPACED = re.compile(r"([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff])")


@dataclass(frozen=True, slots=True)
class Hit:
    """score falls as the match gets better, and hits of the body come after all hits of the name and summary."""

    score: float
    rank: int

    @property
    def skill_id(self) -> int:
        return self.rank & _ID_MASK


def rank_of(quality_score: float | None, skill_id: int) -> int:
    """The row id of a skill: best quality first, then oldest first."""
    fineness = round(min(max(quality_score or 0.0, 0.0), 100.0) * 100)
    return (10_000 - fineness) << _ID_BITS | skill_id


def index(rank: int, *, name: str, summary: str, keywords: Sequence[str], body: str) -> None:
    """Make a skill findable, in the caller's transaction."""
    _backend().add([(rank, _fold(name), _fold(summary), _fold(" ".join(keywords)), _fold(body[:BODY_CHARS]))])


def remove(rank: int) -> None:
    """Make a skill unfindable, in the caller's transaction."""
    _backend().remove(rank)


def hits(query: str, within: QuerySet | None = None) -> list[Hit]:
    """At most CAP hits in ascending score: matches of the name, summary or keywords, filled up with those of the body.

    within narrows the skills that count, before the cap is applied, so that a rare filter loses nothing to it; None
    stands for every skill of the index, which holds none but the listed ones.
    """
    words = query_words(query)
    if not words:
        return []
    narrowed, params = "", ()
    if within is not None:
        subquery, params = within.order_by().values("pk").query.sql_with_params()
        narrowed = f" AND (rank & {_ID_MASK}) IN ({subquery})"
    backend = _backend()
    found = backend.search("meta", words, narrowed, params, CAP)
    if len(found) < CAP:
        seen = {hit.rank for hit in found}
        later = backend.search("body", words, narrowed, params, CAP)
        found += [Hit(1000.0 + hit.score, hit.rank) for hit in later if hit.rank not in seen][: CAP - len(found)]
    return sorted(found, key=lambda hit: (hit.score, hit.rank))


def query_words(query: str) -> list[str]:
    """The words that must all match; a word of unspaced signs keeps its signs apart by one space (a phrase)."""
    return [_fold(word) for word in _WORD.findall(query[:400].lower())][:MAX_WORDS]


def _fold(text: str) -> str:
    return " ".join(_WORD.findall(_UNSPACED.sub(r" \1 ", text.lower())))


class _Fts5:
    """Porter-stemmed, accent-blind. The last word of a query may be a beginning."""

    DELETE = "DELETE FROM marketplace_search_{} WHERE rowid = %s"

    def add(self, rows: Sequence[tuple[int, str, str, str, str]]) -> None:
        with connection.cursor() as cursor:
            for table in ("meta", "body"):
                cursor.executemany(self.DELETE.format(table), [row[:1] for row in rows])
            cursor.executemany(
                "INSERT INTO marketplace_search_meta (rowid, name, summary, keywords) VALUES (%s, %s, %s, %s)",
                [row[:4] for row in rows],
            )
            cursor.executemany(
                "INSERT INTO marketplace_search_body (rowid, body) VALUES (%s, %s)", [(row[0], row[4]) for row in rows]
            )

    def remove(self, rank: int) -> None:
        with connection.cursor() as cursor:
            for table in ("meta", "body"):
                cursor.execute(self.DELETE.format(table), [rank])

    def search(self, index: str, words: Sequence[str], within: str, params: Sequence, cap: int) -> list[Hit]:
        table = f"marketplace_search_{index}"
        score = f"bm25({table}, 10.0, 4.0, 6.0)" if index == "meta" else f"bm25({table})"
        sql = (
            f"SELECT {score}, rowid FROM {table} WHERE {table} MATCH %s"  # noqa: S608 (names of ours only)
            f"{within.replace('rank &', 'rowid &')} ORDER BY rowid LIMIT {int(cap)}"
        )
        match = " ".join(f'"{word}"' for word in words) + "*"
        with connection.cursor() as cursor:
            cursor.execute(sql, [match, *params])
            return [Hit(float(score), rank) for score, rank in cursor.fetchall()]


class _Tsvector:
    """English-stemmed. The last word of a query may be a beginning."""

    def add(self, rows: Sequence[tuple[int, str, str, str, str]]) -> None:
        sql = (
            "INSERT INTO marketplace_search (rank, meta, body) VALUES (%s,"
            " setweight(to_tsvector('english', %s), 'A') || setweight(to_tsvector('english', %s), 'C')"
            " || setweight(to_tsvector('english', %s), 'B'), to_tsvector('english', %s))"
            " ON CONFLICT (rank) DO UPDATE SET meta = EXCLUDED.meta, body = EXCLUDED.body"
        )
        with connection.cursor() as cursor:
            cursor.executemany(sql, rows)

    def remove(self, rank: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM marketplace_search WHERE rank = %s", [rank])

    def search(self, index: str, words: Sequence[str], within: str, params: Sequence, cap: int) -> list[Hit]:
        *first, last = words
        # Stop words vanish from phraseto_tsquery and an empty query gives way to its neighbour.
        whole, binds = " && ".join(["phraseto_tsquery('english', %s)"] * len(words)), [*words]
        if " " not in last:
            beginning = " && ".join(["phraseto_tsquery('english', %s)"] * len(first) + ["to_tsquery('simple', %s)"])
            whole, binds = f"({whole}) || ({beginning})", [*words, *first, f"{last}:*"]
        sql = (
            f"WITH q AS (SELECT ({whole}) AS query),"  # noqa: S608 (names of ours only)
            f" candidates AS MATERIALIZED (SELECT rank, {index} AS words FROM marketplace_search, q"
            f" WHERE {index} @@ q.query{within} ORDER BY rank LIMIT {int(cap)})"
            " SELECT -ts_rank(words, q.query), rank FROM candidates, q"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [*binds, *params])
            return [Hit(float(score), rank) for score, rank in cursor.fetchall()]


def _backend() -> _Fts5 | _Tsvector:
    return _Tsvector() if connection.vendor == "postgresql" else _Fts5()
