"""What a person may be called: a possible handle, and one that no publisher who is here has or resembles."""

from django.core.exceptions import ValidationError

from marketplace.models import Publisher
from marketplace.names import handle_problem, skeleton


def validate_username(username: str) -> None:
    """A username is a possible handle, because a person publishes under it."""
    if problem := handle_problem(username):
        raise ValidationError(f"You cannot be called this: {problem}.")


def validate_username_is_free(username: str) -> None:
    """A newcomer may not take, or pass for, a publisher who is here."""
    if Publisher.objects.filter(skeleton=skeleton(username)).exists():
        raise ValidationError("This username is taken, or too like the handle of a publisher who is here.")


username_validators = [validate_username, validate_username_is_free]
