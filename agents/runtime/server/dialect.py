"""What a model server is and how one speaks to it: its requests as JSON, its answers as text. Pure.

All speak OpenAI's chat interface. They differ in how the form of an answer can be enforced, so every kind has a ladder
of ways, the strictest first; a server that refuses a way is asked in the next one.
"""

import base64
import re
from collections.abc import Callable
from typing import Any, Literal

import msgspec
from msgspec import Struct

from agents.runtime.ports import Asking
from agents.runtime.prompt import Message, Picture, Prompt
from agents.runtime.sending import as_unicode
from workbench.errors import BadInputError

Kind = Literal["llama.cpp", "vLLM", "OpenAI-compatible"]
Way = Literal["grammar", "structured grammar", "structured schema", "guided grammar", "guided schema", "schema", "none"]

_STRUCTURED_SINCE = (0, 11)
"""The version of vLLM that replaced the fields whose names begin with `guided`."""

_SPECIAL = re.compile(
    r"<(?=/?[|｜])|<(?=/?[\w▁-]+[|｜]?>)|"
    r"\[(?=/?(?:INST|IMG|IMG_BREAK|IMG_END|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_RESULTS|TOOL_CALLS)\])"
)


class Known(Struct, frozen=True):
    """What was found out about a server and its model, and how long that took; `context` in tokens, 0 where unknown."""

    kind: Kind = "OpenAI-compatible"
    version: str = ""
    model: str = ""
    context: int = 0
    sees: bool = True
    embedding_size: int = 0
    took_ms: float = 0.0


class _Meta(Struct, frozen=True):
    n_ctx_train: int | None = None
    n_embd: int | None = None


class Listed(Struct, frozen=True):
    """One model as `/v1/models` lists it."""

    id: str
    owned_by: str | None = None
    max_model_len: int | None = None
    meta: _Meta | None = None


class Models(Struct, frozen=True):
    """What `/v1/models` answers."""

    data: tuple[Listed, ...]


class _Settings(Struct, frozen=True):
    n_ctx: int | None = None


class _Modalities(Struct, frozen=True):
    vision: bool | None = None


class Props(Struct, frozen=True):
    """What llama-server tells about itself at `/props`."""

    default_generation_settings: _Settings
    modalities: _Modalities | None = None


class Version(Struct, frozen=True):
    """What vLLM answers at `/version`."""

    version: str


class _Said(Struct, frozen=True):
    content: str | None = None


class _Choice(Struct, frozen=True):
    delta: _Said | None = None
    message: _Said | None = None
    finish_reason: str | None = None


class _Details(Struct, frozen=True):
    cached_tokens: int | None = None


class Usage(Struct, frozen=True):
    """Tokens that were used."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    prompt_tokens_details: _Details | None = None


class ServerTimings(Struct, frozen=True):
    """What llama-server says about an answer's cost."""

    prompt_ms: float | None = None
    predicted_ms: float | None = None
    cache_n: int | None = None


class Piece(Struct, frozen=True):
    """One event of a streamed answer, or the whole answer of a server that does not stream."""

    choices: tuple[_Choice, ...] | None = None
    usage: Usage | None = None
    timings: ServerTimings | None = None
    error: Any = None

    @property
    def text(self) -> str:
        """What it adds to the answer."""
        said = [choice.delta or choice.message for choice in self.choices or ()][:1]
        return "".join(each.content or "" for each in said if each)

    @property
    def finish(self) -> str | None:
        """Why the answer ends here; None where it goes on."""
        return next((choice.finish_reason for choice in self.choices or ()), None)


class _Embedding(Struct, frozen=True):
    index: int
    embedding: tuple[float, ...]


class Embeddings(Struct, frozen=True):
    """What `/v1/embeddings` answers."""

    data: tuple[_Embedding, ...]


class Tokens(Struct, frozen=True):
    """What llama-server's `/tokenize` answers."""

    tokens: tuple[int, ...]


class Templated(Struct, frozen=True):
    """What llama-server's `/apply-template` answers."""

    prompt: str


