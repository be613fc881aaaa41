"""Answers questions about screens with llama-cpp-python's own classes: what the runtime is compared with.

Reads from the folder named on the command line `questions.json`, a list of [picture file, question], and writes
`answers.json`.
"""

import base64
import json
import sys
from pathlib import Path

from llama_cpp import Llama, LlamaGrammar
from llama_cpp.llama_chat_format import MTMDChatHandler


def main(folder: Path, model: Path, grammar: str) -> None:
    handler = MTMDChatHandler(clip_model_path=str(model / "mmproj.gguf"), verbose=False)
    llama = Llama(
        str(model / "lm.gguf"), chat_handler=handler, n_ctx=512, n_threads=1, n_threads_batch=1, verbose=False
    )
    rules = LlamaGrammar.from_string(grammar, verbose=False)
    answers = []
    for name, question in json.loads((folder / "questions.json").read_text()):
        data = base64.b64encode((folder / name).read_bytes()).decode()
        parts = [
            {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{data}"}},
            {"type": "text", "text": question},
        ]
        done = llama.create_chat_completion(
            [{"role": "user", "content": parts}], grammar=rules, temperature=0.0, max_tokens=16
        )
        answers.append(done["choices"][0]["message"]["content"])
    llama.close()
    (folder / "answers.json").write_text(json.dumps(answers))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
