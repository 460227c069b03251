"""What API v1 takes and gives, as the schema tells it. Ready documents are not made by these: they only describe."""

from rest_framework import serializers as s

from marketplace.services.ratings import REVIEW_CHARS

VERDICTS = ("pass", "warn", "block", "unknown")
STATUSES = ("vetting", "published", "quarantined", "rejected")


class Problem(s.Serializer):
    """Every error, as application/problem+json."""

    type = s.CharField(help_text="urn:assay:problem:<code>")
    title = s.CharField()
    status = s.IntegerField()
    detail = s.CharField(help_text="one clear sentence")
    code = s.CharField(help_text="stable and machine-readable")
    fix = s.CharField(required=False, help_text="what to do")
    file = s.CharField(required=False, help_text="where in the bundle")
    line = s.IntegerField(required=False)
    errors = s.DictField(required=False, help_text="by field, where fields of a JSON body are wrong")
    error = s.CharField(required=False, help_text="a word of RFC 8628, where that rules the answer")


class Safety(s.Serializer):
    verdict = s.ChoiceField(VERDICTS)
    score = s.FloatField(allow_null=True, help_text="0 to 100")


class Quality(s.Serializer):
    score = s.FloatField(allow_null=True, help_text="0 to 100")
    tier = s.CharField(help_text="how strong the evidence behind the score is")


class RatingMean(s.Serializer):
    mean = s.FloatField(allow_null=True)
    count = s.IntegerField()


class TakenBack(s.Serializer):
    at = s.DateTimeField()
    reason = s.CharField()


class SkillCard(s.Serializer):
    skill = s.CharField(help_text="owner/name")
    owner = s.CharField()
    name = s.CharField()
    summary = s.CharField()
    license = s.CharField()
    keywords = s.ListField(child=s.CharField())
    version = s.CharField(allow_null=True)
    digest = s.CharField(allow_null=True, help_text="sha256:<64 hex> of the bundle")
    published_at = s.DateTimeField(allow_null=True)
    safety = Safety()
    quality = Quality()
    downloads = s.IntegerField()
    rating = RatingMean()
    links = s.DictField(child=s.CharField())


class ReleaseBrief(s.Serializer):
    version = s.CharField()
    digest = s.CharField()
    size = s.IntegerField(help_text="bytes of the bundle")
    status = s.ChoiceField(STATUSES)
    created_at = s.DateTimeField()
    concluded_at = s.DateTimeField(allow_null=True, help_text="when its last vetting ended")
    published_at = s.DateTimeField(allow_null=True, help_text="when it was first published")
    safety = Safety()
    quality = Quality()
    yanked = TakenBack(allow_null=True)
    revoked = TakenBack(allow_null=True)
    links = s.DictField(child=s.CharField())


class ReleaseLine(ReleaseBrief):
    downloads = s.IntegerField()


class SkillDetail(SkillCard):
    size = s.IntegerField(allow_null=True)
    readme = s.CharField(help_text="the body of SKILL.md, Markdown as written")
    releases = ReleaseBrief(many=True, help_text="the newest 100, newest first")


class SkillPage(s.Serializer):
    results = SkillCard(many=True)
    next = s.CharField(allow_null=True, help_text="the address of the next page")
    total = s.IntegerField(required=False, help_text="with q at most 1000, and then a lower bound")
    total_is_capped = s.BooleanField(required=False)
    facets = s.DictField(required=False, child=s.ListField(child=s.DictField()), help_text="with facets=1")


class BundleFile(s.Serializer):
    path = s.CharField()
    size = s.IntegerField()
    sha256 = s.CharField()
    executable = s.BooleanField()


class ReleaseDetail(ReleaseLine):
    skill = s.CharField()
    manifest = s.DictField(help_text="the front matter of SKILL.md")
    files = BundleFile(many=True)
    readme = s.CharField()
    report_url = s.CharField(help_text="the report as a page")


class FileSide(s.Serializer):
    size = s.IntegerField()
    sha256 = s.CharField()
    executable = s.BooleanField()


class FileChange(s.Serializer):
    path = s.CharField()
    state = s.ChoiceField(("added", "removed", "changed", "moved"))
    was = s.CharField(allow_null=True, help_text="the path before it moved")
    before = FileSide(allow_null=True)
    after = FileSide(allow_null=True)
    patch = s.CharField(allow_null=True, help_text="a unified diff, to be read")
    why_no_patch = s.CharField(help_text="why there is none")


class Comparison(s.Serializer):
    skill = s.CharField()
    before = ReleaseBrief()
    after = ReleaseBrief()
    counts = s.DictField(child=s.IntegerField(), help_text="files added, removed, changed, moved and the same")
    files = FileChange(many=True)
    files_left_out = s.IntegerField(help_text="files that differ and are not listed")
    drift = s.DictField(help_text="what is new of weight; `read_from` where vetting did not compare these very two")


class ReleasePage(s.Serializer):
    results = ReleaseLine(many=True)
    next = s.CharField(allow_null=True)


class PushForm(s.Serializer):
    owner = s.CharField(required=False, help_text="the publisher's handle; a token bound to one may leave it out")
    bundle = s.FileField(help_text="a zip or a tar(.gz) of the skill's folder")
    version = s.CharField(required=False, help_text="else the manifest's, else the next patch")


class Pushed(s.Serializer):
    skill = s.CharField()
    version = s.CharField()
    digest = s.CharField()
    status = s.ChoiceField(STATUSES)
    report_url = s.CharField()
    links = s.DictField(child=s.CharField())