def ladder(known: Known, asking: Asking) -> list[Way]:
    """The ways to enforce the answer's form that this server may take, the strictest first; the last is always none."""
    if not asking.grammar and not asking.schema:
        return ["none"]
    ways: list[Way]
    if known.kind == "llama.cpp":
        ways = ["grammar", "schema"]
    elif known.kind == "vLLM":
        old = _numbers(known.version) < _STRUCTURED_SINCE
        ways = ["guided grammar", "guided schema"] if old else ["structured grammar", "structured schema"]
    else:
        ways = ["schema"]
    usable = [way for way in ways if (asking.grammar if way.endswith("grammar") else asking.schema)]
    return [*usable, "none"]


def question(known: Known, prompt: Prompt, asking: Asking, way: Way) -> bytes:
    """The request for a streamed answer. Raises `BadInputError` where the schema is no JSON."""
    body: dict[str, Any] = {
        "model": known.model,
        "messages": messages(prompt),
        "max_tokens": asking.max_tokens,
        "temperature": asking.temperature,
        "seed": asking.seed,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if asking.stop:
        body["stop"] = asking.stop
    return msgspec.json.encode(body | _WAYS[way](asking))


def messages(prompt: Prompt, *, pictures: bool = True) -> list[dict[str, Any]]:
    """The prompt as OpenAI's messages, pictures as PNG within the text of their URL; without them where not wanted."""
    return [{"role": message.role, "content": _content(message, pictures=pictures)} for message in prompt]


def harmless(text: str) -> str:
    """The text with a space in whatever a server could take for a control token or the mark of an image.

    Servers run their template over the texts and read control tokens in the result, so these cannot be told apart any
    more once they are sent: `<|im_end|>` becomes `< |im_end|>`, `[INST]` becomes `[ INST]`. Every family has words of
    its own, so whatever has their shape is broken up, tags of web pages such as `<b>` among them.
    """
    return _SPECIAL.sub(lambda found: f"{found[0]} ", as_unicode(text))


def png(picture: Picture) -> bytes:
    """The picture as PNG, lossless; raises `BadInputError` for what is no picture."""
    import imagecodecs
    import numpy as np

    shape = picture.pixels.shape
    if picture.pixels.dtype != np.uint8 or len(shape) != 3 or shape[2] != 3 or 0 in shape:
        raise BadInputError(f"a picture for a model has height x width x 3 bytes, this one is {shape}; give it as RGB")
    return bytes(imagecodecs.png_encode(np.ascontiguousarray(picture.pixels), level=1))


def picture_tokens(picture: Picture) -> int:
    """About how many tokens a picture takes: one for each 28 pixels squared, as in the Qwen-VL families."""
    return -(-picture.width // 28) * -(-picture.height // 28)


def _content(message: Message, *, pictures: bool) -> str | list[dict[str, Any]]:
    if not pictures or all(isinstance(part, str) for part in message.parts):
        return "".join(harmless(part) for part in message.parts if isinstance(part, str))
    return [_part(part) for part in message.parts]


def _part(part: str | Picture) -> dict[str, Any]:
    if isinstance(part, str):
        return {"type": "text", "text": harmless(part)}
    return {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{base64.b64encode(png(part)).decode()}"}}


def _schema(asking: Asking) -> Any:
    try:
        return msgspec.json.decode(asking.schema)
    except msgspec.DecodeError as error:
        raise BadInputError(f"the schema of the answer is no JSON: {error}") from error


def _response_format(asking: Asking) -> dict[str, Any]:
    form = {"name": "answer", "strict": True, "schema": _schema(asking)}
    return {"response_format": {"type": "json_schema", "json_schema": form}}


_WAYS: dict[Way, Callable[[Asking], dict[str, Any]]] = {
    "grammar": lambda asking: {"grammar": asking.grammar},
    "structured grammar": lambda asking: {"structured_outputs": {"grammar": asking.grammar}},
    "structured schema": lambda asking: {"structured_outputs": {"json": _schema(asking)}},
    "guided grammar": lambda asking: {"guided_grammar": asking.grammar},
    "guided schema": lambda asking: {"guided_json": _schema(asking)},
    "schema": _response_format,
    "none": lambda _asking: {},
}


def _numbers(version: str) -> tuple[int, ...]:
    """The version's numbers; those of the newest where it names none."""
    found = re.match(r"v?(\d+)\.(\d+)", version)
    return (int(found[1]), int(found[2])) if found else _STRUCTURED_SINCE
