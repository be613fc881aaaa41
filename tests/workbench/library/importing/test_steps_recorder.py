"""Windows Steps Recorder: reports as it writes them, in English and in other languages, and hostile ones."""

import base64
import quopri
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest

from workbench.actions import Click, Drag, Note, PressKeys, Scroll, TypeText
from workbench.errors import BadInputError
from workbench.geometry import Point, Rect
from workbench.library.importing import steps_recorder_xml
from workbench.library.importing.known import recognise
from workbench.library.importing.source import Source
from workbench.library.importing.taking import Refused, Taken
from workbench.trajectory import PathNode, Variable

LEVELS = (
    '<Level BoundingRectangle="90,40,60,24" ControlType="UIA_ButtonControlTypeId" Name="Save"'
    ' LocalizedControlType="button" ClassName="Button" AutomationId="1"/>'
    '<Level BoundingRectangle="0,0,300,180" ControlType="UIA_PaneControlTypeId" Name="Buttons"/>'
    '<Level BoundingRectangle="0,0,320,200" ControlType="50032" Name="Untitled - Notepad"/>'
)


def action(
    number: int,
    description: str,
    kind: str = "",
    *,
    cursor: str | None = "100,50",
    levels: str = LEVELS,
    screen: str = "0,0,320,200",
    time: str | None = None,
    extra: str = "",
) -> str:
    place = f"<CursorCoordsXY>{cursor}</CursorCoordsXY>" if cursor else ""
    what = f"<Action>{escape(kind)}</Action>" if kind else ""
    clock = time or f"15:42:{number:02}"
    return (
        f'<EachAction ActionNumber="{number}" Time={quoteattr(clock)} Pid="7" FileDescription="Notepad"'
        f' FileName="NOTEPAD.EXE" CommandLine="notepad">'
        f"<Description>{escape(description)}</Description>{what}{place}"
        f"<ScreenCoordsXYWH>{screen}</ScreenCoordsXYWH><UIAStack>{levels}</UIAStack>{extra}"
        f"<ScreenshotFileName>screenshot{number:04}.JPEG</ScreenshotFileName></EachAction>"
    )


def page(*actions: str, missed: int = 0, top: str = "") -> str:
    session = f'<RecordSession SessionID="1" ActionCount="{len(actions)}" MissedActionCount="{missed}">'
    report = f"<Report><UserActionData>{session}{''.join(actions)}</RecordSession></UserActionData></Report>"
    return f'<html><body><p>é</p><script id="myXML" type="text/xml">{top}{report}</script></body></html>'


@pytest.fixture
def archive(tmp_path, png):
    """Writes a report of this page with so many pictures, and returns its file."""

    def write(html: str, pictures: int = 1, *, encoding: str = "quoted-printable", line: str = "\r\n") -> Path:
        body = html.encode()
        body = quopri.encodestring(body) if encoding == "quoted-printable" else body
        lines = [
            "From: <Saved by Windows>",
            "Date: Tue, 26 Nov 2024 16:15:17 +0100",
            "MIME-Version: 1.0",
            'Content-Type: multipart/related;\n\ttype="text/html";\n\tboundary="----=_Next(Part)+1"',
            "",
            "This is a multi-part message in MIME format.",
            "------=_Next(Part)+1",
            'Content-Type: text/html; charset="utf-8"',
            f"Content-Transfer-Encoding: {encoding}",
            "Content-Location: main.htm",
            "",
            body.decode(),
        ]
        for number in range(1, pictures + 1):
            picture = base64.encodebytes(png(number, kind="JPEG")).decode()
            name = f"Content-Location: screenshot{number:04}.JPEG"
            head = ["------=_Next(Part)+1", "Content-Type: image/jpeg", "Content-Transfer-Encoding: base64", name]
            lines += [*head, "", picture]
        path = tmp_path / "Recording.mht"
        path.write_bytes("\n".join([*lines, "------=_Next(Part)+1--", ""]).replace("\n", line).encode())
        return path

    return write


def steps_of(taken: Taken) -> list[object]:
    return [step.action for step in taken.trajectory.steps]


@pytest.mark.parametrize(
    ("description", "kind", "expected"),
    [
        ('User left click on "Save (button)" in "Untitled - Notepad"', "Mouse Left Click", Click()),
        ('User right click on "Save (button)"', "Mouse Right Click", Click(button="right")),
        ('User middle click on "Save (button)"', "", Click(button="middle")),
        ('User left double click on "Save (button)"', "Mouse Left Double Click", Click(count=2)),
        ('User double click on "right click here (button)"', "", Click(count=2)),
        ('User mouse wheel down on "List (list)"', "Mouse Wheel", Scroll(dy=1)),
        ('User mouse wheel up on "List (list)"', "Mouse Wheel", Scroll(dy=-1)),
    ],
)
def test_english_words_become_actions(archive, take_one, description, kind, expected):
    taken = take_one(archive(page(action(1, description, kind))))
    (step,) = taken.trajectory.steps
    assert (step.action, step.description) == (expected, description)
    assert step.target.point == Point(100, 50)


