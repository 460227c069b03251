"""Two releases held against each other over the API."""

from marketplace import services
from tests.api.test_problems import assert_problem
from tests.api.test_schema import assert_fits

PATH = "/api/v1/skills/alice/pdf-tools/compare"


def test_changes_come_as_documents_with_diffs(publish, client):
    schema = client.get("/api/v1/schema").json()
    publish("pdf-tools", version="1.0.0", files={"a.txt": "one\n", "b.txt": "kept\n"})
    publish("pdf-tools", version="1.1.0", files={"a.txt": "two\n", "c/b.txt": "kept\n"})
    answer = client.get(f"{PATH}/1.0.0/1.1.0")
    body = answer.json()
    assert_fits(schema, {"$ref": "#/components/schemas/Comparison"}, body, PATH)
    assert body["counts"] == {"added": 0, "removed": 0, "changed": 1, "moved": 1, "same": 1}
    changed, moved = body["files"]
    assert changed["patch"] == "--- a.txt\n+++ a.txt\n@@ -1,1 +1,1 @@\n-one\n+two\n"
    assert (moved["path"], moved["was"], moved["patch"]) == ("c/b.txt", "b.txt", None) and moved["why_no_patch"]
    assert client.get(f"{PATH}/1.0.0/1.1.0", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert client.get(f"{PATH}/1.0.0/latest").json()["after"]["version"] == "1.1.0"


def test_what_is_not_public_is_for_the_team(publish, bob, charlie, as_user):
    publish("pdf-tools", version="1.0.0")
    publish("pdf-tools", version="1.1.0", body="Other.", verdict="block")
    assert as_user(bob).get(f"{PATH}/1.0.0/1.1.0").status_code == 200
    for user in (charlie, None):
        assert_problem(as_user(user).get(f"{PATH}/1.0.0/1.1.0"), 404, "release.not-found")


def test_a_revoked_release_is_gone(publish, alice, client, as_user):
    publish("pdf-tools", version="1.0.0")
    services.release_revoke(
        actor=alice, release=publish("pdf-tools", version="1.1.0", body="Other."), reason="A key was in it."
    )
    assert_problem(client.get(f"{PATH}/1.0.0/1.1.0"), 410, "release.revoked")
    assert as_user(alice).get(f"{PATH}/1.0.0/1.1.0").status_code == 200
