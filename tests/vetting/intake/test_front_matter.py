"""What SKILL.md says is read as it is written, and what cannot be read is refused with its line and the fix."""

import json

import pytest

from vetting.errors import SkillError
from vetting.intake import unpack


def manifest(front: str, body: str = "\n# Title\n"):
    return unpack(f"---\n{front}\n---\n{body}".encode()).manifest


def refused(front: str) -> SkillError:
    with pytest.raises(SkillError) as caught:
        manifest(front)
    assert caught.value.fix and caught.value.file == "SKILL.md"
    return caught.value


GOOD = "name: calm-skill\ndescription: Says hello.\n"


def test_values_stay_as_they_are_written():
    read = manifest(GOOD + "version: 1.10\nlicense: no\ndate: 2026-01-02\nsize: 0x10\nflag: on\nempty:\nratio: 1e3")
    assert read.version == "1.10" and read.license == "no"
    assert read.raw["date"] == "2026-01-02" and read.raw["flag"] == "on"
    assert read.raw["size"] == "0x10" and read.raw["empty"] == "" and read.raw["ratio"] == "1e3"
    assert manifest("name: on\ndescription: x").name == "on"
    assert manifest('name: "1-0"\ndescription: x').name == "1-0"


def test_all_known_fields_are_found():
    read = manifest(
        GOOD + "license: Apache-2.0\ncompatibility: Linux\nallowed-tools: Read, Bash(git add:*) WebFetch\n"
        "metadata:\n  version: 2.0.1\n  tags: [a, b, a]\n"
    )
    assert read.allowed_tools == ("Read", "Bash(git add:*)", "WebFetch")
    assert (read.version, read.keywords, read.compatibility) == ("2.0.1", ("a", "b"), "Linux")
    assert manifest(GOOD + "allowed-tools:\n  - Read\n  - Bash(ls *)").allowed_tools == ("Read", "Bash(ls *)")


def test_json_inside_yaml_is_kept_whole():
    read = manifest(
        GOOD + 'metadata: { "openclaw": { "emoji": "🦞", "requires": { "bins": ["gh", "jq"] },\n  "os": [] } }'
    )
    assert read.raw["metadata"]["openclaw"]["requires"]["bins"] == ["gh", "jq"]
    assert json.loads(json.dumps(read.raw)) == read.raw


def test_the_body_knows_its_line():
    read = manifest("name: calm-skill\ndescription: |\n  Two\n  lines", body="first\nsecond\n")
    assert (read.body, read.body_line) == ("first\nsecond\n", 7)
    windows = unpack(b"---\r\nname: calm-skill\r\ndescription: x\r\n---\r\nfirst\r\n").manifest
    assert (windows.body, windows.body_line, windows.description) == ("first\r\n", 5, "x")


@pytest.mark.parametrize(
    ("line", "description"),
    [
        ("description: Use when: the user asks", "Use when: the user asks"),
        ("description: It's fine: really", "It's fine: really"),
        ("description: [brackets] and more", "[brackets] and more"),
        ('description: "quoted" and more', '"quoted" and more'),
        ("description: @mention first", "@mention first"),
        ("description: `code` first", "`code` first"),
        ("description: Use when: this\n  and also: that", "Use when: this and also: that"),
        ("description: 100% sure: yes # not a comment", "100% sure: yes # not a comment"),
    ],
)
def test_a_value_that_needed_quotes_is_read_and_remarked_on(line, description):
    intake = unpack(f"---\nname: calm-skill\n{line}\n---\n".encode())
    assert intake.manifest.description == description
    assert [(note.check, note.line) for note in intake.notes] == [("intake:unquoted-value", 3)]


