"""One family of errors: each has an exit code, a stable code, a sentence and a hint. main.py prints them."""

# What to do where a registry answers what no sound one does.
ODD_ANSWER = "Do not use it; tell the registry's operator, with the code in brackets."
HANDLE_SHAPE = "A handle has small letters, digits and hyphens, such as alice or data-works."


class CliError(Exception):
    exit_code = 1
    code = "error"

    def __init__(self, message: str, *, code: str = "", hint: str = "", place: str = "") -> None:
        super().__init__(message)
        self.message, self.hint, self.place = message, hint, place
        self.code = code or self.code

    def as_dict(self) -> dict:
        document = {"schema": "assay.error.v1", "code": self.code, "message": self.message, "hint": self.hint}
        return {**document, "place": self.place} if self.place else document


class UsageProblem(CliError):
    exit_code, code = 2, "usage"


class Missing(CliError):
    exit_code, code = 3, "not-found"


class NotAllowed(CliError):
    exit_code, code = 4, "not-allowed"


class Refused(CliError):
    """Vetting, or the registry's intake, said no to the skill."""

    exit_code, code = 5, "refused"


class FindingsPresent(CliError):
    exit_code, code = 6, "findings"


class Unreachable(CliError):
    exit_code, code = 7, "unreachable"


class Tampered(CliError):
    """Something is not what was signed."""

    exit_code, code = 8, "integrity"


class Interrupted(CliError):
    exit_code, code = 130, "interrupted"
