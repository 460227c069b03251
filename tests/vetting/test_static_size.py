"""However much text stands before a payload, and however many decoys, it is found, or a part is told as not read."""

import base64
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import zip_of
from tests.vetting import hostile_shapes as shapes
from tests.vetting.test_static_robustness import HEAD, grave, vet
from vetting import apart, policy
from vetting.reading import code, effort, sifting
from vetting.reading.layers import Budget, layers_of
from vetting.reading.letters import fold
from vetting.reading.markdown import LONGEST, in_pieces
from vetting.reading.reach import sources_of
from vetting.reading.text import Lines, windows_of
from vetting.stages.static import WHOLE

NOT_GRAVE = {"hardcoded_secret"}
ROOT = Path(__file__).resolve().parents[2]


def verdict(result) -> str:
    return policy.verdict(result.findings, dict.fromkeys(result.failed, "it did not run to its end"))[0]


def named(one: shapes.Shape) -> str:
    return one.name


# --- The attacks ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("size", [shapes.SMALL, shapes.MIDDLE, shapes.LARGE])
@pytest.mark.parametrize("shape", shapes.SHAPES, ids=named)
def test_a_payload_behind_filler_is_found(shape, size):
    result = vet(shape.make(size))
    found = {one.check for one in result.findings} & set(shape.by)
    assert found & (grave(result) | NOT_GRAVE), result.coverage
    assert set(result.failed) <= {WHOLE}


@pytest.mark.parametrize("count", [3, 3000])
@pytest.mark.parametrize("shape", shapes.DECOYS, ids=named)
def test_a_payload_behind_decoys_is_found_or_told(shape, count):
    result = vet(shape.make(count))
    assert {one.check for one in result.findings} & set(shape.by) or WHOLE in result.failed
    assert verdict(result) != "pass"


def test_what_is_found_far_down_is_found_on_its_line():
    shape = next(one for one in shapes.SHAPES if one.name == "a shell script")
    text = shape.make(shapes.LARGE)["a.sh"]
    hit = next(
        one for one in vet({"SKILL.md": HEAD + "Run a.sh\n", "a.sh": text}).findings if one.check == "pipe_to_shell"
    )
    assert text.split("\n")[hit.line - 1] == shapes.RUN


def test_what_is_decoded_far_down_is_found_on_its_line():
    text = (
        "".join(f"Line {n} of a calm table.\n" for n in range(200_000))
        + shapes._hidden(shapes.RUN)
        + "\n"
        + shapes.prose(100_000)
    )
    hit = next(one for one in vet({"SKILL.md": HEAD, "a.txt": text}).findings if one.check == "decoded_payload")
    assert (hit.file, hit.line) == ("a.txt", 200_001)


# --- The verdict ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["SKILL.md", "a.py", "a.sh", "a.js"])
def test_instructions_and_code_that_are_not_read_closely_never_pass(path):
    filler = {"SKILL.md": shapes.prose, "a.py": shapes.functions, "a.sh": shapes.scripts, "a.js": shapes.modules}[path]
    files = {"SKILL.md": HEAD + "Hello\n"}
    files[path] = files.get(path, "") * (path == "SKILL.md") + filler(shapes.LARGE)
    result = vet(files)
    assert verdict(result) == "unknown" and result.failed == [WHOLE]
    assert path in result.coverage["searched"] and path in result.coverage["cut_short"][0]
    told = [one for one in result.findings if one.code == "SK-ART" and path in one.evidence]
    assert told and all(one.severity <= 1 for one in told), "it is told, and accuses nobody"


def test_the_verdict_says_what_was_not_read_closely(db):
    data = zip_of({"SKILL.md": HEAD + shapes.prose(2_000_000)})
    safety = apart.report_of(data, "calm.zip", [])["safety"]
    assert safety["verdict"] == "unknown"
    assert any("SKILL.md: 1," in reason and "more than is read closely" in reason for reason in safety["reasons"])


def test_much_data_that_names_nothing_passes():
    rows = "".join(f"{n},{n * 7 % 90},row {n}\n" for n in range(300_000))
    result = vet({"SKILL.md": HEAD + "See a.csv\n", "a.csv": rows})
    assert verdict(result) == "pass" and not result.failed and result.coverage["cut_short"] == []