def test_the_element_its_way_up_and_its_window_are_told(archive, take_one):
    (step,) = take_one(archive(page(action(1, "User left click")))).trajectory.steps
    element = step.target.element
    assert (element.role, element.name, element.bounds) == ("push button", "Save", Rect(90, 40, 60, 24))
    assert (element.app, element.window) == ("notepad", "Untitled - Notepad")
    assert element.path == (PathNode("frame", "Untitled - Notepad"), PathNode("panel", "Buttons"))
    assert step.observation.window == step.target.window
    assert (step.target.window.title, step.target.window.bounds) == ("Untitled - Notepad", Rect(0, 0, 320, 200))


def test_places_are_told_in_pixels_of_the_picture(archive, take_one):
    wide = action(1, "User left click", cursor="-540,150", screen="-640,100,640,400", levels=LEVELS)
    (step,) = take_one(archive(page(wide))).trajectory.steps
    assert step.target.point == Point(50, 25)


def test_bounds_may_be_told_by_their_corners(archive, take_one):
    levels = '<Level BoundingRectangle="{l:90 t:40 r:150 b:64}" ControlType="Edit" Name="Field"/>'
    (step,) = take_one(archive(page(action(1, "User left click", levels=levels)))).trajectory.steps
    assert step.target.element.bounds == Rect(90, 40, 60, 24)
    assert step.target.element.role == "text"


def test_a_click_of_which_nobody_knows_where_becomes_a_note(archive, take_one):
    (step,) = take_one(archive(page(action(1, "User left click", cursor=None)))).trajectory.steps
    assert step.action == Note("User left click")


def test_corners_are_believed_where_only_they_hold_the_pointer(archive, take_one):
    levels = '<Level BoundingRectangle="-200,-100,120,60" ControlType="Edit" Name="Field"/>'
    (step,) = take_one(archive(page(action(1, "User left click", levels=levels)))).trajectory.steps
    assert step.target.element.bounds == Rect(-200, -100, 320, 160)


def test_what_was_typed_is_a_variable_and_named_keys_are_pressed(archive, take_one):
    words = 'User keyboard input on "Text (edit)" in "Notepad" [... Backspace Backspace ... Ctrl-S Enter]'
    trajectory = take_one(archive(page(action(1, words, "Keyboard Input")))).trajectory
    assert [step.action for step in trajectory.steps] == [
        TypeText("{{text_1}}"), PressKeys(("BackSpace",), 2), TypeText("{{text_2}}"), PressKeys(("ctrl", "s")),
        PressKeys(("Return",)),
    ]  # fmt: skip
    assert trajectory.variables == (
        Variable("text_1", description="what was typed in action 1"),
        Variable("text_2", description="what was typed in action 1"),
    )


def test_typing_without_any_key_named_is_one_variable(archive, take_one):
    trajectory = take_one(archive(page(action(1, 'User keyboard input in "Notepad"')))).trajectory
    assert [step.action for step in trajectory.steps] == [TypeText("{{text_1}}")]
    assert trajectory.steps[0].description == 'User keyboard input in "Notepad"'


def test_typing_into_a_password_field_is_a_secret(archive, take_one):
    levels = '<Level ControlType="Edit" Name="PIN" IsPassword="true"/>'
    (step,) = take_one(archive(page(action(1, "User keyboard input [...]", levels=levels)))).trajectory.steps
    assert step.action == TypeText(secret="password")
    assert step.masked


def test_a_drag_goes_from_its_start_to_its_end(archive, take_one):
    parts = [action(1, "User mouse drag start"), action(2, "User mouse drag end", cursor="200,60")]
    (step,) = take_one(archive(page(*parts), 2)).trajectory.steps
    assert isinstance(step.action, Drag)
    assert (step.target.point, step.destination.point) == (Point(100, 50), Point(200, 60))


def test_halves_of_drags_are_dropped_and_said(archive, take_one):
    words = ["mouse drag end", "mouse drag start", "mouse drag start", "left click"]
    parts = [action(number, f"User {what}") for number, what in enumerate(words, 1)]
    taken = take_one(archive(page(*parts), 4))
    assert steps_of(taken) == [Click()]
    assert [remark.step for remark in taken.remarks] == [1, 1, 1]


def test_comments_of_the_person_become_notes(archive, take_one):
    comment = action(1, "User Comment", extra="<UserComment>Look here &amp; there</UserComment>")
    (step,) = take_one(archive(page(comment))).trajectory.steps
    assert step.action == Note("Look here & there")
    assert step.observation.frame


