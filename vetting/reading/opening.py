"""Opens every file of a bundle, and what is inside it, until there is text: or says what stayed shut and why."""

import re

from vetting.reading.formats import (
    archive,
    bytecode,
    captions,
    cookie,
    markup,
    mixed,
    notebook,
    office,
    pdf,
    pickles,
    pictures,
)
from vetting.reading.layers import DEPTH, Budget, printable_runs
from vetting.reading.sources import Source, Unread, is_text_name, language
from vetting.reading.text import decode, in_rows

NOTEBOOK = 8_000_000  # characters of a notebook that is taken apart into its cells
_ARCHIVES = re.compile(
    r"\.(?:zip|jar|war|whl|egg|apk|xpi|vsix|tar|tgz|gz|bz2|xz|tbz2|txz|7z|rar|skill|cab|lzma|zst|iso|dmg|deb|rpm)$",
    re.I,
)
_SHUT = {
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a rar archive",
    b"MSCF": "a cabinet archive",
    b"\x28\xb5\x2f\xfd": "a zstd file",
    b"\xed\xab\xee\xdb": "an rpm package",
}
_MEDIA = re.compile(
    r"\.(?:png|jpe?g|gif|webp|ico|bmp|tiff?|mp3|mp4|m4a|wav|ogg|flac|webm|mov|avi|woff2?|ttf|otf|eot|pdf|psd|heic"
    r"|avif|icns|aiff?)$",
    re.I,
)
_MAGIC = {
    b"\x7fELF": "an ELF program",
    b"MZ": "a Windows program",
    b"\xcf\xfa\xed\xfe": "a macOS program",
    b"\xfe\xed\xfa\xcf": "a macOS program",
    b"\xca\xfe\xba\xbe": "a macOS or Java program",
    b"\xce\xfa\xed\xfe": "a macOS program",
    b"\0asm": "a WebAssembly program",
    b"dex\n": "an Android program",
    b"!<arch>": "a library",
}


