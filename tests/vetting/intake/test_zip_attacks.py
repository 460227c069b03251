"""Mallory uploads zips. Each is refused with a stable code and one sentence, before anything of it is believed."""

import io
import struct
import zipfile
import zlib

import pytest

from tests.vetting.intake.makers import SKILL_MD, Entry, Zip, zip_of
from vetting.errors import SkillError
from vetting.intake import unpack

MEGABYTE = 1024 * 1024


def refused(data: bytes) -> SkillError:
    with pytest.raises(SkillError) as caught:
        unpack(data)
    error = caught.value
    assert error.message.endswith(".") and error.fix, "every refusal is a sentence and says what to do"
    assert error.message.isprintable()
    return error


def test_an_ordinary_zip_is_taken_in():
    intake = unpack(zip_of(Entry(b"run.sh", b"#!/bin/sh\necho hi\n", mode=0o100755)))
    assert [file.path for file in intake.bundle] == ["SKILL.md", "run.sh"]
    assert intake.bundle["run.sh"].executable and not intake.bundle["SKILL.md"].executable
    assert intake.manifest.name == "calm-skill"
    assert intake.notes == []


def test_zips_of_pythons_own_zipfile_are_taken_in():
    for compression in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", compression) as archive:
            archive.mkdir("calm-skill")
            archive.writestr("calm-skill/SKILL.md", SKILL_MD)
            archive.writestr("calm-skill/notes/größe.md", "hi")
            with archive.open("calm-skill/streamed.txt", "w", force_zip64=True) as file:
                file.write(b"streamed")
        intake = unpack(out.getvalue())
        assert sorted(file.path for file in intake.bundle) == ["SKILL.md", "notes/größe.md", "streamed.txt"]


def test_a_zip_written_to_a_pipe_with_data_descriptors_is_taken_in():
    class Pipe(io.RawIOBase):
        def __init__(self):
            self.parts = []

        def writable(self):
            return True

        def write(self, data):
            self.parts.append(bytes(data))
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("SKILL.md", SKILL_MD)
        archive.writestr("a.txt", "a")
    assert "a.txt" in unpack(b"".join(pipe.parts)).bundle


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (b"../evil.sh", "archive.path-traversal"),
        (b"a/../../evil.sh", "archive.path-traversal"),
        (b"a/..", "archive.path-traversal"),
        (b"/etc/cron.d/evil", "archive.absolute-path"),
        (b"C:/evil.bat", "archive.absolute-path"),
        (b"C:evil.bat", "archive.absolute-path"),
        (b"..\\evil.sh", "archive.bad-name"),
        (b"\\\\host\\share", "archive.bad-name"),
        (b"a\0.sh", "archive.bad-name"),
        (b"a\nb.sh", "archive.bad-name"),
        (b"a\x1b[2Jb", "archive.bad-name"),
        (b"a\x7f", "archive.bad-name"),
        ("a\u202egnp.sh".encode(), "archive.bad-name"),
        ("a\u200b.sh".encode(), "archive.bad-name"),
        ("\U000e0041.sh".encode(), "archive.bad-name"),
        (b"name:stream", "archive.bad-name"),
        (b"what?", "archive.bad-name"),
        (b"a//b", "archive.bad-name"),
        (b"a/./b", "archive.bad-name"),
        (b"trailing.", "archive.bad-name"),
        (b"trailing ", "archive.bad-name"),
        (b"con", "archive.reserved-name"),
        (b"scripts/NUL.txt", "archive.reserved-name"),
        ("com¹.log".encode(), "archive.reserved-name"),
        (b"\xff\xfe.sh", "archive.bad-name"),
        (b"a" * 201, "archive.name-too-long"),
        (b"/".join([b"a" * 90] * 6), "archive.name-too-long"),
        (b"/".join([b"a"] * 21), "archive.too-deep"),
    ],
)
def test_a_name_that_means_something_else_somewhere_is_refused(name, code):
    assert refused(zip_of(Entry(name, b"x"))).code == code


def test_the_refusal_names_the_entry():
    error = refused(zip_of(Entry(b"../evil.sh", b"x")))
    assert "../evil.sh" in error.message and error.file == "../evil.sh"


@pytest.mark.parametrize(("mode", "code"), [
    (0o120777, "archive.link"), (0o020644, "archive.special-file"), (0o060644, "archive.special-file"),
    (0o010644, "archive.special-file"), (0o140644, "archive.special-file"), (0o040755, "archive.header-mismatch"),
])  # fmt: skip
def test_links_devices_pipes_and_sockets_are_refused(mode, code):
    assert refused(zip_of(Entry(b"thing", b"/etc/passwd", mode=mode))).code == code


