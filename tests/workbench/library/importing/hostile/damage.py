"""Ways to damage a recording, each chosen and carried out by chance; the same seed always does the same."""

import gzip
import io
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

NUMBERS = (
    "1e308",
    "-1e999",
    "NaN",
    "Infinity",
    "99999999999999999999999",
    "-0",
    "4294967296",
    "1e-320",
    "0.1e1",
    "-32769",
)
VALUES: tuple[object, ...] = (
    None, True, -1, 0, 2**63, 1e300, "", "x" * 100_000, "\0", "\ud800", "../" * 20 + "etc/passwd", "/etc/passwd",
    [], {}, [[]],
    "\x1b[2J\r\n‮evil", "{{name}}", "NaN", [None] * 1000, {"a": {"b": {"c": []}}}, "file:///etc/passwd", "%s%n{0}",
)  # fmt: skip
TAIL_BYTES = 64


def damage(folder: Path, outside: Path, chance: Random) -> list[str]:
    """Damage the folder in one to three ways and say which; `outside` is a folder that links may lead to."""
    done = []
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
        if not files:
            break
        file = _chosen(files, chance)
        way = chance.choice(_ways(file))
        done.append(f"{way.__name__} {file.relative_to(folder)}")
        if way in _MOVING:
            way(file, folder, outside, chance)
        else:
            file.write_bytes(way(file.read_bytes(), chance))
    return done


def _chosen(files: list[Path], chance: Random) -> Path:
    """What tells of the steps is damaged more often than one picture of many."""
    telling = [file for file in files if file.suffix not in (".png", ".jpg", ".mp4")]
    return chance.choice(telling if telling and chance.random() < 0.75 else files)


def _ways(file: Path) -> list[Callable]:
    ways = [*_BYTES, *_MOVING]
    if file.suffix in (".json", ".jsonl"):
        ways += [*_JSON, *_JSON]
    if file.suffix in (".png", ".jpg"):
        ways += [huge_picture, hollow_picture, other_picture]
    if file.suffix == ".mp4":
        ways += [box_sizes, playlist]
    if file.suffix == ".zip":
        ways += [zip_bomb, zip_names]
    return ways


def bit_flips(data: bytes, chance: Random) -> bytes:
    found = bytearray(data)
    for _ in range(min(len(found), chance.choice((1, 4, 64)))):
        found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    return bytes(found)


def flips_in_head(data: bytes, chance: Random) -> bytes:
    return bit_flips(data[:200], chance) + data[200:]


