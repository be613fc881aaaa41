"""Names of controls, and values that stand in them or are typed: fresh ones at every call."""

from collections.abc import Callable
from random import Random

from builtin_model.case import Split
from builtin_model.data.vocabulary import LANGUAGES, foreign, nouns, people, pseudo, synonyms, verbs

Writer = Callable[[Random, Split], str]

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_FILE_ENDINGS = ("txt", "pdf", "png", "csv", "md", "odt", "xlsx", "jpg", "zip", "mp3", "py", "html")
_PLACES = ("com", "org", "net", "de", "example", "io", "fr", "co.uk")
_KEYS = ("Ctrl", "Alt", "Shift")


def label(rng: Random, split: Split) -> str:
    """The name of a control."""
    writer: Writer = rng.choices(_LABELS, _LABEL_WEIGHTS)[0]
    return writer(rng, split)


def label_alike(rng: Random, split: Split, other: str) -> str:
    """A name that shares a word with another name."""
    words = other.split()
    kept, fresh = rng.choice(words) if words else pseudo(rng), _one_word(rng, split)
    return f"{kept} {fresh}" if rng.random() < 0.6 else f"{fresh} {kept.lower()}".capitalize()


def value(rng: Random, split: Split) -> str:
    """A text of one to four words, a number, an address: something that a person types into a field."""
    writer: Writer = rng.choices(_VALUES, _VALUE_WEIGHTS)[0]
    return writer(rng, split)


def number(rng: Random, _split: Split) -> str:
    """A number of one to five digits."""
    return str(rng.randint(0, int(10 ** rng.randint(1, 5))))


def code(rng: Random, _split: Split) -> str:
    """A mark such as parts, rooms and orders have."""
    letters = "".join(rng.choice(_LETTERS) for _ in range(rng.randint(1, 4)))
    forms = (f"{letters}{rng.randint(1, 99)}", f"{letters.upper()}-{rng.randint(10, 9999)}", f"#{rng.randint(1, 9999)}")
    return rng.choice((*forms, letters.upper() + rng.choice(_LETTERS).upper(), f"{rng.randint(1, 30)}{letters[0]}"))


def person(rng: Random, split: Split) -> str:
    """A name of somebody, with a surname or without."""
    first = rng.choice(people(split))
    return first if rng.random() < 0.4 else f"{first} {pseudo(rng).capitalize()}"


def address(rng: Random, split: Split) -> str:
    """An e-mail address."""
    first = rng.choice(people(split)).lower() if rng.random() < 0.5 else pseudo(rng)
    return f"{first}{rng.choice(('', '.', '_'))}{pseudo(rng)}@{pseudo(rng)}.{rng.choice(_PLACES)}"


def date(rng: Random, _split: Split) -> str:
    """A day, as one of many writes it."""
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(1950, 2049)
    return rng.choice(
        (f"{year}-{month:02}-{day:02}", f"{day}.{month}.{year}", f"{month}/{day}/{year}", f"{day:02}/{month:02}/{year}")
    )


def price(rng: Random, _split: Split) -> str:
    """An amount of money."""
    amount = f"{rng.randint(0, 999)}.{rng.randint(0, 99):02}"
    return rng.choice((f"${amount}", f"{amount} €", f"£{amount}", f"{amount} EUR", amount))


def file_name(rng: Random, split: Split) -> str:
    """The name of a file."""
    stem = rng.choice((_one_word(rng, split), f"{_one_word(rng, split)}_{rng.randint(1, 99)}", pseudo(rng)))
    return f"{stem}.{rng.choice(_FILE_ENDINGS)}"


def dressed(rng: Random, name: str) -> str:
    """The name in one of the ways that programs write names: capitals, dots, a colon."""
    style = rng.random()
    if style < 0.45:
        return name[:1].upper() + name[1:]
    if style < 0.65:
        return " ".join(word[:1].upper() + word[1:] for word in name.split())
    if style < 0.71:
        return name.upper()
    if style < 0.76:
        return name[:1].upper() + name[1:] + rng.choice(("…", "...", ":", " *"))
    return name


def _one_word(rng: Random, split: Split) -> str:
    return pseudo(rng) if rng.random() < 0.25 else rng.choice(nouns(split))


def _noun_phrase(rng: Random, split: Split) -> str:
    return dressed(rng, " ".join(rng.sample(nouns(split), rng.choice((1, 1, 1, 2, 2, 2, 3)))))


def _deed(rng: Random, split: Split) -> str:
    thing = rng.choice(nouns(split)) if rng.random() < 0.8 else f"{rng.choice(nouns(split))} {rng.choice(nouns(split))}"
    return dressed(rng, f"{rng.choice(verbs(split))} {thing}")


def _foreign(rng: Random, split: Split) -> str:
    words = foreign(rng.choice(LANGUAGES), split)
    return dressed(rng, " ".join(rng.sample(words, rng.choice((1, 1, 2)))))


def _pseudo(rng: Random, _split: Split) -> str:
    return dressed(rng, " ".join(pseudo(rng) for _ in range(rng.choice((1, 1, 1, 2)))))


def _synonym(rng: Random, _split: Split) -> str:
    return dressed(rng, rng.choice(rng.choice(synonyms()).labels))


def _counted(rng: Random, split: Split) -> str:
    return dressed(rng, f"{_one_word(rng, split)} {rng.choice((rng.randint(1, 12), code(rng, split)))}")


def _directed(rng: Random, split: Split) -> str:
    between = rng.choice(("to", "for", "of", "from", "as", "with", "by", "and"))
    return dressed(rng, f"{_one_word(rng, split)} {between} {rng.choice((person, _one_word))(rng, split)}")


def _hinted(rng: Random, split: Split) -> str:
    hint = f"{rng.choice(_KEYS)}+{rng.choice(_LETTERS).upper()}"
    return f"{_noun_phrase(rng, split)} {rng.choice((f'({hint})', hint))}"


def _sentence(rng: Random, split: Split) -> str:
    return " ".join(_one_word(rng, split) for _ in range(rng.choice((2, 2, 3, 4))))


_LABELS: tuple[Writer, ...] = (
    *(_noun_phrase, _deed, _foreign, _pseudo, _synonym, _counted, _directed, _hinted),
    *(code, file_name, person, address, date, price),
)
_LABEL_WEIGHTS = (30, 14, 9, 12, 17, 5, 4, 2, 3, 3, 3, 1, 1, 1)

_VALUES: tuple[Writer, ...] = (_pseudo, _one_word, _sentence, number, code, person, address, date, price, file_name)
_VALUE_WEIGHTS = (20, 10, 14, 16, 8, 14, 7, 6, 4, 3)
