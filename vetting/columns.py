"""Where on its line a finding's excerpt stands, so that editors and code hosts underline that, not the whole line."""

from vetting.bundle import Bundle

LINE_CHARS = 20_000


class Columns:
    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._lines: dict[str, list[str]] = {}

    def placed(self, row: dict) -> dict:
        """The row of `findings[]` with `column` and `end_column`, counted from 1; 0 where the excerpt is not there."""
        start, length = self._found(row)
        return row | {"column": start, "end_column": start + length if start else 0}

    def _found(self, row: dict) -> tuple[int, int]:
        words = row["evidence"].partition("\n")[0].strip().removesuffix("…").rstrip()
        line = self._line(row["file"], row["line"])
        at = line.find(words) if words else -1
        return (at + 1, len(words)) if at >= 0 else (0, 0)

    def _line(self, path: str, number: int) -> str:
        if number < 1 or path not in self._bundle:
            return ""
        if path not in self._lines:
            self._lines[path] = (self._bundle[path].text or "").split("\n")
        lines = self._lines[path]
        return lines[number - 1][:LINE_CHARS] if number <= len(lines) else ""
