"""What a new vetting of the same bytes says otherwise than the one before: verdict, scores, findings come and gone."""

from collections.abc import Iterable, Mapping

from vetting import policy
from vetting.identity import mark
from vetting.run import finding_from

FINDINGS_AT_MOST = 20
VETTINGS_AT_MOST = 12


def between(before: Mapping, after: Mapping) -> dict:
    """The two report documents compared, as the later one shows it under `revetted`."""
    old = {mark(one) for one in before.get("findings", ())}
    new = {mark(one) for one in after.get("findings", ())}
    came = [one for one in after.get("findings", ()) if mark(one) not in old]
    went = [one for one in before.get("findings", ()) if mark(one) not in new]
    return {
        "before": _brief(before),
        "after": _brief(after),
        "new": [_told(one) for one in came[:FINDINGS_AT_MOST]],
        "new_total": len(came),
        "gone": [_told(one) for one in went[:FINDINGS_AT_MOST]],
        "gone_total": len(went),
    }


def is_nothing(change: Mapping) -> bool:
    """Whether the later vetting said all as the one before."""
    same = all(change["before"][key] == change["after"][key] for key in ("status", "verdict", "safety", "quality"))
    return same and not change["new_total"] and not change["gone_total"]


def history(before: Mapping, after: Mapping, change: Mapping) -> list[dict]:
    """Every vetting so far in brief, the first and the latest ones, the newest last."""
    told = list(before.get("vettings") or [_brief(before) | {"new": 0, "gone": 0}])
    told.append(_brief(after) | {"new": change["new_total"], "gone": change["gone_total"]})
    return told if len(told) <= VETTINGS_AT_MOST else [told[0], *told[1 - VETTINGS_AT_MOST :]]


def new_grave(before: Mapping, after: Mapping) -> list[dict]:
    """Findings that weigh on the verdict and were not there before."""
    known = {mark(one) for one in before.get("findings", ())}
    return [one for one in after.get("findings", ()) if mark(one) not in known and policy.warns(finding_from(one))]


def is_worse(before: str, after: str) -> bool:
    """Whether a verdict is graver than another. `unknown` stands between a warning and a block."""
    order = (policy.PASS, policy.WARN, policy.UNKNOWN, policy.BLOCK)
    return order.index(after) > order.index(before)


def in_words(change: Mapping) -> str:
    """One sentence for lists and for the audit."""
    before, after = change["before"]["verdict"], change["after"]["verdict"]
    verdict = f"Verdict {before} before, {after} now" if before != after else f"Verdict {after} as before"
    return f"{verdict}; {_count(change['new_total'], 'new')}, {_count(change['gone_total'], 'gone')}."


def _count(number: int, what: str) -> str:
    return f"{number} finding{'' if number == 1 else 's'} {what}"


def _brief(report: Mapping) -> dict:
    safety, quality = report.get("safety") or {}, report.get("quality") or {}
    return {
        "ruleset": report.get("ruleset", ""),
        "status": report.get("status", ""),
        "verdict": safety.get("verdict") or policy.UNKNOWN,
        "safety": safety.get("score"),
        "quality": quality.get("score"),
        "concluded_at": report.get("concluded_at"),
    }


def _told(finding: Mapping) -> dict:
    keys: Iterable[str] = ("code", "check", "severity", "confidence", "axis", "file", "line", "why")
    return {key: finding[key] for key in keys}
