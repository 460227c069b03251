"""Whatever Mallory sends, the answer is a skill or a SkillError, and one skill has one digest."""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.vetting.intake.makers import SKILL_MD, Entry, pax, tar_file, tar_of, zip_of
from vetting.bundle import Bundle, BundleFile
from vetting.errors import SkillError
from vetting.intake import Intake, unpack

QUICK = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)

SEEDS = [
    zip_of(Entry(b"a.sh", b"x" * 40, mode=0o100755), Entry(b"b/c.txt", b"y", method=0)),
    tar_of(tar_file(b"a.sh", b"x" * 40), pax(path="b/\u00e9"), tar_file(b"n", b"y")),
    gzip.compress(tar_of(tar_file(b"a", b"x")), mtime=0),
    SKILL_MD,
]


def answer(data: bytes) -> Intake | SkillError:
    try:
        return unpack(data)
    except SkillError as error:
        assert error.code and error.message and error.message.isprintable() and len(error.message) < 1000
        return error


@QUICK
@given(
    st.binary(max_size=3000), st.sampled_from([b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\x00", b"---\n"])
)
def test_any_bytes_are_a_skill_or_a_refusal(data, start):
    answer(start + data)


@QUICK
@given(st.sampled_from(SEEDS), st.data())
def test_any_damage_is_a_skill_or_a_refusal(seed, data):
    broken = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(broken) - 1))
        match data.draw(st.sampled_from(["change", "cut", "insert", "repeat"])):
            case "change":
                broken[at] = data.draw(st.integers(0, 255))
            case "cut":
                del broken[at : at + data.draw(st.integers(1, 40))]
            case "insert":
                broken[at:at] = data.draw(st.binary(min_size=1, max_size=20))
            case "repeat":
                broken[at:at] = broken[at : at + 200]
        if not broken:
            broken = bytearray(b"x")
    result = answer(bytes(broken))
    if isinstance(result, Intake):
        assert unpack(result.bundle.tar).bundle.digest == result.bundle.digest


@QUICK
@given(st.text(max_size=400))
def test_any_front_matter_is_a_manifest_or_a_refusal(text):
    result = answer(f"---\nname: calm-skill\ndescription: x\n{text}\n---\n".encode("utf-8", "surrogatepass"))
    if isinstance(result, Intake):
        json.dumps(result.manifest.raw)


plain = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffd"), max_size=20)


@QUICK
@given(
    st.recursive(
        plain,
        lambda kids: st.lists(kids, max_size=3) | st.dictionaries(plain, kids, max_size=3),
        max_leaves=8,
    )
)
def test_json_in_the_front_matter_comes_back_as_it_went_in(value):
    text = json.dumps(value, ensure_ascii=True)
    read = unpack(f"---\nname: calm-skill\ndescription: x\nextra: {text}\n---\n".encode())
    assert read.manifest.raw["extra"] == value


names = st.text(st.sampled_from("abcXYZ019-_é漢 "), min_size=1, max_size=12).map(str.strip).filter(bool)
trees = st.dictionaries(
    st.lists(names, min_size=1, max_size=3).map("/".join), st.tuples(st.binary(max_size=60), st.booleans()), max_size=6
)


def bundle_of(tree: dict) -> Bundle:
    files = {"SKILL.md": (SKILL_MD, False), **tree}
    return Bundle(tuple(BundleFile(path, *files[path]) for path in sorted(files)))


@QUICK
@given(trees)
def test_a_bundles_own_bytes_unpack_to_the_same_bundle(tree):
    bundle = bundle_of(tree)
    result = answer(bundle.tar)
    if isinstance(result, Intake):
        assert result.bundle.digest == bundle.digest
        assert result.bundle.files == bundle.files
    else:
        assert result.code in ("archive.duplicate", "archive.case-collision", "archive.reserved-name")


@QUICK
@given(trees, st.randoms(use_true_random=False), st.booleans())
def test_the_digest_knows_neither_archive_kind_nor_order_nor_top_folder(tree, random, foldered):
    bundle = bundle_of(tree)
    files = list(bundle.files)
    random.shuffle(files)
    top = "calm-skill/" if foldered else ""
    zipped, tarred = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            info = zipfile.ZipInfo(top + file.path, (2020, 1, random.randint(1, 28), 0, 0, 0))
            info.create_system, info.external_attr = 3, (0o100755 if file.executable else 0o100644) << 16
            archive.writestr(info, file.data)
    with tarfile.open(
        fileobj=tarred, mode="w", format=random.choice([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
    ) as archive:
        for file in files:
            member = tarfile.TarInfo(top + file.path)
            member.size, member.mtime, member.uname = len(file.data), random.randint(0, 2**31), "mallory"
            member.mode = 0o755 if file.executable else 0o600
            archive.addfile(member, io.BytesIO(file.data))
    plain_tar = tarred.getvalue()
    sent = [zipped.getvalue(), plain_tar, *(pack(plain_tar) for pack in (gzip.compress, bz2.compress, lzma.compress))]
    results = [answer(data) for data in sent]
    if isinstance(answer(bundle.tar), Intake):
        assert {result.bundle.digest for result in results} == {bundle.digest}
    else:
        assert all(isinstance(result, SkillError) for result in results)