@pytest.mark.parametrize(
    "words",
    [
        "Clic avec le bouton gauche par l’utilisateur sur « OK (Bouton) »",
        'Linksklick durch Benutzer auf "Speichern (Schaltfläche)"',
        "User mouse wheel",
    ],
)
def test_words_that_say_no_action_become_a_note_with_its_place(archive, take_one, words):
    taken = take_one(archive(page(action(1, words))))
    (step,) = taken.trajectory.steps
    assert step.action == Note(words)
    assert step.target.point == Point(100, 50)
    assert step.observation.frame
    assert "became a note" in taken.remarks[0].what


def test_missing_pictures_and_missed_actions_are_said(archive, take_one):
    taken = take_one(archive(page(action(1, "User left click"), action(2, "User left click"), missed=3), 1))
    assert steps_of(taken) == [Click(), Click()]
    assert taken.trajectory.steps[1].observation.frame is None
    assert [(remark.step, remark.what) for remark in taken.remarks] == [
        (2, "action 2: its picture is not in the file"),
        (0, "the recorder itself missed 3 actions"),
    ]


def test_times_pass_midnight(archive, take_one):
    clocks = ["11:59:58 PM", "12:00:01 AM", "12:00:01 AM", "nonsense", "23.59.59"]
    actions = [action(number, "User left click", time=clock) for number, clock in enumerate(clocks, 1)]
    trajectory = take_one(archive(page(*actions), 5)).trajectory
    assert [step.observation.monotonic_ns // 10**9 for step in trajectory.steps] == [0, 3, 3, 3, 86401]
    assert trajectory.created == 1732634117.0


@pytest.mark.parametrize("encoding", ["quoted-printable", "8bit"])
@pytest.mark.parametrize("line", ["\r\n", "\n"])
def test_archives_are_read_in_every_form(archive, take_one, encoding, line):
    words = "User left click on “é = ü”"
    (step,) = take_one(archive(page(action(1, words)), encoding=encoding, line=line)).trajectory.steps
    assert step.description == words


def test_a_zip_may_hold_several_reports(archive, take_all, tmp_path, goes_round):
    file = archive(page(action(1, "User left click")))
    packed = tmp_path / "all.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.write(file, "Recording_1.mht")
        made.write(file, "deep/Recording_2.MHT")
        made.writestr("notes.txt", "hello")
    taken = take_all(packed)
    assert [one.name for one in taken] == ["Recording_1.mht", "deep/Recording_2.MHT"]
    for one in taken:
        assert steps_of(one) == [Click()]
        goes_round(one.trajectory)


@pytest.mark.parametrize(
    "top",
    ['<!DOCTYPE a [<!ENTITY x "y">]>', '<!DOCTYPE a SYSTEM "file:///etc/passwd">'],
)
def test_declared_entities_never_count(archive, take_all, top):
    inside = page(action(1, "User left click")).replace("<UserActionData>", f"<UserActionData>{top}")
    (refused,) = take_all(archive(inside))
    assert isinstance(refused, Refused)
    assert "no XML" in str(refused.why)


def test_no_document_type_is_read():
    with pytest.raises(BadInputError, match="declares a document type"):
        steps_recorder_xml.read('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', what="it")


def test_an_entity_is_refused(archive, take_all):
    (refused,) = take_all(archive(page(action(1, "X")).replace("<Description>X", "<Description>&boom;")))
    assert isinstance(refused, Refused)


def test_a_picture_that_is_none_refuses_the_report_and_leaves_no_frame(archive, take_all, library):
    file = archive(page(action(1, "User left click"), action(2, "User left click")), 2)
    whole = file.read_bytes()
    at = whole.index(b"screenshot0002.JPEG\r\n\r\n") + len(b"screenshot0002.JPEG\r\n\r\n")
    file.write_bytes(whole[:at] + base64.b64encode(b"no picture" * 9) + whole[at + 200 :])
    (refused,) = take_all(file)
    assert isinstance(refused, Refused)
    assert "screenshot0002" in str(refused.why)
    assert list(library.frames.all()) == []


def test_a_zip_that_unpacks_to_too_much_is_refused(archive, take_all, tmp_path):
    file = archive(page(action(1, "User left click")))
    packed = tmp_path / "bomb.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.mht", file.read_bytes() + b" " * 9 * 2**20)
    (refused,) = take_all(packed)
    assert isinstance(refused, Refused)
    assert "longer than" in str(refused.why)


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"PK\3\4" + b"\0" * 99, b"MIME-Version: 1.0\r\n\r\n", b"\n\n"])
def test_other_files_are_no_report(tmp_path, data):
    (tmp_path / "a.mht").write_bytes(data)
    assert recognise(Source(tmp_path / "a.mht")) is None
