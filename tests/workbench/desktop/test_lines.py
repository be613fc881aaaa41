"""Reading lines from a pipe while waiting for other things."""

import os

from workbench.desktop.lines import LineReader


def test_lines_arrive_whole_and_in_order_however_they_were_written() -> None:
    read, write = os.pipe()
    reader = LineReader(read)
    for piece in (b"on", b"e\ntwo\nth", b"ree\n"):
        os.write(write, piece)
    assert [reader.next(5.0) for _ in range(3)] == [b"one", b"two", b"three"]
    os.close(write)
    assert reader.next(5.0) is None
    assert reader.closed
    os.close(read)


def test_nothing_comes_of_an_unfinished_line_and_a_wait_can_be_ended() -> None:
    read, write = os.pipe()
    reader = LineReader(read)
    os.write(write, b"half")
    assert reader.next(0.0) is None
    reader.wake()
    assert reader.next(5.0) == b""
    assert not reader.closed
    os.close(write)
    assert reader.next(5.0) is None
    os.close(read)