class CheckForm(s.Serializer):
    bundle = s.FileField(help_text="a zip or a tar(.gz) of the skill's folder")
    sarif = s.BooleanField(required=False, help_text="add the findings as SARIF 2.1.0 under `sarif`")


class Finding(s.Serializer):
    code = s.CharField()
    check = s.CharField()
    severity = s.ChoiceField(("info", "low", "medium", "high", "critical"))
    confidence = s.ChoiceField(("low", "medium", "high"))
    axis = s.CharField()
    file = s.CharField()
    line = s.IntegerField()
    title = s.CharField(help_text="what was found, in a few words; empty where `why` says it")
    evidence = s.CharField()
    decoded = s.CharField(help_text="the form that encodings hid; empty where there was none")
    why = s.CharField()
    fix = s.CharField()
    stage = s.CharField()
    weighs = s.CharField(help_text="what it does to the verdict: `block`, `warn`, or nothing")
    links = s.ListField(child=s.CharField(), help_text="CWE, OWASP, MITRE and the rule's own page")
    blocklisted = s.BooleanField(help_text="whether it rests on a list of known hosts and files")
    suppressed = s.DictField(
        required=False, help_text="the author's `reason` for not minding it; `lifts` says whether the score minds it"
    )


class Stage(s.Serializer):
    name = s.CharField()
    state = s.CharField()
    seconds = s.FloatField(allow_null=True)


class Report(s.Serializer):
    digest = s.CharField()
    ruleset = s.CharField()
    status = s.ChoiceField(STATUSES)
    safety = Safety()
    quality = Quality()
    stages = Stage(many=True)
    findings = Finding(many=True)
    events = s.ListField(child=s.DictField(), help_text="what the payload did in the sealed room")
    permissions = s.DictField(help_text="declared and observed")
    trials = s.ListField(child=s.DictField())
    drift = s.DictField(required=False, help_text="what is new since the release before; empty for the first")
    posture = s.DictField(help_text="the walls of the room, as the engine reports them")
    revetted = s.DictField(required=False, help_text="what a later vetting changed, the last that changed anything")
    vettings = s.ListField(child=s.DictField(), required=False, help_text="every vetting in brief, the newest last")
    decision = s.DictField(required=False, help_text="what a person decided: who, when and why")
    appeals = s.ListField(child=s.DictField(), required=False, help_text="appeals, and what became of them")
    yanked = s.DictField(required=False, help_text="only where its team hides it: when and why")
    revoked = s.DictField(required=False, help_text="only where its team took it back for good: when and why")


class Kind(s.Serializer):
    """A kind of trouble."""

    code = s.CharField()
    title = s.CharField()
    static = s.CharField(help_text="what reading makes of it: `decides` or `signals`")
    event = s.CharField(help_text="what the sealed room sees of it")
    aitech = s.ListField(child=s.CharField())
    links = s.ListField(child=s.CharField())


class Rule(s.Serializer):
    """A rule, by the name that findings give in `check`."""

    name = s.CharField()
    family = s.CharField(help_text="check, dependencies, bandit, semgrep, yara, room or other")
    codes = s.ListField(child=s.CharField())
    title = s.CharField()
    axis = s.CharField()
    severity = s.CharField(help_text="the usual one; empty where it depends on what was found")
    confidence = s.CharField()
    finds = s.CharField()
    why = s.CharField()
    fix = s.CharField()
    bad = s.CharField(help_text="an example that is found")
    good = s.CharField(help_text="one that is not")
    links = s.ListField(child=s.CharField())


class RuleList(s.Serializer):
    kinds = Kind(many=True)
    results = Rule(many=True)


class Sarif(s.Serializer):
    """A SARIF 2.1.0 log; the standard says what is in it."""

    version = s.CharField(help_text="2.1.0")
    runs = s.ListField(child=s.DictField())


class Revetted(s.Serializer):
    skill = s.CharField()
    version = s.CharField()
    status = s.ChoiceField(STATUSES)
    queued = s.BooleanField()
    reason = s.CharField(help_text="why no vetting was queued")
    report_url = s.CharField()


class Signature(s.Serializer):
    keyid = s.CharField()
    sig = s.CharField()


class Envelope(s.Serializer):
    """A DSSE envelope around an in-toto statement."""

    payload = s.CharField(help_text="base64 of the statement")
    payloadType = s.CharField()
    signatures = Signature(many=True)


class ReasonForm(s.Serializer):
    reason = s.CharField(required=False, allow_blank=True, max_length=500, default="")


class DecisionForm(s.Serializer):
    decision = s.ChoiceField(("publish", "reject", "uphold", "overturn"))
    reason = s.CharField(max_length=500)


class AppealForm(s.Serializer):
    text = s.CharField(max_length=4000, help_text="why the verdict is wrong")


class Appealed(s.Serializer):
    skill = s.CharField()
    version = s.CharField()
    outcome = s.CharField(help_text="open until a person has decided")
    report_url = s.CharField()


class RatingForm(s.Serializer):
    stars = s.IntegerField(min_value=1, max_value=5)
    review = s.CharField(required=False, allow_blank=True, max_length=REVIEW_CHARS, default="")


class RatingRow(s.Serializer):
    user = s.CharField()
    stars = s.IntegerField()
    review = s.CharField()
    version = s.CharField(help_text="the release that was current when it was written")
    created_at = s.DateTimeField()
    updated_at = s.DateTimeField()


class RatingPage(s.Serializer):
    results = RatingRow(many=True)
    next = s.CharField(allow_null=True)


class Key(s.Serializer):
    keyid = s.CharField()
    algorithm = s.CharField()
    public_pem = s.CharField()


class KeyList(s.Serializer):
    keys = Key(many=True)
