"""No file names a place that only one machine has, or a host that is not a source somebody can cite."""

import re
from pathlib import Path

import pytest
from tree import FOLDERS, files, name

# Paths that every Debian has.
SYSTEM = ("bin", "dev", "etc", "proc", "sys", "usr")
# An absolute path stands at the start of a word, never behind a letter (and/or), a dot (./x) or a bracket (</p>).
_ABSOLUTE = re.compile(r"(?<![\w.$~/<>\\)\]}*:%?+\[-])/([A-Za-z_][\w.-]*)/[\w.-]+")
_HOST = re.compile(r"https?://([\w.-]+)")

# Hosts that a comment or a document may cite; a new source adds its host here.
CITED = {"bpxstandard.com", "doi.org", "github.com", "www.w3.org", "creativecommons.org", "opensource.org"}


def absolute_paths(text: str) -> list[str]:
    """Those that begin with a folder of the machine that runs this test; "/rc1/soc" is a place in a JSON document."""
    return [
        found.group()
        for found in _ABSOLUTE.finditer(text)
        if found.group(1) not in SYSTEM and Path("/", found.group(1)).is_dir()
    ]


def hosts(text: str) -> set[str]:
    return {host.rstrip(".") for host in _HOST.findall(text)}


def texts():
    for path in files(".", *FOLDERS):
        try:
            yield name(path), path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a trace


def test_no_file_names_a_path_of_one_machine():
    wrong = [f"{file}: {path}" for file, text in texts() for path in absolute_paths(text)]
    assert [line for line in wrong if not line.startswith("tests/repository/test_nothing_foreign.py")] == []


def test_every_host_is_a_source():
    foreign = {(file, host) for file, text in texts() for host in hosts(text) - CITED}
    assert {pair for pair in foreign if pair[0] != "tests/repository/test_nothing_foreign.py"} == set()


@pytest.mark.parametrize("text", ["see /home/somebody/file", "'/opt/tool/bin'", "(/mnt/disk/x)"])
def test_a_path_of_one_machine_is_seen(text):
    assert absolute_paths(text)


@pytest.mark.parametrize(
    "text",
    ["/usr/bin/python3", "and/or", "</p>", "./packrig", "a/b/c", "/no-such-folder/x", "/dev/null", "$root/build/x"],
)
def test_other_slashes_are_let_pass(text):
    assert absolute_paths(text) == []


def test_a_foreign_host_is_seen():
    assert hosts("fetch https://mirror.example/x and https://doi.org/1") - CITED == {"mirror.example"}
