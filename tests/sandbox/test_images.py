"""The image's recipe: read from the host's own apt, and only built anew when it changed."""

from pathlib import Path

import pytest

from sandbox.images import apt
from sandbox.images.build import build
from sandbox.images.recipe import IMAGE, dockerfile, recipe_hash


def test_the_hosts_apt_sources_are_read_in_both_forms(tmp_path: Path):
    (tmp_path / "sources.list").write_text(
        "deb [signed-by=/k.gpg] http://one.test/debian bookworm main contrib\n# deb x y z\n"
    )
    folder = tmp_path / "sources.list.d"
    folder.mkdir()
    (folder / "debian.sources").write_text(
        "Types: deb\nURIs: http://two.test/debian\nSuites: bookworm bookworm-updates\n"
        "Components: main\nSigned-By: /d.gpg\n\n"
        "Types: deb\nURIs: http://off.test/debian\nSuites: bookworm\nComponents: main\nEnabled: no\n"
    )
    (folder / "other.list").write_text("deb http://other.test/apt stable main\n")
    assert apt.sources("bookworm", tmp_path) == [
        "deb [signed-by=/k.gpg] http://one.test/debian bookworm main",
        "deb [signed-by=/d.gpg] http://two.test/debian bookworm main",
        "deb [signed-by=/d.gpg] http://two.test/debian bookworm-updates main",
    ]


def test_a_pulled_base_gets_its_packages_and_a_made_one_has_them():
    assert "apt-get install" in dockerfile(base="debian", apt=True)
    assert "apt-get install" not in dockerfile(base="made", apt=False)


def test_the_recipe_names_no_mirror():
    for path in Path(apt.__file__).parent.rglob("*.py"):
        assert (
            "://" not in path.read_text().replace("https://x/", "").split('"""', 2)[2] or path.parent.name == "room"
        ), path


def test_the_image_is_named_after_its_recipe():
    assert recipe_hash() in IMAGE


@pytest.mark.docker
def test_a_second_build_is_a_look_at_a_label():
    said: list[str] = []
    assert build(tell=said.append) is False
    assert said == ["the image is up to date"]


@pytest.mark.docker
def test_older_images_of_this_checkout_go_and_those_of_others_stay():
    import io

    from sandbox.engine import connect
    from sandbox.images.build import prune

    api = connect()

    def made(tag: str, of: str) -> str:
        text = f"FROM {IMAGE}\nENV TAG={tag}\n".encode()
        list(api.build(fileobj=io.BytesIO(text), tag=f"assay-room-test:{tag}", rm=True, labels={"assay.home": of}))
        return f"assay-room-test:{tag}"

    old, current, used, other = made("old", "a"), made("current", "a"), made("used", "a"), made("other", "b")
    user = api.create_container(used, ["true"], labels={"assay.room": "1", "assay.deployment": "tests-images"})["Id"]
    try:
        assert prune(api, keep={current}, tell=lambda _: None, of="a") == 0
        assert prune(api, keep={current}, tell=lambda _: None, of="a", age=-60) == 1
        left = {tag for image in api.images() for tag in image["RepoTags"] or ()}
        assert old not in left and {current, used, other} <= left
    finally:
        api.remove_container(user, force=True)
        for tag in (old, current, used, other):
            try:
                api.remove_image(tag)
            except Exception:
                assert tag == old
