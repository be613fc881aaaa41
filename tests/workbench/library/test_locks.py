"""A lock lasts as long as its holder lives, and no longer."""

import subprocess

from workbench.library import locks


def test_a_held_lock_is_seen_and_not_given_twice(tmp_path):
    path = tmp_path / "folder" / "lock"
    assert not locks.is_held(path)
    held = locks.hold(path)
    assert held is not None
    assert locks.is_held(path)
    assert locks.hold(path) is None
    held.release()
    held.release()
    assert not locks.is_held(path)


def test_a_lock_ends_with_a_killed_process(tmp_path, python):
    script = (
        "import sys\nfrom pathlib import Path\nfrom workbench.library import locks\n"
        "held = locks.hold(Path(sys.argv[1]))\nprint('held', flush=True)\nsys.stdin.read()"
    )
    command = [python, "-c", script, str(tmp_path / "lock")]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    assert locks.is_held(tmp_path / "lock")
    child.kill()
    child.communicate()
    assert not locks.is_held(tmp_path / "lock")


def test_sharers_do_not_wait_for_each_other_and_keep_others_out(tmp_path):
    path = tmp_path / "lock"
    with locks.shared(path), locks.shared(path):
        assert locks.hold(path) is None
    with locks.alone(path):
        assert locks.is_held(path)
    assert not locks.is_held(path)
