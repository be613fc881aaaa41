"""What went wrong with a model server, in one line each: what happened, where, and what to do next.

What a server says about it is quoted shortly and made harmless first: a key that it repeats is crossed out.
"""

import email.utils
import http.client
import re
import time
from collections.abc import Mapping
from typing import Any

import msgspec

from agents.runtime.ports import ModelError, late
from agents.runtime.server.address import Address
from agents.runtime.server.exchange import Head
from workbench.errors import BadInputError, WorkbenchError

RETRIED = frozenset({429, 500, 502, 503, 504})
_QUOTED_CHARACTERS = 200
_CONTEXT = re.compile(
    r"exceed_context_size|context (?:size|length|window)|maximum context|too large to process|n_ctx|too many tokens|"
    r"prompt (?:is )?too long",
    re.IGNORECASE,
)
_MODEL = re.compile(r"model_not_found|\bmodel\b.{0,120}(?:not found|not exist|unknown|not available)", re.IGNORECASE)
_FORM = re.compile(
    r"response_format|json_schema|grammar|guided|structured|extra_?(?:inputs?|forbidden|fields)", re.IGNORECASE
)
_PICTURES = re.compile(r"image|vision|multi-?modal|mmproj", re.IGNORECASE)


class FormError(ModelError):
    """The server does not take the way in which the form of the answer was asked for."""


class ChangedError(BadInputError):
    """The server does not take the key, or has no such model: what was known of it may be true no more."""


def of_answer(address: Address, url: str, head: Head, *, body: bytes, key: str) -> WorkbenchError:
    """What an answer means that is not the one hoped for; raises nothing."""
    said, where = quoted(body, key), f"the model server at {address.site}"
    if 300 <= head.status < 400:
        target = _harmless(head.headers.get("location", "an unnamed place"), key)[:120]
        return BadInputError(f"{where} redirects to {target}; nothing was sent there; use that address if you trust it")
    if head.status in (401, 403):
        return ChangedError(f"{where} does not accept the key ({head.status}); set the secret that its entry names")
    if head.status in (400, 404, 413, 422, 500) and (known := _known(where, said, head.status)):
        return known
    if head.status in (404, 405):
        hint = "does the address end in /v1?" if not address.path.endswith("/v1") else "is this a model server?"
        return BadInputError(f"{where} has no {url.removeprefix(address.origin)} ({head.status}); {hint}")
    if head.status == 429:
        return ModelError(f"{where} is asked too much (429){_later(head.headers)}{_tail(said)}")
    if is_loading(head, body):
        return ModelError(f"{where} is still loading its model; ask again in a while")
    if head.status in RETRIED:
        return ModelError(f"{where} failed ({head.status}), also when asked again{_tail(said)}; see its own log")
    kind = BadInputError if 400 <= head.status < 500 else ModelError
    return kind(f"{where} refused the request ({head.status}){_tail(said)}; see its own log")


def in_answer(address: Address, body: bytes, key: str) -> WorkbenchError:
    """What an error means that came in the middle of a streamed answer."""
    said, where = quoted(body, key), f"the model server at {address.site}"
    return _known(where, said, 500) or ModelError(f"{where} failed in the middle of its answer{_tail(said)}; ask again")


def of_connection(address: Address, error: Exception, ca_file: str) -> WorkbenchError:
    """What a connection means that failed; errors that are lines already are given back as they are."""
    import requests
    import urllib3

    if isinstance(error, WorkbenchError):
        return error
    where, chain = f"the model server at {address.site}", _chain(error)
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return ModelError(f"{where} cannot be reached: no connection in time; check the address and the network")
    if isinstance(error, TimeoutError | requests.exceptions.Timeout):
        return late(where)
    if isinstance(error, requests.exceptions.SSLError):
        reason = _harmless(str(chain[-1]), "")[:120]
        return ModelError(f"no safe connection to {where}: {reason}; check its certificate, its name and the clock")
    if any(isinstance(each, urllib3.exceptions.NameResolutionError) for each in chain):
        return ModelError(f"{where} was not found: no such host is known here; check the name and the network")
    if any(isinstance(each, ConnectionRefusedError) for each in chain):
        return ModelError(f"{where} does not run: the connection was refused; start it, or check host and port")
    if any(isinstance(each, http.client.IncompleteRead) for each in chain):
        return ModelError(f"the answer of {where} was cut off; ask again, or see its own log")
    if isinstance(error, OSError) and ca_file and "CA certificate" in str(error):
        return BadInputError(f"the file of certificates {ca_file} cannot be read; name an existing PEM file")
    return ModelError(f"the connection to {where} broke ({type(chain[-1]).__name__}); ask again, or see its own log")


