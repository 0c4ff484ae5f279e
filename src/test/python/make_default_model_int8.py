"""Makes ../../main/models/default/int8_inputs/model.safetensors: what the matrices of the default model's layers read.

    python make_default_model_int8.py

For each input of matrices, of width n, the file has float32 tensors [n] of its least, largest and mean value in each
channel, over all tokens of texts of the sample corpus: NAME.least, NAME.largest and NAME.mean. The build needs them to
round these inputs to int8 and would otherwise have to run the model for the better part of a minute.

Six in ten texts of the sample corpus are read, alone and joined to paragraphs of four texts and pages of forty; the
others are left to tests. Weights come from ../../main/models/default/model.q4.safetensors. Made with Python 3.11 and
  pip install numpy==2.4.6 safetensors==0.8.0 tokenizers==0.23.3 torch==2.15.0 transformers==5.24.0
"""
import json

import numpy as np
import torch
from tokenizers import Tokenizer

import make_default_model as source
import make_default_model_golden as reference

CORPUS = source.OUTPUT.parents[1] / "resources" / "org" / "sparkgbert" / "sample" / "corpus.jsonl"
OBSERVED = (0, 1, 3, 4, 6, 7)
TOGETHER = (1, 4, 40)
INPUTS = {
    "attention.self.query": "attention.qkv",
    "attention.output.dense": "attention.output.dense",
    "intermediate.dense": "intermediate.dense",
    "output.dense": "output.dense",
}


class Channels:
    """Least, largest and mean value of each channel of an input."""

    def __init__(self):
        self.least = self.largest = None
        self.sum = 0
        self.tokens = 0

    def add(self, values):
        least, largest = values.min(axis=0), values.max(axis=0)
        self.least = least if self.least is None else np.minimum(self.least, least)
        self.largest = largest if self.largest is None else np.maximum(self.largest, largest)
        self.sum = self.sum + values.sum(axis=0, dtype=np.float64)
        self.tokens += len(values)


def texts():
    rows = [json.loads(line) for line in CORPUS.read_text("utf-8").splitlines()]
    distinct = list(dict.fromkeys(row["text"] for row in rows if (row.get("text") or "").strip()))
    alone = [text for i, text in enumerate(distinct) if i % 10 in OBSERVED]
    return [" ".join(alone[i:i + n]) for n in TOGETHER for i in range(0, len(alone), n)]


def observe(model, seen):
    for number, layer in enumerate(model.encoder.layer):
        for path, name in INPUTS.items():
            channels = seen[f"encoder.layer.{number}.{name}"] = Channels()
            layer.get_submodule(path).register_forward_pre_hook(
                lambda module, inputs, channels=channels: channels.add(inputs[0].flatten(0, -2).numpy()))


def main():
    model = reference.encoder()
    cut = Tokenizer.from_file(str(source.OUTPUT / "tokenizer.json"))
    cut.enable_truncation(reference.MAX_TOKENS)
    seen = {}
    observe(model, seen)
    with torch.no_grad():
        for text in texts():
            model(input_ids=torch.tensor([cut.encode(reference.PROMPT + text).ids]))
    tensors = []
    for name, channels in seen.items():
        for part, values in (("least", channels.least), ("largest", channels.largest),
                             ("mean", channels.sum / channels.tokens)):
            values = np.asarray(values, "<f4")
            tensors.append((f"{name}.{part}", "F32", values.shape, values.tobytes()))
    file = source.OUTPUT / "int8_inputs" / "model.safetensors"
    file.parent.mkdir(exist_ok=True)
    source.write_safetensors(file, tensors)
    print(f"{len(texts())} texts, {channels.tokens} tokens, {file.stat().st_size} bytes")


if __name__ == "__main__":
    main()
