"""What the marketplace refuses: one family, so that the API and the pages answer each refusal in one place.

What is wrong inside a bundle is a vetting SkillError; what is wrong with the platform is a PlatformError.
"""


class Refusal(Exception):
    """One clear sentence, a stable code, what to do, and the HTTP status that says the same."""

    status = 400

    def __init__(self, code: str, message: str, *, fix: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.fix = code, message, fix


class Invalid(Refusal):
    """What was sent cannot be used as it is."""

    status = 422


class Unauthenticated(Refusal):
    """Nobody is known to be asking."""

    status = 401


class NotAllowed(Refusal):
    """The asker is known and may not."""

    status = 403


class NotFound(Refusal):
    """There is no such thing, or the asker may not know of it."""

    status = 404


class Conflict(Refusal):
    """It stands against what is already here."""

    status = 409


class Gone(Refusal):
    """It was here and was taken back for good."""

    status = 410


class TooOften(Refusal):
    """It was asked for a short while ago."""

    status = 429


class TooLarge(Refusal):
    """More bytes than are taken."""

    status = 413
