"""Mallory uploads tars, plain and compressed. What a header could rewrite is refused."""

import bz2
import gzip
import io
import lzma
import tarfile

import pytest

from tests.vetting.intake.makers import SKILL_MD, padded, pax, tar_block, tar_file, tar_of
from tests.vetting.intake.test_zip_attacks import MEGABYTE, refused
from vetting.intake import unpack


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_an_ordinary_tar_is_taken_in_whatever_packs_it(pack):
    intake = unpack(pack(tar_of(tar_file(b"run.sh", b"echo hi\n", mode=0o755))))
    assert [file.path for file in intake.bundle] == ["SKILL.md", "run.sh"]
    assert intake.bundle["run.sh"].executable


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_tars_of_pythons_own_tarfile_are_taken_in(form):
    out = io.BytesIO()
    long = "calm-skill/" + "very-long-folder-name-" * 3 + "/" + "long-file-name-" * 6 + ".md"
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        folder = tarfile.TarInfo("./calm-skill")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
        for name, data in (("./calm-skill/SKILL.md", SKILL_MD), (long, b"long")):
            member = tarfile.TarInfo(name)
            member.size, member.mtime = len(data), 1.5 if form == tarfile.PAX_FORMAT else 1
            archive.addfile(member, io.BytesIO(data))
    bundle = unpack(out.getvalue()).bundle
    assert bundle[long.removeprefix("calm-skill/")].data == b"long"


@pytest.mark.parametrize(
    ("block", "code"),
    [
        (tar_file(b"../evil", b"x"), "archive.path-traversal"),
        (tar_file(b"/etc/evil", b"x"), "archive.absolute-path"),
        (tar_file(b"evil", b"x", prefix=b"../.."), "archive.path-traversal"),
        (tar_file(b"a\nb", b"x"), "archive.bad-name"),
        (tar_file(b"\xff", b"x"), "archive.bad-name"),
        (tar_block(b"l", kind=b"2", link=b"/etc/passwd"), "archive.link"),
        (tar_block(b"l", kind=b"1", link=b"SKILL.md"), "archive.link"),
        (tar_file(b"f", b"x", link=b"/etc/passwd"), "archive.link"),
        (tar_block(b"d", kind=b"3"), "archive.special-file"),
        (tar_block(b"d", kind=b"4"), "archive.special-file"),
        (tar_block(b"p", kind=b"6"), "archive.special-file"),
        (tar_file(b"c", b"x", kind=b"7"), "archive.special-file"),
        (tar_block(b"v", kind=b"V"), "archive.special-file"),
        (tar_block(b"m", kind=b"M"), "archive.special-file"),
        (tar_file(b"s", b"x", kind=b"S"), "archive.sparse"),
        (tar_file(b"long", b"target\0", kind=b"K"), "archive.link"),
        (tar_file(b"long", b"../../evil\0", kind=b"L") + tar_file(b"ok", b"x"), "archive.path-traversal"),
        (tar_file(b"long", b"a\0/../evil", kind=b"L") + tar_file(b"ok", b"x"), "archive.path-traversal"),
        (tar_file(b"SKILL.md", SKILL_MD), "archive.duplicate"),
        (tar_file(b"skill.MD", SKILL_MD), "archive.case-collision"),
        (tar_file(b"a", b"") + tar_file(b"a/b", b"x"), "archive.duplicate"),
        (tar_block(b"d/", 3, kind=b"5") + padded(b"abc"), "archive.header-mismatch"),
        (tar_block(b"f", checksum=1), "archive.corrupt"),
        (tar_block(b"f", size_field=b"\x80" + bytes(10) + b"\x05"), "archive.corrupt"),
        (tar_block(b"f", size_field=b"-0000000001\0"), "archive.corrupt"),
        (tar_block(b"f", 21 * MEGABYTE), "archive.truncated"),
    ],
)
def test_a_member_that_is_no_plain_file_or_folder_is_refused(block, code):
    assert refused(tar_of(block)).code == code


