"""A file of a release: inert, numbered, and what hides in it made visible."""

import pytest

from marketplace import blobs
from tests.web import factories

FILES = {
    "scripts/run.py": "print('<script>alert(1)</script>')\nx = 1  # \u202e hidden\n".encode(),
    "assets/logo.png": b"\x89PNG\r\n\x1a\n\0\0\0",
    "assets/latin.txt": b"caf\xe9\n",
    "data/long.txt": b"x" * 500_001,
    "data/lines.txt": b"line\n" * 5_100,
    "with space #1.md": b"here\n",
}


@pytest.fixture
def release(shelf):
    return shelf(files=FILES)


def test_lines_are_numbered_and_inert(client, release):
    page = client.get("/alice/pdf-tables/1.0.0/files/scripts/run.py").content.decode()
    assert 'id="L2"' in page
    assert 'href="#L2"' in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_what_hides_is_counted_and_written_out(client, release):
    page = client.get("/alice/pdf-tables/1.0.0/files/scripts/run.py").content.decode()
    assert "1 character here cannot be seen" in page
    assert "RIGHT-TO-LEFT OVERRIDE" in page
    assert "\u202e" not in page


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("assets/logo.png", "not text"),
        ("assets/latin.txt", "not text"),
        ("data/long.txt", "longer than 500 kB"),
    ],
)
def test_what_cannot_be_shown_says_why(client, release, path, words):
    response = client.get(f"/alice/pdf-tables/1.0.0/files/{path}")
    assert response.status_code == 200
    assert words in response.content.decode()
    assert 'id="L1"' not in response.content.decode()


def test_thousands_of_lines_are_cut(client, release):
    page = client.get("/alice/pdf-tables/1.0.0/files/data/lines.txt").content.decode()
    assert 'id="L5000"' in page
    assert 'id="L5001"' not in page
    assert "are not shown" in page


def test_a_path_with_odd_characters_is_reached_from_the_page(client, release):
    page = client.get("/alice/pdf-tables").content.decode()
    href = "/alice/pdf-tables/1.0.0/files/with%20space%20%231.md"
    assert f'href="{href}"' in page
    assert "here" in client.get(href).content.decode()


@pytest.mark.parametrize(
    "path", ["../../secret_key", "..%2f..%2fsecret_key", "/etc/passwd", "scripts", "nothing", "%00"]
)
def test_only_files_of_the_release_can_be_named(client, release, path):
    assert client.get(f"/alice/pdf-tables/1.0.0/files/{path}").status_code in (400, 404)


def test_a_bundle_that_is_gone_from_disk_breaks_nothing(client, release):
    blobs.path(release.digest).unlink()
    response = client.get("/alice/pdf-tables/1.0.0/files/scripts/run.py")
    assert response.status_code == 200
    assert b"not kept here any more" in response.content


def test_each_line_says_what_was_found_there(client, shelf):
    make = factories.finding
    found = [make(file="scripts/run.py", line=2), make(file="scripts/run.py", line=900), make(file="SKILL.md", line=1)]
    shelf(files=FILES, findings=found)
    response = client.get("/alice/pdf-tables/1.0.0/files/scripts/run.py")
    assert [len(line["notes"]) for line in response.context["lines"]] == [0, 1]
    assert len(response.context["notes"]) == 1 and response.context["found"] == 2
    anchors = {one["notes"][0]["anchor"] for one in response.context["lines"] if one["notes"]}
    report = client.get("/alice/pdf-tables/1.0.0/report").content.decode()
    assert all(f"/report#{one}" in response.content.decode() and f'id="{one}"' in report for one in anchors)
