"""What is new of weight between any two versions, whether or not vetting compared these two."""

import pytest

from marketplace import news
from marketplace.comparison import compare
from marketplace.models import Release

PLAIN = {"notes.md": "See https://docs.quill-drop.test/guide for more.\n"}


@pytest.fixture
def between(publish):
    """between({...}, {...}): what is new from 1.0.0 to 1.2.0, with a version between that says nothing."""

    def _between(before, after, created_by=None):
        first = publish("pdf-tools", version="1.0.0", files=before)
        publish("pdf-tools", version="1.1.0", files=before | {"x.md": "between"})
        last = publish("pdf-tools", version="1.2.0", files=after)
        if created_by:
            last.created_by = created_by
            last.save()
        return compare(first, last).drift

    return _between


def permissions(declared, observed):
    return {"declared": declared, "observed": observed}


def test_new_hosts_programs_and_install_steps_are_told(between):
    script = "#!/bin/sh\ncurl https://collect.quill-drop.test/x\ncurl https://docs.quill-drop.test/y\n"
    found = between(PLAIN, PLAIN | {"run.sh": script, "more.md": "```\n$ pip install pdf-kit\n```\n"})
    assert found["hosts"] == ["collect.quill-drop.test"] == found["undeclared_hosts"]
    assert found["executables"] == ["run.sh"]
    assert found["installs"] == ["pip install pdf-kit"]
    assert found["from"]["version"] == "1.0.0" and found["step"] == "minor"
    assert found["files"] == {"added": 2, "removed": 0, "changed": 0}
    assert found["read_from"] and found["unread"] == []


def test_a_host_that_stayed_or_only_moved_is_no_news(between):
    assert between(PLAIN, {"elsewhere.md": "Moved: https://docs.quill-drop.test/guide\n"})["hosts"] == []


def test_a_host_in_a_file_that_did_not_change_is_known(between):
    found = between(PLAIN, PLAIN | {"more.md": "https://docs.quill-drop.test/other\n"})
    assert found["hosts"] == []


@pytest.mark.parametrize(
    ("before", "after", "new"), [("run.sh", "bin/run.sh", []), ("notes.txt", "notes.sh", ["notes.sh"])]
)
def test_a_program_that_only_moved_is_not_new(between, before, after, new):
    script = "#!/bin/sh\necho one\n"
    assert between({before: script}, {after: script})["executables"] == new


def test_permissions_come_from_the_two_reports(publish):
    first = publish("pdf-tools", version="1.0.0")
    last = publish("pdf-tools", version="1.2.0", files={"y.md": "y"})
    first.report["permissions"] = permissions({"hosts": ["a.test"]}, {"commands": ["sh"]})
    last.report["permissions"] = permissions(
        {"hosts": ["a.test", "b.test"]}, {"commands": ["sh", "curl"], "hosts": ["c.test", "x.b.test"]}
    )
    found = compare(first, last).drift
    assert found["permissions"] == {"hosts": ["b.test"]}
    assert found["observed"] == {"commands": ["curl"]}
    assert found["observed_hosts"] == ["c.test", "x.b.test"] and found["undeclared_hosts"] == ["c.test"]
    assert compare(last, first).drift["permissions"] == {}


def test_somebody_who_pushed_none_before_is_named(between, bob):
    assert between(PLAIN, PLAIN | {"a.md": "a"}, created_by=bob)["pushed_by"] == "bob"
    first, second, third = Release.objects.order_by("id")
    assert compare(second, third).drift["pushed_by"] == "bob"
    assert compare(third, first).drift["pushed_by"] == ""


def test_what_was_not_read_is_said(between):
    found = between({}, {"blob.bin": b"\xff\x00https://hidden.quill-drop.test/\xff", "empty": ""})
    assert found["unread"] == ["blob.bin"] and found["hosts"] == []


def test_what_vetting_said_of_these_two_goes_first_and_the_same_bytes_have_no_news(publish):
    first = publish("pdf-tools", version="1.0.0")
    last = publish("pdf-tools", version="1.1.0", files={"a.md": "a"})
    told = {"from": {"version": "1.0.0", "digest": first.digest}, "risky": True, "files": {}}
    last.report["drift"] = told
    assert compare(first, last).drift == told
    assert compare(last, last).drift == {}
    assert compare(last, first).drift["read_from"] == news.READ_FROM
