"""The words of a model: text to tokens and back, with control tokens only where the caller allows them."""

import ctypes
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import llama_cpp

NO_TOKEN = -1

_LIKE_CONTROL = re.compile(rb"<.+>|\[.+\]", re.DOTALL)
_OPENING = re.compile(rb"[<\[]")


class Vocabulary:
    """The tokens of a loaded model."""

    def __init__(self, model: Any) -> None:
        self.handle = llama_cpp.llama_model_get_vocab(model)
        self.size = int(llama_cpp.llama_vocab_n_tokens(self.handle))
        self._bos = int(llama_cpp.llama_vocab_bos(self.handle))
        self._piece = ctypes.create_string_buffer(256)

    def tokens(self, text: str, *, special: bool, ends: bool = False) -> list[int]:
        """The tokens of a text. Only with `special` can its words become control tokens; `ends` adds the model's own
        beginning and end, as an embedding wants them.

        llama.cpp matches tokens of the kind USER_DEFINED in any text. Where neither `special` nor `ends` is set, those
        that are written like control words, such as `<tool_call>`, are cut apart behind their first sign.
        """
        data = text.encode("utf-8", "replace")
        if special or ends:
            return self._tokenised(data, special=special, ends=ends)
        return [token for piece in self._harmless(data) for token in self._tokenised(piece, special=False, ends=False)]

    def _harmless(self, data: bytes) -> Iterator[bytes]:
        """The text in pieces of which none holds a word of `_control_words`."""
        words, began = self._control_words, 0
        if words:
            sizes = {len(word) for word in words}
            for found in _OPENING.finditer(data):
                at = found.start()
                if any(data[at : at + size] in words for size in sizes):
                    yield data[began : at + 1]
                    began = at + 1
        yield data[began:]

    @cached_property
    def _control_words(self) -> frozenset[bytes]:
        """Tokens that any text could make, although they are written as only control tokens should be."""
        mask = llama_cpp.LLAMA_TOKEN_ATTR_USER_DEFINED
        defined = (each for each in range(self.size) if llama_cpp.llama_vocab_get_attr(self.handle, each) & mask)
        texts = (llama_cpp.llama_vocab_get_text(self.handle, each) or b"" for each in defined)
        return frozenset(text for text in texts if _LIKE_CONTROL.fullmatch(text))

    def _tokenised(self, data: bytes, *, special: bool, ends: bool) -> list[int]:
        room = len(data) + 8
        found = (llama_cpp.llama_token * room)()
        count = llama_cpp.llama_tokenize(self.handle, data, len(data), found, room, ends, special)
        if count < 0:
            found = (llama_cpp.llama_token * -count)()
            count = llama_cpp.llama_tokenize(self.handle, data, len(data), found, -count, ends, special)
        return list(found[:count])

    def begun(self, tokens: list[int]) -> list[int]:
        """The tokens with the model's beginning in front, where it wants one and it does not stand there yet."""
        if tokens[:1] == [self._bos] or not llama_cpp.llama_vocab_get_add_bos(self.handle):
            return tokens
        return [self._bos, *tokens]

    def piece(self, token: int, *, special: bool = False) -> bytes:
        """The bytes of a token, which may end within a character; control tokens have none unless `special`."""
        count = llama_cpp.llama_token_to_piece(self.handle, token, self._piece, len(self._piece), 0, special)
        if count < 0:
            self._piece = ctypes.create_string_buffer(-count)
            count = llama_cpp.llama_token_to_piece(self.handle, token, self._piece, -count, 0, special)
        return self._piece.raw[:count]

    def ends_answer(self, token: int) -> bool:
        """Whether the model says with this token that it is done."""
        return bool(llama_cpp.llama_vocab_is_eog(self.handle, token))

    def named(self) -> dict[str, str]:
        """The beginning and end tokens as chat templates ask for them."""
        ends = {"bos_token": self._bos, "eos_token": int(llama_cpp.llama_vocab_eos(self.handle))}
        return {
            name: "" if token == NO_TOKEN else self.piece(token, special=True).decode("utf-8", "replace")
            for name, token in ends.items()
        }
