"""The addresses of the pages. What is fixed comes before owner/name, which could be anything."""

from django.urls import path, register_converter

from marketplace.views import (
    accounts,
    compare,
    devices,
    fairness,
    files,
    front,
    publish,
    publishers,
    reports,
    rules,
    search,
    skills,
    taking_back,
    teams,
)


class Handle:
    regex = "[a-z0-9](?:[a-z0-9-]{0,37}[a-z0-9])?"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class SkillName(Handle):
    regex = "[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?"


class VersionText(Handle):
    regex = "[0-9][0-9A-Za-z.-]{0,63}"


register_converter(Handle, "handle")
register_converter(SkillName, "skill")
register_converter(VersionText, "version")

urlpatterns = [
    path("", front.home, name="home"),
    path("about", front.about, name="about"),
    path("checks", rules.rules, name="rules"),
    path("checks/<str:name>", rules.rule, name="rule"),
    path("search", search.search, name="search"),
    path("publish", publish.publish, name="publish"),
    path("account", accounts.account, name="account"),
    path("account/tokens", accounts.tokens, name="tokens"),
    path("account/tokens/<slug:key>/revoke", accounts.token_revoke, name="token-revoke"),
    path("account/invitations/<handle:owner>", teams.answer, name="invitation"),
    path("device", devices.device, name="device"),
    path("review", fairness.review, name="review"),
    path("feed.atom", front.feed, name="feed"),
    path("robots.txt", front.robots, name="robots"),
    path("@/<handle:owner>", publishers.publisher, name="publisher"),
    path("@/<handle:owner>/team", teams.team, name="team"),
    path("<handle:owner>/<skill:name>", skills.skill, name="skill"),
    path("<handle:owner>/<skill:name>/badge.svg", skills.badge, name="badge"),
    path("<handle:owner>/<skill:name>/rating", skills.rate, name="rate"),
    path("<handle:owner>/<skill:name>/compare", compare.choose, name="compare-choose"),
    path("<handle:owner>/<skill:name>/compare/<version:before>/<version:after>", compare.compare, name="compare"),
    path("<handle:owner>/<skill:name>/<version:version>", skills.skill, name="skill-version"),
    path("<handle:owner>/<skill:name>/<version:version>/take-back", taking_back.take_back, name="take-back"),
    path("<handle:owner>/<skill:name>/<version:version>/revet", fairness.revet, name="revet"),
    path("<handle:owner>/<skill:name>/<version:version>/appeal", fairness.appeal, name="appeal"),
    path("<handle:owner>/<skill:name>/<version:version>/decide", fairness.decide, name="decide"),
    path("<handle:owner>/<skill:name>/<version:version>/report", reports.report, name="report"),
    path("<handle:owner>/<skill:name>/<version:version>/report/live", reports.live, name="report-live"),
    path("<handle:owner>/<skill:name>/<version:version>/files/<path:path>", files.file, name="file"),
]
