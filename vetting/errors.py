"""Whose fault is it? A SkillError is told to the author; a PlatformError is retried and never held against a skill."""


class SkillError(Exception):
    """Something about the upload that its author can mend.

    code is stable and machine-readable ("archive.path-traversal"); message is one clear sentence that names the place;
    fix says what to do. file and line point into the bundle where they can.
    """

    def __init__(self, code: str, message: str, *, fix: str = "", file: str = "", line: int = 0) -> None:
        super().__init__(message)
        self.code, self.message, self.fix, self.file, self.line = code, message, fix, file, line


class PlatformError(Exception):
    """Something about this registry that its operator can mend; the work that met it waits and is tried again."""

    def __init__(self, code: str, message: str, *, fix: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.fix = code, message, fix