def no_json(address: Address, head: Head, body: bytes) -> WorkbenchError:
    """What is said of an answer that is not the JSON it should be."""
    where = f"the model server at {address.site}"
    if b"<html" in body[:2000].lower() or "text/html" in head.headers.get("content-type", ""):
        return ModelError(
            f"{where} answered with a web page in place of JSON; check the address and what stands between"
        )
    return ModelError(f"{where} answered something that is no JSON of a model server; check the address")


def is_passing(head: Head, body: bytes) -> bool:
    """Whether it may go away by itself, so that asking again makes sense."""
    if head.status not in RETRIED:
        return False
    said = quoted(body, "")
    return not (head.status == 500 and (_CONTEXT.search(said) or _FORM.search(said) or _PICTURES.search(said)))


def wait_s(headers: Mapping[str, str], otherwise: float) -> float:
    """How long `Retry-After` asks to wait, as seconds or as a date; `otherwise` where it says nothing usable."""
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,6}(\.\d{1,6})?", value):
        return float(value)
    try:
        return max(email.utils.parsedate_to_datetime(value).timestamp() - time.time(), 0.0)
    except (ValueError, OverflowError):
        return otherwise


def quoted(body: bytes, key: str) -> str:
    """What the server says in an error, in one short line without the key; empty where it says nothing to people."""
    try:
        told = _message(msgspec.json.decode(body))
    except msgspec.DecodeError:
        plain = body[:1000].decode(errors="replace")
        told = "" if plain.lstrip().startswith(("<", "{", "[")) else plain
    return _harmless(told, key)[:_QUOTED_CHARACTERS]


def _message(document: Any) -> str:
    """Where servers put their words: error.message, error, message or detail, with the type and code in front."""
    if isinstance(document, str):
        return document
    if not isinstance(document, dict):
        return ""
    error = document.get("error") or document.get("detail") or document.get("message")
    if isinstance(error, dict):
        parts = [error.get("type"), error.get("code"), error.get("message")]
        return ": ".join(part for part in parts if isinstance(part, str) and part)
    if isinstance(error, list):
        return msgspec.json.encode(error).decode()
    return error if isinstance(error, str) else ""


def is_loading(head: Head, body: bytes) -> bool:
    """Whether the server says that its model is being loaded."""
    return head.status == 503 and "loading model" in quoted(body, "").lower()


def _known(where: str, said: str, status: int) -> WorkbenchError | None:
    if _CONTEXT.search(said):
        return BadInputError(
            f"the prompt is longer than what fits into {where}: {said}; shorten it or raise its context"
        )
    if status in (400, 404) and _MODEL.search(said):
        return ChangedError(f"{where} has no such model: {said}")
    if status != 404 and _FORM.search(said):
        return FormError(f"{where} does not take the form of the answer that was asked for: {said}")
    if _PICTURES.search(said):
        return BadInputError(f"{where} cannot take these pictures: {said}; start it with a model that sees (mmproj)")
    return None


def _later(headers: Mapping[str, str]) -> str:
    seconds = wait_s(headers, 0.0)
    return f"; ask again in {seconds:.0f} s" if seconds else "; ask again later"


def _tail(said: str) -> str:
    return f": {said}" if said else ""


def _harmless(text: str, key: str) -> str:
    """One line without control characters, and without the key."""
    if key:
        text = text.replace(key, "•••")
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _chain(error: BaseException) -> list[BaseException]:
    """The error and what it came from, the innermost last."""
    found: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in found:
        found.append(following)
        inner = [argument for argument in following.args if isinstance(argument, BaseException)]
        reason = getattr(following, "reason", None)
        given = reason if isinstance(reason, BaseException) else (inner[0] if inner else None)
        following = given or following.__cause__ or following.__context__
    return found