@pytest.mark.parametrize(
    ("blocks", "code"),
    [
        ([pax(path="../evil"), tar_file(b"ok", b"x")], "archive.path-traversal"),
        ([pax(path="/evil"), tar_file(b"ok", b"x")], "archive.absolute-path"),
        ([pax(path="a\0b"), tar_file(b"ok", b"x")], "archive.bad-name"),
        ([pax(path="SKILL.md"), tar_file(b"ok", b"x")], "archive.duplicate"),
        ([pax(size="0"), tar_file(b"ok", b"x")], "archive.pax"),
        ([pax(size="9"), tar_file(b"ok", b"x")], "archive.pax"),
        ([pax(linkpath="/etc/passwd"), tar_file(b"ok", b"x")], "archive.link"),
        ([pax(hdrcharset="BINARY"), tar_file(b"ok", b"x")], "archive.pax"),
        ([pax(GNU__sparse__major="1"), tar_file(b"ok", b"x")], "archive.sparse"),
        ([pax(GNU__sparse__name="../x"), tar_file(b"ok", b"x")], "archive.sparse"),
        ([pax(path="a"), pax(path="b"), tar_file(b"ok", b"x")], "archive.pax"),
        ([pax(path="a"), tar_file(b"long", b"b\0", kind=b"L"), tar_file(b"ok", b"x")], "archive.pax"),
        ([pax(b"g", path="evil"), tar_file(b"ok", b"x")], "archive.pax"),
        ([pax(b"g", size="5"), tar_file(b"ok", b"x")], "archive.pax"),
        ([pax(b"g", linkpath="/x"), tar_file(b"ok", b"x")], "archive.link"),
        ([pax(path="a")], "archive.corrupt"),
        ([tar_file(b"pax", b"9 path=a\n9 path=b\n", kind=b"x"), tar_file(b"ok", b"x")], "archive.pax"),
        ([tar_file(b"pax", b"99 path=a\n", kind=b"x"), tar_file(b"ok", b"x")], "archive.pax"),
        ([tar_file(b"pax", b"x path=a\n", kind=b"x"), tar_file(b"ok", b"x")], "archive.pax"),
        ([tar_file(b"pax", b"0 path=a\n", kind=b"x"), tar_file(b"ok", b"x")], "archive.pax"),
        ([tar_block(b"pax", 1 << 20, kind=b"x")], "archive.pax"),
    ],
)
def test_a_pax_header_that_rewrites_its_member_is_refused(blocks, code):
    assert refused(tar_of(*blocks)).code == code


def test_harmless_pax_records_are_ignored():
    records = pax(mtime="1.25", SCHILY__xattr__user__x=b"\xff\x00", comment="made by a version control tool")
    assert "ok" in unpack(tar_of(pax(b"g", comment="abc"), records, tar_file(b"ok", b"x"))).bundle


def test_a_gzip_bomb_is_refused():
    assert refused(gzip.compress(bytes(120 * MEGABYTE), 1)).code == "archive.bomb"


def test_xz_and_bzip2_bombs_are_refused():
    assert refused(lzma.compress(bytes(120 * MEGABYTE), preset=0)).code == "archive.bomb"
    assert refused(bz2.compress(bytes(120 * MEGABYTE), 1)).code == "archive.bomb"


def test_an_xz_that_asks_for_much_memory_is_refused():
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 29}]
    assert refused(lzma.compress(tar_of(), filters=filters)).code == "archive.corrupt"


def test_a_tar_that_unpacks_to_far_more_than_was_sent_is_refused():
    blocks = [tar_file(b"%d.bin" % i, bytes(19 * MEGABYTE)) for i in range(2)]
    assert refused(gzip.compress(tar_of(*blocks), 1)).code == "archive.bomb"


def test_two_gzip_streams_in_a_row_are_refused():
    assert refused(gzip.compress(tar_of()) + gzip.compress(tar_of())).code == "archive.trailing-data"
    assert refused(gzip.compress(tar_of()) + b"more").code == "archive.trailing-data"
    assert refused(bz2.compress(tar_of()) + b"more").code == "archive.trailing-data"
    assert refused(lzma.compress(tar_of()) + lzma.compress(b"")).code == "archive.trailing-data"


def test_data_after_the_end_of_a_tar_are_refused():
    assert refused(tar_of() + tar_file(b"evil", b"x")).code == "archive.trailing-data"
    assert unpack(tar_of(end=bytes(10240))).manifest.name == "calm-skill"


def test_ten_thousand_and_one_files_are_refused():
    assert refused(tar_of(*(tar_block(b"f%05d" % i) for i in range(10_000)))).code == "archive.too-many-files"


def test_folders_without_number_are_refused():
    folders = [tar_block(b"d%05d/" % i, kind=b"5") for i in range(30_001)]
    assert refused(tar_of(*folders)).code == "archive.too-many-entries"


def test_a_tar_that_is_cut_short_is_refused_at_every_block():
    whole = tar_of(tar_file(b"a.txt", b"hello" * 300), end=bytes(512))
    for length in [*range(512, len(whole), 512), 600, 1000, len(whole) - 1]:
        assert refused(whole[:length]).code == "archive.truncated"
    packed = gzip.compress(whole)
    for length in range(20, len(packed), 7):
        assert refused(packed[:length]).code in ("archive.truncated", "archive.corrupt")


def test_damaged_gzip_is_refused():
    packed = bytearray(gzip.compress(tar_of()))
    packed[-6] ^= 1
    assert refused(bytes(packed)).code == "archive.corrupt"
