"""The two scores, each number with the list of what it is made of, down to the evidence.

An item is {"item", "points", "of", "reason", "evidence"}. Safety and quality are never averaged with one another.
"""

import re
from collections.abc import Mapping

from vetting import policy, suppressions
from vetting.bundle import Bundle
from vetting.findings import Axis, Finding
from vetting.manifest import Manifest

LINK = re.compile(r"\]\(\s*<?([^)\s>#?]+)")


def safety(findings: list[Finding], gaps: Mapping[str, str]) -> dict:
    """{"verdict", "score", "reasons", "axes", "explanation"}; no score where something could not be looked at."""
    verdict, reasons = policy.verdict(findings, gaps)
    axes, explanation = {}, []
    for axis in (Axis.MALICE, Axis.VULNERABILITY, Axis.PRIVILEGE):
        axes[axis.value], lines = _axis(axis, [one for one in findings if one.axis is axis])
        explanation += lines
    explanation += [_item(what, 0, 0, f"not conclusive: {why}", []) for what, why in gaps.items()]
    score = None
    if verdict != policy.UNKNOWN:
        score = round(min(policy.SAFETY_CEILING[verdict], *axes.values()), 1)
    return {"verdict": verdict, "score": score, "reasons": reasons, "axes": axes, "explanation": explanation}


def _axis(axis: Axis, findings: list[Finding]) -> tuple[float, list[dict]]:
    """The axis's score and its explanation: what each finding cost, the worst first."""
    excused = [one for one in findings if suppressions.lifts(one) and _loss(one) > 0]
    costs = sorted(((_loss(one), one) for one in findings if one not in excused), key=lambda pair: -pair[0])
    floor, score, weight, lines = policy.SAFETY_FLOOR[axis], 100.0, 1.0, []
    for loss, finding in costs:
        if loss <= 0:
            continue
        taken = min(loss * weight, score - floor)
        score, weight = score - taken, weight * policy.FURTHER
        if taken >= 0.05:
            lines.append(_item(axis.value, -round(taken, 1), 0, f"{finding.code}: {finding.why}", [_place(finding)]))
    lines += [_item(axis.value, 0, 0, f"Suppressed by its author: {_said(one)}", [_place(one)]) for one in excused]
    return round(score, 1), [_item(axis.value, round(score, 1), 100, _axis_reason(axis, findings), []), *lines]


def _said(finding: Finding) -> str:
    return f"{finding.code}: {finding.why} Reason given: {finding.suppressed}"


def _loss(finding: Finding) -> float:
    return policy.SAFETY_LOSS[finding.severity] * policy.CERTAINTY[finding.confidence]


def _axis_reason(axis: Axis, findings: list[Finding]) -> str:
    if not findings:
        return f"No finding of {axis.value}."
    return f"{len(findings)} finding{'s' if len(findings) > 1 else ''} of {axis.value}; the worst counts most."


def quality(
    bundle: Bundle,
    manifest: Manifest,
    *,
    tokens: dict,
    room: dict,
    exam: dict,
) -> dict:
    """{"score", "tier", "explanation", "tokens", "lift", "lift_reason"}: as strong as its evidence, and no stronger."""
    items = [
        _description(manifest),
        _instructions(manifest),
        _examples(manifest),
        _references(bundle, manifest),
        _license(bundle, manifest),
        _context_cost(tokens),
    ]
    ran, run_item = _commands_run(room, exam)
    passed, task_item = _tasks_pass(exam)
    # What there was nothing to run of, or what was not run at all, leaves the sum instead of counting as zero.
    items += [run_item, task_item]
    share = sum(item["points"] for item in items) / sum(item["of"] for item in items)
    tier = policy.RUNS if ran or passed else policy.DOCUMENTED
    ceiling = policy.QUALITY_CEILING[tier]
    score = round(min(ceiling, 100 * share), 1)
    if 100 * share > ceiling:
        items.append(_item("evidence", 0, 0, f"Held at {ceiling}: the tier of this evidence is “{tier}”.", []))
    return {
        "score": score,
        "tier": tier,
        "explanation": items,
        "tokens": tokens,
        "lift": None,
        "lift_reason": f"Not measured: no agent with a model tried it on at least {policy.MEASURED_TASKS} tasks unseen"
        " by its author.",
    }


def _description(manifest: Manifest) -> dict:
    length, (least, most) = len(manifest.description), policy.DESCRIPTION_CHARS
    if least <= length <= most:
        return _scored("description", 1, f"{length} characters say what it does and when to use it.", ["SKILL.md:1"])
    what = "short to choose the skill by" if length < least else "long for a line that every agent always reads"
    return _scored("description", 0.4, f"{length} characters are too {what}.", ["SKILL.md:1"])


def _instructions(manifest: Manifest) -> dict:
    body = manifest.body.strip()
    place = [f"SKILL.md:{manifest.body_line}"]
    if len(body) < policy.BODY_CHARS:
        share = 0.5 * len(body) / policy.BODY_CHARS
        return _scored("instructions", share, f"The body has only {len(body)} characters.", place)
    structured = bool(re.search(r"^(#{1,6}\s|\s*[-*]\s|\s*\d+[.)]\s)", body, re.MULTILINE))
    reason = "The body is structured in headings or steps." if structured else "The body has no headings or steps."
    return _scored("instructions", 1 if structured else 0.7, reason, place)


