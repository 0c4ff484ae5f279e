"""Makes the token ids that the import's tokenizers must give, with both references.

    python make_tokenizers.py          first, with transformers 5: makes the cases and their token ids
    python make_tokenizers.py          then, with transformers 4: notes for each case whether it agrees

Writes into ../resources/tokenizers beside this script:
  cases.jsonl       tokenizer files as checkpoints have them. "base" is a folder of ../resources/checkpoints,
                    of which config.json and the tokenizer's files count; "files" replaces, adds or, where it
                    is null, removes some of them (an object or a list is JSON, "base64:..." is binary). "ids"
                    are those of transformers 5 for each line of texts.json.
  characters.jsonl  for each kind of tokenizer, the ids of texts with one odd character each
  padding.jsonl     texts with a literal padding token: token ids and embeddings of checkpoints
"agrees" tells whether transformers 4.57 gives the same; where it does not, ours are those of transformers 5.

Made with Python 3.11 and the package versions that make_checkpoints.py names, and sentencepiece==0.2.3.
Nothing is downloaded. All texts were written for this project; they are released under CC0-1.0.
"""
import base64
import io
import json
import os
import shutil
import tempfile
import warnings
from pathlib import Path

os.environ.update(TOKENIZERS_PARALLELISM="false", HF_HUB_OFFLINE="1", CUDA_VISIBLE_DEVICES="", OMP_NUM_THREADS="1")
warnings.filterwarnings("ignore")

import numpy as np
import torch
import transformers
from sentence_transformers import SentenceTransformer
from transformers import AutoTokenizer

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
CHECKPOINTS, OUTPUT = RESOURCES / "checkpoints", RESOURCES / "tokenizers"
NEWER = int(transformers.__version__.split(".")[0]) >= 5
TOLERANCE = 1e-5

TEXTS = [
    "Das Wetter ist sch\u00f6n, wetter WETTER Wetterbericht.", "\u00c4RGER \u00dcBER \u00d6L", "\u00c4", "A\u0308pfel e\u0301",
    "\u4e2d\u6587\u5b57 \u65e5\u672c\u8a9e", "Ein <pad> Wort <mask> und </s> <s>.", "<pad>", "a<pad>b  <mask>  c",
    "[PAD] [MASK] [SEP] x", "a [MASK]", "<unk> [UNK] x", "  vorn und hinten  ", "\tx\n", "a  b   c\t\td", "x" * 120,
    "\U0001f642 \U0001f468\u200d\U0001f469\u200d\U0001f467", "don't it's 3,14!", "<s>NOTUSED </s>NOTUSED <unk>NOTUSED", "<b>Haus</b>",
    "\u2581x \u2581", "##ing ##", "\u0130stanbul \u03a3\u0391\u03a3", "\ufb01n \u01c5 \uff21\uff10 \u00bd", "a\u00a0b\u2028neu\r\ny",
]

# Controls, white space, what nobody sees, marks, letters whose case or form changes, and rare planes.
ODD = [
    *range(0x01, 0x20), *range(0x7F, 0xA1), 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x1680, 0x17B4, 0x180E,
    *range(0x2000, 0x2010), *range(0x2028, 0x2030), 0x205F, *range(0x2060, 0x2070), 0x2800, 0x3000, 0x3164,
    0xFE00, 0xFE0F, 0xFEFF, 0xFFA0, 0xFFF9, 0xFFFB, 0xFFFC, 0xFFFD, 0xFFFE, 0xFFFF, 0xE000, 0xF8FF, 0x1D173,
    0x1BCA0, 0x1F600, 0xE0001, 0xE0020, 0xE007F, 0xE0100, 0xF0000, 0x10FFFF, 0x301, 0x308, 0x327, 0x338, 0x345,
    0x483, 0x591, 0x64B, 0x93C, 0x9BE, 0xE31, 0x1AB0, 0x1DC0, 0x20D0, 0xFE20, 0xDF, 0x1E9E, 0x130, 0x131, 0x149,
    0x17F, 0x1C4, 0x1C5, 0x1F0, 0x390, 0x3C2, 0x3F4, 0xFB01, 0xFB06, 0x2126, 0x212A, 0x212B, 0x2160, 0x2460,
    0x24B6, 0x2E2F, 0x3001, 0x3042, 0x4E00, 0x9FFF, 0xF900, 0xAC00, 0x1100, 0x20000, 0x2B740, 0x30000, 0x31350,
    0x2F800, 0xFF21, 0xFF10, 0xB2, 0xBD, 0xAA, 0xB5, 0xB7, 0x2DC, 0x2019, 0x2026, 0x2013, 0x20AC, 0x2122, 0x2581,
    0x120, 0x10A, 0xB4, 0x60, 0x5E, 0x7E, 0x24, 0x2B, 0x3C, 0x7C,
]

