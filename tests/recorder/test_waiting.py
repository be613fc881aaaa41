"""What waits to be completed."""

from msgspec.structs import replace

from recorder.complete import waits
from workbench.actions import Click
from workbench.geometry import Point, Rect, Screen
from workbench.trajectory import Observation, Step, Target, Trajectory


def test_an_imported_step_waits_for_its_crop_only_where_its_picture_shows_the_place():
    screens = (Screen("recorded", Rect(0, 0, 100, 50), primary=True),)
    seen = Observation(frame="f" * 64, screens=screens)
    steps = tuple(
        Step(name, Click(), seen, Target(Point(x, 5)), description="Click there")
        for name, x in (("s1", 99), ("s2", 100))
    )
    imported = Trajectory("t1", "Any", steps, source="import", reviewed=False, revision=1)
    assert [waits(step, imported) for step in steps] == [True, False]
    assert not any(waits(step, replace(imported, revision=2)) for step in steps)