class Opener:
    """sources and unread fill up file by file."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.sources: list[Source] = []
        self.unread: list[Unread] = []
        self.documents = pdf.Room()

    def open(self, path: str, data: bytes, reach: str, *, executable: bool = False, depth: int = 0) -> None:
        if pickles.looks_like_one(path, data):
            self._saved_object(path, data)
        program = next((what for magic, what in _MAGIC.items() if data.startswith(magic)), "")
        if program and not (data[:2] == b"MZ" and decode(data)):
            self._shut(path, program + (" inside an archive" if depth else ""), "program", data)
        elif path.endswith((".pyc", ".pyo")):
            self._bytecode(path, data)
        elif data.startswith(office.OLD):
            macros = office.has_old_macros(data)
            self._shut(
                path,
                "an office macro" if macros else "an old office document",
                "bytecode" if macros else "binary",
                data,
            )
        elif shut := next((what for magic, what in _SHUT.items() if data.startswith(magic)), ""):
            self._shut(path, f"{shut}, which is not read", "archive", data)
        elif archive.is_archive(data):
            self._members(path, data, depth)
        elif data[:1024].lstrip().startswith(b"%PDF-"):
            self._pdf(path, data, reach, depth)
        elif archive.is_zip_behind(data) and (data[:2] == b"#!" or decode(data[: archive.before_zip(data)])):
            self._text_before_zip(path, data, reach, executable, depth)
        elif found := decode(data):
            self._text(path, *found, reach, executable)
            self._as_its_cookie_says(path, data, reach)
        else:
            self._binary(path, data, reach, executable, depth)

    def _saved_object(self, path: str, data: bytes) -> None:
        names, walked = pickles.called_by(data)
        if names:
            acts = "an object that acts when it is loaded"
            self.unread.append(Unread(path, acts, "object", len(data), "", tuple(names)))
        if not walked:
            self.budget.note(f"{path}: a saved object of more parts than are looked at one by one")

    def _shut(self, path: str, what: str, kind: str, data: bytes, strings: bool = True) -> None:
        self.unread.append(Unread(path, what, kind, len(data), printable_runs(data) if strings else ""))

    def _bytecode(self, path: str, data: bytes) -> None:
        self.unread.append(
            Unread(
                path, "compiled Python", "bytecode", len(data), printable_runs(data), tuple(bytecode.strings_of(data))
            )
        )

    def _binary(self, path: str, data: bytes, reach: str, executable: bool, depth: int) -> None:
        if data[:2] == b"#!" or (is_text_name(path) and data.count(b"\0") < len(data) * 0.3):
            # A shell runs a script on past a NUL, and an agent reads on; only a careless reader stops there.
            self._shut(path, "a text with bytes that are none", "damaged", data, strings=False)
            self._text(path, data.replace(b"\0", b"").decode("utf-8", "replace"), "damaged", reach, executable)
            if packed := archive.packed_behind(data):
                self._deeper(f"{path}!appended", packed, depth)
            return
        said, whole = captions.said_in(data)
        if not whole:
            self.budget.note(f"{path}: more text in a picture than is read")
        if said:
            self.sources.append(Source(f"{path}!text", said, "picture", "markdown", "packed"))
        tail = pictures.appended(data)
        if tail or archive.is_zip_behind(data):
            self._shut(path, "a picture or document with something behind its end", "polyglot", data, strings=False)
            self._deeper(f"{path}!appended", tail or data[data.find(b"PK\x03\x04") :], depth)
        elif _MEDIA.search(path):
            self.unread.append(Unread(path, "media", "media", len(data)))
        elif _ARCHIVES.search(path):
            self._shut(path, "packed in a form that is not read", "archive", data)
        else:
            self._shut(path, "binary data", "binary", data)

    def _text_before_zip(self, path: str, data: bytes, reach: str, executable: bool, depth: int) -> None:
        """Python runs such a file as the archive, whatever stands before it; a shell runs the lines, those behind too."""
        self._shut(path, "a text with an archive behind its end", "polyglot", data, strings=False)
        start = archive.before_zip(data)
        if data[:2] == b"#!" and b"python" not in data[:200].split(b"\n", 1)[0]:
            start = len(data)
        text, encoding = decode(data[:start].replace(b"\0", b"")) or ("", "utf-8")
        self._text(
            path, text or data[:start].replace(b"\0", b"").decode("utf-8", "replace"), encoding, reach, executable
        )
        self._members(path, data, depth)

    def _as_its_cookie_says(self, path: str, data: bytes, reach: str) -> None:
        """Python reads a file in the encoding that it names, which may make a program of a comment."""
        if language(path, "") != "python":
            return
        text, encoding = cookie.recoded(data)
        if text is not None:
            self.sources.append(Source(f"{path}!{encoding}", text, encoding, "python", reach))
        elif encoding:
            self._shut(path, f"a program in the encoding {encoding}, which is not read", "damaged", data, strings=False)
            self.budget.note(f"{path}: a program in an encoding that is not read ({encoding})")

    def _members(self, path: str, data: bytes, depth: int) -> None:
        if depth >= DEPTH:
            self.unread.append(Unread(path, "nested too deep", "archive", len(data)))
            return
        is_office = bool(office.NAME.search(path))
        for name, content, trouble in archive.members_of(path, data, self.budget):
            if content is None:
                kind = "locked" if "password" in trouble else "archive"
                self.unread.append(Unread(name, trouble, kind, len(data)))
            elif is_office:
                self._office(name, content, depth)
            else:
                self._deeper(name, content, depth)

    def _deeper(self, path: str, data: bytes, depth: int) -> None:
        if depth + 1 > DEPTH:
            self.unread.append(Unread(path, "nested too deep", "archive", len(data)))
        elif data:
            self.open(path, data, "packed", depth=depth + 1)

    def _office(self, name: str, content: bytes, depth: int) -> None:
        if office.is_macro(name):
            self._shut(name, "an office macro", "bytecode", content)
        elif not name.lower().endswith((".xml", ".rels", ".html", ".xhtml", ".htm", ".opf", ".ncx", ".css", ".vml")):
            self._deeper(name, content, depth)
        elif found := decode(content):
            if loads := office.loads_from(found[0]):
                self._shut(name, f"a document that loads {loads[0][:200]} when opened", "loads", content, strings=False)
            if text := office.text_of(name, found[0]):
                self.sources.append(Source(name, text, found[1], "markdown", "packed"))
        else:
            self._shut(name, "binary data", "binary", content)

    def _pdf(self, path: str, data: bytes, reach: str, depth: int) -> None:
        read = pdf.read_pdf(data, self.documents)
        for trouble in dict.fromkeys(read.unread):
            self.budget.note(f"{path}: {trouble}")
        if read.text.strip():
            self.sources.append(Source(f"{path}!text", read.text, "pdf", "markdown", reach))
        for number, script in enumerate(read.scripts, 1):
            self.sources.append(Source(f"{path}!script-{number}", script, "pdf", "javascript", reach))
        if read.actions:
            self._shut(path, f"a PDF that acts when opened: {', '.join(read.actions)}", "acts", data, strings=False)
        if archive.is_zip_behind(data):
            self._shut(path, "a picture or document with something behind its end", "polyglot", data, strings=False)
            self._members(f"{path}!appended", data, depth)

    def _text(self, path: str, text: str, encoding: str, reach: str, executable: bool) -> None:
        lang = language(path, text)
        text = in_rows(text, lang)
        if lang == "notebook" and len(text) > NOTEBOOK:
            self.budget.note(f"{path}: a notebook longer than is taken apart")
            self.sources.append(Source(path, text, encoding, "json", reach))
        elif lang == "notebook" and (pieces := notebook.pieces_of(text)) is not None:
            for piece in pieces:
                name = f"{path}!{piece.name}" if piece.name else path
                self.sources.append(Source(name, piece.text, encoding, piece.lang, reach))
        else:
            shown = markup.as_markdown(path, text) if lang == "markdown" else text
            self.sources.append(Source(path, shown, encoding, lang, reach, executable))
            for language_of_it, program in mixed.programs_of(path, text):
                self.sources.append(Source(path, program, encoding, language_of_it, reach))
