"""A pattern behind its guard finds what the pattern alone finds, in every text."""

import re
import sys

import pytest

from tests.vetting.regex_pump import patterns_below, pumps
from vetting.checks import checks
from vetting.reading.markdown import blocks_of
from vetting.reading.prefilter import Guarded, Known, guarded
from vetting.reading.prefilter.letters import lowered
from vetting.reading.prefilter.needs import needs
from vetting.reading.prefilter.vocabulary import LONG

PATTERNS = [(name, guarded(pattern)) for name, pattern in patterns_below("vetting.checks", "vetting.reading")]
CHUNKS = 12


def _texts():
    """The examples of every check as they are read: whole, and block by block in lower case."""
    for check in checks():
        for example in (*check.bad, *check.good):
            for text in [example] if isinstance(example, str) else example.values():
                text = text.decode("latin-1") if isinstance(text, bytes) else text
                yield text
                yield from (block.plain for block in blocks_of(text))


TEXTS = list(dict.fromkeys(_texts()))


def _spans(pattern, text):
    return [match.span() for match in pattern.finditer(text)]


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_example_reads_the_same_behind_the_guard(chunk):
    for name, pattern in PATTERNS[chunk::CHUNKS]:
        if isinstance(pattern, Guarded):
            for text in TEXTS:
                assert _spans(pattern, Known(text)) == _spans(pattern.inner, text), (name, text)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_what_a_pattern_is_made_of_reads_the_same_behind_the_guard(chunk):
    for name, pattern in PATTERNS[chunk::CHUNKS]:
        if isinstance(pattern, Guarded):
            for head, piece in pumps(pattern.inner):
                for text in (head + piece, f"so {head}{piece}".upper(), "x\n" * LONG + head + piece * 2):
                    assert _spans(pattern, Known(text)) == _spans(pattern.inner, text), (name, text[-300:])


def test_most_patterns_are_guarded():
    assert sum(isinstance(pattern, Guarded) for _, pattern in PATTERNS) > len(PATTERNS) * 0.6


@pytest.mark.parametrize(
    ("pattern", "flags", "text"),
    [
        (r"\bsudo\b", re.I, "run \u017fudo now"),
        (r"\btokens?\b", re.I, "my to\u212aen"),
        (r"\bignore\b", re.I, "\u0130gnore it"),
        (r"\bignore\b", re.I, "\u0131gnore it"),
        (r"ignore all previous", 0, "ignore all previous"),
        (r"rm\s{1,3}-rf", 0, "rm\u00a0-rf"),
        (r"\u5ffd\u7565[^x]{0,9}\u6307\u4ee4", 0, "\u5ffd\u7565\u4e4b\u524d\u7684\u6307\u4ee4"),
        (r"caf\u00e9 au lait", re.I, "CAF\u00c9 AU LAIT"),
        (r"\u00c9t\u00e9s", 0, "\u00c9t\u00e9s"),
        (r"\u0432\u043e\u0434\u0430", re.I, "\u1c80\u1c82\u1c81\u0410"),
        (r"\u039b\u039f\u0393\u039f\u03a3", re.I, "\u03bb\u03bf\u03b3\u03bf\u03c2 \u039b\u039f\u0393\u039f\u03a3"),
        (r"\u03bb\u03bf\u03b3\u03bf\u03c3", re.I, "\u039b\u039f\u0393\u039f\u03a3"),
        (r"\u017fudo \u0131t", re.I, "SUDO IT"),
        (r"(?:a|ab)(?:c|bcd)(?:d*)", 0, "abcd"),
        (r"(?:foo|bar)+baz", 0, "foobarbaz"),
        (r"(?=hidden)\w+", 0, "hidden"),
        (r"(x)?(?(1)yes|no)thing", 0, "nothing"),
        (r"\brm\b", 0, "do rm-rf it"),
        (r"\b(?:nc|ncat)\b", re.I, "(NC)"),
        (r"\b(?:un|re)?doing\b", 0, "redoing"),
        (r"\b(?:delete all|wipe\s{1,3}every)\b", 0, "wipe\u00a0every"),
        (r"(?<![\w.])eval\(", 0, "x=eval(y)"),
        (r"\.env(?![\w-])", 0, "a.env."),
        (r"\bcaf\u00e9\b", 0, "un caf\u00e9, l\u00e0"),
        (r"(?m)^nohup\b", 0, "x\nnohup y"),
        (r"\s-rf\b", 0, "rm -rf"),
        (r"\bon_(?:start|stop)\b", 0, "'on_stop'"),
        (r"\b\.hidden\b", 0, "a.hidden"),
        (r"\bd(?:on['\u2019]t|o not) tell\b", 0, "don\u2019t tell"),
        (r"(?:^|;)\s{0,3}sudo\b", 0, "sudo"),
        (r"(?a:\bnaif\b)", 0, "\u00e9naif"),
    ],
)
def test_no_match_is_lost(pattern, flags, text):
    pattern = re.compile(pattern, flags)
    for whole in (text, text + " z" * LONG):
        assert _spans(guarded(pattern), Known(whole)) == _spans(pattern, whole) != []


def test_a_text_without_the_words_is_passed_over():
    pattern = guarded(re.compile(r"\b(?:send|post)\b.{0,40}\bpasswords?\b"))
    assert pattern.search(Known("please send the report")) is None
    assert Known("please send the report").impossible & pattern.bit
    assert not Known("post all passwords").impossible & pattern.bit


def test_a_word_is_no_part_of_another():
    pattern = guarded(re.compile(r"\b(?:sudo|wget)\b"))
    for calm in ("pseudosudos", "wget_all", "mysudo"):
        assert Known(calm).impossible & pattern.bit
    for meant in ("wget", "'wget'", "re-wget it", "a/sudo"):
        assert pattern.search(Known(meant))


def test_a_search_that_ends_early_makes_a_word_end_there():
    pattern = guarded(re.compile(r"\bbarn\b"))
    assert pattern.search(Known("barnyard")) is None
    assert pattern.search(Known("barnyard"), 0, 4) and guarded(re.compile(r"\bbarn$")).search(Known("barnyard"), 0, 4)


def test_no_sign_becomes_a_letter_in_lower_case():
    """Else a word would begin or end elsewhere in the text that is looked through."""
    letter = re.compile(r"\w")
    for code in range(sys.maxunicode + 1):
        if letter.match(lowered(chr(code))):
            assert letter.match(chr(code)), hex(code)


def test_a_pattern_that_needs_no_word_is_left_alone():
    for free in (r"\d+", r"[a-z]{3}", r"(?:abc)?x?", r"a|bcd"):
        assert needs(re.compile(free)) is None
        assert isinstance(guarded(re.compile(free)), re.Pattern)


def test_a_pattern_made_after_a_text_was_read_still_finds_in_it():
    text = Known("a zanzibarian word")
    assert not text.impossible & guarded(re.compile("quaggaish")).bit
    assert guarded(re.compile("zanzibarian")).search(text)


def test_a_text_remembers_that_it_was_searched_in_vain():
    pattern, text = guarded(re.compile(r"alpha\d{9}omega")), Known("alpha and omega" + " z" * LONG)
    assert pattern.search(text) is None
    assert text.impossible & pattern.bit
    assert pattern.search(str(text) + "alpha123456789omega")


def test_a_known_text_is_a_text():
    text = Known("Some Text")
    assert text == "Some Text" and hash(text) == hash("Some Text") and text.split() == ["Some", "Text"]
    assert text[:100] is text and text[:4] == "Some" and text[0] == "S" and type(text[1:]) is str
