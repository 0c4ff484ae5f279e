"""Makes the tiny checkpoints that the tests of the import read, with the vectors they have to give.

    python make_checkpoints.py [--compare] [OUTPUT_FOLDER [NAME ...]]

The default folder is ../resources/checkpoints beside this script, and all checkpoints are made unless some
are named. With --compare nothing is made: the vectors that the installed versions give are compared with
those in golden.jsonl.

Each folder is a checkpoint as the Hugging Face Hub would hold it, with random weights, biases and LayerNorm
parameters; README.md, written too, says what each one is for. Each has a golden.jsonl, a line a text:
  "text"       without the prompt
  "token_ids"  as the model sees them: prompt and special tokens included, cut at the model's limit
  "embedding"  by SentenceTransformer(folder).encode, 9 significant digits
computed in float32 on the CPU with eager attention, a text at a time and so without padding.

Before the script ends it checks that one padded batch of all texts gives the same vectors, that the
tokenizer made from the folder's files without transformers gives the same ids, and that the texts lie
well apart.
sentence-transformers 5 strips texts and 6 does not: to the tokenizers of BERT and XLM-RoBERTa, whose folders
were made with 5, white space at the ends means nothing, so both give the same ids.
The seeds are fixed and one thread is used, so two runs on one machine give the same bytes; another CPU or
other package versions may change the last digits. Nothing is downloaded. Made with Python 3.11 and, for BERT
before `pooling-list` and XLM-RoBERTa,
  pip install torch==2.8.0 transformers==4.57.1 sentence-transformers==5.1.2 tokenizers==0.22.1 \\
              safetensors==0.8.0 numpy==2.3.4
for all others
  pip install torch==2.15.0 transformers==5.24.0 sentence-transformers==6.2.0 tokenizers==0.23.3 \\
              safetensors==0.8.0 numpy==2.4.6
(and what make_tiny_bert.py needs, whose sentences are used here). All texts were written for this project;
the texts and the models are released under CC0-1.0.
"""
import collections
import itertools
import json
import logging
import math
import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ.update(
    TOKENIZERS_PARALLELISM="false", HF_HUB_OFFLINE="1", CUDA_VISIBLE_DEVICES="", OMP_NUM_THREADS="1")

import numpy as np
import torch
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer, models
from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors, trainers
from tokenizers.models import BPE, Unigram, WordPiece
from transformers import AutoConfig, AutoModel, BertConfig, BertModel, XLMRobertaConfig, XLMRobertaModel
from transformers.utils.logging import disable_progress_bar

from make_tiny_bert import CORPUS

MAX_TOKENS = 40
TOLERANCE = 1e-5
LARGEST_COSINE = 0.999
PROMPTS = {"query": "query: ", "passage": "passage: "}
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]  # ids 0 to 4
PIECES = 60  # of more than one letter, in each WordPiece vocabulary
UNIGRAM_PIECES = 200
BYTE_PIECES = 320

# Texts of every golden.jsonl; whatever an editor might hide or change is written as an escape.
TEXTS = [
    "Der Zug fährt heute von Gleis 7 ab.",
    "Größe, Maß und Fußweg schreibt man mit ß.",
    "ÄRGER ÜBER ÖLPREISE: GROẞE SORGEN!",
    "Die Bu\u0308rgermeisterin ero\u0308ffnete die Bru\u0308cke.",  # decomposed (NFD)
    "Die B\u00fcrgermeisterin er\u00f6ffnete die Br\u00fccke.",  # the same, precomposed (NFC)
    "Wirklich?! Ja ... (vielleicht) – »nein«; „doch“",
    "Guten Morgen 🙂, heute ist Party 🎉",  # a known emoji and an unknown one
    " \u00a0haus Haus  HAUS\u3000\n",
    "Ein Text mit [SEP], [MASK] und <mask> darin.",  # names of special tokens
    "ß",
    "Der Hund bellt, die Katze schläft, und der Vogel singt. " * 4,  # over every limit
]


# ---- tokenizers

def bert_normalizer(lower_case):
    """As transformers builds it with strip_accents null: accents go when letters are lowered."""
    return normalizers.BertNormalizer(lowercase=lower_case, strip_accents=None)


def word_pieces(lower_case):
    """A WordPiece vocabulary of CORPUS: its characters and its most frequent pieces of words."""
    normalizer, splitter = bert_normalizer(lower_case), pre_tokenizers.BertPreTokenizer()
    words = collections.Counter(
        word for line in CORPUS for word, _ in splitter.pre_tokenize_str(normalizer.normalize_str(line)))
    pieces, scores = set(), collections.Counter()
    for word, count in words.items():
        for start, length in itertools.product(range(len(word)), range(1, 6)):
            if start + length <= len(word):
                piece = ("##" if start else "") + word[start:start + length]
                if length == 1:
                    pieces.update((piece, word[start]))
                else:
                    scores[piece] += count * (length - 1)
    longer = sorted(scores, key=lambda piece: (-scores[piece], piece))[:PIECES]
    return SPECIAL + sorted(pieces) + longer


def bert_tokenizer(vocabulary, lower_case, first="[CLS]", last="[SEP]", special=SPECIAL):
    """The tokenizer.json of a WordPiece vocabulary."""
    ids = {piece: number for number, piece in enumerate(vocabulary)}
    tokenizer = Tokenizer(WordPiece(ids, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = bert_normalizer(lower_case)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first}:0 $A:0 {last}:0", pair=f"{first}:0 $A:0 {last}:0 $B:1 {last}:1",
        special_tokens=[(token, ids[token]) for token in (first, last)])
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(special)
    return tokenizer


def mpnet_tokenizer():
    """A tokenizer with the layout of MPNet's: BERT's words behind RoBERTa's special tokens."""
    special = ["<s>", "<pad>", "</s>", "<unk>"]  # ids 0 to 3
    vocabulary = special + ["[UNK]"] + UNCASED[len(SPECIAL):] + ["<mask>"]
    mask = AddedToken("<mask>", lstrip=True, normalized=False)
    return bert_tokenizer(vocabulary, True, "<s>", "</s>", special + ["[UNK]", mask])


