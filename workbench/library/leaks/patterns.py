"""What gives itself away by its form: keys, tokens, addresses and numbers with a check sum.

Everything here is exact about where it begins and ends, for what is found is what is masked.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from workbench.library.leaks.leak import Kind

LEAST_WORD = 20
"""The shortest word that can be a token by its disorder alone."""

LEAST_ENTROPY = 3.7
"""Bits in each character of such a word; words of languages and names of programs have 2.5 to 3.5."""

LEAST_SWITCHES = 6
"""How often such a word changes between capitals, small letters and digits; names of things do so seldom."""

_IBAN_LENGTHS = {
    code: int(length)
    for code, length in re.findall(
        r"([A-Z]{2})(\d{2})",
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18"
        " FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20"
        " LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24"
        " SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20",
    )
}
"""How many characters an account number of each country has (ISO 13616)."""

_NO_DOMAINS = frozenset({"png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "css", "js", "py", "txt", "html", "json"})
"""Endings of file names that look like an address, such as `icon@2x.png`."""

_TOKENS = re.compile(
    r"""(?<![A-Za-z0-9])(?:
      gh[pousr]_[A-Za-z0-9]{30,} | github_pat_[A-Za-z0-9_]{22,} | glpat-[\w-]{20,}
    | (?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA)[A-Z0-9]{16}(?![A-Za-z0-9])
    | xox[abeoprs]-[\w-]{10,} | xapp-[\w-]{10,} | (?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,} | whsec_[A-Za-z0-9]{20,}
    | AIza[\w-]{35} | ya29\.[\w-]{20,} | sk-(?=[\w-]*\d)[\w-]{20,} | hf_[A-Za-z0-9]{30,} | npm_[A-Za-z0-9]{36}
    | pypi-[\w-]{40,} | SG\.[\w-]{16,}\.[\w-]{16,} | \d{8,10}:AA[\w-]{33} | eyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?
    | do[opr]_v1_[a-f0-9]{64} | dckr_pat_[\w-]{20,} | shpat_[a-f0-9]{32} | key-[a-f0-9]{32}
    | AGE-SECRET-KEY-1[A-Z0-9]{58}
    )""",
    re.VERBOSE,
)
_BEARER = re.compile(r"(?i)\b(?:bearer|basic|token)\s+(?P<it>(?=[\w.~+/-]*\d)[\w.~+/-]{20,}={0,2})")
_KEY = re.compile(
    r"-{2,5} ?BEGIN[A-Z0-9 ]{0,40}?PRIVATE ?KEY(?: ?BLOCK)? ?-{2,5}(?:[\s\S]*?-{2,5} ?END [A-Z0-9 ]+-{2,5}|[\s\S]*)"
)
_USER = re.compile(r"(?i)\b[a-z][a-z0-9+.-]{1,20}://(?P<it>[^\s/:@\"'<>]{0,200}:[^\s/@\"'<>]{1,200})@")
_QUERY = re.compile(
    r"(?i)[?&#;](?:password|passwd|pwd|token|access_token|id_token|refresh_token|auth|api_?key|apikey|secret|"
    r"client_secret|sig|signature|x-amz-signature|sessionid)=(?P<it>[^&\s#\"'<>]{6,})"
)
_NAMED = re.compile(
    r"(?i)(?<![a-z])(?:password|passwd|passphrase|passwort|pwd|api[_ -]?key|secret[_ -]?key|client[_ -]?secret|"
    r"access[_ -]?key|auth[_ -]?token|access[_ -]?token)[\"']?\s?(?:[:=]|is)\s?[\"']?"
    r"(?P<it>(?=[^\s\"']*\d)(?=[^\s\"']*[a-z])[^\s\"'▇]{6,})"
)
_MAIL = re.compile(
    r"(?<![\w.+%-])(?P<it>[\w+%-][\w.+%-]{0,63}@(?:[\w](?:[\w-]{0,61}[\w])?\.){1,6}(?P<top>[^\W\d_]{2,24}))(?![\w-])"
)
_DIGITS = re.compile(r"(?<![\w.,+-])\d(?:[ -]?\d){11,18}(?![\w]|[.,-]\d)")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}")
_PHONE = re.compile(
    r"(?<![\w+.])(?:\+[1-9]\d{0,2}(?:[ .()/-]{0,2}\d){7,12}|\(\d{3}\) ?\d{3}-\d{4}|\d{3}-\d{3}-\d{4})"
    r"(?![\w]|-\d|[.,]\d)"
)
_WORD = re.compile(r"(?<![\w+=-])[\w+=-]{20,}(?![\w+=-])", re.ASCII)
_SPELLED = re.compile(r"[A-Z]?[a-z]{4,}")
_LONG_KEY = re.compile(r"(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")
_UUID = re.compile(r"(?i)[0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}")


@dataclass(frozen=True)
class Match:
    """Something of a kind, and where it stands in the text."""

    kind: Kind
    start: int
    end: int


def matches(text: str) -> list[Match]:
    """All that gives itself away in the text, in order; of two that overlap the surer one."""
    found: list[Match] = []
    if len(text) >= _SHORTEST:
        for search in _SEARCHES:
            found += [one for one in search(text) if not any(_overlap(one, other) for other in found)]
    return sorted(found, key=lambda one: one.start)


def entropy(word: str) -> float:
    """Shannon's entropy of the characters of a word, in bits for each."""
    return -sum(count / len(word) * math.log2(count / len(word)) for count in Counter(word).values())


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1)."""
    doubled = [int(digit) * (2 if at % 2 else 1) for at, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def issued(digits: str) -> bool:
    """Whether cards have numbers that begin so and are so long."""
    two, three, four, long = int(digits[:2]), int(digits[:3]), int(digits[:4]), len(digits)
    return (
        (digits[0] == "4" and long in (13, 16, 19))
        or ((51 <= two <= 55 or 2221 <= four <= 2720) and long == 16)
        or (two in (34, 37) and long == 15)
        or ((four == 6011 or two == 65 or 644 <= three <= 649 or two in (62, 35)) and 16 <= long <= 19)
        or ((300 <= three <= 305 or two in (36, 38, 39)) and 14 <= long <= 19)
        or (two in (50, 56, 57, 58, 60, 61, 63, 67) and long in (16, 18, 19))
    )


def is_iban(text: str) -> bool:
    """Whether it is an account number of a country's length whose check digits fit (ISO 13616, ISO 7064)."""
    if len(text) != _IBAN_LENGTHS.get(text[:2].upper()) or not text.isalnum() or not text.isascii():
        return False
    turned = text[4:] + text[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1


def _overlap(one: Match, other: Match) -> bool:
    return one.start < other.end and other.start < one.end


def _all_of(kind: Kind, pattern: re.Pattern[str]) -> "Callable[[str], Iterator[Match]]":
    group = "it" if "it" in pattern.groupindex else 0

    def search(text: str) -> Iterator[Match]:
        return (Match(kind, *found.span(group)) for found in pattern.finditer(text))

    return search


def _mails(text: str) -> Iterator[Match]:
    for found in _MAIL.finditer(text) if "@" in text else ():
        user = found["it"].partition("@")[0]
        if found["top"].lower() not in _NO_DOMAINS and user != "git":
            yield Match("e-mail", *found.span("it"))


def _cards(text: str) -> Iterator[Match]:
    for found in _DIGITS.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if issued(digits) and passes_luhn(digits) and len(set(digits)) > 1:
            yield Match("card-number", *found.span())


def _ibans(text: str) -> Iterator[Match]:
    for found in _IBAN.finditer(text):
        length = _IBAN_LENGTHS.get(found[0][:2].upper(), 0)
        at = [at for at, letter in enumerate(found[0]) if letter not in " -"]
        if 0 < length <= len(at) and is_iban("".join(found[0][each] for each in at[:length])):
            end = found.start() + at[length - 1] + 1
            if not text[end : end + 1].isalnum():
                yield Match("iban", found.start(), end)


def _disorderly(text: str) -> Iterator[Match]:
    for pattern in (_WORD, _LONG_KEY):
        for found in pattern.finditer(text):
            if is_disorderly(found[0]):
                yield Match("token", *found.span())


def is_disorderly(word: str) -> bool:
    """Whether a word can only have been made by a machine: long, of many different characters, often of another sort.

    Hexadecimal digests and UUIDs are not taken for tokens: they name things far more often than they open them.
    """
    if len(word) < LEAST_WORD or _UUID.search(word) or re.fullmatch(r"[0-9a-fA-F_-]+", word):
        return False
    if 2 * sum(map(len, _SPELLED.findall(word))) > len(word):
        return False
    sorts = [_sort(letter) for letter in word]
    switches = sum(one != other for one, other in pairwise(sorts))
    mixed = "0" in sorts and ("a" in sorts or "A" in sorts)
    return mixed and switches >= LEAST_SWITCHES and entropy(word) >= LEAST_ENTROPY and not _numbered(word)


def _sort(letter: str) -> str:
    return "0" if letter.isdigit() else "a" if letter.islower() else "A" if letter.isupper() else "-"


def _numbered(word: str) -> bool:
    """Whether it is words and numbers with marks between them, such as `report-2024-05-17-final`."""
    parts = re.split(r"[-_+=]", word)
    return all(re.fullmatch(r"\d*|[A-Za-z]?[a-z]*\d{0,4}|[A-Z]*\d{0,4}|\d+[A-Za-z]{0,3}", part) for part in parts)


_SHORTEST = 5
_SEARCHES: "tuple[Callable[[str], Iterator[Match]], ...]" = (
    _all_of("private-key", _KEY),
    _all_of("url-password", _USER),
    _all_of("url-password", _QUERY),
    _all_of("token", _TOKENS),
    _all_of("token", _BEARER),
    _all_of("password", _NAMED),
    _mails,
    _ibans,
    _cards,
    _all_of("phone-number", _PHONE),
    _disorderly,
)
"""From the surest to the least sure."""
