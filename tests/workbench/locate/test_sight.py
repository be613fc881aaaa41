"""One moment of the desktop."""

from workbench.geometry import Point


def test_accessibility_is_asked_once_for_the_element_at_a_place(form, listed, monkeypatch) -> None:
    sight = form().sight()
    asked: list[Point] = []
    answer = listed.element_at

    def counted(self, point, window):
        asked.append(point)
        return answer(self, point, window)

    monkeypatch.setattr(listed, "element_at", counted)
    place = sight.accessibility.walk("form").__next__().bounds.centre
    window = sight.windows[0]
    assert sight.element_at(place, window) == sight.element_at(place, window) is not None
    assert asked == [place]


def test_silence_is_asked_again(form, listed, monkeypatch) -> None:
    sight = form().sight()
    nowhere = Point(-5, -5)
    asked: list[Point] = []
    monkeypatch.setattr(listed, "element_at", lambda self, point, window: asked.append(point))
    assert sight.element_at(nowhere, None) is sight.element_at(nowhere, None) is None
    assert asked == [nowhere, nowhere]


def test_without_accessibility_no_element_is_seen(form) -> None:
    assert form().sight(accessible=False).element_at(Point(0, 0), None) is None
