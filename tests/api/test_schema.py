"""The schema describes every endpoint, is valid OpenAPI 3.1, and the docs page runs under a strict policy."""

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from marketplace.api.v1.urls import urlpatterns

UNDESCRIBED = {"api-schema", "api-docs"}


@pytest.fixture
def schema(db, client):
    return client.get("/api/v1/schema").json()


def test_the_schema_is_valid(schema):
    assert schema["openapi"].startswith("3.1")
    validate(schema, cls=OpenAPIV31SpecValidator)


def test_every_endpoint_is_in_the_schema_with_words_and_errors(schema):
    described = {path.removeprefix("/api/v1/") for path in schema["paths"]}
    import re

    for pattern in urlpatterns:
        if pattern.name not in UNDESCRIBED:
            assert re.sub(r"<str:(\w+)>", r"{\1}", str(pattern.pattern)) in described, pattern.name
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert operation.get("description"), (path, method)
            assert operation["operationId"] and operation["responses"]
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert "application/problem+json" in response["content"], (path, method, status)


def test_answers_have_the_members_that_the_schema_names(schema, publish, client):
    publish("pdf-tools", license="MIT")
    for path, name in (
        ("/api/v1/skills", "SkillPage"),
        ("/api/v1/skills/alice/pdf-tools", "SkillDetail"),
        ("/api/v1/skills/alice/pdf-tools/releases/1.0.0", "ReleaseDetail"),
        ("/api/v1/skills/alice/pdf-tools/releases/1.0.0/report", "Report"),
        ("/api/v1/skills/alice/pdf-tools/releases/1.0.0/attestation", "Envelope"),
        ("/api/v1/publishers/alice", "PublisherDetail"),
        ("/api/v1/keys", "KeyList"),
    ):
        assert_fits(schema, {"$ref": f"#/components/schemas/{name}"}, client.get(path).json(), path)


def assert_fits(schema, shape, value, path):
    import jsonschema

    whole = {**shape, "components": schema["components"]}
    jsonschema.Draft202012Validator(whole).validate(value)
    assert value, path


def test_the_docs_page_loads_only_files_of_this_site(db, client):
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    policy = page["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe-eval" not in policy
    html = page.content.decode()
    assert "<script>" not in html and "//cdn" not in html and "https://" not in html
    script = client.get("/api/v1/docs?script=")
    assert script.status_code == 200 and b"/api/v1/schema" in script.content
