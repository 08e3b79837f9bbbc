"""The folder of entries: its place, whom it trusts, damage, the bound, several runs at once."""

import os
import threading
from pathlib import Path

import pytest

from validator.cache import CacheFolder, open_folder, usual_place

KEY, OTHER = "ab" + "0" * 62, "cd" + "1" * 62
posix = pytest.mark.skipif(os.name != "posix", reason="owners and modes are those of POSIX")


@pytest.fixture
def folder(tmp_path: Path) -> CacheFolder:
    made = open_folder({"TIERLENS_CACHE_DIR": str(tmp_path / "cache")})
    assert made is not None
    return made


def entry(folder: CacheFolder, key: str = KEY) -> Path:
    return folder.place / "v1" / key[:2] / f"{key}.entry"


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({"TIERLENS_CACHE_DIR": "/own", "XDG_CACHE_HOME": "/x", "HOME": "/h"}, "linux", "/own"),
        ({"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "linux", "/x/tierlens"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "/h"}, "linux", "/h/.cache/tierlens"),
        ({"HOME": "/h"}, "linux", "/h/.cache/tierlens"),
        ({"HOME": "/h", "XDG_CACHE_HOME": "/x"}, "darwin", "/h/Library/Caches/tierlens"),
        ({"LOCALAPPDATA": "/l"}, "win32", "/l/tierlens/Cache"),
    ],
)
@posix
def test_the_usual_place(environment: dict[str, str], platform: str, expected: str) -> None:
    assert usual_place(environment, platform) == Path(expected)


@pytest.mark.parametrize(("environment", "platform"), [({}, "linux"), ({"HOME": ""}, "darwin"), ({}, "win32")])
def test_without_a_home_there_is_no_place(environment: dict[str, str], platform: str) -> None:
    assert usual_place(environment, platform) is None


def test_what_is_put_is_got(folder: CacheFolder) -> None:
    folder.put(KEY, b"first")
    folder.put(OTHER, b"")
    folder.put(KEY, b"second" * 1000)

    assert folder.get(KEY) == b"second" * 1000
    assert folder.get(OTHER) == b""
    assert folder.get("ef" + "2" * 62) is None
    assert folder.notices == []
    assert sorted(path.suffix for path in folder.place.rglob("*") if path.is_file()) == [".entry", ".entry"]


@posix
def test_the_folder_is_for_its_owner_alone(folder: CacheFolder) -> None:
    folder.put(KEY, b"text")

    modes = {path.stat().st_mode & 0o077 for path in (folder.place, entry(folder).parent, entry(folder))}
    assert modes == {0}


@posix
@pytest.mark.parametrize("mode", [0o777, 0o770, 0o720])
def test_a_folder_that_others_may_write_to_is_not_used(tmp_path: Path, mode: int) -> None:
    place = tmp_path / "cache"
    place.mkdir()
    place.chmod(mode)
    folder = open_folder({"TIERLENS_CACHE_DIR": str(place)})
    assert folder is not None
    folder.put(KEY, b"text")

    assert folder.get(KEY) is None
    assert list(place.iterdir()) == []
    assert folder.notices == [
        f"the cache folder {place} is not used: others may write to it; "
        "make it yours alone (chmod 700), or name another with TIERLENS_CACHE_DIR"
    ]


@posix
def test_a_folder_of_somebody_else_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    folder = open_folder({"TIERLENS_CACHE_DIR": str(tmp_path)})

    assert folder is not None
    assert not folder.usable
    assert "it belongs to another user" in folder.notices[0]


def test_a_place_that_is_a_file_is_told_when_it_was_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    named = open_folder({"TIERLENS_CACHE_DIR": str(tmp_path / "file")})

    assert named is not None
    assert named.notices == [f"the cache folder {tmp_path / 'file'} cannot be used: File exists"]
    assert (tmp_path / "file").read_text() == "text"


@pytest.mark.parametrize("damage", [b"", b"tierlens-cache-1", b"\x80\x04\x95", b"tierlens-cache-1 00\nbody"])
def test_a_damaged_entry_is_removed_and_told(folder: CacheFolder, damage: bytes) -> None:
    folder.put(KEY, b"text")
    entry(folder).write_bytes(damage)

    assert folder.get(KEY) is None
    assert folder.notices == [f"a damaged entry of the cache is ignored and made anew: {entry(folder)}"]
    assert not entry(folder).exists()


@pytest.mark.parametrize("place", [0, 20, 40, -1])
def test_one_flipped_bit_is_seen(folder: CacheFolder, place: int) -> None:
    folder.put(KEY, b"text" * 20)
    data = bytearray(entry(folder).read_bytes())
    data[place] ^= 1
    entry(folder).write_bytes(data)

    assert folder.get(KEY) is None
    assert len(folder.notices) == 1


def test_beyond_the_bound_the_least_used_go_first(folder: CacheFolder) -> None:
    keys = [f"{number:02x}" + "0" * 62 for number in range(10)]
    for number, key in enumerate(keys):
        folder.put(key, os.urandom(1000))
        os.utime(entry(folder, key), (number, number))
    folder.get(keys[0])
    folder.trim(bound=6000)

    left = [number for number, key in enumerate(keys) if entry(folder, key).exists()]
    assert left == [0, 7, 8, 9]


def test_below_the_bound_nothing_goes_but_old_leftovers(folder: CacheFolder) -> None:
    folder.put(KEY, b"text")
    old, new = entry(folder).with_name("old.part"), entry(folder).with_name("new.part")
    old.write_bytes(b"")
    new.write_bytes(b"")
    os.utime(old, (0, 0))
    folder.trim()

    assert sorted(path.name for path in entry(folder).parent.iterdir()) == [entry(folder).name, "new.part"]


def test_clearing_removes_what_is_ours_alone(folder: CacheFolder) -> None:
    folder.put(KEY, b"text")
    folder.put(OTHER, b"text")
    (folder.place / "mine.txt").write_text("kept")
    count, size = folder.size()

    assert folder.clear() == (count, size) == (2, size)
    assert folder.size() == (0, 0)
    assert (folder.place / "mine.txt").read_text() == "kept"


def test_readers_and_writers_at_once_meet_whole_entries(folder: CacheFolder) -> None:
    contents = {bytes([65 + number]) * 50_000 for number in range(4)}
    seen: set[bytes | None] = set()

    def write(content: bytes) -> None:
        for _ in range(20):
            folder.put(KEY, content)
            seen.add(folder.get(KEY))

    threads = [threading.Thread(target=write, args=(content,)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen <= contents
    assert folder.notices == []
