"""What API v1 takes and gives about people: publishers, their teams, tokens, and machines that are signed in."""

from rest_framework import serializers as s

from marketplace.services.tokens import MAX_DAYS, SCOPES

ROLES = ("owner", "member")


class PublisherDetail(s.Serializer):
    handle = s.CharField()
    kind = s.ChoiceField(("person", "organisation"))
    display_name = s.CharField()
    about = s.CharField()
    website = s.CharField()
    created_at = s.DateTimeField()
    skills = s.IntegerField(help_text="listed ones")
    links = s.DictField(child=s.CharField())


class PublisherForm(s.Serializer):
    handle = s.CharField(max_length=39)
    kind = s.ChoiceField(("person", "organisation"), default="organisation")
    display_name = s.CharField(required=False, allow_blank=True, max_length=80, default="")


class DescriptionForm(s.Serializer):
    display_name = s.CharField(required=False, allow_blank=True, max_length=80, default="")
    about = s.CharField(required=False, allow_blank=True, max_length=500, default="")
    website = s.CharField(required=False, allow_blank=True, max_length=200, default="", help_text="http:// or https://")


class RoleForm(s.Serializer):
    role = s.ChoiceField(ROLES)


class InvitationForm(s.Serializer):
    username = s.CharField(max_length=150)
    role = s.ChoiceField(ROLES, default="member")


class Member(s.Serializer):
    username = s.CharField()
    role = s.ChoiceField(ROLES, help_text="owners decide who is on the team; both publish for it")
    joined_at = s.DateTimeField(allow_null=True)


class MemberPage(s.Serializer):
    results = Member(many=True)
    next = s.CharField(allow_null=True)


class Invitation(s.Serializer):
    publisher = s.CharField(help_text="its handle")
    username = s.CharField(help_text="who is asked")
    role = s.ChoiceField(ROLES)
    by = s.CharField(help_text="the owner who asked")
    at = s.DateTimeField()
    expires_at = s.DateTimeField()


class InvitationPage(s.Serializer):
    results = Invitation(many=True)
    next = s.CharField(allow_null=True)


class AuditRow(s.Serializer):
    at = s.DateTimeField()
    by = s.CharField(allow_null=True, help_text="null when the account is gone")
    verb = s.CharField(help_text="such as member.invite")
    detail = s.DictField()


class AuditPage(s.Serializer):
    results = AuditRow(many=True)
    next = s.CharField(allow_null=True)


class TokenForm(s.Serializer):
    name = s.CharField(max_length=80)
    scopes = s.ListField(child=s.ChoiceField(SCOPES), min_length=1, max_length=len(SCOPES))
    publisher = s.CharField(required=False, allow_null=True, help_text="binds the token to this handle")
    days = s.IntegerField(required=False, default=90, min_value=1, max_value=MAX_DAYS)


class TokenRow(s.Serializer):
    key = s.CharField(help_text="the public part")
    name = s.CharField()
    scopes = s.ListField(child=s.ChoiceField(SCOPES))
    publisher = s.CharField(allow_null=True)
    created_at = s.DateTimeField()
    expires_at = s.DateTimeField()
    last_used_at = s.DateTimeField(allow_null=True)
    revoked_at = s.DateTimeField(allow_null=True)


class TokenIssued(TokenRow):
    token = s.CharField(help_text="the plain text, shown this once")


class TokenList(s.Serializer):
    results = TokenRow(many=True)
    next = s.CharField(allow_null=True)


class DeviceCodeForm(s.Serializer):
    client_id = s.CharField(required=False, allow_blank=True, max_length=80, help_text="taken and not needed")
    scope = s.CharField(required=False, allow_blank=True, max_length=100, default="", help_text="parted by spaces")
    machine = s.CharField(required=False, allow_blank=True, max_length=60, default="", help_text="what it is called")


class DeviceCode(s.Serializer):
    device_code = s.CharField(help_text="the machine's secret")
    user_code = s.CharField(help_text="what the person types")
    verification_uri = s.CharField()
    expires_in = s.IntegerField(help_text="seconds")
    interval = s.IntegerField(help_text="seconds to leave between two questions")


class DeviceTokenForm(s.Serializer):
    client_id = s.CharField(required=False, allow_blank=True, max_length=80, help_text="taken and not needed")
    grant_type = s.CharField(max_length=80, help_text="urn:ietf:params:oauth:grant-type:device_code")
    device_code = s.CharField(max_length=100)


class DeviceToken(s.Serializer):
    access_token = s.CharField(help_text="the token's plain text, given this once")
    token_type = s.CharField()
    expires_in = s.IntegerField(help_text="seconds")
    scope = s.CharField()
    expires_at = s.DateTimeField()
    publisher = s.CharField(allow_null=True, help_text="the token is bound to this handle")


class TeamOf(s.Serializer):
    handle = s.CharField()
    role = s.ChoiceField(ROLES)


class WhoAmI(s.Serializer):
    username = s.CharField()
    publishers = TeamOf(many=True)
    invitations = s.IntegerField(help_text="how many teams you are asked onto")
    token = TokenRow()