@pytest.mark.parametrize(
    ("front", "code", "line"),
    [
        (GOOD + "license: 'open\n", "manifest.bad-yaml", None),
        (GOOD + "a:\n\t- tab\n", "manifest.bad-yaml", 5),
        (GOOD + "just words\nmore: x\n", "manifest.bad-yaml", None),
        (GOOD + "name: again\n", "manifest.duplicate-key", 4),
        (GOOD + "a: &x 1\nb: *x\n", "manifest.alias", 4),
        (GOOD + "b: *x\n", "manifest.alias", 4),
        (GOOD + "a: !!python/object/apply:os.system [id]\n", "manifest.tag", 4),
        (GOOD + "a: !!binary aGk=\n", "manifest.tag", 4),
        (GOOD + 'a: "\\0"', "manifest.bad-character", 4),
        (GOOD + 'a: "\\ud800"', "manifest.bad-character", 4),
        (GOOD + 'a: "\\e[2J"', "manifest.bad-character", 4),
        (GOOD + "? [a, b]\n: c\n", "manifest.bad-key", 4),
        (GOOD + "a: " + "[" * 40 + "]" * 40, "manifest.too-deep", 4),
        (GOOD + "a: [" + "x, " * 5000 + "x]", "manifest.too-many", 4),
        (GOOD + "a: " + "x" * 70_000, "manifest.too-long", 1),
        ("- a\n- b", "manifest.bad-yaml", 2),
        ("plain text", "manifest.bad-yaml", 2),
        (GOOD + "--- \n", None, None),
        ("description: x", "manifest.no-name", 2),
        ("name: calm-skill", "manifest.no-description", 2),
        ("name: calm-skill\ndescription: ''", "manifest.no-description", 2),
        ("name: calm-skill\ndescription: [a]", "manifest.no-description", 2),
        ("name: Calm Skill\ndescription: x", "manifest.bad-name", 2),
        ("name: a--b\ndescription: x", "manifest.bad-name", 2),
        ("name: -a\ndescription: x", "manifest.bad-name", 2),
        ("name: " + "a" * 65 + "\ndescription: x", "manifest.bad-name", 2),
        ("name: ca\u0301lm\ndescription: x", "manifest.bad-name", 2),
        ("name: con\ndescription: x", "manifest.reserved-name", 2),
        ("name: calm\ndescription: " + "x" * 2049, "manifest.description-too-long", 2),
    ],
)
def test_what_cannot_be_accepted_is_refused_with_line_and_fix(front, code, line):
    if code is None:
        assert manifest(front).name == "calm-skill"
        return
    error = refused(front)
    assert error.code == code
    assert line is None or error.line == line


def test_the_fix_proposes_a_name():
    assert refused("name: Calm Skill\ndescription: x").fix == "Call it `calm-skill`."


def test_an_alias_bomb_is_refused_at_its_first_anchor():
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    error = refused(GOOD + bomb)
    assert (error.code, error.line) == ("manifest.alias", 4)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"# No front matter\n", "manifest.no-front-matter"),
        (b"\n---\nname: a\n---\n", "manifest.no-front-matter"),
        (b"---\nname: calm\ndescription: x\n", "manifest.front-matter-open"),
        (b"---\nname: calm\ndescription: \xe9\n---\n", "manifest.not-utf8"),
        ("---\nname: calm\n---\n".encode("utf-16"), "manifest.not-utf8"),
        (b"---\nname: calm\ndescription: x\n---\na\0b", "manifest.nul"),
    ],
)
def test_a_skill_md_that_is_no_text_with_front_matter_is_refused(data, code):
    with pytest.raises(SkillError) as caught:
        unpack(data, filename="SKILL.md")
    assert caught.value.code == code


def test_a_long_description_is_remarked_on_before_it_is_refused():
    intake = unpack(f"---\nname: calm\ndescription: {'x' * 1100}\n---\n".encode())
    assert [note.check for note in intake.notes] == ["intake:description-long"]


def test_a_horizontal_rule_in_the_body_is_body():
    assert manifest(GOOD, body="one\n---\ntwo\n").body == "one\n---\ntwo\n"


@pytest.mark.parametrize("value", ["[a", "{a: 1", '"a'])
def test_what_is_left_open_is_told_where_it_was_opened_and_never_mended_away(value):
    with pytest.raises(SkillError) as refused:
        unpack(f"---\nname: x\ndescription: {value}\n---\nText.\n".encode())
    assert refused.value.code == "manifest.bad-yaml"
    assert refused.value.line == 3
    assert "lose" in refused.value.fix


def test_a_value_that_begins_with_brackets_and_goes_on_is_read_as_text():
    skill = unpack(b"---\nname: x\ndescription: [beta] reads: everything\n---\nText.\n")
    assert skill.manifest.description == "[beta] reads: everything"
