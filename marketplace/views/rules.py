"""What vetting looks for, rule by rule: the pages that a finding's "why" leads to."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marketplace import finding_sheets
from vetting import catalogue, policy
from vetting.catalogue.others import SILENCE
from vetting.taxonomy import KINDS

STATIC = {
    "decides": "Reading decides it.",
    "signals": "Reading can only signal it; what happens when it runs decides.",
}


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Every kind of trouble with the rules that find it."""
    kinds = [_kind(code) for code in KINDS]
    return render(request, "marketplace/rules.html", {"kinds": kinds, "total": len(catalogue.rules())})


@require_safe
def rule(request: HttpRequest, name: str) -> HttpResponse:
    found = catalogue.rule(name)
    if found is None:
        raise Http404(f"There is no rule {name[:80]}.")
    context = {
        "rule": found,
        "name": name,
        "kinds": [_kind(code) for code in found.codes],
        "references": finding_sheets.references(found.links, most=20),
        "does": _does(found),
    }
    return render(request, "marketplace/rule.html", context)


def _kind(code: str) -> dict:
    kind = KINDS[code]
    found = catalogue.of_code(code)
    return {
        "code": code,
        "title": kind.title,
        "static": STATIC.get(kind.static, ""),
        "event": kind.event,
        "aitech": kind.aitech,
        "rules": [one for one in found if one.name.partition(":")[2] not in SILENCE],
    }


def _does(one: catalogue.Rule) -> str:
    """What a finding of this rule does to the verdict, as far as the rule alone says so."""
    if one.name.startswith(policy.BLOCK_CHECKS):
        return "A finding of this rule refuses a release."
    if one.name.startswith(policy.ONLY_WARNS):
        return "A finding of this rule may caution and never refuses a release."
    if one.axis in ("vulnerability", "privilege", "quality"):
        return "A finding of this rule is shown and may cost points. It never refuses a release."
    return (
        "A high finding of at least medium confidence cautions, a critical one of high confidence refuses the release,"
        " and so do two different rules that caution where they are two observations."
    )
