"""Every rule of ours finds what it must and leaves alone what it must."""

import pytest

from tests.vetting.scanners.semgrep_examples import EXAMPLES as SEMGREP
from tests.vetting.scanners.yara_examples import EXAMPLES as YARA
from vetting.scanners import Source, pieces_of, semgrep, yara


def test_every_semgrep_rule_has_examples():
    assert sorted(SEMGREP) == semgrep.rules()


@pytest.fixture(scope="module")
def semgrep_said():
    """What semgrep says of every example, all in one run: {(rule, kind, number): checks}."""
    from vetting.bundle import Bundle, BundleFile

    keys, sources = [], []
    for rule, (ending, bad, good) in SEMGREP.items():
        for kind, codes in (("bad", bad), ("good", good)):
            for number, code in enumerate(codes):
                bundle = Bundle((BundleFile("SKILL.md", b"---\n"), BundleFile(f"code.{ending}", code.encode())))
                keys.append((rule, kind, number))
                sources.append(Source(bundle, pieces_of(bundle)))
    results = semgrep.scan(sources)
    assert not any(result.reason for result in results), results[0].reason
    return {key: {finding.check for finding in result.findings} for key, result in zip(keys, results, strict=True)}


@pytest.mark.parametrize("rule", sorted(SEMGREP))
def test_a_semgrep_rule_finds_its_bad_examples_and_no_good_one(rule, semgrep_said):
    for (name, kind, number), checks in semgrep_said.items():
        if name == rule:
            code = SEMGREP[rule][1 if kind == "bad" else 2][number]
            assert (f"semgrep:{rule}" in checks) == (kind == "bad"), f"{kind}: {code}"
            assert "semgrep:unparsable" not in checks, code


def test_every_yara_rule_has_examples():
    assert sorted(rule.identifier for rule in yara._rules()) == sorted(YARA)


@pytest.mark.parametrize("rule", sorted(YARA))
def test_a_yara_rule_finds_its_bad_examples_and_no_good_one(rule, bundle):
    bad, good = YARA[rule]
    for kind, samples in (("bad", bad), ("good", good)):
        for sample in samples:
            (result,) = yara.scan([Source(bundle({"payload.bin": sample}), [])])
            assert (f"yara:{rule}" in {finding.check for finding in result.findings}) == (kind == "bad"), sample


def test_every_yara_rule_says_what_why_and_how_grave():
    for rule in yara._rules():
        about = dict(rule.metadata)
        assert about["code"].startswith("SK-") and about["severity"] in yara.SEVERITY and about["why"].endswith(".")