PADDED = ["Der <pad> Zug", "<pad>", "<pad> Der Zug f\u00e4hrt <pad><pad> heute <pad>", "Der Zug [PAD] f\u00e4hrt [PAD]."]
PADDED_CHECKPOINTS = ["bert-cased-vocab", "camembert", "distilbert-plain-hf", "electra", "mpnet", "roberta", "xlmr-unigram"]

CONFIG, MAP, ADDED, JSON = "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "tokenizer.json"
WORDS, PIECES = "vocab.txt", "sentencepiece.bpe.model"
BERT, VOCABULARY, ROBERTA, UNIGRAM = "bert-plain-hf", "bert-cased-vocab", "roberta", "xlmr-unigram"


def stored(base, name):
    text = (CHECKPOINTS / base / name).read_text(encoding="utf-8")
    return text if name == WORDS else json.loads(text)


def named(tokenizer_class, **more):
    return {CONFIG: {"tokenizer_class": tokenizer_class} | more}


def changed(base, change):
    tokenizer = stored(base, JSON)
    change(tokenizer)
    return {JSON: tokenizer}


def without_nfkc(base):
    """XLMRobertaTokenizer and CamembertTokenizer of transformers 5 drop NFKC without a word."""
    return changed(base, lambda json: json["normalizer"]["normalizers"].pop(0))


def token(content, special=False, left=False, normalized=None, word=False):
    return {"content": content, "lstrip": left, "rstrip": False, "special": special, "single_word": word,
            "normalized": not special if normalized is None else normalized}


def specials(**more):
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    return {str(i): token(name, True) for i, name in enumerate(names)} | more


def byte_pairs():
    model = stored(ROBERTA, JSON)["model"]
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in model["merges"]]
    return {JSON: None, "vocab.json": model["vocab"] | {"<mask>": len(model["vocab"])},
            "merges.txt": "\n".join(["#version: 0.2", *merges, ""])}


def pieces(**options):
    """A SentencePiece model whose table of replacements is tiny."""
    import sentencepiece
    from make_tiny_bert import CORPUS
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder, "rules.tsv")
        rules.write_text("".join(f"{a}\t{b}\n" for a, b in [
            ("9", "20"), ("A", "20"), ("D", "20"), ("85", "20"), ("A0", "20"), ("3000", "20"), ("AD", ""), ("9F", ""),
            ("200B", ""), ("FEFF", "20"), ("BD", "31 2044 32"), ("FF21", "41"), ("FB01", "66 69"), ("61 308", "E4")]))
        model = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(CORPUS), model_writer=model, vocab_size=150, num_threads=1, unk_id=0, bos_id=1,
            eos_id=2, normalization_rule_tsv=str(rules), minloglevel=2, hard_vocab_limit=False, **options)
    return {JSON: None, PIECES: "base64:" + base64.b64encode(model.getvalue()).decode("ascii")}


def mpnet_words():
    tokenizer = stored("mpnet", JSON)
    ids = tokenizer["model"]["vocab"] | {each["content"]: each["id"] for each in tokenizer["added_tokens"]}
    return {JSON: None, WORDS: "".join(word + "\n" for word in sorted(ids, key=ids.get))}