def byte_tokenizer(special, mask, normalizer=None):
    """A byte-level BPE tokenizer with these special tokens before all others and a mask behind them."""
    tokenizer = Tokenizer(BPE())
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(CORPUS, trainers.BpeTrainer(
        vocab_size=BYTE_PIECES, special_tokens=special, show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet())))
    tokenizer.add_special_tokens(special + [AddedToken(mask, lstrip=True, normalized=False)])
    return tokenizer


def roberta_tokenizer():
    tokenizer = byte_tokenizer(["<s>", "<pad>", "</s>", "<unk>"], "<mask>")
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), True, False)
    return tokenizer


def modernbert_tokenizer():
    tokenizer = byte_tokenizer(["[UNK]", "[CLS]", "[SEP]", "[PAD]"], "[MASK]", normalizers.NFC())
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 1), ("[SEP]", 2)])
    return tokenizer


def camembert_tokenizer():
    return unigram_tokenizer(["<s>NOTUSED", "<pad>", "</s>NOTUSED", "<unk>", "<unk>NOTUSED", "<s>", "</s>"])


def unigram_tokenizer(special=("<s>", "<pad>", "</s>", "<unk>")):  # ids 0 to 3
    """A tokenizer with the layout of XLM-RoBERTa's; NFKC stands for its compiled character map."""
    def with_model(model):
        tokenizer = Tokenizer(model)
        tokenizer.normalizer = normalizers.Sequence(
            [normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace("▁", prepend_scheme="always")])
        return tokenizer

    special = list(special)
    corpus = CORPUS + 5 * [" ".join(PROMPTS.values())]
    training = with_model(Unigram())
    training.train_from_iterator(corpus, trainers.UnigramTrainer(
        vocab_size=UNIGRAM_PIECES, special_tokens=special, unk_token="<unk>", show_progress=False))
    # The trainer's scores differ from run to run. So only its pieces are kept, scored by their frequency.
    pieces = set(training.get_vocab(with_added_tokens=False)) - set(special)
    words = [word for line in corpus for word, _ in
             training.pre_tokenizer.pre_tokenize_str(training.normalizer.normalize_str(line))]
    letters = sum(map(len, words))
    scores = {piece: round(math.log(sum(word.count(piece) for word in words) / letters), 4) for piece in pieces}
    scored = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    vocabulary = [(token, 0.0) for token in special] + scored + [("<mask>", 0.0)]

    tokenizer = with_model(Unigram(vocabulary, unk_id=special.index("<unk>"), byte_fallback=False))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[
            (token, special.index(token)) for token in ("<s>", "</s>")])
    tokenizer.decoder = decoders.Metaspace("▁", prepend_scheme="always")
    tokenizer.add_special_tokens(special + [AddedToken("<mask>", lstrip=True, normalized=False)])
    return tokenizer


# ---- models

def bert_config(vocabulary, hidden=32, **changes):
    return {
        "architectures": ["BertModel"], "model_type": "bert", "vocab_size": len(vocabulary),
        "hidden_size": hidden, "num_hidden_layers": 2, "num_attention_heads": hidden // 8,
        "intermediate_size": 2 * hidden, "hidden_act": "gelu", "max_position_embeddings": MAX_TOKENS,
        "type_vocab_size": 2, "layer_norm_eps": 1e-12, "initializer_range": 0.3, "pad_token_id": 0,
        "position_embedding_type": "absolute"} | changes


def xlm_roberta_config(vocabulary_size):
    return {
        "architectures": ["XLMRobertaModel"], "model_type": "xlm-roberta", "vocab_size": vocabulary_size,
        "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64,
        "hidden_act": "gelu", "max_position_embeddings": MAX_TOKENS + 2, "type_vocab_size": 1,
        "layer_norm_eps": 1e-05, "initializer_range": 0.3, "bos_token_id": 0, "pad_token_id": 1,
        "eos_token_id": 2, "position_embedding_type": "absolute"}


def distilbert_config(vocabulary):
    return {
        "activation": "gelu", "architectures": ["DistilBertForMaskedLM"], "attention_dropout": 0.1, "dim": 32,
        "dropout": 0.1, "hidden_dim": 64, "initializer_range": 0.2, "max_position_embeddings": MAX_TOKENS,
        "model_type": "distilbert", "n_heads": 4, "n_layers": 2, "output_past": True, "pad_token_id": 0,
        "qa_dropout": 0.1, "seq_classif_dropout": 0.2, "sinusoidal_pos_embds": False, "tie_weights_": True,
        "vocab_size": len(vocabulary)}


def electra_config(vocabulary, **changes):
    return {
        "architectures": ["ElectraForPreTraining"], "attention_probs_dropout_prob": 0.1, "embedding_size": 32,
        "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "hidden_size": 32, "initializer_range": 0.3,
        "intermediate_size": 64, "layer_norm_eps": 1e-12, "max_position_embeddings": MAX_TOKENS,
        "model_type": "electra", "num_attention_heads": 4, "num_hidden_layers": 2, "pad_token_id": 0,
        "position_embedding_type": "absolute", "summary_activation": "gelu", "summary_last_dropout": 0.1,
        "summary_type": "first", "summary_use_proj": True, "type_vocab_size": 2,
        "vocab_size": len(vocabulary)} | changes


def mpnet_config(vocabulary_size):
    return {
        "architectures": ["MPNetForMaskedLM"], "attention_probs_dropout_prob": 0.1, "bos_token_id": 0,
        "eos_token_id": 2, "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "hidden_size": 32,
        "initializer_range": 0.2, "intermediate_size": 64, "layer_norm_eps": 1e-05,
        "max_position_embeddings": MAX_TOKENS + 2, "model_type": "mpnet", "num_attention_heads": 4,
        "num_hidden_layers": 2, "pad_token_id": 1, "relative_attention_num_buckets": 32,
        "vocab_size": vocabulary_size}


