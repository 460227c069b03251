"""The report as SARIF: for whoever may see the report, and in a dry run for whoever asks for it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api.test_problems import assert_problem
from tests.conftest import report_of, skill_zip
from tests.vetting.conftest import SAMPLES, sample
from tests.vetting.test_sarif import finding, valid

PATH = "/api/v1/skills/alice/pdf-tools/releases/1.0.0/report.sarif"


def test_a_published_report_is_there_as_sarif(publish, client):
    from marketplace import services

    release = publish()
    services.release_conclude(release=release, report=report_of(release) | {"findings": [finding()]})
    response = client.get(PATH)
    assert response.headers["Content-Type"].startswith("application/sarif+json")
    valid(response.json())
    assert response.json()["runs"][0]["results"][0]["ruleId"] == "pipe_to_shell"
    assert client.get(PATH, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304
    assert f'href="{PATH}"'.encode() in client.get("/alice/pdf-tools/1.0.0/report").content


def test_an_unpublished_report_is_its_teams(publish, client, alice, charlie, as_user):
    publish(verdict="unknown")
    assert_problem(client.get(PATH), 404, "release.not-found")
    assert_problem(as_user(charlie).get(PATH), 404, "release.not-found")
    valid(as_user(alice).get(PATH).json())


def test_a_dry_run_holds_sarif_where_it_is_asked_for(client, db):
    def check(**more):
        return client.post("/api/v1/check", {"bundle": SimpleUploadedFile("a.zip", skill_zip()), **more}).json()

    assert "sarif" not in check()
    valid(check(sarif="1")["sarif"])


EVERY_SAMPLE = sorted(file.parent.relative_to(SAMPLES).as_posix() for file in SAMPLES.glob("*/*/SKILL.md"))


@pytest.mark.parametrize("path", EVERY_SAMPLE)
def test_the_dry_run_of_every_sample_is_valid_sarif(path, client, db):
    form = {"bundle": SimpleUploadedFile("a.tar", sample(path)), "sarif": "1"}
    log = client.post("/api/v1/check", form).json()["sarif"]
    valid(log)
    assert log["runs"][0]["results"] or path.startswith("calm/")