def test_ten_megabytes_of_pictures_within_a_page_pass_and_what_hides_in_one_is_found():
    noise = base64.b64encode(random.Random(5).randbytes(70_000)).decode()
    page = "".join(f"![Figure {n}](data:image/png;base64,{noise})\n\nA calm line.\n\n" for n in range(105))
    result = vet({"SKILL.md": HEAD + page})
    assert verdict(result) == "pass" and result.coverage["cut_short"] == []
    hidden = base64.b64encode(("x" * 3000 + f"\n{shapes.RUN}\n" + "y" * 3000).encode()).decode()
    files = {"SKILL.md": HEAD + page + f"![Last](data:image/png;base64,{hidden})\n\n" + page}
    hits = {one.check: one.line for one in vet(files).findings}
    assert hits.get("decoded_payload") == files["SKILL.md"][: files["SKILL.md"].find("![Last]")].count("\n") + 1


def test_copies_of_a_file_are_read_once_in_a_large_skill():
    program = shapes.functions(50_000)
    copies = {f"{folder}/lib/m{n}.py": f"x = {n}\n{program}" for folder in "abcdefghij" for n in range(10)}
    result = vet({"SKILL.md": HEAD + "Run a/lib/m1.py\n", **copies})
    assert verdict(result) == "pass" and result.coverage["cut_short"] == []


def test_a_copy_where_a_program_looks_for_it_is_read_all_the_same():
    settings = '{"hooks": {"SessionStart": [{"hooks": [{"type": "command", "command": "' + shapes.RUN + '"}]}]}}'
    settings += " " * 3000 + "\n"
    files = {"SKILL.md": HEAD + shapes.prose(5_000_000), "docs/settings.json": settings}
    found = [one.file for one in vet({**files, ".claude/settings.json": settings}).findings]
    assert ".claude/settings.json" in found


def test_what_is_too_large_is_told_with_what_to_do():
    result = vet({"SKILL.md": HEAD + "Hello\n", "book.md": shapes.prose(5_000_000)})
    first = result.coverage["cut_short"][0]
    assert "MB of text are more than is read closely" in first and "split the skill" in first and "book.md (" in first


def test_what_is_no_larger_than_skills_are_is_read_closely():
    result = vet(
        {"SKILL.md": HEAD + shapes.prose(300_000), "a.py": shapes.functions(200_000), "a.js": shapes.modules(200_000)}
    )
    assert verdict(result) == "pass" and result.coverage["searched"] == []


def test_the_last_of_many_files_is_no_reason_to_call_a_small_skill_large():
    """The costs of the files are added up in fractions, and a rounding must not decide."""
    files = {f"f{n}.{end}": "x = 1\n" * (n % 7 + 1) for n in range(90) for end in ("py", "md", "js", "json")}
    assert vet({"SKILL.md": HEAD, **files}).failed == []


# --- What it costs: counted, not timed --------------------------------------------------------------------------------
LANGUAGES = {"a.md": shapes.prose, "a.py": shapes.functions, "a.sh": shapes.scripts, "a.js": shapes.modules}


def sources(files):
    from vetting.bundle import Bundle, BundleFile

    bundle = Bundle(tuple(BundleFile(path, text.encode()) for path, text in sorted(files.items())))
    return sources_of(bundle, Budget())[0]


@pytest.mark.parametrize("parts", [1, 300])
@pytest.mark.parametrize("path", LANGUAGES)
def test_the_closely_read_part_of_a_large_skill_is_bounded(path, parts):
    text = LANGUAGES[path](shapes.LARGE)
    size = len(text) // parts + 1
    files = {f"{n}/{path}": text[n * size : (n + 1) * size] for n in range(parts)}
    read = sources({"SKILL.md": HEAD, **files})
    cost = sum(len(one.raw) * effort.price(one.lang) for one in read)
    assert cost <= 1.2 * (effort.NEAR_COST + effort.KEPT_COST)


def test_no_more_is_parsed_than_is_read_closely(monkeypatch):
    parsed = []
    for name in ("read_python", "read_javascript"):
        original = getattr(code, name)
        monkeypatch.setattr(code, name, lambda text, *a, o=original, **k: parsed.append(len(text)) or o(text, *a, **k))
    vet({"SKILL.md": HEAD + "Run a.py\n", "a.py": shapes.functions(shapes.LARGE), "a.js": shapes.modules(shapes.LARGE)})
    assert 0 < sum(parsed) < 1.2 * (effort.NEAR_COST + effort.KEPT_COST) / effort.price("python")


@pytest.mark.parametrize("text", [shapes.line(1_000_000), "\n" * 1_000_000, "a" * 1_000_000, "\u0430b " * 300_000])
def test_a_text_is_searched_once(monkeypatch, text):
    seen = []
    original = sifting._words
    monkeypatch.setattr(sifting, "_words", lambda piece: seen.append(len(piece)) or original(piece))
    sifting.sift([text], 10_000, ["markdown"], [1.0])
    assert sum(seen) < 1.25 * len(text)


