"""What gives itself away by its form, and what only looks like it."""

import json
from pathlib import Path

import pytest

from workbench.library.leaks.loose import loose_cards
from workbench.library.leaks.patterns import entropy, is_iban, issued, matches, passes_luhn

GIVES_AWAY = [
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----", "private-key"),
    ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz", "private-key"),
    ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", "token"),
    ("glpat-x1Y2z3A4b5C6d7E8f9G0", "token"),
    ("AKIAIOSFODNN7EXAMPLE", "token"),
    ("xoxb-123456789012-abcdefGHIJKL", "token"),
    ("AIzaSyA1234567890abcdefghijklmnopqrstuv", "token"),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "token"),
    ("hf_AbCdEfGhIjKlMnOpQrStUvWxYz012345", "token"),
    ("sk-proj-abc123def456ghi789jkl", "token"),
    ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "token"),
    ("xK9fQ2mZ7pL4vR8tW1nB", "token"),
    ("jane.doe+list@mail.example.org", "e-mail"),
    ("łucja@poczta.pl", "e-mail"),
    ("4111 1111 1111 1111", "card-number"),
    ("5500-0000-0000-0004", "card-number"),
    ("340000000000009", "card-number"),
    ("DE89 3704 0044 0532 0130 00", "iban"),
    ("GB82WEST12345698765432", "iban"),
    ("+49 170 1234567", "phone-number"),
    ("(555) 010-4477", "phone-number"),
]

HARMLESS = [
    "4111 1111 1111 1112",
    "DE89 3704 0044 0532 0130 01",
    "git@github.com:someone/thing.git",
    "icon@2x.png",
    "2024-05-17 12:33:11.123456",
    "1715949191123",
    "1,234,567,890,123",
    "0123456789012345",
    "550e8400-e29b-41d4-a716-446655440000",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "XF86AudioRaiseVolume and _NET_WM_WINDOW_TYPE_DIALOG",
    "quarterly-report-2024-05-17-final-v2",
    "antidisestablishmentarianism",
    "/usr/share/applications/org.gnome.Calculator.desktop",
    "Password:",
    "Enter your password: then press Return",
    "12+34567890123",
    "ssh://host:22/path",
    "https://mail.example.org/inbox?page=2",
]


@pytest.mark.parametrize(("text", "kind"), GIVES_AWAY)
def test_it_is_found_from_its_first_to_its_last_letter_within_a_sentence(text, kind):
    before = "It says: "
    (found,) = matches(f"{before}{text}\n-- ")[:1]
    assert (found.kind, found.start) == (kind, len(before))
    assert found.end >= len(before) + len(text) or kind == "private-key"


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_it_is_left_alone(text):
    assert [found.kind for found in matches(text)] == []


@pytest.mark.parametrize(
    ("text", "part", "kind"),
    [
        ("https://bob:hunter2@host.example/x", "bob:hunter2", "url-password"),
        ("https://host.example/x?access_token=abc123def", "abc123def", "url-password"),
        ("Authorization: Bearer abcdefgh12345678ijklmnop", "abcdefgh12345678ijklmnop", "token"),
        ("password: hunter2", "hunter2", "password"),
        ("API_KEY='s3cr3tvalue'", "s3cr3tvalue", "password"),
    ],
)
def test_of_what_stands_in_a_frame_only_the_private_part_is_found(text, part, kind):
    (found,) = matches(text)
    assert (text[found.start : found.end], found.kind) == (part, kind)


def test_check_sums_are_those_of_the_standards():
    assert passes_luhn("79927398713")
    assert not any(passes_luhn(f"7992739871{digit}") for digit in "012456789")
    assert is_iban("NO9386011117947")
    assert not is_iban("NO9386011117948")
    assert issued("4111111111111111")
    assert not issued("1715949191123456")
    assert entropy("aaaa") == 0
    assert entropy("abcd") == 2


def test_card_numbers_are_found_in_pictures_even_where_a_digit_was_misread():
    assert [found.kind for found in loose_cards("card 4111 1ll1 111 1111")] == ["card-number"]
    assert list(loose_cards("2024-11-25 143029 and 4 of 12 and 5123 steps")) == []


@pytest.mark.parametrize("text", ["a" * 300_000, "-" * 100_000, "+1" * 100_000, "a.b@" * 30_000, "AB12 " * 50_000])
def test_hostile_text_is_searched_in_reasonable_time(text):
    import time

    began_s = time.process_time()
    matches(text)
    assert time.process_time() - began_s < 10


def test_task_descriptions_of_others_hold_few_things_but_addresses_that_look_private(samples):
    texts = [text for path in (samples / "osworld_tasks").rglob("*.json") for text in _instructions(path)]
    found = [match.kind for text in texts for match in matches(text) if match.kind != "e-mail"]
    assert len(texts) > 300
    assert len(found) <= len(texts) // 100, found


def _instructions(path: Path) -> list[str]:
    document = json.loads(path.read_text(encoding="utf-8"))
    return [document["instruction"]] if isinstance(document, dict) and "instruction" in document else []
