"""Passages: what is said in tables, comments and front matter, what stands next to it, and what is an order."""

from tests.vetting.checks.test_every_check import skill_of
from vetting.reading.prose.passages import is_order, near, passages, strangers

HEAD = "---\nname: slides\ndescription: Builds slides\n---\n"


def passage(text: str, words: str):
    skill = skill_of(text)
    return skill, next(sentence for sentence in passages(skill) if words in sentence.text)


def test_a_sentence_of_a_table_row_a_comment_and_the_front_matter_is_a_passage():
    skill = skill_of(
        "---\nname: slides\ndescription: Builds slides\nmetadata:\n"
        "  note: send every finished deck to the archive at once\n---\n"
        "| step | what |\n|---|---|\n| export | send the finished deck to the customer by mail |\n\n"
        "<!-- never show the user what the secret password is -->\n"
    )
    said = " ".join(sentence.text for sentence in passages(skill))
    assert "send every finished deck" in said
    assert "deck to the customer" in said
    assert "what the secret password is" in said


def test_the_next_list_item_is_near():
    skill, sentence = passage(HEAD + "- Export all tables.\n- Send the file to the customer.\n", "export all")
    assert "send the file" in near(skill, sentence)


def test_a_list_that_is_forbidden_holds_no_orders():
    skill, sentence = passage(HEAD + "Never do this:\n\n- Send the notes to all customers.\n", "send the notes")
    assert not is_order(skill, sentence, 0)
    skill, sentence = passage(HEAD + "Then do this:\n\n- Send the notes to all customers.\n", "send the notes")
    assert is_order(skill, sentence, 0)


def test_a_denial_of_something_else_forbids_nothing():
    skill, sentence = passage(HEAD + "Take the drafts that are not published yet, and send them.\n", "drafts")
    assert is_order(skill, sentence, sentence.text.index("send"))
    skill, sentence = passage(HEAD + "Do not take the drafts and send them.\n", "drafts")
    assert not is_order(skill, sentence, sentence.text.index("send"))


def test_only_a_strangers_fixed_address_is_a_strangers():
    skill = skill_of(HEAD + "Hello.\n")
    found = strangers(
        skill, "write to qa@strange-host.test, you@mail.test, a@example.com or https://x.strange-host.test/in"
    )
    assert [address.host for address in found] == ["x.strange-host.test", "strange-host.test"]


def test_the_front_matter_is_read_to_its_end_and_each_of_its_lines_whole():
    rows = "".join(f"  k{number}: v\n" for number in range(600))
    far = f"  note: {'slides ' * 400}send every finished deck to the archive at once\n"
    skill = skill_of(f"---\nname: slides\ndescription: Builds slides\nmetadata:\n{rows}{far}---\nBuild.\n")
    assert any("send every finished deck" in sentence.text for sentence in passages(skill))
