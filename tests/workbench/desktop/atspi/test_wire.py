"""Messages as bytes, against jeepney's own reading and writing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jeepney import DBusAddress, HeaderFields, MessageType, new_method_call, new_method_return, new_signal
from jeepney.low_level import Endianness, Message, Parser

from workbench.desktop.atspi.wire import RETURN, SIGNAL, Letterbox, Question, written

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=20)
SERIALS = st.integers(1, 2**32 - 1)
BODIES = st.one_of(
    st.tuples(st.just("s"), st.tuples(TEXTS)),
    st.tuples(st.just("v"), st.tuples(st.tuples(st.just("s"), TEXTS))),
    st.tuples(st.just("au"), st.tuples(st.lists(SERIALS, max_size=5))),
    st.tuples(st.just("(iiii)"), st.tuples(st.tuples(*[st.integers(-(2**31), 2**31 - 1)] * 4))),
    st.tuples(st.just("a(so)"), st.tuples(st.lists(st.tuples(TEXTS, st.just("/a/b")), max_size=5))),
    st.just((None, ())),
)


def reply(signature: str | None, body: tuple[object, ...], answers: int, order: Endianness) -> Message:
    question = new_method_call(DBusAddress("/a", "a.b", "a.b"), "Ask")
    question.header.serial = answers
    message = new_method_return(question, signature, body)
    message.header.fields[HeaderFields.reply_serial] = answers
    message.header.fields[HeaderFields.sender] = ":1.42"
    message.header.endianness = order
    return message


@given(BODIES, SERIALS, st.sampled_from(Endianness), st.integers(1, 40))
def test_replies_are_read_as_they_were_written_in_whatever_pieces_they_arrive(
    said: tuple[str | None, tuple[object, ...]], answers: int, order: Endianness, piece: int
) -> None:
    data = reply(*said, answers, order).serialise(serial=7) * 2
    box = Letterbox()
    letters = [letter for at in range(0, len(data), piece) for letter in box.put(data[at : at + piece])]
    assert [(letter.kind, letter.reply_to, letter.sender) for letter in letters] == [(RETURN, answers, ":1.42")] * 2
    assert [letter.body for letter in letters] == [said[1]] * 2


def test_signals_carry_where_they_come_from() -> None:
    signal = new_signal(DBusAddress("/a/b", None, "org.a11y.atspi.Event.Object"), "StateChanged", "si", ("focused", 1))
    signal.header.fields[HeaderFields.sender] = ":1.9"
    (letter,) = Letterbox().put(signal.serialise(serial=1))
    assert (letter.kind, letter.sender, letter.path, letter.interface) == (
        SIGNAL,
        ":1.9",
        "/a/b",
        "org.a11y.atspi.Event.Object",
    )
    assert letter.body == ("focused", 1)


@given(st.sampled_from([(None, ()), ("ss", ("a.b", "Name")), ("iiu", (3, -4, 0))]), SERIALS)
def test_questions_are_read_by_others_as_they_were_meant(
    said: tuple[str | None, tuple[object, ...]], serial: int
) -> None:
    parser = Parser()
    (message,) = parser.feed(written(Question(":1.2", "/a/b", "a.b", "Ask", *said), serial))
    fields = message.header.fields
    assert message.header.message_type is MessageType.method_call
    assert message.header.serial == serial
    assert (fields[HeaderFields.destination], fields[HeaderFields.path]) == (":1.2", "/a/b")
    assert (fields[HeaderFields.interface], fields[HeaderFields.member]) == ("a.b", "Ask")
    assert message.body == said[1]


def test_what_is_no_message_is_refused() -> None:
    with pytest.raises(ValueError, match="no D-Bus message"):
        list(Letterbox().put(b"HTTP/1.1 200 OK\r\n"))