def test_the_same_name_twice_is_refused():
    assert refused(zip_of(Entry(b"a.sh", b"1"), Entry(b"a.sh", b"2"))).code == "archive.duplicate"
    assert refused(zip_of(Entry(b"SKILL.md", SKILL_MD))).code == "archive.duplicate"


@pytest.mark.parametrize(("one", "other"), [
    ("Run.sh", "run.sh"), ("Lib/a.py", "lib/b.py"), ("stra\u00dfe", "strasse"), ("\ufb01x", "fix"),
])  # fmt: skip
def test_names_that_only_case_tells_apart_are_refused(one, other):
    assert refused(zip_of(Entry(one.encode(), b"1"), Entry(other.encode(), b"2"))).code == "archive.case-collision"


def test_one_name_in_two_unicode_forms_is_refused():
    both = zip_of(Entry("caf\u00e9".encode(), b"1"), Entry("cafe\u0301".encode(), b"2"))
    assert refused(both).code == "archive.duplicate"


def test_a_name_that_is_file_and_folder_is_refused():
    assert refused(zip_of(Entry(b"a", b"1"), Entry(b"a/b", b"2"))).code == "archive.duplicate"


def test_entries_that_share_bytes_are_refused():
    shared = zip_of(Entry(b"one", b"x" * 5000), Entry(b"two", b"x" * 5000, offset=0))
    assert refused(shared).code in ("archive.overlap", "archive.header-mismatch")
    kernel = Entry(b"a", b"y" * 1000, method=0)
    whole = Zip([kernel]).bytes()
    # The classic: the first entry's stored data hold the second entry's local header.
    inner = Zip([Entry(b"inner", b"z", method=0)]).bytes()[: 30 + 5 + 1]
    outer = Zip([Entry(b"outer", inner, method=0), Entry(b"inner", b"z", method=0, offset=30 + 5)]).bytes()
    assert refused(outer).code == "archive.overlap"
    assert whole.startswith(b"PK")


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    zeros = zlib.compressobj(9, zlib.DEFLATED, -15)
    chunk = zeros.compress(bytes(19 * MEGABYTE)) + zeros.flush()
    crc = zlib.crc32(bytes(19 * MEGABYTE))
    bombs = [Entry(b"%d.bin" % i, packed=chunk, size=19 * MEGABYTE, crc=crc) for i in range(3)]
    assert refused(zip_of(*bombs)).code == "archive.bomb"


def test_an_entry_that_grows_beyond_its_stated_size_is_refused():
    packed = zlib.compress(bytes(19 * MEGABYTE))[2:-4]
    assert refused(zip_of(Entry(b"a", packed=packed, size=10, crc=0))).code == "archive.bomb"
    assert refused(zip_of(Entry(b"a", b"abc", size=10))).code == "archive.corrupt"


def test_a_file_that_is_too_large_is_refused():
    assert refused(zip_of(Entry(b"a", packed=b"\3\0", size=21 * MEGABYTE, crc=0))).code == "archive.file-too-large"


def test_ten_thousand_files_are_enough():
    full = zip_of(*(Entry(b"f/%05d" % i, b"", method=0) for i in range(9_999)))
    assert len(unpack(full).bundle.files) == 10_000
    over = zip_of(*(Entry(b"f/%05d" % i, b"", method=0) for i in range(10_000)))
    assert refused(over).code == "archive.too-many-files"