def modernbert_config(vocabulary_size, **changes):
    """Three layers of four have local attention, over 3 tokens before and behind each."""
    return {
        "architectures": ["ModernBertForMaskedLM"], "attention_bias": False, "attention_dropout": 0.0,
        "bos_token_id": 1, "classifier_activation": "gelu", "classifier_bias": False,
        "classifier_dropout": 0.0, "classifier_pooling": "mean", "cls_token_id": 1, "decoder_bias": True,
        "deterministic_flash_attn": False, "embedding_dropout": 0.0, "eos_token_id": 2,
        "hidden_activation": "gelu", "hidden_size": 32, "initializer_cutoff_factor": 2.0,
        "initializer_range": 0.3, "intermediate_size": 48, "layer_norm_eps": 1e-05, "local_attention": 6,
        "max_position_embeddings": MAX_TOKENS, "mlp_bias": False, "mlp_dropout": 0.0,
        "model_type": "modernbert", "norm_bias": False, "norm_eps": 1e-05, "num_attention_heads": 4,
        "num_hidden_layers": 4, "pad_token_id": 3, "position_embedding_type": "absolute", "sep_token_id": 2,
        "vocab_size": vocabulary_size} | changes


def random_weights(config, seed):
    """Name -> float32 tensor of a new model, its pooler left out."""
    torch.manual_seed(seed)
    if config["model_type"] == "bert":
        model = BertModel(BertConfig(**config), add_pooling_layer=False)
    elif config["model_type"] == "xlm-roberta":
        model = XLMRobertaModel(XLMRobertaConfig(**config), add_pooling_layer=False)
    else:
        model = AutoModel.from_config(AutoConfig.for_model(**config))
    weights = collections.OrderedDict(model.state_dict())
    for tensor in weights.values():
        if tensor.dim() == 1:  # biases start as 0 and LayerNorm weights as 1, which would hide mistakes
            tensor += 0.2 * torch.randn(tensor.shape)
    return weights


def position_ids(config):
    return torch.arange(config["max_position_embeddings"]).unsqueeze(0)


def with_prefix(weights, prefix="bert."):
    return collections.OrderedDict((prefix + name, tensor) for name, tensor in weights.items())


def linear(name, outputs, inputs):
    """A linear layer of some head, of no use for embeddings."""
    return {name + ".weight": torch.randn(outputs, inputs), name + ".bias": torch.randn(outputs)}


def norm(name, width):
    return {name + ".weight": torch.randn(width), name + ".bias": torch.randn(width)}


def pretraining_heads(config):
    """What BertForPreTraining has beside the encoder, all of it useless for embeddings."""
    hidden, vocabulary = config["hidden_size"], config["vocab_size"]
    shapes = {
        "bert.pooler.dense.weight": (hidden, hidden), "bert.pooler.dense.bias": (hidden,),
        "cls.predictions.bias": (vocabulary,),
        "cls.predictions.transform.dense.weight": (hidden, hidden),
        "cls.predictions.transform.dense.bias": (hidden,),
        "cls.predictions.transform.LayerNorm.weight": (hidden,),
        "cls.predictions.transform.LayerNorm.bias": (hidden,),
        "cls.seq_relationship.weight": (2, hidden), "cls.seq_relationship.bias": (2,)}
    heads = collections.OrderedDict((name, torch.randn(shape)) for name, shape in shapes.items())
    heads["bert.embeddings.position_ids"] = position_ids(config)
    return heads


def as_from_tensorflow(weights):
    """Old names of LayerNorm's parameters, and matrices stored transposed behind their strides."""
    old = collections.OrderedDict()
    for name, tensor in weights.items():
        name = name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta")
        matrix = tensor.dim() == 2 and "embeddings" not in name
        old[name] = torch.nn.Parameter(tensor.t().contiguous().t() if matrix else tensor)
    return old


# ---- files

def write_json(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode("utf-8"))


def write_vocabulary(folder, vocabulary):
    (folder / "vocab.txt").write_bytes("".join(piece + "\n" for piece in vocabulary).encode("utf-8"))


def write_tokenizer(folder, tokenizer):
    (folder / "tokenizer.json").write_bytes((tokenizer.to_str(pretty=True) + "\n").encode("utf-8"))


def write_safetensors(path, weights):
    save_file({name: tensor.contiguous() for name, tensor in weights.items()}, path, metadata={"format": "pt"})


