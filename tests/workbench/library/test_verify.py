"""Whatever is broken in a library is found and said, with how to mend it."""

import re
import sqlite3

import pytest

from workbench.errors import BadInputError
from workbench.events import Progress, RunStarted
from workbench.geometry import Point
from workbench.inputs import InputEvent, Sighting
from workbench.library.store import Library, RecordingOpening


@pytest.fixture
def sound(library, picture, a_trajectory) -> Library:
    """A recorded trajectory of three revisions, a run, and another trajectory; nothing wrong with any."""
    frames = tuple(library.frames.put(picture(seed), origin=Point(0, 0)) for seed in (1, 2))
    writer = library.begin_recording(RecordingOpening("Morning"))
    writer.append([InputEvent(seq, seq, "move") for seq in (1, 2, 3)], [Sighting(1, 1, frame=frames[0])])
    saved = writer.finish(a_trajectory(writer.id, frames=frames))
    library.revise(library.revise(saved, note="a"), note="b")
    library.save_run(
        "r1", [RunStarted(run="r1", trajectory=writer.id, title=""), Progress(text="a"), Progress(text="b")]
    )
    library.save(a_trajectory("other"))
    assert library.verify() == []
    return library


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM revisions WHERE number = 2", "missing or changed"),
        ("DELETE FROM revisions WHERE number = 3", "head, revision 3, is missing"),
        ("UPDATE revisions SET body = replace(body, 'Seven', 'Eight') WHERE number = 1", "changed after it was saved"),
        ("UPDATE revisions SET note = 'forged' WHERE number = 2", "changed after it was saved"),
        ("UPDATE revisions SET body = '{' WHERE number = 1", "not readable"),
        ("UPDATE revisions SET parent = 9 WHERE number = 2", "made from, is missing"),
        ("UPDATE trajectories SET head = 9 WHERE head = 3", "head, revision 9, is missing"),
        ("UPDATE trajectories SET title = 'Forged'", "list says something else"),
        ("UPDATE trajectories SET steps = 99", "list says something else"),
        ("DELETE FROM trajectories WHERE id = 'other'", "belongs to nothing in trajectories"),
        ("DELETE FROM recordings", "belongs to nothing in recordings"),
        ("DELETE FROM events WHERE seq = 2", "events 2 to 2 are missing"),
        ("UPDATE events SET body = 'x' WHERE seq = 2", "not readable"),
        ("UPDATE sightings SET body = '[]'", "not readable"),
        ("UPDATE recordings SET opening = '{}'", "not readable"),
        ("UPDATE sightings SET frame = 'gone'", "gone.*is not the id of a frame"),
        ("DELETE FROM frame_uses", "list of frames it uses is wrong"),
        ("DELETE FROM passages WHERE step = 2", "does not say what the steps"),
        ("UPDATE passages SET typed = 'other' WHERE step = 2", "does not say what the steps"),
        ("DELETE FROM passages_fts_data WHERE id > 10", "does not say what the steps|database is damaged"),
        ("INSERT INTO passages_fts(passages_fts) VALUES ('delete-all')", "does not say what the steps"),
        ("DELETE FROM run_events WHERE position = 2", "it is missing"),
        ("DELETE FROM run_events WHERE position = 3", "the log ends too early"),
        ("DELETE FROM run_events", "the log ends too early"),
        ("UPDATE run_events SET body = replace(body, 'a', 'b') WHERE position = 2", "changed after it was written"),
        ("UPDATE run_events SET body = '{' WHERE position = 2", "changed after it was written"),
        ("UPDATE run_events SET payload = 'x' WHERE position = 2", "does not belong behind the event before it"),
        ("DELETE FROM runs", "belongs to nothing in runs"),
    ],
)
def test_every_damage_to_the_rows_is_found(sound, statement, said):
    db = sqlite3.connect(sound.path / "library.db")
    db.execute(statement)
    db.commit()
    db.close()
    problems = sound.verify()
    texts = "\n".join(problem.what for problem in problems)
    assert re.search(said, texts), texts
    assert all(problem.where and problem.mend for problem in problems)


@pytest.mark.parametrize("kind", ["*.frame", "*.tile"])
@pytest.mark.parametrize(
    "harm", [lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes()[:-1] + b"\0")]
)
def test_every_missing_or_damaged_frame_is_found(sound, kind, harm):
    wheres = {f"frame {frame}" for frame in sound.frames.all()}
    for path in sound.frames.folder.rglob(kind):
        harm(path)
    problems = sound.verify()
    assert len(problems) == 2
    assert {problem.where for problem in problems} == wheres


def test_only_the_named_trajectory_is_verified(sound):
    broken = next(summary.id for summary in sound.summaries() if summary.id != "other")
    for path in sound.frames.folder.rglob("*.frame"):
        path.unlink()
    assert sound.verify("other") == []
    assert len(sound.verify(broken)) == 2


def test_a_damaged_page_of_the_database_is_said_and_no_crash(sound):
    path = sound.path / "library.db"
    sound.close()
    data = bytearray(path.read_bytes())
    data[4096 * 3 : 4096 * 3 + 600] = b"\xee" * 600
    path.write_bytes(data)
    with Library.open(sound.path) as library:
        try:
            said = "\n".join(problem.what for problem in library.verify())
        except BadInputError as error:
            said = str(error)
    assert "damaged" in said


def test_frames_nobody_refers_to_are_no_problem(sound, picture):
    sound.frames.put(picture(9), origin=Point(0, 0))
    assert sound.verify() == []
