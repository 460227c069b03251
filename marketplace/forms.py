"""The forms of the pages. They read what was sent; the services decide."""

from django import forms
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser

from marketplace import selectors
from marketplace.models import Publisher
from marketplace.services.tokens import SCOPES

SCOPE_WORDS = {
    "read": "read what you may read",
    "push": "push releases",
    "rate": "rate and review",
    "yank": "yank and revoke releases",
    "admin": "manage publishers and tokens",
}


class RatingForm(forms.Form):
    stars = forms.TypedChoiceField(
        coerce=int, choices=[(n, f"{n} star{'s' if n > 1 else ''}") for n in range(1, 6)], widget=forms.RadioSelect
    )
    review = forms.CharField(
        required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), label="What should others know?"
    )


class PublishForm(forms.Form):
    owner = forms.ModelChoiceField(
        Publisher.objects.none(), to_field_name="handle", label="Publish as", empty_label=None
    )
    bundle = forms.FileField(
        label="Archive of the skill",
        help_text="A .zip, .tar or .tar.gz of the folder that holds SKILL.md, at most 50 MB.",
        widget=forms.FileInput(attrs={"accept": ".zip,.tar,.tgz,.gz,.skill"}),
    )
    version = forms.CharField(
        required=False,
        max_length=64,
        help_text="Such as 1.0.0. Empty: the version in SKILL.md, else the one after the newest.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: object, user: AbstractBaseUser, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = selectors.publishers_of(user)

    @property
    def has_publisher(self) -> bool:
        return self.fields["owner"].queryset.exists()

    def clean_bundle(self) -> object:
        upload = self.cleaned_data["bundle"]
        if upload.size > settings.MAX_UPLOAD_BYTES:
            raise forms.ValidationError("The archive is larger than 50 MB. Leave out what an agent does not need.")
        return upload


class PublisherForm(forms.Form):
    handle = forms.CharField(
        max_length=39,
        help_text="The part before the slash in owner/name. It cannot be changed later.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(
        choices=[("person", "a person"), ("organisation", "an organisation")], widget=forms.RadioSelect
    )
    display_name = forms.CharField(max_length=80, required=False, label="Name to show")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].initial = "person"


class InviteForm(forms.Form):
    username = forms.CharField(
        max_length=150,
        help_text="They need an account here, and are on the team once they have accepted.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
    role = forms.ChoiceField(
        choices=[("member", "member: publishes"), ("owner", "owner: publishes, and decides who is on the team")],
        initial="member",
        widget=forms.RadioSelect,
        label="As",
    )


class DescriptionForm(forms.Form):
    display_name = forms.CharField(max_length=80, required=False, label="Name to show")
    about = forms.CharField(max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    website = forms.CharField(max_length=200, required=False, help_text="With https:// in front. It is not verified.")


class TokenForm(forms.Form):
    name = forms.CharField(max_length=80, help_text="Where it is used, so that you know it again.")
    scopes = forms.MultipleChoiceField(
        choices=[(scope, SCOPE_WORDS[scope]) for scope in SCOPES],
        initial=["read", "push"],
        widget=forms.CheckboxSelectMultiple,
        label="It may",
    )
    publisher = forms.ModelChoiceField(
        Publisher.objects.none(),
        to_field_name="handle",
        required=False,
        empty_label="all your publishers",
        label="Limited to",
    )
    days = forms.TypedChoiceField(
        coerce=int,
        choices=[(7, "7 days"), (30, "30 days"), (90, "90 days"), (365, "a year")],
        initial=90,
        label="Expires after",
    )

    def __init__(self, *args: object, user: AbstractBaseUser, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["publisher"].queryset = selectors.publishers_of(user)


class CodeForm(forms.Form):
    code = forms.CharField(
        max_length=20,
        label="Code",
        help_text="Eight letters, such as BCDF-GHJK. Small ones will do.",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )


class GrantForm(TokenForm):
    """What a machine is given: of the rights it asks for, for one publisher or all, for so long."""

    name = None

    def __init__(self, *args: object, asked: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(scope, SCOPE_WORDS[scope]) for scope in asked]
        self.fields["scopes"].initial = asked
        self.fields["days"].initial = 30