def truncation(data: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def torn_out(data: bytes, chance: Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + data[start + chance.randrange(1, 400) :]


def repeated(data: bytes, chance: Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    piece = data[start : start + chance.randrange(1, 2000)]
    return data[:start] + piece * chance.choice((2, 50)) + data[start:]


def lines_shuffled(data: bytes, chance: Random) -> bytes:
    lines = data.splitlines(keepends=True)
    chance.shuffle(lines)
    return b"".join(lines)


def empty_lines(data: bytes, chance: Random) -> bytes:
    return b"\n" * 1_000_000 + data if chance.random() < 0.5 else data + b"\n" * 1_000_000


def number_changed(data: bytes, chance: Random) -> bytes:
    places = [n for n, byte in enumerate(data[:200_000]) if chr(byte).isdigit()]
    if not places:
        return data
    start = end = chance.choice(places)
    while end < len(data) and chr(data[end]) in "0123456789.":
        end += 1
    return data[:start] + chance.choice(NUMBERS).encode() + data[end:]


def deep(data: bytes, chance: Random) -> bytes:
    opening = chance.choice((b"[", b'{"a":', b"(", b"<a>", b"not ", b"-", b"#", b"a."))
    start = chance.choice((0, data.find(b"[") + 1, chance.randrange(len(data) + 1)))
    return data[:start] + opening * chance.choice((1_000, 100_000)) + data[start:]


def gzip_bomb(data: bytes, chance: Random) -> bytes:
    head, filling = data[: chance.randrange(len(data) + 1)], chance.choice((b"\n", b" ", b"[", b"0,", b"\0"))
    return gzip.compress(head, mtime=0) + gzip.compress(filling * (1_000_000 // len(filling)), mtime=0) * 300


def gzip_damaged(data: bytes, chance: Random) -> bytes:
    return bit_flips(gzip.compress(data, mtime=0), chance)


def other_bytes(data: bytes, chance: Random) -> bytes:
    return chance.choice(
        (b"", b"\0" * 5000, b"\xff\xfe" + data, b"\xef\xbb\xbf" + data, chance.randbytes(3000), b"PK\3\4" + data)
    )


def playlist(data: bytes, _: Random) -> bytes:
    return b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n" + data


def concatenation(data: bytes, _: Random) -> bytes:
    return b"ffconcat version 1.0\nfile '/etc/passwd'\n" + data


def box_sizes(data: bytes, chance: Random) -> bytes:
    found = bytearray(data)
    for name in (b"stsz", b"stco", b"stts", b"stsc", b"mvhd", b"tkhd", b"mp4v", b"mdhd"):
        place = data.find(name)
        if place >= 0 and chance.random() < 0.5:
            start = place + chance.choice((-4, 8, 12, 16, 28))
            found[start : start + 4] = struct.pack(">I", chance.choice((0, 1, 2**31, 2**32 - 1)))
    return bytes(found)


def huge_picture(_: bytes, chance: Random) -> bytes:
    """A picture that says it is huge, and is black all over as far as it goes."""
    width, height = chance.choice(
        ((6_300, 6_300), (8_000, 8_000), (10_000, 9_999), (65_535, 65_535), (2**31 - 1, 1), (0, 5), (16_384, 6_000))
    )
    return _png_of(width, height, _black(width, height))


@cache
def _black(width: int, height: int) -> bytes:
    packed = zlib.compressobj(1)
    row = bytes(1 + 3 * min(width, 7_000))
    return b"".join(packed.compress(row) for _ in range(min(height, 7_000))) + packed.flush()


def hollow_picture(_: bytes, chance: Random) -> bytes:
    return _png_of(*chance.choice(((9_000, 9_000), (1, 1), (16_000, 2))), zlib.compress(b""))


def other_picture(_: bytes, chance: Random) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.new(chance.choice(("RGB", "L", "P", "1")), (chance.randrange(1, 500), 40)).save(
        file, chance.choice(("PNG", "TIFF", "ICO", "GIF", "BMP"))
    )
    return file.getvalue()


def _png_of(width: int, height: int, rows: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def zip_bomb(_: bytes, chance: Random) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Recording.mht", b"MIME-Version: 1.0\r\n" + chance.choice((b"\r\n", b" ", b"a")) * 30_000_000)
    return file.getvalue()


def zip_names(data: bytes, chance: Random) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("../../outside.mht", "/etc/x.mht", "a\\..\\b.mht", "x.mht"):
            archive.writestr(name, chance.choice((data, b"", b"MIME-Version: 1.0\r\n\r\n")))
    return file.getvalue()


def _values(found: object) -> list[tuple[dict | list, object]]:
    """Every place in a value: what holds it, and its key there."""
    places: list[tuple[dict | list, object]] = []
    waiting = [found]
    while waiting:
        held = waiting.pop()
        keys = list(held) if isinstance(held, dict) else range(len(held)) if isinstance(held, list) else []
        places += [(held, key) for key in keys]
        waiting += [held[key] for key in keys]
    return places


def _in_json(data: bytes, chance: Random, change: Callable) -> bytes:
    """Change one place of a document, or of one of its lines."""
    lines = data.splitlines() if b"\n" in data.strip() else [data]
    number = chance.randrange(len(lines)) if lines else 0
    try:
        whole = json.loads(lines[number])
    except (ValueError, IndexError, RecursionError):
        return bit_flips(data, chance)
    places = _values(whole)
    if places:
        change(*chance.choice(places), chance)
    lines[number] = json.dumps(whole).encode()
    return b"\n".join(lines)


def field_changed(data: bytes, chance: Random) -> bytes:
    return _in_json(data, chance, lambda held, key, chance: held.__setitem__(key, chance.choice(VALUES)))


def field_swapped(data: bytes, chance: Random) -> bytes:
    def swap(held: dict | list, key: object, chance: Random) -> None:
        other = chance.choice(list(held) if isinstance(held, dict) else range(len(held)))
        held[key], held[other] = held[other], held[key]

    return _in_json(data, chance, swap)


def field_deleted(data: bytes, chance: Random) -> bytes:
    return _in_json(data, chance, lambda held, key, _: held.pop(key))


def field_nested(data: bytes, chance: Random) -> bytes:
    return _in_json(
        data, chance, lambda held, key, _: held.__setitem__(key, chance.choice(([held[key]], {"x": held[key]})))
    )


def field_repeated(data: bytes, chance: Random) -> bytes:
    def repeat(held: dict | list, key: object, chance: Random) -> None:
        held[key] = [held[key]] * chance.choice((2, 3000))

    return _in_json(data, chance, repeat)


def number_in_field(data: bytes, chance: Random) -> bytes:
    return _in_json(data, chance, lambda held, key, chance: held.__setitem__(key, float(chance.choice(NUMBERS))))


def removed(file: Path, *_: object) -> None:
    file.unlink()


def pipe(file: Path, *_: object) -> None:
    file.unlink()
    os.mkfifo(file)


def folder_instead(file: Path, *_: object) -> None:
    file.unlink()
    file.mkdir()


def link_out(file: Path, _: Path, outside: Path, chance: Random) -> None:
    """A link to a file of the same kind that lies elsewhere, or to something of the system."""
    kept = outside / f"kept{file.suffix}"
    if not kept.exists():
        kept.write_bytes(file.read_bytes())
    file.unlink()
    file.symlink_to(chance.choice((kept, Path("/dev/zero"), Path("/etc/passwd"), file)))


def folder_link_out(file: Path, folder: Path, outside: Path, _: Random) -> None:
    """The file's folder lies elsewhere, and a link stands in its place."""
    home = file.parent
    if home == folder or home.is_symlink():
        return
    target = outside / f"folder-{len(list(outside.iterdir()))}"
    home.rename(target)
    home.symlink_to(target)


def links_to_itself(_: Path, folder: Path, _outside: Path, _chance: Random) -> None:
    for number in range(30):
        link = folder / f"loop{number}"
        if not link.is_symlink():
            link.symlink_to(folder)


def odd_name(file: Path, _: Path, _outside: Path, chance: Random) -> None:
    name = chance.choice(("a\nb", "\x1b[31m", "x" * 200, "‮gpj", os.fsdecode(b"\xff\xfe"), " ", "...", "%00", "-rf"))
    if not (file.parent / f"{name}{file.suffix}").exists():
        file.rename(file.parent / f"{name}{file.suffix}")


def no_rights(file: Path, *_: object) -> None:
    file.chmod(0)


def many_files(file: Path, *_: object) -> None:
    for number in range(40):
        other = file.parent / f"{number}{file.suffix}"
        if not other.exists():
            os.link(file, other)


_BYTES = (bit_flips, flips_in_head, truncation, torn_out, repeated, lines_shuffled, empty_lines, number_changed,
          number_changed, deep, gzip_bomb, gzip_damaged, other_bytes, concatenation)  # fmt: skip
_JSON = (field_changed, field_changed, field_swapped, field_deleted, field_nested, field_repeated, number_in_field)
_MOVING = (removed, pipe, folder_instead, link_out, folder_link_out, links_to_itself, odd_name, no_rights, many_files)