def cases():
    """Name, base and changed files of every case."""
    words = stored(VOCABULARY, WORDS)
    count = len(stored(BERT, JSON)["model"]["vocab"])
    unigram, camembert = pieces(), pieces(user_defined_symbols=["Wetter", "<b>"])
    yield "bert, silent config", BERT, {CONFIG: {}}
    yield "bert, no config", BERT, {CONFIG: None}
    yield "bert, class only", BERT, named("BertTokenizerFast")
    yield "bert, file kept", BERT, named("PreTrainedTokenizerFast", do_lower_case=True, strip_accents=True)
    yield "bert, class in config.json", BERT, {
        CONFIG: None, "config.json": stored(BERT, "config.json") | {"tokenizer_class": "PreTrainedTokenizerFast"}}
    yield "bert, accents", BERT, named(
        "BertTokenizer", do_lower_case=False, strip_accents=True, tokenize_chinese_chars=False)
    yield "distilbert, silent", "distilbert-plain-hf", named("DistilBertTokenizer")
    yield "electra, silent", "electra", {CONFIG: {}}
    yield "mpnet, silent", "mpnet", {CONFIG: {}}
    yield "mpnet, cased", "mpnet", named("MPNetTokenizer", do_lower_case=False)
    yield "mpnet, words", "mpnet", mpnet_words() | named("MPNetTokenizer")
    yield "roberta, silent", ROBERTA, {CONFIG: {}}
    yield "roberta, prefix space", ROBERTA, named("RobertaTokenizer", add_prefix_space=True)
    yield "roberta, prefix space of the file", ROBERTA, changed(
        ROBERTA, lambda json: json["pre_tokenizer"].update(add_prefix_space=True)) | {CONFIG: {}}
    yield "roberta, prefix space of a kept file", ROBERTA, changed(
        ROBERTA, lambda json: json["pre_tokenizer"].update(add_prefix_space=True))
    yield "roberta, mask in words", ROBERTA, named(
        "RobertaTokenizer", mask_token=token("<mask>", left=True) | {"__type": "AddedToken"})
    yield "roberta, byte pairs", ROBERTA, byte_pairs() | named("RobertaTokenizer")
    yield "camembert, silent", "camembert", without_nfkc("camembert") | {CONFIG: {}}
    yield "xlm-roberta, silent", UNIGRAM, without_nfkc(UNIGRAM) | {CONFIG: {}}
    yield "xlm-roberta, kept file", UNIGRAM, {CONFIG: {"tokenizer_class": "PreTrainedTokenizerFast"}}
    yield "xlm-roberta in bert", UNIGRAM, without_nfkc(UNIGRAM) | named("XLMRobertaTokenizer") | {
        "config.json": stored(UNIGRAM, "config.json") | {"model_type": "bert"}}
    yield "xlm-roberta, pieces", UNIGRAM, unigram | named("XLMRobertaTokenizer")
    yield "xlm-roberta, metaspace alone", UNIGRAM, without_nfkc(UNIGRAM) | named("XLMRobertaTokenizer") | changed(
        UNIGRAM, lambda json: json.update(normalizer=None, pre_tokenizer={
            "type": "Metaspace", "replacement": "\u2581", "add_prefix_space": True}))
    yield "xlm-roberta, user-defined pieces", UNIGRAM, camembert | {CONFIG: {}}
    yield "camembert, pieces", "camembert", unigram | named("CamembertTokenizer")
    yield "modernbert, no config", "modernbert", {CONFIG: None}
    yield "modernbert, other class", "modernbert", named("BertTokenizer")
    yield "added_tokens.json", BERT, {ADDED: {"Wetter": count}}
    yield "added_tokens.json, word of the vocabulary", BERT, {ADDED: {"<b>": count, "s": stored(BERT, JSON)["model"]["vocab"]["s"]}}
    yield "added_tokens.json, words", VOCABULARY, {ADDED: {"Wetter": words.count("\n")}}
    yield "added_tokens.json, kept file", BERT, named("PreTrainedTokenizerFast") | {ADDED: {"Wetter": count}}
    yield "added_tokens.json, unigram", UNIGRAM, without_nfkc(UNIGRAM) | named("XLMRobertaTokenizer") | {
        ADDED: {"Wetter": 201}}
    yield "added_tokens_decoder", BERT, named("BertTokenizer", added_tokens_decoder=specials(
        **{str(count): token("Wetter", left=True, word=True)}))
    yield "added_tokens_decoder, kept file", BERT, named("PreTrainedTokenizerFast", added_tokens_decoder=specials(
        **{"4": token("[MASK]", True, left=True)}))
    yield "additional_special_tokens", BERT, named(
        "BertTokenizer", additional_special_tokens=["Wetter", "[PAD]", "<b>"])
    yield "special_tokens_map.json", BERT, {MAP: {
        "additional_special_tokens": ["Wetter"], "mask_token": token("[MASK]", True, left=True)}}
    yield "special tokens of a kept file", BERT, named("PreTrainedTokenizerFast", bos_token="Wetter", cls_token="[CLS]")
    yield "padding token of a kept file", BERT, named("PreTrainedTokenizerFast") | changed(BERT, lambda json: json.update(
        padding={"strategy": "BatchLongest", "direction": "Right", "pad_to_multiple_of": 8, "pad_id": 0,
                 "pad_type_id": 0, "pad_token": "<pad>"}))
    yield "extra_special_tokens", BERT, named("BertTokenizer", extra_special_tokens=["Wetter"])
    yield "added_tokens, single word", BERT, named("BertTokenizer") | changed(
        BERT, lambda json: json["added_tokens"].append(token("wetter", word=True) | {"id": count}))
    yield "keys that change nothing", BERT, {CONFIG: stored(BERT, CONFIG) | {
        "never_split": None, "do_basic_tokenize": True, "clean_up_tokenization_spaces": True, "name_or_path": "x",
        "special_tokens_map_file": None, "trim_offsets": True, "max_length": 12, "stride": 0, "padding_side": "right",
        "truncation_strategy": "longest_first", "truncation_side": "right", "pad_token_type_id": 0}}
    yield "model without a type", BERT, changed(BERT, lambda json: json["model"].pop("type"))
    yield "no post-processor", BERT, changed(BERT, lambda json: json.update(post_processor=None))
    yield "a word twice", VOCABULARY, {WORDS: words + words.split("\n")[30] + "\n"}
    yield "blank lines at the end", VOCABULARY, {WORDS: words + "\n\n"}
    yield "a blank line and a new token", VOCABULARY, {
        WORDS: words + "\n", CONFIG: stored(VOCABULARY, CONFIG) | {"additional_special_tokens": ["Wetter"]}}
    yield "white space behind words", VOCABULARY, {WORDS: words + words.split("\n")[40] + "\u00a0\nneu\u3000\n"}
    yield "lines of Windows", VOCABULARY, {WORDS: words.replace("\n", "\r\n")}
    yield "no line end", VOCABULARY, {WORDS: words.rstrip("\n")}
    yield "no mask", VOCABULARY, {WORDS: words.replace("[MASK]\n", "[unused0]\n")}


