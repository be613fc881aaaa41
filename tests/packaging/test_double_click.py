"""What is built for those without Python: the recipes say the same as the program, and make what they say."""

import configparser
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECIPES = ROOT / "packaging"
SCRIPTS = ("bundle", "deb", "appimage", "prove", "prove-inside", "windows/build", "macos/build")
DEBIAN = pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="packages for Debian are made on Debian")


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with what the packages are made of, where a tiny program stands for the folder of PyInstaller."""
    shutil.copytree(RECIPES, tmp_path / "packaging", ignore=shutil.ignore_patterns("model", "__pycache__"))
    (tmp_path / "assets/icons").mkdir(parents=True)
    for name in ("assets/icons/workbench.svg", "LICENSE", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    folder = tmp_path / "dist/gui-agent-workbench"
    (folder / "_internal").mkdir(parents=True)
    for name in ("workbench", "workbench-cli"):
        (folder / name).write_text(f'#!/bin/sh\necho {name} "$@"\n')
        (folder / name).chmod(0o755)
    shutil.copy("/bin/true", folder / "_internal/needs-the-c-library")
    return tmp_path


def ask(*words: str | Path) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_recipe_can_be_run_and_read_by_the_shell(name):
    assert os.access(RECIPES / name, os.X_OK)
    subprocess.run(["bash", "-n", RECIPES / name], check=True)


def test_the_desktop_file_starts_the_program_that_the_window_says_it_is():
    from ui.qt.application import NAME

    entries = configparser.RawConfigParser()
    entries.read(RECIPES / "linux" / f"{NAME}.desktop", "utf-8")
    entry = entries["Desktop Entry"]
    assert entry["exec"].split()[0] in project()["gui-scripts"]
    assert entry["icon"] == entry["startupwmclass"] == NAME


def test_what_software_centres_are_told_names_the_desktop_file_and_both_programs():
    name = project()["name"]
    (file,) = (RECIPES / "linux").glob("*.metainfo.xml")
    told = ElementTree.parse(file).getroot()
    assert file.name == f"{told.findtext('id')}.metainfo.xml"
    assert told.find("releases/release").get("version") == project()["version"]
    assert told.findtext("launchable") == f"{name}.desktop"
    assert {each.text for each in told.iter("binary")} == {*project()["scripts"], *project()["gui-scripts"]}
    assert told.findtext("project_license") == project()["license"]


@pytest.mark.parametrize(
    ("checker", "pattern"),
    [("appstreamcli validate --no-net", "*.metainfo.xml"), ("desktop-file-validate", "*.desktop")],
)
def test_what_is_told_to_desktops_passes_their_own_checkers(checker, pattern):
    words = checker.split()
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed")
    (file,) = (RECIPES / "linux").glob(pattern)
    done = subprocess.run([*words, file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "W:" not in done.stdout


def codecs() -> set[str]:
    """What the recipe of the folder keeps of imagecodecs."""
    line = re.search(r"^CODECS = .*$", (RECIPES / "bundle.spec").read_text("utf-8"), re.M)
    return set(re.findall(r'"(\w+)"', line[0]))


def test_the_folder_has_every_codec_that_the_program_asks_for():
    sources = [path for floor in ("workbench", "recorder", "agents", "ui") for path in (ROOT / floor).rglob("*.py")]
    asked = r"imagecodecs\.([a-z0-9]+)_(?:en|de)code"
    used = {name for path in sources for name in re.findall(asked, path.read_text("utf-8"))}
    assert used
    assert used <= codecs()


def test_the_recipe_of_the_folder_is_python_and_names_no_codec_that_does_not_exist():
    text = (RECIPES / "bundle.spec").read_text("utf-8")
    compile(text, "bundle.spec", "exec")
    folder = Path(importlib.util.find_spec("imagecodecs").origin).parent
    assert [name for name in codecs() if not list(folder.glob(f"_{name}.*"))] == []


@pytest.mark.parametrize(
    ("name", "said"), [("workbench-cli", "usage: workbench-cli"), ("workbench", "usage: workbench ")]
)
def test_the_frozen_program_is_what_its_file_is_called(name, said):
    code = f"import sys, runpy; sys.executable = '/opt/{name}'; sys.argv = ['{name}', '--help']\n"
    code += f"sys.path.insert(0, {str(ROOT)!r}); runpy.run_path({str(RECIPES / 'launcher.py')!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stdout.startswith(said)


@DEBIAN
def test_the_debian_package_holds_the_folder_and_depends_on_what_it_loads(checkout):
    ask(checkout / "packaging/deb")
    (package,) = (checkout / "dist").glob("*.deb")
    assert package.name.startswith(f"gui-agent-workbench_{project()['version']}_")
    depends = ask("dpkg-deb", "-f", package, "Depends").strip().split(", ")
    assert any(each.startswith("libc6 (>= ") for each in depends)
    assert {"xvfb", "openbox", "dbus", "at-spi2-core"} <= set(depends)
    assert not {"galculator", "mousepad", "g++", "python3-tk"} & set(depends)
    listed = ask("dpkg-deb", "-c", package)
    assert "./usr/bin/workbench -> /opt/gui-agent-workbench/workbench\n" in listed
    assert "./usr/share/applications/gui-agent-workbench.desktop\n" in listed
    assert {line.split()[1] for line in listed.splitlines()} == {"root/root"}


@DEBIAN
def test_without_the_folder_there_is_no_package_and_a_sentence_says_why(checkout):
    shutil.rmtree(checkout / "dist")
    done = subprocess.run([checkout / "packaging/deb"], capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert "run packaging/bundle first" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="an AppImage is made on Linux")
def test_the_folder_of_the_appimage_starts_either_program(checkout):
    environment = {**os.environ, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [checkout / "packaging/appimage"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 4, "appimagetool is in /usr/bin: the last step can be tested now"
    tree = checkout / "build/appimage/AppDir"
    assert ask(tree / "AppRun", "one", "two") == "workbench one two\n"
    assert ask(tree / "AppRun", "cli", "list") == "workbench-cli list\n"
    assert (tree / "gui-agent-workbench.desktop").exists()
    assert (tree / ".DirIcon").exists()
