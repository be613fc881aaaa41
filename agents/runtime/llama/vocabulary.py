"""The words of a model: text to tokens and back, with control tokens only where the caller allows them."""

import ctypes
from typing import Any

import llama_cpp

NO_TOKEN = -1


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
        """
        data = text.encode("utf-8", "replace")
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