FAMILIES = ["bert, silent config", "bert, accents", "mpnet, silent", "roberta, byte pairs", "xlm-roberta, pieces",
            "camembert, pieces", "modernbert, no config"]


def open_tokenizer(base, files):
    with tempfile.TemporaryDirectory() as folder:
        for name in ("config.json", JSON, CONFIG, WORDS):
            if (CHECKPOINTS / base / name).exists():
                shutil.copy(CHECKPOINTS / base / name, folder)
        for name, content in files.items():
            file = Path(folder, name)
            if content is None:
                file.unlink()
            elif not isinstance(content, str):
                file.write_text(json.dumps(content), encoding="utf-8")
            elif content.startswith("base64:"):
                file.write_bytes(base64.b64decode(content[len("base64:"):]))
            else:
                file.write_bytes(content.encode("utf-8"))
        return AutoTokenizer.from_pretrained(folder)


def ids(case, texts):
    """Token ids; none where the reference cannot open the files."""
    try:
        tokenizer = open_tokenizer(case["base"], case["files"])
    except (AttributeError, TypeError) as error:
        print(case["name"], "cannot be opened:", error)
        return None
    return [tokenizer(text, truncation=False)["input_ids"] for text in texts]


def odd_texts(code):
    return f"Das{chr(code)}Haus {chr(code)} "


def lines(name):
    return [json.loads(line) for line in (OUTPUT / name).read_text(encoding="ascii").splitlines()]


def write(name, rows):
    (OUTPUT / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="ascii")


def padded():
    """Texts with a literal padding token, by checkpoint."""
    exact = {"attn_implementation": "eager", "dtype": torch.float32}
    for name in PADDED_CHECKPOINTS:
        model = SentenceTransformer(str(CHECKPOINTS / name), device="cpu", local_files_only=True, model_kwargs=exact)
        prompt = model.prompts.get(model.default_prompt_name, "") if model.default_prompt_name else ""
        for text in PADDED:
            yield {"checkpoint": name, "text": text,
                   "token_ids": model.tokenize([prompt + text])["input_ids"][0].tolist(),
                   "embedding": [float(f"{x:.9g}") for x in model.encode(text, show_progress_bar=False)]}


def make():
    OUTPUT.mkdir(exist_ok=True)
    (OUTPUT / "texts.json").write_text(json.dumps(TEXTS) + "\n", encoding="ascii")
    (OUTPUT / "characters.json").write_text(json.dumps(ODD) + "\n", encoding="ascii")
    all_cases = [{"name": name, "base": base, "files": files} for name, base, files in cases()]
    write("cases.jsonl", [case | {"ids": ids(case, TEXTS)} for case in all_cases])
    families = [case for case in all_cases if case["name"] in FAMILIES]
    texts = [odd_texts(code) for code in ODD]
    write("characters.jsonl", [{"name": case["name"], "ids": ids(case, texts)} for case in families])
    write("padding.jsonl", padded())


def compare():
    rows = lines("cases.jsonl")
    for row in rows:
        row["agrees"] = ids(row, TEXTS) == row["ids"]
    write("cases.jsonl", rows)
    texts = [odd_texts(code) for code in ODD]
    families = lines("characters.jsonl")
    for family in families:
        case = next(row for row in rows if row["name"] == family["name"])
        family["agrees"] = ids(case, texts) == family["ids"]
    write("characters.jsonl", families)
    for mine, other in zip(lines("padding.jsonl"), padded()):
        assert mine["token_ids"] == other["token_ids"], mine
        assert np.allclose(mine["embedding"], other["embedding"], rtol=0, atol=TOLERANCE), mine
    print("not the same:", [row["name"] for row in rows + families if not row["agrees"]])


if __name__ == "__main__":
    make() if NEWER else compare()