def _examples(manifest: Manifest) -> dict:
    fences = len(re.findall(r"^\s*(?:```|~~~)", manifest.body, re.MULTILINE)) // 2
    if fences:
        return _scored("examples", 1, f"{fences} fenced example{'s' if fences > 1 else ''}.", ["SKILL.md"])
    return _scored("examples", 0, "No fenced example shows how it is used.", ["SKILL.md"])


def _references(bundle: Bundle, manifest: Manifest) -> dict:
    """Whether the files that the body links to are there."""
    links = {link.removeprefix("./").rstrip("/") for link in LINK.findall(manifest.body) if _is_local(link)}
    missing = sorted(link for link in links if not _is_there(bundle, link))
    if missing:
        share = 1 - len(missing) / len(links)
        return _scored("references", share, f"Linked but not in the bundle: {', '.join(missing[:5])}.", missing[:5])
    return _scored("references", 1, "Every file that SKILL.md links to is in the bundle.", sorted(links)[:5])


def _is_local(link: str) -> bool:
    return "://" not in link and not link.startswith(("mailto:", "/", "#", "tel:", "data:")) and "{" not in link


def _is_there(bundle: Bundle, link: str) -> bool:
    return link in bundle or any(file.path.startswith(f"{link}/") for file in bundle)


def _license(bundle: Bundle, manifest: Manifest) -> dict:
    if manifest.license:
        return _scored("license", 1, f"License: {manifest.license[:80]}.", ["SKILL.md:1"])
    named = [file.path for file in bundle if file.path.upper().startswith(("LICENSE", "LICENCE", "COPYING"))]
    if named:
        return _scored("license", 0.7, "A license file is there, the front matter does not name it.", named[:1])
    return _scored("license", 0, "No license is named, so nobody may reuse it.", [])


def _context_cost(tokens: dict) -> dict:
    l1, l2 = tokens["l1"], tokens["l2"]
    share = 0.4 * min(1, policy.L1_TOKENS / max(l1, 1)) + 0.6 * min(1, policy.L2_TOKENS / max(l2, 1))
    reason = f"{l1} tokens always, {l2} when used, up to {tokens['l3']} more in references ({tokens['tokenizer']})."
    return _scored("context cost", share, reason, [f"{path}: {n}" for path, n in list(tokens["files"].items())[:5]])


def _commands_run(room: dict, exam: dict) -> tuple[bool, dict]:
    """Whether the documented commands run, in the sealed room or in a task that brings the input they want."""
    name = "documented commands run"
    if "conclusive" not in room:
        return False, _item(name, 0, 0, room.get("reason", "Nothing was run."), [])
    if not room["conclusive"]:
        return False, _scored(name, 0, room["reason"] or "The sealed room gave no conclusive answer.", [])
    tried = [one for one in room["coverage"]["commands"] if one["ran"]]
    if not tried:
        return False, _item(name, 0, 0, "SKILL.md documents no command that can be run.", [])
    in_tasks = {
        one["command"]
        for trial in exam.get("trials", ())
        for one in trial["commands"]
        if trial["arm"] == "with" and one["exit_code"] == 0
    }
    bad = [one for one in tried if one["exit_code"] != 0 and one["command"] not in in_tasks]
    share = 1 - len(bad) / len(tried)
    places = [f"{one['where']}: exit {one['exit_code']}: {one['command'][:120]}" for one in bad]
    reason = f"{len(tried) - len(bad)} of {len(tried)} documented commands ended well in the sealed room or in a task."
    return share >= policy.RUNS_SHARE, _scored(name, share, reason, places[:5])


def _tasks_pass(exam: dict) -> tuple[bool, dict]:
    """What came of the author's own tasks. They show that the skill runs as documented; they measure no lift."""
    name = "author's tasks pass"
    if "trials" not in exam:
        return False, _item(name, 0, 0, exam.get("reason", "Nothing was tried."), [])
    trials, needs_judge = exam["trials"], exam["needs_judge"]
    judged = [one for one in trials if one["arm"] == "with" and one["outcome"] in ("pass", "fail", "timeout")]
    if not judged:
        why = f"{needs_judge} expectations in prose need a judge." if needs_judge else "The skill brings no test tasks."
        return False, _scored(name, 0, why, [])
    passed = [one for one in judged if one["outcome"] == "pass"]
    plain = {one["task"] for one in trials if one["arm"] == "without" and one["outcome"] == "pass"}
    lifted = [one for one in passed if one["task"] not in plain]
    reason = (
        f"{len(passed)} of {len(judged)} of the author's tasks pass with the skill;"
        f" {len(lifted)} of them fail without it."
    )
    evidence = [f"{one['task']}: {one['outcome']}" for one in judged][:10]
    # A task that passes without the skill says nothing about the skill.
    return bool(lifted), _scored(name, len(lifted) / len(judged), reason, evidence)


def _scored(name: str, share: float, reason: str, evidence: list[str]) -> dict:
    of = policy.QUALITY_POINTS[name]
    return _item(name, round(of * share, 1), of, reason, evidence)


def _item(name: str, points: float, of: float, reason: str, evidence: list[str]) -> dict:
    return {"item": name, "points": points, "of": of, "reason": reason, "evidence": evidence}


def _place(finding: Finding) -> str:
    place = f"{finding.file}:{finding.line}" if finding.file else finding.check
    return f"{place}: {finding.evidence[:200]}" if finding.evidence else place
