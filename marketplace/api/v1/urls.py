"""The addresses of API v1."""

from django.urls import path

from marketplace.api.v1 import (
    check,
    compare,
    devices,
    keys,
    people,
    ratings,
    releases,
    rules,
    schema,
    skills,
    teams,
    tokens,
)

SKILL = "skills/<str:owner>/<str:name>"
PUBLISHER = "publishers/<str:handle>"
RELEASE = f"{SKILL}/releases/<str:version>"

urlpatterns = [
    path("releases", releases.Push.as_view(), name="api-push"),
    path("check", check.Check.as_view(), name="api-check"),
    path("checks", rules.RuleList.as_view(), name="api-checks"),
    path("checks/<str:name>", rules.RuleView.as_view(), name="api-check-rule"),
    path("skills", skills.SkillList.as_view(), name="api-skills"),
    path(SKILL, skills.SkillView.as_view(), name="api-skill"),
    path(f"{SKILL}/releases", releases.ReleaseList.as_view(), name="api-releases"),
    path(RELEASE, releases.ReleaseView.as_view(), name="api-release"),
    path(f"{RELEASE}/report", releases.ReportView.as_view(), name="api-report"),
    path(f"{RELEASE}/report.sarif", releases.SarifView.as_view(), name="api-report-sarif"),
    path(f"{RELEASE}/bundle", releases.BundleView.as_view(), name="api-bundle"),
    path(f"{RELEASE}/attestation", releases.AttestationView.as_view(), name="api-attestation"),
    path(f"{RELEASE}/yank", releases.YankView.as_view(), name="api-yank"),
    path(f"{RELEASE}/revoke", releases.RevokeView.as_view(), name="api-revoke"),
    path(f"{RELEASE}/revet", releases.RevetView.as_view(), name="api-revet"),
    path(f"{RELEASE}/appeal", releases.AppealView.as_view(), name="api-appeal"),
    path(f"{RELEASE}/decision", releases.DecisionView.as_view(), name="api-decision"),
    path(f"{SKILL}/compare/<str:before>/<str:after>", compare.CompareView.as_view(), name="api-compare"),
    path(f"{SKILL}/rating", ratings.OwnRating.as_view(), name="api-rating"),
    path(f"{SKILL}/ratings", ratings.RatingList.as_view(), name="api-ratings"),
    path(PUBLISHER, people.PublisherView.as_view(), name="api-publisher"),
    path("publishers", teams.PublisherList.as_view(), name="api-publishers"),
    path(f"{PUBLISHER}/members", teams.MemberList.as_view(), name="api-members"),
    path(f"{PUBLISHER}/members/<str:username>", teams.MemberView.as_view(), name="api-member"),
    path(f"{PUBLISHER}/invitations", teams.InvitationList.as_view(), name="api-publisher-invitations"),
    path(f"{PUBLISHER}/invitations/<str:username>", teams.InvitationView.as_view(), name="api-publisher-invitation"),
    path(f"{PUBLISHER}/audit", teams.AuditView.as_view(), name="api-publisher-audit"),
    path("invitations", teams.OwnInvitationList.as_view(), name="api-invitations"),
    path("invitations/<str:handle>", teams.OwnInvitationView.as_view(), name="api-invitation"),
    path("whoami", people.WhoAmI.as_view(), name="api-whoami"),
    path("keys", keys.KeyList.as_view(), name="api-keys"),
    path("device/code", devices.DeviceCode.as_view(), name="api-device-code"),
    path("device/token", devices.DeviceToken.as_view(), name="api-device-token"),
    path("tokens", tokens.TokenList.as_view(), name="api-tokens"),
    path("tokens/<str:key>", tokens.TokenView.as_view(), name="api-token"),
    path("schema", schema.SchemaView.as_view(), name="api-schema"),
    path("docs", schema.DocsView.as_view(), name="api-docs"),
]