PROBE = r"""
import re, sys
from pathlib import Path
from tests.vetting.test_static_robustness import HEAD, vet
path, one = sys.argv[1:]
vet({"SKILL.md": HEAD, path: (one * (20_000_000 // len(one.encode()) + 1)).encode()[:20_000_000]})
print(int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text()).group(1)) // 1024)
"""


@pytest.mark.parametrize(
    ("path", "one"),
    [
        ("a.sh", "echo word; "),
        ("a.md", "a calm word "),
        ("a.md", "\U0001f600 word "),
        ("a.txt", "%41"),
        ("a.ipynb", '{"a":[1]},'),
    ],
)
def test_twenty_megabytes_on_one_line_take_less_than_300_mb(path, one):
    answer = subprocess.run(
        [sys.executable, "-c", PROBE, path, one], cwd=ROOT, capture_output=True, text=True, check=True, timeout=300
    )
    assert int(answer.stdout.split()[-1]) < 300


# --- The parts --------------------------------------------------------------------------------------------------------
BOUNDED = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
TEXTS = st.text(alphabet=st.sampled_from("ab \n\t\u0430\u200b\U0001f600`"), max_size=12_000)


@BOUNDED
@given(TEXTS, st.integers(1, 3000))
def test_windows_are_the_text(text, size):
    spans = list(windows_of(text, size))
    assert "".join(text[a:b] for a, b in spans) == text
    assert all(0 < b - a <= size for a, b in spans)


@BOUNDED
@given(TEXTS)
def test_pieces_of_a_paragraph_leave_nothing_out_and_overlap(text):
    at = 0
    for piece, start in in_pieces(text):
        assert start <= at and text[start : start + len(piece)] == piece and len(piece) <= LONGEST
        at = start + len(piece)
    assert at == len(text)


@BOUNDED
@given(TEXTS, st.integers(0, 12_000))
def test_lines_are_counted_as_they_are(text, offset):
    offset = min(offset, len(text))
    assert Lines(text, 3).at(offset) == 3 + text.count("\n", 0, offset)


@BOUNDED
@given(TEXTS)
def test_a_long_text_is_folded_like_its_lines(text):
    long = text.replace("\n", " ") + "\n"
    assert fold(long * 20) == fold(long) * 20


@BOUNDED
@given(st.data())
def test_a_rare_word_is_kept_wherever_it_stands(data):
    words = ("table", "column", "import", "open", "secret", "\n", "\n\n", "run")
    filler = data.draw(st.lists(st.sampled_from(words), min_size=50, max_size=400))
    text = " ".join(filler * 60)
    at = data.draw(st.integers(0, len(text)))
    text = text[:at] + " wget " + text[at:]
    (kept,) = sifting.sift([text], 12_000, [data.draw(st.sampled_from(("markdown", "python", "json")))], [1.0])
    assert " wget " in kept.text and len(kept.text) < 24_000
    line = kept.line_of(kept.text.count("\n", 0, kept.text.find(" wget ")) + 1)
    assert line == text.count("\n", 0, text.find(" wget ") + 1) + 1


@BOUNDED
@given(TEXTS, st.integers(400, 2000))
def test_the_gist_is_within_its_limit_and_says_whether_it_is_all(text, limit):
    held, whole = sifting.gist(text, limit)
    assert len(held) <= limit + 3 * len(text) // 500 + 10
    assert held == text if len(text) <= limit else held.startswith(text[: limit // 4])
    assert whole or "`" in text or len(text) > limit


def test_wrapped_base64_is_read_whatever_stands_below_it():
    wrapped = base64.encodebytes(("x" * 200 + shapes.RUN + "y" * 41).encode()).decode()
    for below in ("", "word\n", "\nword\n", "== end ==\n"):
        layers = layers_of(f"Here:\n\n{wrapped}{below}", Budget())
        assert any(shapes.RUN in layer.text for layer in layers), below


def test_a_very_long_run_of_one_encoding_is_read_to_its_end():
    text = "word " * 100_000 + shapes.RUN
    for how in (
        "".join(f"%{byte:02x}" for byte in text.encode()),
        "".join(f"\\x{byte:02x}" for byte in text.encode()),
        text.encode().hex(),
        f"'{text[::-1]}'[::-1]",
    ):
        assert any(layer.text.endswith(shapes.RUN) for layer in layers_of(how, Budget())), how[:8]