def test_fifty_one_megabytes_are_refused():
    assert refused(b"PK\x03\x04" + bytes(51 * MEGABYTE)).code == "archive.too-large"
    noise = b"".join(zlib.crc32(b"%d" % i).to_bytes(4, "big") for i in range(MEGABYTE // 16)) * (17 * 4)
    packed = zlib.compress(noise, 1)[2:-4]
    three = [Entry(b"%d" % i, packed=packed, size=len(noise), crc=zlib.crc32(noise)) for i in range(3)]
    assert refused(zip_of(*three)).code == "archive.too-large"


def test_an_encrypted_entry_is_refused():
    for flags in (1, 1 << 6, 1 << 13):
        assert refused(zip_of(Entry(b"a", b"x", flags=flags))).code == "archive.encrypted"


def test_an_unusual_compression_is_refused():
    for method in (1, 6, 9, 12, 14, 93, 95, 99):
        assert refused(zip_of(Entry(b"a", b"x", method=method))).code == "archive.unsupported-compression"


@pytest.mark.parametrize("lie", [
    {"local_name": b"b"}, {"local_name": b"../a"}, {"local_flags": 1 << 11}, {"local_method": 0}, {"local_crc": 7},
    {"local_size": 99}, {"extra": struct.pack("<2HBL", 0x7075, 8, 1, 0) + b"bad"},
    {"local_extra": struct.pack("<2HBL", 0x7075, 8, 1, 0) + b"bad"},
])  # fmt: skip
def test_a_directory_and_a_local_header_that_disagree_are_refused(lie):
    assert refused(zip_of(Entry(b"a", b"x", **lie))).code == "archive.header-mismatch"


def test_a_wrong_checksum_is_refused():
    assert refused(zip_of(Entry(b"a", b"abc", crc=1))).code == "archive.corrupt"
    assert refused(zip_of(Entry(b"a", b"abc", method=0, crc=1))).code == "archive.corrupt"


def test_zip64_is_refused_wherever_it_is_claimed():
    extra = struct.pack("<2H2Q", 1, 16, 3, 5)
    assert refused(zip_of(Entry(b"a", b"abc", extra=extra))).code == "archive.zip64"
    assert refused(zip_of(Entry(b"a", b"abc", size=0xFFFFFFFF))).code == "archive.zip64"
    assert refused(zip_of(count=0xFFFF)).code == "archive.zip64"


def test_a_wrong_data_descriptor_is_refused():
    lie = struct.pack("<4s3L", b"PK\x07\x08", 1, 2, 3)
    assert refused(zip_of(Entry(b"a", b"abc", flags=8, descriptor=lie))).code == "archive.header-mismatch"


def test_data_before_between_and_after_the_entries_are_refused():
    assert refused(zip_of(before=b"MZ" + bytes(100))).code == "archive.prepended-data"
    assert refused(zip_of(before=b"PK\x03\x04" + bytes(100))).code == "archive.prepended-data"
    assert refused(zip_of(Entry(b"a", b"x", before=b"hidden"))).code == "archive.hidden-data"
    assert refused(zip_of(Entry(b"a", b"x", descriptor=b"hidden"))).code == "archive.hidden-data"
    assert refused(zip_of(after=b"more")).code == "archive.trailing-data"
    assert refused(zip_of() + zip_of()).code == "archive.prepended-data"


def test_a_second_archive_in_the_comment_is_refused():
    other = Zip([Entry(b"SKILL.md", b"other")]).bytes()
    assert refused(zip_of(comment=other)).code == "archive.ambiguous"
    assert unpack(zip_of(comment=b"made by hand")).manifest.name == "calm-skill"


def test_a_zip_that_is_cut_short_is_refused_at_every_length():
    whole = zip_of(Entry(b"a.txt", b"hello" * 50))
    for length in range(4, len(whole)):
        assert refused(whole[:length]).code.startswith("archive.")


def test_a_count_that_is_not_the_directorys_is_refused():
    assert refused(zip_of(Entry(b"a", b"x"), count=1)).code == "archive.header-mismatch"
    assert refused(zip_of(Entry(b"a", b"x"), count=3)).code == "archive.corrupt"


def test_one_part_of_several_is_refused():
    for at in (4, 6, 8):
        part = bytearray(zip_of())
        part[len(part) - 22 + at] ^= 1
        assert refused(bytes(part)).code == "archive.multi-volume"


def test_a_directory_record_that_leaves_the_directory_is_refused():
    for at in (28, 30, 32, 34):
        broken = bytearray(zip_of(Entry(b"a", b"x")))
        broken[broken.find(b"PK\x01\x02") + at + (at < 34)] ^= 0x7F
        assert refused(bytes(broken)).code == "archive.corrupt"


def test_an_entry_that_is_not_where_the_directory_says_is_refused():
    broken = bytearray(zip_of(Entry(b"a", b"x")))
    broken[broken.rfind(b"PK\x03\x04") + 2] = 9
    assert refused(bytes(broken)).code == "archive.corrupt"


def test_a_stored_entry_of_two_sizes_is_refused():
    assert refused(zip_of(Entry(b"a", b"abc", method=0, size=5))).code == "archive.header-mismatch"


def test_bytes_hidden_inside_a_compressed_entry_are_refused():
    whole = Entry(b"a", b"abc").stored()
    assert refused(zip_of(Entry(b"a", b"abc", packed=whole + b"hidden"))).code == "archive.corrupt"
    assert refused(zip_of(Entry(b"a", b"abc", packed=whole[:-1]))).code == "archive.corrupt"
    assert refused(zip_of(Entry(b"a", b"abc", packed=b"\xff\xff\xff"))).code == "archive.corrupt"


def test_damaged_extra_fields_are_refused():
    assert refused(zip_of(Entry(b"a", b"abc", extra=struct.pack("<2H", 0x1234, 99)))).code == "archive.corrupt"
    assert refused(zip_of(Entry(b"a", b"abc", local_extra=struct.pack("<2H", 0x1234, 99)))).code == "archive.corrupt"


def test_a_folder_with_contents_is_refused():
    assert refused(zip_of(Entry(b"d/", b"x", mode=0o040755))).code == "archive.header-mismatch"
