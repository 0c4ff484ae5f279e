"""Writes reference vectors of a checkpoint, to compare an imported model with.

    python independent_forward.py CHECKPOINT_FOLDER TEXTS_FILE OUTPUT_FILE

CHECKPOINT_FOLDER holds a checkpoint in Hugging Face layout. TEXTS_FILE (UTF-8) has a text a line; empty
lines are left out. OUTPUT_FILE gets a line of JSON for each text: "text" and "embedding", 9 significant
digits. What computes them:
  with modules.json     sentence-transformers, with all that the folder asks for: pooling, dense layers,
                        normalisation, default prompt
  without modules.json  transformers, then the mean of the last hidden states over all tokens

Float32 on the CPU, eager attention, a text at a time and so without padding. A 16-bit checkpoint is widened
to float32 first. Nothing is downloaded, no code from the checkpoint is run. Made with Python 3.11 and
  pip install torch==2.8.0 transformers==4.57.1 sentence-transformers==5.1.2
"""
import json
import os
import sys
from pathlib import Path

os.environ.update(TOKENIZERS_PARALLELISM="false", HF_HUB_OFFLINE="1", CUDA_VISIBLE_DEVICES="")

import torch
from sentence_transformers import SentenceTransformer
from transformers import AutoModel, AutoTokenizer

EXACT = {"attn_implementation": "eager", "dtype": torch.float32}


def sentence_transformer(folder):
    """The folder's own modules, as a function from text to vector."""
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True, model_kwargs=EXACT)
    return lambda text: model.encode(text, show_progress_bar=False)


def mean_of_transformer(folder):
    """The folder's transformer and the mean over its tokens, as a function from text to vector."""
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModel.from_pretrained(folder, local_files_only=True, **EXACT).eval()
    limit = model.config.max_position_embeddings
    if model.config.model_type in ("camembert", "mpnet", "roberta", "xlm-roberta"):
        limit -= model.config.pad_token_id + 1  # positions are counted from there
    limit = min(limit, tokenizer.model_max_length)

    @torch.no_grad()
    def encode(text):
        tokens = tokenizer(text.strip(), truncation=True, max_length=limit, return_tensors="pt")
        return model(**tokens).last_hidden_state[0].mean(dim=0)
    return encode


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    torch.set_num_threads(1)
    folder, texts_file, output_file = map(Path, sys.argv[1:])
    texts = [text for text in texts_file.read_text(encoding="utf-8").split("\n") if text.strip()]
    has_modules = (folder / "modules.json").is_file()
    encode = sentence_transformer(folder) if has_modules else mean_of_transformer(folder)
    with output_file.open("w", encoding="ascii", newline="\n") as output:
        for text in texts:
            embedding = [float(f"{x:.9g}") for x in encode(text).tolist()]
            output.write(json.dumps({"text": text, "embedding": embedding}) + "\n")
    print(f"{len(texts)} texts by {'sentence-transformers' if has_modules else 'transformers and mean'}")


if __name__ == "__main__":
    main()
