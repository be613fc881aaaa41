"""The picture from before an event is the one that was asked for last before it, and nobody overwrites it."""

from recorder.ring import FEWEST, MOST, QUICK_NS, FrameRing, Shot
from workbench.geometry import Rect


def take(ring: FrameRing, at_ns: int, shade: int = 0) -> Shot:
    shot = ring.begin(at_ns, 0.0)
    assert shot is not None
    shot.pixels[:] = shade
    ring.finish(shot, at_ns + 1, good=True)
    return shot


def before(ring: FrameRing, when_ns: int) -> Shot | None:
    picture = ring.before(when_ns)
    return picture.chosen(0.0) if picture else None


def test_the_newest_picture_that_was_asked_for_before_the_event_is_its_own() -> None:
    ring = FrameRing(40, 30)
    first, second = take(ring, 10), take(ring, 20)
    assert before(ring, 15) is first
    assert before(ring, 21) is second
    assert before(ring, 5) is None


def test_a_picture_in_the_making_counts_if_it_was_asked_for_before_the_event_and_came_quickly() -> None:
    for took_ns, counts in ((QUICK_NS, True), (QUICK_NS + 1, False)):
        ring = FrameRing(40, 30)
        earlier = take(ring, 10)
        making = ring.begin(20, 0.0)
        picture = ring.before(21)
        assert making is not None
        assert picture is not None
        ring.finish(making, 20 + took_ns, good=True)
        assert picture.chosen(0.0) is (making if counts else earlier)


def test_a_picture_that_could_not_be_taken_is_never_handed_out() -> None:
    ring = FrameRing(40, 30)
    first = take(ring, 10)
    failed = ring.begin(20, 0.0)
    assert failed is not None
    ring.finish(failed, 21, good=False)
    assert before(ring, 30) is first


def test_a_pinned_picture_survives_any_number_of_newer_ones() -> None:
    ring = FrameRing(40, 30)
    take(ring, 10, shade=7)
    pinned = before(ring, 11)
    assert pinned is not None
    for at_ns in range(20, 20 + 3 * MOST):
        take(ring, at_ns, shade=99)
    assert (pinned.pixels == 7).all()


def test_a_change_that_could_not_be_pictured_gives_no_picture_rather_than_an_older_one() -> None:
    ring = FrameRing(40, 30)
    pins = []
    for at_ns in range(10, 10 + MOST):
        take(ring, at_ns)
        pins.append(ring.before(at_ns + 1))
    assert ring.begin(100, 0.0) is None
    assert before(ring, 101) is None
    assert pins[0] is not None
    ring.release(pins[0])
    late = take(ring, 110)
    assert before(ring, 111) is late


def test_closed_eyes_hand_out_nothing_and_nothing_from_that_time_later() -> None:
    ring = FrameRing(40, 30)
    take(ring, 10)
    ring.close_eyes()
    take(ring, 20)
    assert before(ring, 30) is None
    ring.open_eyes(30)
    assert ring.take_wanted()
    assert before(ring, 40) is None
    seen = take(ring, 50)
    assert before(ring, 60) is seen


def test_painting_covers_exactly_the_region_and_forgets_what_was_stored() -> None:
    shot = take(FrameRing(40, 30), 10, shade=5)
    shot.frame = "stored"
    shot.paint([Rect(10, 10, 5, 4), Rect(100, 100, 5, 5)])
    covered = (shot.pixels[:, :, 0] != 5).sum()
    assert covered == 20
    assert shot.frame is None
    shot.frame = "again"
    shot.paint([Rect(10, 10, 5, 4)])
    assert shot.frame == "again"


def test_memory_is_bounded_whatever_the_size_of_the_desktop() -> None:
    small, large = FrameRing(40, 30), FrameRing(8000, 100)
    assert len(small._shots) == MOST
    assert FEWEST <= len(large._shots) <= MOST


def test_a_shot_is_stale_where_the_screen_changed_since_it_was_filled_and_where_it_was_painted() -> None:
    ring = FrameRing(40, 30)
    first, second = take(ring, 10), take(ring, 20)
    assert first.stale == first.bounds
    for shot in (first, second):
        shot.stale = Rect(0, 0, 0, 0)
    ring.changed(Rect(1, 2, 3, 4))
    ring.changed(Rect(0, 0, 0, 0))
    assert (first.stale, second.stale) == (Rect(1, 2, 3, 4), Rect(1, 2, 3, 4))
    first.paint([Rect(10, 10, 5, 5)])
    again = next(shot for at_ns in range(30, 40) if (shot := take(ring, at_ns)) is first)
    assert again.stale == Rect(1, 2, 14, 13)
    ring.changed(None)
    assert second.stale == second.bounds
