"""Search means the same on SQLite and PostgreSQL."""

import pytest

from marketplace import search
from marketplace.models import Publisher, Release, Skill
from marketplace.selectors import SkillQuery, skills_find
from marketplace.services.publication import refresh_skill


@pytest.fixture
def shelf(db):
    """shelf(name, description=..., quality=..., body=..., keywords=..., owner=...) puts a published skill there."""

    def put(name, *, owner="alice", quality=50.0, body="", verdict="pass", **manifest):
        publisher, _ = Publisher.objects.get_or_create(handle=owner)
        skill = Skill.objects.create(publisher=publisher, name=name, full_name=f"{owner}/{name}")
        Release.objects.create(
            skill=skill, version="1.0.0", digest="sha256:" + "0" * 64, size=1, status="published", verdict=verdict,
            quality_score=quality, quality_tier="documented", readme=body, concluded_at="2026-01-02T03:04:05Z",
            manifest={"description": "", **manifest},
        )  # fmt: skip
        refresh_skill(skill)
        return skill

    return put


def found(text="", **more):
    return [row["full_name"].partition("/")[2] for row in skills_find(SkillQuery(text=text, **more), limit=100).rows]


def test_words_of_name_summary_keywords_and_body_are_found(shelf):
    shelf("pdf-tools", description="Merges documents.")
    shelf("mailer", description="Sends letters", keywords=["postage"])
    shelf("weather", body="Ask about the barometer.")
    assert found("pdf") == ["pdf-tools"]
    assert found("documents") == ["pdf-tools"]
    assert found("postage") == ["mailer"]
    assert found("barometer") == ["weather"]
    assert found("nothing-like-it") == []


def test_words_are_stemmed_case_blind_and_must_all_match(shelf):
    shelf("pdf-tools", description="Merges documents")
    assert found("MERGE Document") == ["pdf-tools"]
    assert found("merge letters") == []


def test_the_last_word_may_be_a_beginning(shelf):
    shelf("kubernetes-helper", description="For clusters")
    assert found("kube") == ["kubernetes-helper"]
    assert found("clust") == ["kubernetes-helper"]
    assert found("kube clusters") == []


def test_signs_without_spaces_are_found_in_the_middle_of_a_run(shelf):
    shelf("tianqi", description="查询任何城市的天气预报")
    assert found("天气") == ["tianqi"]
    assert found("气天") == []


HOSTILE = [
    *('"', "a OR", "NOT", "*", "pdf*", "(", "a:b", "-x", "&|!", "'; DROP TABLE x; --", "\\", "the", "_", "NEAR(a b)"),
    *("^a", "a" * 5000, "ä " * 500, "\ud800", "٣", "²", "%s", "{}"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_taken_for_a_query_language(shelf, text):
    shelf("pdf-tools")
    assert isinstance(found(text), list)


def test_a_hit_in_the_name_comes_before_one_in_the_body(shelf):
    shelf("other", quality=99, body="all about pdf and pdf")
    shelf("pdf-tools", quality=10)
    assert found("pdf") == ["pdf-tools", "other"]


def test_a_skill_that_is_called_just_so_comes_first(shelf):
    shelf("github-review-github", quality=99, description="github github github", keywords=["github"])
    shelf("github", quality=1, description="One of many words about pull requests and issues and much else.")
    assert found("github")[0] == "github"


def test_only_the_best_thousand_are_scored_and_a_rare_filter_loses_nothing(shelf, monkeypatch):
    monkeypatch.setattr(search, "CAP", 5)
    for number in range(8):
        shelf(f"common-{number}x", quality=90 - number)
    shelf("common-rare", owner="bob", quality=1)
    page = skills_find(SkillQuery(text="common"), limit=100)
    assert sorted(row["name"] for row in map(_card, page.rows)) == [f"common-{number}x" for number in range(5)]
    assert page.total == 5 and page.total_is_capped
    assert found("common", publisher=["bob"]) == ["common-rare"]


def _card(row):
    from marketplace.documents import card

    return card(row)


def test_facets_narrow_and_are_counted(shelf):
    shelf("a-tool", license="MIT", keywords=["pdf", "paper"])
    shelf("b-tool", license="MIT", keywords=["pdf"], verdict="warn")
    shelf("c-tool", owner="bob", license="0BSD")
    for text in ("", "tool"):
        page = skills_find(SkillQuery(text=text), facets=True)
        assert page.total == 3
        assert page.facets["license"] == [("MIT", 2), ("0BSD", 1)]
        assert page.facets["verdict"] == [("pass", 2), ("warn", 1)]
        assert page.facets["publisher"] == [("alice", 2), ("bob", 1)]
        assert page.facets["keyword"] == [("pdf", 2), ("paper", 1)]
        assert page.facets["tier"] == [("documented", 3)]
        narrowed = skills_find(SkillQuery(text=text, license=["MIT"], verdict=["pass"]), facets=True)
        assert [row["full_name"] for row in narrowed.rows] == ["alice/a-tool"]
        assert narrowed.facets["keyword"] == [("paper", 1), ("pdf", 1)]
        assert sorted(found(text, keyword=["pdf"])) == ["a-tool", "b-tool"]
        assert sorted(found(text, license=["MIT", "0BSD"])) == ["a-tool", "b-tool", "c-tool"]
        assert found(text, keyword=["absent"]) == []


@pytest.mark.parametrize("text", ["", "tool"])
@pytest.mark.parametrize("sort", ["relevance", "newest", "downloads", "quality", "rating"])
def test_pages_join_up_with_no_skill_twice_or_lost(shelf, text, sort):
    for number in range(23):
        skill = shelf(f"tool-{number:02d}x", quality=float(number % 4))
        Skill.objects.filter(pk=skill.pk).update(downloads=number % 3, rating_order=3 + (number % 5) / 7)
    query, seen, cursor = SkillQuery(text=text, sort=sort), [], ""
    for _ in range(10):
        page = skills_find(query, limit=5, cursor=cursor)
        seen += [row["full_name"] for row in page.rows]
        cursor = page.next
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 23
    assert seen == [row["full_name"] for row in skills_find(query, limit=100).rows]


def test_a_sort_sorts(shelf):
    for name, downloads, stars, quality in (("one", 1, 4.0, 10), ("two", 3, 2.0, 30), ("three", 2, 5.0, 20)):
        skill = shelf(name, quality=quality)
        Skill.objects.filter(pk=skill.pk).update(downloads=downloads, rating_order=stars)
    assert found(sort="downloads") == ["two", "three", "one"]
    assert found(sort="rating") == ["three", "one", "two"]
    assert found(sort="quality") == found() == ["two", "three", "one"]
    assert found(sort="newest") == ["three", "two", "one"]


def test_a_new_face_replaces_the_old_one_in_the_index(shelf):
    skill = shelf("tool", description="about birds", quality=10)
    release = skill.releases.get()
    release.manifest, release.quality_score = {"description": "about fish"}, 90
    release.save()
    refresh_skill(skill)
    assert found("fish") == ["tool"] and found("birds") == []
    assert skills_find(SkillQuery(text="tool")).rows[0]["rank"] == search.rank_of(90, skill.pk)


def test_rank_orders_by_quality_then_by_age():
    ranks = [search.rank_of(99.5, 7), search.rank_of(99.4, 1), search.rank_of(99.4, 2), search.rank_of(None, 1)]
    assert ranks == sorted(ranks) and len(set(ranks)) == 4
    assert search.Hit(0.0, ranks[0]).skill_id == 7
    assert all(0 <= rank < 1 << 63 for rank in ranks)