def write_shards(folder, weights, count):
    """Spreads the tensors over so many files, one after the other, and writes their index."""
    names = list(weights)
    index = {"metadata": {"total_size": sum(t.nbytes for t in weights.values())}, "weight_map": {}}
    for number in range(count):
        file = f"model-{number + 1:05}-of-{count:05}.safetensors"
        here = names[number * len(names) // count:(number + 1) * len(names) // count]
        write_safetensors(folder / file, {name: weights[name] for name in here})
        index["weight_map"] |= {name: file for name in here}
    index["weight_map"] = dict(sorted(index["weight_map"].items()))
    write_json(folder / "model.safetensors.index.json", index)


def write_modules(folder, *modules):
    """modules.json; a module is named like its folder: 1_Pooling, 2_Normalize."""
    entries = [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"}]
    for path in modules:
        number, name = path.split("_")
        entries.append({"idx": int(number), "name": number, "path": path,
                        "type": "sentence_transformers.models." + name})
    write_json(folder / "modules.json", entries)


def write_pooling(folder, dimension, *modes):
    keys = ("cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens", "weightedmean_tokens", "lasttoken")
    write_json(folder / "1_Pooling" / "config.json", {"word_embedding_dimension": dimension} | {
        "pooling_mode_" + key: key in modes for key in keys} | {"include_prompt": True})


def write_old_pooling(folder, dimension):
    """The mean, in the words of sentence-transformers 2.2 and before."""
    write_json(folder / "1_Pooling" / "config.json", {
        "word_embedding_dimension": dimension, "pooling_mode_cls_token": False,
        "pooling_mode_mean_tokens": True, "pooling_mode_max_tokens": False,
        "pooling_mode_mean_sqrt_len_tokens": False})


def write_dense(folder, inputs, outputs, bias, activation, seed, deviation=0.3):
    """2_Dense: its config.json; returns its tensors."""
    write_json(folder / "2_Dense" / "config.json", {
        "in_features": inputs, "out_features": outputs, "bias": bias, "activation_function": activation})
    torch.manual_seed(seed)
    weights = collections.OrderedDict([("linear.weight", deviation * torch.randn(outputs, inputs))])
    if bias:
        weights["linear.bias"] = deviation * torch.randn(outputs)
    return weights


def write_sentence_limit(folder, limit):
    write_json(folder / "sentence_bert_config.json", {"max_seq_length": limit, "do_lower_case": False})


# ---- checkpoints: a function of the folder that it fills

CASED = word_pieces(lower_case=False)
UNCASED = word_pieces(lower_case=True)


def cased_bert(folder, seed, hidden=32, **changes):
    """A cased BERT without its weights: config.json, vocab.txt, tokenizer_config.json; returns the weights."""
    config = bert_config(CASED, hidden, **changes)
    write_json(folder / "config.json", config)
    write_vocabulary(folder, CASED)
    write_json(folder / "tokenizer_config.json", {"do_lower_case": False})
    return config, random_weights(config, seed)


def bert_cased_vocab(folder):
    config, weights = cased_bert(folder, 1, architectures=["BertForPreTraining"])
    write_safetensors(folder / "model.safetensors", with_prefix(weights) | pretraining_heads(config))
    write_modules(folder, "1_Pooling")
    write_old_pooling(folder, 32)


def bert_uncased(folder):
    config = bert_config(UNCASED)
    write_json(folder / "config.json", config)
    write_vocabulary(folder, UNCASED)
    write_json(folder / "tokenizer_config.json", {
        "do_lower_case": True, "strip_accents": None, "tokenize_chinese_chars": True,
        "tokenizer_class": "BertTokenizer", "model_max_length": MAX_TOKENS})
    write_safetensors(folder / "model.safetensors", random_weights(config, 2))
    write_modules(folder, "1_Pooling", "2_Normalize")
    write_pooling(folder, 32, "mean_tokens")


def bert_plain_hf(folder):
    config = bert_config(CASED, layer_norm_eps=0.001)
    write_json(folder / "config.json", config)
    write_tokenizer(folder, bert_tokenizer(CASED, lower_case=False))
    write_json(folder / "tokenizer_config.json", {
        "do_lower_case": False, "tokenizer_class": "BertTokenizer", "model_max_length": 32})
    write_safetensors(folder / "model.safetensors", random_weights(config, 3))


def pooling(*modes):
    def fill(folder):
        _, weights = cased_bert(folder, 4, hidden=16)
        write_safetensors(folder / "model.safetensors", weights)
        write_modules(folder, "1_Pooling")
        write_pooling(folder, 16, *modes)
    return fill


def dense(folder):
    _, weights = cased_bert(folder, 9)
    write_safetensors(folder / "model.safetensors", weights)
    write_modules(folder, "1_Pooling", "2_Dense", "3_Normalize")
    write_pooling(folder, 32, "mean_tokens")
    write_safetensors(folder / "2_Dense" / "model.safetensors", write_dense(
        folder, 32, 24, True, "torch.nn.modules.activation.Tanh", 109))


def dense_identity(folder):
    _, weights = cased_bert(folder, 10, hidden=16)
    write_safetensors(folder / "model.safetensors", weights)
    write_modules(folder, "1_Pooling", "2_Dense")
    write_pooling(folder, 16, "mean_tokens")
    torch.save(write_dense(folder, 16, 20, False, "torch.nn.modules.linear.Identity", 110),
               folder / "2_Dense" / "pytorch_model.bin")


def xlmr_unigram(folder):
    tokenizer = unigram_tokenizer()
    config = xlm_roberta_config(tokenizer.get_vocab_size())
    write_json(folder / "config.json", config)
    write_tokenizer(folder, tokenizer)
    write_json(folder / "tokenizer_config.json", {
        "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": MAX_TOKENS, "bos_token": "<s>",
        "cls_token": "<s>", "eos_token": "</s>", "sep_token": "</s>", "pad_token": "<pad>",
        "unk_token": "<unk>", "mask_token": "<mask>"})
    weights = random_weights(config, 11)
    weights["embeddings.position_ids"] = position_ids(config)
    weights["pooler.dense.weight"], weights["pooler.dense.bias"] = torch.randn(32, 32), torch.randn(32)
    write_safetensors(folder / "model.safetensors", weights)
    write_modules(folder, "1_Pooling", "2_Normalize")
    write_pooling(folder, 32, "mean_tokens")
    write_sentence_limit(folder, MAX_TOKENS)
    write_json(folder / "config_sentence_transformers.json", {
        "prompts": PROMPTS, "default_prompt_name": "query",
        "similarity_fn_name": "cosine"})


def narrow_weights(dtype, seed, hidden):
    def fill(folder):
        _, weights = cased_bert(folder, seed, hidden, torch_dtype=str(dtype).removeprefix("torch."))
        write_safetensors(folder / "model.safetensors", {name: t.to(dtype) for name, t in weights.items()})
        write_modules(folder, "1_Pooling")
        write_pooling(folder, hidden, "mean_tokens")
    return fill


def sharded(folder):
    _, weights = cased_bert(folder, 114, hidden=16)
    write_shards(folder, weights, 3)
    write_modules(folder, "1_Pooling")
    write_pooling(folder, 16, "mean_tokens")


def pytorch_bin(folder):
    config, weights = cased_bert(folder, 15, hidden=16, architectures=["BertForPreTraining"])
    state = with_prefix(weights) | pretraining_heads(config)
    state["cls.predictions.decoder.weight"] = state["bert.embeddings.word_embeddings.weight"]  # one storage
    state["cls.predictions.decoder.bias"] = state["cls.predictions.bias"]
    state._metadata = collections.OrderedDict([("", {"version": 1}), ("bert", {"version": 1})])
    torch.save(state, folder / "pytorch_model.bin")
    write_modules(folder, "1_Pooling")
    write_pooling(folder, 16, "mean_tokens")


def old_revision(folder):
    _, weights = cased_bert(folder, 16, hidden=16)
    torch.save(as_from_tensorflow(weights), folder / "pytorch_model.bin")
    write_modules(folder, "1_Pooling")  # and no 1_Pooling/config.json
    write_sentence_limit(folder, 24)


def gelu_new(folder):
    _, weights = cased_bert(folder, 17, hidden=16, hidden_act="gelu_new")
    write_safetensors(folder / "model.safetensors", weights)
    write_modules(folder, "1_Pooling")
    write_pooling(folder, 16, "mean_tokens")


def dot_similarity(folder):
    _, weights = cased_bert(folder, 18, hidden=16)
    write_safetensors(folder / "model.safetensors", weights)
    tokenizer = bert_tokenizer(CASED, lower_case=False)
    tokenizer.enable_truncation(12)  # left over from training; neither is what the model asks for
    tokenizer.enable_padding(length=20)
    write_tokenizer(folder, tokenizer)
    write_modules(folder, "1_Pooling")
    write_pooling(folder, 16, "mean_tokens")
    write_sentence_limit(folder, 16)
    write_json(folder / "config_sentence_transformers.json", {
        "__version__": {"sentence_transformers": "5.1.2", "transformers": "4.57.1", "pytorch": "2.8.0"},
        "model_type": "SentenceTransformer", "prompts": {"query": "", "document": ""},
        "default_prompt_name": None, "similarity_fn_name": "dot"})


def wordpiece_files(folder, config, tokenizer_class):
    """config.json, vocab.txt and tokenizer_config.json of a cased model."""
    write_json(folder / "config.json", config)
    write_vocabulary(folder, CASED)
    write_json(folder / "tokenizer_config.json", {
        "do_lower_case": False, "strip_accents": False, "tokenize_chinese_chars": True,
        "tokenizer_class": tokenizer_class, "model_max_length": MAX_TOKENS})


def distilbert_plain_hf(folder):
    config = distilbert_config(CASED)
    wordpiece_files(folder, config, "DistilBertTokenizer")
    weights = with_prefix(random_weights(config, 19), "distilbert.")
    heads = linear("vocab_transform", 32, 32) | norm("vocab_layer_norm", 32)
    heads |= {"vocab_projector.bias": torch.randn(len(CASED))}
    write_safetensors(folder / "model.safetensors", weights | heads)


def distilbert_dense(folder):
    config = distilbert_config(CASED) | {"architectures": ["DistilBertModel"]}
    wordpiece_files(folder, config, "DistilBertTokenizer")
    write_safetensors(folder / "model.safetensors", random_weights(config, 20))
    write_modules(folder, "1_Pooling", "2_Dense")
    write_pooling(folder, 32, "mean_tokens")
    write_sentence_limit(folder, 36)
    write_safetensors(folder / "2_Dense" / "model.safetensors", write_dense(
        folder, 32, 24, True, "torch.nn.modules.activation.Tanh", 120, 0.15))


def electra(seed, **changes):
    def fill(folder):
        config = electra_config(CASED, **changes)
        wordpiece_files(folder, config, "ElectraTokenizer")
        weights = with_prefix(random_weights(config, seed), "electra.")
        heads = linear("discriminator_predictions.dense", 32, 32)
        heads |= linear("discriminator_predictions.dense_prediction", 1, 32)
        write_safetensors(folder / "model.safetensors", weights | heads)
        write_modules(folder, "1_Pooling")
        write_pooling(folder, 32, "mean_tokens")
    return fill


def tokenizer_files(folder, config, tokenizer, **special):
    """config.json, tokenizer.json and tokenizer_config.json."""
    write_json(folder / "config.json", config)
    write_tokenizer(folder, tokenizer)
    write_json(folder / "tokenizer_config.json", {
        "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": MAX_TOKENS,
        "model_input_names": ["input_ids", "attention_mask"]} | special)


ROBERTA_SPECIAL = {
    "bos_token": "<s>", "cls_token": "<s>", "eos_token": "</s>", "sep_token": "</s>", "pad_token": "<pad>",
    "unk_token": "<unk>", "mask_token": "<mask>"}
BERT_SPECIAL = {
    "cls_token": "[CLS]", "sep_token": "[SEP]", "pad_token": "[PAD]", "unk_token": "[UNK]",
    "mask_token": "[MASK]"}


def roberta(folder):
    tokenizer = roberta_tokenizer()
    config = xlm_roberta_config(tokenizer.get_vocab_size()) | {
        "architectures": ["RobertaForMaskedLM"], "model_type": "roberta"}
    tokenizer_files(folder, config, tokenizer, **ROBERTA_SPECIAL)
    weights = with_prefix(without_pooler(random_weights(config, 23)), "roberta.")
    heads = linear("lm_head.dense", 32, 32) | norm("lm_head.layer_norm", 32)
    write_safetensors(folder / "model.safetensors", weights | heads)
    write_modules(folder, "1_Pooling")
    write_pooling(folder, 32, "cls_token")


def camembert(folder):
    tokenizer = camembert_tokenizer()
    config = xlm_roberta_config(tokenizer.get_vocab_size()) | {
        "architectures": ["CamembertModel"], "model_type": "camembert", "bos_token_id": 5, "eos_token_id": 6}
    tokenizer_files(folder, config, tokenizer, **ROBERTA_SPECIAL)
    write_safetensors(folder / "model.safetensors", random_weights(config, 24))
    write_modules(folder, "1_Pooling")
    write_pooling(folder, 32, "mean_tokens")
    write_sentence_limit(folder, MAX_TOKENS)


def mpnet(folder):
    tokenizer = mpnet_tokenizer()
    config = mpnet_config(tokenizer.get_vocab_size())
    tokenizer_files(folder, config, tokenizer, **ROBERTA_SPECIAL | {"unk_token": "[UNK]"})
    write_safetensors(folder / "model.safetensors", random_weights(config, 25))
    write_modules(folder, "1_Pooling", "2_Normalize")
    write_pooling(folder, 32, "mean_tokens")
    write_sentence_limit(folder, MAX_TOKENS)


def without_pooler(weights):
    return collections.OrderedDict(
        (name, tensor) for name, tensor in weights.items() if not name.startswith("pooler."))


def modernbert(seed, **changes):
    def fill(folder):
        tokenizer = modernbert_tokenizer()
        config = modernbert_config(tokenizer.get_vocab_size(), **changes)
        tokenizer_files(folder, config, tokenizer, **BERT_SPECIAL)
        weights = with_prefix(random_weights(config, seed), "model.")
        heads = {"head.dense.weight": torch.randn(32, 32), "head.norm.weight": torch.randn(32),
                 "decoder.bias": torch.randn(config["vocab_size"])}
        write_safetensors(folder / "model.safetensors", weights | heads)
        write_modules(folder, "1_Pooling")
        write_pooling(folder, 32, "mean_tokens")
    return fill


def write_settings(folder, **settings):
    """config_sentence_transformers.json in the words of version 6."""
    write_json(folder / "config_sentence_transformers.json", {
        "__version__": {"pytorch": "2.15.0", "sentence_transformers": "6.2.0", "transformers": "5.24.0"},
        "model_type": "SentenceTransformer", "similarity_fn_name": "cosine"} | settings)


def write_pooling_by_name(folder, dimension, mode):
    """1_Pooling in the words of version 6, which has a name or a list of names."""
    write_json(folder / "1_Pooling" / "config.json", {
        "embedding_dimension": dimension, "pooling_mode": mode, "include_prompt": True})


def pooling_by_name(mode):
    def fill(folder):
        pooling("mean_tokens")(folder)
        write_pooling_by_name(folder, 16, mode)
    return fill


def truncate_dim(folder):
    pooling("mean_tokens")(folder)
    write_modules(folder, "1_Pooling", "2_Normalize")
    write_settings(folder, truncate_dim=5, prompts={"query": "", "document": ""}, default_prompt_name=None)


def version_6(folder):
    """All that version 6 writes beside weights and tokenizer, with its names of modules."""
    pooling("cls_token")(folder)
    write_pooling_by_name(folder, 16, "cls")
    sentence = {"module_input_name": "sentence_embedding", "module_output_name": "sentence_embedding"}
    write_json(folder / "2_Dense" / "config.json", sentence | {
        "in_features": 16, "out_features": 12, "bias": True,
        "activation_function": "torch.nn.modules.activation.GELU"})
    torch.manual_seed(111)
    write_safetensors(folder / "2_Dense" / "model.safetensors", {
        "linear.weight": 0.3 * torch.randn(12, 16), "linear.bias": 0.3 * torch.randn(12)})
    write_json(folder / "3_Normalize" / "config.json", sentence)
    classes = ["base.modules.transformer.Transformer", "sentence_transformer.modules.pooling.Pooling",
               "base.modules.dense.Dense", "base.modules.normalize.Normalize"]
    write_json(folder / "modules.json", [
        {"idx": number, "name": str(number), "path": path, "type": "sentence_transformers." + name}
        for number, (path, name) in enumerate(zip(["", "1_Pooling", "2_Dense", "3_Normalize"], classes))])
    write_json(folder / "sentence_bert_config.json", {
        "transformer_task": "feature-extraction", "module_output_name": "token_embeddings",
        "modality_config": {"text": {"method": "forward", "method_output_name": "last_hidden_state"}}})
    write_settings(folder, prompts={"document": None}, default_prompt_name="document")


def dense_residual(outputs, activation):
    def fill(folder):
        pooling("mean_tokens")(folder)
        write_modules(folder, "1_Pooling", "2_Dense")
        weights = write_dense(folder, 16, outputs, True, "torch.nn.modules.activation." + activation, 112)
        config = json.loads((folder / "2_Dense" / "config.json").read_text())
        write_json(folder / "2_Dense" / "config.json", config | {"use_residual": True})
        if outputs != 16:
            weights["residual.weight"] = 0.3 * torch.randn(outputs, 16)
        write_safetensors(folder / "2_Dense" / "model.safetensors", weights)
    return fill


def wrapped_weights(prefix):
    """Names as training tools leave them; transformers reads none of them and starts with random weights."""
    def fill(folder):
        _, weights = cased_bert(folder, 4, hidden=16)
        write_safetensors(folder / "model.safetensors", with_prefix(weights, prefix))
        write_modules(folder, "1_Pooling")
        write_pooling(folder, 16, "mean_tokens")
    return fill


def old_limits(folder):
    """Limits under old names, code that is left over, a prompt that is implied and empty."""
    pooling("mean_tokens")(folder)
    config = json.loads((folder / "config.json").read_text())
    write_json(folder / "config.json", config | {
        "auto_map": {"AutoConfig": "configuration_bert.BertConfig", "AutoModel": "modeling_bert.BertModel"}})
    write_json(folder / "tokenizer_config.json", {"do_lower_case": False, "max_len": 12})
    write_json(folder / "sentence_bert_config.json", {})
    write_json(folder / "sentence_distilbert_config.json", {"max_seq_length": None, "do_lower_case": False})
    write_json(folder / "config_sentence_transformers.json", {"default_prompt_name": "query"})


def old_file_name(folder):
    pooling("mean_tokens")(folder)
    write_json(folder / "sentence_camembert_config.json", {"max_seq_length": 14, "do_lower_case": False})


# Name, how its folder is filled, what it tests.
CHECKPOINTS = [
    ("bert-cased-vocab", bert_cased_vocab,
     "Tokenizer out of `vocab.txt` and `do_lower_case` false; names with `bert.`; heads of pre-training, the "
     "pooler and `position_ids` (int64) to be left out; a limit that only the position table states; "
     "`1_Pooling` with the five keys of old versions"),
    ("bert-uncased", bert_uncased,
     "`do_lower_case` true with `strip_accents` null, so that umlauts lose their dots; Normalize"),
    ("bert-plain-hf", bert_plain_hf,
     "No `modules.json`: the defaults of sentence-transformers; `tokenizer.json` as it is; "
     "`model_max_length` 32 below the 40 positions; a LayerNorm epsilon of 0.001, large enough to matter"),
    ("pooling-cls", pooling("cls_token"), "The first token's vector"),
    ("pooling-max", pooling("max_tokens"), "The maximum over the tokens"),
    ("pooling-mean-sqrt-len", pooling("mean_sqrt_len_tokens"), "The sum over the tokens by the root of their number"),
    ("pooling-cls-mean", pooling("cls_token", "mean_tokens"), "Two poolings, one after the other: cls, mean"),
    ("pooling-mean-max", pooling("mean_tokens", "max_tokens"),
     "Two poolings whose order is max, mean, whatever the order of the keys"),
    ("dense", dense, "Dense from 32 to 24 with bias and Tanh, then Normalize"),
    ("dense-identity", dense_identity,
     "Dense from 16 to 20, neither bias nor activation, in a `pytorch_model.bin` of its own"),
    ("xlmr-unigram", xlmr_unigram,
     "XLM-RoBERTa: Unigram tokenizer, positions counted from 2, LayerNorm epsilon 1e-5, one token type; "
     "a default prompt, which the golden vectors and token ids contain; Normalize"),
    ("float16-weights", narrow_weights(torch.float16, 12, 32), "Weights in float16, vectors computed in float32"),
    ("bfloat16-weights", narrow_weights(torch.bfloat16, 13, 16), "Weights in bfloat16, vectors computed in float32"),
    ("sharded", sharded, "Three files of weights and their index"),
    ("pytorch-bin", pytorch_bin,
     "Weights by `torch.save`: names with `bert.`, heads of pre-training, two of them sharing the storage of "
     "another tensor, and the attribute `_metadata` on the ordered dictionary"),
    ("old-revision", old_revision,
     "`1_Pooling` named but missing; parameters instead of tensors in `pytorch_model.bin`; matrices stored "
     "transposed (strides) and `LayerNorm.gamma` and `.beta`, as a conversion from TensorFlow leaves them; "
     "limit 24 by `sentence_bert_config.json`"),
    ("gelu-new", gelu_new, "`hidden_act` gelu_new, the tanh form of gelu"),
    ("dot-similarity", dot_similarity,
     "Similarity function dot; limit 16 by `sentence_bert_config.json`, while `tokenizer.json` would cut at 12 "
     "and fill up to 20"),
    ("distilbert-plain-hf", distilbert_plain_hf,
     "DistilBERT as `distilbert-base-german-cased` is laid out: names with `distilbert.`, heads of pre-training, "
     "no `modules.json`, tokenizer out of `vocab.txt`"),
    ("distilbert-dense", distilbert_dense,
     "DistilBERT as `distiluse-base-multilingual-cased-v2` is laid out: Dense with Tanh behind the mean; limit 36"),
    ("electra", electra(21),
     "ELECTRA as `gelectra` is laid out: names with `electra.`, the discriminator's head, token types"),
    ("electra-small", electra(22, embedding_size=16),
     "ELECTRA whose embeddings, of 16, are projected to the hidden size"),
    ("roberta", roberta, "RoBERTa: byte-level BPE; names with `roberta.` and the head of pre-training; cls"),
    ("camembert", camembert, "CamemBERT: special tokens whose ids are 5 and 6, positions counted from 2; the pooler"),
    ("mpnet", mpnet,
     "MPNet: relative attention bias, positions counted from 2, no token types; WordPiece with RoBERTa's special "
     "tokens; the pooler; Normalize"),
    ("modernbert", modernbert(26, global_attn_every_n_layers=3, global_rope_theta=160000.0, local_rope_theta=10000.0),
     "ModernBERT in the words of transformers 4: layers 0 and 3 attend to all tokens, the others to 3 before and "
     "behind; names with `model.` and heads of pre-training"),
    ("modernbert-biases", modernbert(
        27, attention_bias=True, mlp_bias=True, norm_bias=True, local_attention=9,
        layer_types=["sliding_attention", "full_attention", "full_attention", "sliding_attention"],
        rope_parameters={"full_attention": {"rope_type": "default", "rope_theta": 80000.0},
                         "sliding_attention": {"rope_type": "default", "rope_theta": 500.0}}),
     "ModernBERT in the words of transformers 5, with biases everywhere; the first layer is a local one, and the "
     "window of 9 tokens reaches 4 to either side"),
    ("pooling-list", pooling_by_name(["mean", "cls"]),
     "Poolings by a list of names, concatenated in its order: mean, cls; `embedding_dimension`"),
    ("pooling-list-of-one", pooling_by_name(["max"]), "A list of one pooling"),
    ("truncate-dim", truncate_dim, "`truncate_dim` 5 behind Normalize: embeddings are cut and no unit vectors any more"),
    ("version-6", version_6,
     "All settings in the words of version 6: names of modules and of pooling, `modality_config`, "
     "`module_input_name`; GELU; a default prompt that is null"),
    ("dense-residual", dense_residual(12, "SiLU"), "Dense with SiLU and `use_residual`, projected to 12"),
    ("dense-residual-same", dense_residual(16, "Tanh"), "Dense with `use_residual` and no change of size"),
    ("float64-weights", narrow_weights(torch.float64, 28, 16), "Weights in float64, vectors computed in float32"),
    ("prefix-module", wrapped_weights("module."), "Names with `module.`, as PyTorch's parallel modules leave them"),
    ("prefix-auto-model", wrapped_weights("auto_model.bert."), "Names with `auto_model.bert.`"),
    ("old-limits", old_limits,
     "`max_len` 12 in `tokenizer_config.json`; an empty `sentence_bert_config.json` before one under an old name; "
     "`auto_map`; the prompt `query` by default and not among the prompts"),
    ("old-file-name", old_file_name, "Limit 14 by `sentence_camembert_config.json`"),
]

README = """\
# Tiny checkpoints

Made by `src/test/python/make_checkpoints.py`, which says how and with which versions; not edited by hand.
Random weights, for tests only; texts and models are CC0-1.0. Each folder is laid out as on the Hugging Face
Hub and has a `golden.jsonl`: text, token ids and the embedding that sentence-transformers gives.

| Folder | What it tests |
|---|---|
%s

Two layers with 4 heads, hidden size 32 and intermediate size 64 (ModernBERT: four layers and 48), or, to keep files small, with 2 heads, 16
and 32; 40 tokens at most unless the table says otherwise. The `pooling-*` folders share their weights, and so do those from `pooling-list` on
but for `float64-weights`.

Of the folders before `pooling-list`, `old-revision` is the one that sentence-transformers 5.1.2 cannot open: without `1_Pooling/config.json`
it does not know the dimension and stops with a TypeError. Its golden vectors come from the folder's
transformer with mean pooling, the default of Pooling, set up by hand.

The `prefix-*` folders are opened by sentence-transformers, but with random weights, since transformers 4 and 5
know none of their names. Their golden vectors come from the same weights under plain names.

From `pooling-list` on, vectors were made with sentence-transformers 6.2 and compared with 5.1, to 1e-5:
5.1 cannot open `pooling-list`, `pooling-list-of-one`, `version-6` and `dense-residual*`, whose words it does
not know, and ignores `truncate_dim`, which version 6 saves and honours, as the import does.
"""


# ---- golden vectors

def open_checkpoint(folder):
    exact = {"attn_implementation": "eager", "dtype": torch.float32}
    if folder.name.startswith("prefix-"):
        with tempfile.TemporaryDirectory() as plain:
            shutil.copytree(folder, plain, dirs_exist_ok=True)
            wrapped_weights("")(Path(plain))
            return SentenceTransformer(plain, device="cpu", local_files_only=True, model_kwargs=exact)
    try:
        model = SentenceTransformer(str(folder), device="cpu", local_files_only=True, model_kwargs=exact)
        assert folder.name != "old-revision", "README.md says that this one cannot be opened"
    except TypeError:
        if folder.name != "old-revision":
            raise
        transformer = models.Transformer.load(str(folder), model_kwargs=exact)
        mean = models.Pooling(transformer.get_word_embedding_dimension(), pooling_mode="mean")
        model = SentenceTransformer(modules=[transformer, mean], device="cpu")
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}
    return model


def write_golden(folder):
    """golden.jsonl; returns the largest difference to one padded batch, and the largest cosine of two texts
    that have different token ids."""
    model = open_checkpoint(folder)
    prompt = model.prompts.get(model.default_prompt_name) or ""
    token_ids = [model.tokenize([prompt + text])["input_ids"][0].tolist() for text in TEXTS]
    single = np.stack([model.encode(text, show_progress_bar=False) for text in TEXTS])
    (folder / "golden.jsonl").write_bytes("".join(
        json.dumps({"text": text, "token_ids": ids, "embedding": [float(f"{x:.9g}") for x in embedding]}) + "\n"
        for text, ids, embedding in zip(TEXTS, token_ids, single)).encode("ascii"))

    check_token_ids(folder, prompt, token_ids, model.max_seq_length)
    batch = model.encode(TEXTS, batch_size=len(TEXTS), show_progress_bar=False)
    units = single / np.linalg.norm(single, axis=1, keepdims=True)
    cosine = max(units[a] @ units[b] for a, b in itertools.combinations(range(len(TEXTS)), 2)
                 if token_ids[a] != token_ids[b])
    return np.abs(batch - single).max(), cosine


def check_token_ids(folder, prompt, token_ids, limit):
    """Asks the tokenizer that the files describe, without transformers."""
    if (folder / "tokenizer.json").exists():
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    else:
        vocabulary = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")[:-1]
        settings = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
        tokenizer = bert_tokenizer(vocabulary, settings["do_lower_case"])
    tokenizer.no_padding()
    tokenizer.enable_truncation(limit)
    for text, ids in zip(TEXTS, token_ids):
        assert tokenizer.encode(prompt + text).ids == ids, (folder.name, text)
    assert max(map(len, token_ids)) == limit, f"{folder.name}: no text is over its limit"


def compare(folder):
    """The largest difference to golden.jsonl, in words."""
    try:
        model = open_checkpoint(folder)
    except Exception as error:
        return f"cannot be opened, {type(error).__name__}: {str(error)[:100]}"
    golden = [json.loads(line) for line in (folder / "golden.jsonl").read_text().splitlines()]
    found = np.stack([model.encode(line["text"].strip(), show_progress_bar=False) for line in golden])
    wanted = np.array([line["embedding"] for line in golden])
    if found.shape != wanted.shape:
        return f"{found.shape[1]} dimensions instead of {wanted.shape[1]}"
    difference = np.abs(found - wanted).max()
    return f"differs by {difference:.2g}" + ("" if difference <= TOLERANCE else ": TOO MUCH")


def main():
    only_compare = "--compare" in sys.argv
    if only_compare:
        sys.argv.remove("--compare")
    default = Path(__file__).resolve().parent.parent / "resources" / "checkpoints"
    output = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    wanted = sys.argv[2:] or [name for name, _, _ in CHECKPOINTS]
    torch.set_num_threads(1)
    for logger in ("sentence_transformers", "transformers"):
        logging.getLogger(logger).setLevel(logging.ERROR)

    disable_progress_bar()

    total = 0
    for name, fill, _ in CHECKPOINTS:
        if name not in wanted:
            continue
        folder = output / name
        if only_compare:
            print(f"{name}: {compare(folder)}")
            continue
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        fill(folder)
        difference, cosine = write_golden(folder)
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        total += size
        print(f"{name}: {size} bytes, batch differs by {difference:.2g}, largest cosine {cosine:.4f}")
        if difference > TOLERANCE:
            sys.exit(f"{name}: a text alone and in a batch differ by more than {TOLERANCE}")
        if cosine > LARGEST_COSINE:
            sys.exit(f"{name}: two texts have nearly the same vector")
    if only_compare:
        return
    rows = "\n".join(f"| `{name}` | {purpose} |" for name, _, purpose in CHECKPOINTS)
    (output / "README.md").write_bytes((README % rows).encode("utf-8"))
    print(f"{len(wanted)} checkpoints, {total} bytes; vocabularies {len(CASED)}, {len(UNCASED)}")


if __name__ == "__main__":
    main()
