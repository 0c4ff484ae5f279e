"""Makes the golden trainings that the tests of org.sparkgbert.train.torch repeat.

    python make_training_golden.py [OUTPUT_FOLDER]        (default: ../resources/training beside this script)

Files written:
  bert/model.safetensors, xlm-roberta/model.safetensors   random encoders before training
  NAME/model.safetensors                                  the encoder after ten steps, for each training
  golden.json                                             sizes, settings, and of each step: token ids of both sides,
                                                          labels, loss, norm of the gradients before they are scaled
                                                          down, and learning rate

The encoder is transformers' model with eager attention and no dropout, in float32 on one thread; pooling, Normalize
and losses are the classes of sentence-transformers; torch.optim.AdamW with decay for all but biases and LayerNorm,
get_linear_schedule_with_warmup and clip_grad_norm_ as transformers' Trainer puts them together. Texts of a batch differ
in length, so that there is padding. Some gradients are scaled down and some are not: the script checks both.
The seeds are fixed. Made with Python 3.11 and
  pip install torch==2.15.0 transformers==5.24.0 sentence-transformers==6.2.0 safetensors==0.8.0 numpy==2.4.6
The token ids are random; the models are released under CC0-1.0.
"""
import json
import os
import sys
from pathlib import Path

os.environ.update(HF_HUB_OFFLINE="1", CUDA_VISIBLE_DEVICES="", OMP_NUM_THREADS="1")

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from sentence_transformers.sentence_transformer import losses
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling
from transformers import BertConfig, BertModel, XLMRobertaConfig, XLMRobertaModel, get_linear_schedule_with_warmup

SEED = 20260917
PAIRS = 4
STEPS = 10
SIZES = dict(
    vocab_size=60, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
    hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, initializer_range=0.3, attn_implementation="eager")
OPTIMIZER = dict(learningRate=1e-3, weightDecay=0.1, warmupSteps=3, totalSteps=12, maxGradientNorm=0.5)
MODELS = {
    "bert": lambda: BertModel(BertConfig(
        **SIZES, max_position_embeddings=24, type_vocab_size=2, layer_norm_eps=1e-12, pad_token_id=0,
        hidden_act="gelu"), add_pooling_layer=False),
    "xlm-roberta": lambda: XLMRobertaModel(XLMRobertaConfig(
        **SIZES, max_position_embeddings=26, type_vocab_size=1, layer_norm_eps=1e-5, pad_token_id=1,
        hidden_act="gelu_new"), add_pooling_layer=False),
}
# name: model, pooling, normalize, loss, labels
TRAININGS = {
    "contrastive": ("bert", "mean", False, losses.ContrastiveLoss, "binary"),
    "cosine-similarity": ("bert", "mean", False, losses.CosineSimilarityLoss, "graded"),
    "cosent": ("bert", "mean", False, losses.CoSENTLoss, "graded"),
    "multiple-negatives-ranking": ("bert", "mean", False, losses.MultipleNegativesRankingLoss, "graded"),
    "roberta-cls-normalize": ("xlm-roberta", "cls", True, losses.CosineSimilarityLoss, "graded"),
}


def randomized(model, seed):
    """Random biases and LayerNorm too: with zeros and ones, mistakes in them would not show."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            center = 1.0 if name.endswith("LayerNorm.weight") else 0.0
            parameter.copy_(center + 0.3 * torch.randn(parameter.shape, generator=generator))
    return model.eval()


def texts(random, model):
    """Special tokens at both ends; XLM-RoBERTa's texts sometimes hold the padding token, which has no position."""
    first, last = (2, 3) if model == "bert" else (0, 2)
    rows = []
    for _ in range(PAIRS):
        inner = random.integers(5, SIZES["vocab_size"], random.integers(1, 20)).tolist()
        if model == "xlm-roberta" and len(inner) > 6:
            inner[3] = 1
        rows.append([first, *inner, last])
    return rows


def batch(random, model, labels):
    scores = random.integers(0, 2, PAIRS) if labels == "binary" else random.integers(0, 6, PAIRS) / 5
    return texts(random, model), texts(random, model), [round(float(score), 6) for score in scores]


def embed(model, pooling, normalize, rows, padding):
    longest = max(map(len, rows))
    ids = torch.tensor([row + [padding] * (longest - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state
    features = pooling({"token_embeddings": hidden, "attention_mask": mask})
    return (Normalize()(features) if normalize else features)["sentence_embedding"]


def optimizer_of(model):
    def decays(name):
        return not name.endswith(".bias") and "LayerNorm" not in name

    groups = [
        {"params": [p for n, p in model.named_parameters() if decays(n)], "weight_decay": OPTIMIZER["weightDecay"]},
        {"params": [p for n, p in model.named_parameters() if not decays(n)], "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=OPTIMIZER["learningRate"])


def train(name, folder):
    model_name, pooling_mode, normalize, loss_class, label_kind = TRAININGS[name]
    random = np.random.default_rng([SEED, *name.encode()])
    model = MODELS[model_name]()
    missing = model.load_state_dict(load_file(folder / model_name / "model.safetensors"), strict=False)
    assert not missing.unexpected_keys and not missing.missing_keys, missing
    model.eval()  # no dropout anyway
    pooling = Pooling(SIZES["hidden_size"], pooling_mode=pooling_mode)
    loss_function = loss_class(model=torch.nn.Identity())
    optimizer = optimizer_of(model)
    schedule = get_linear_schedule_with_warmup(optimizer, OPTIMIZER["warmupSteps"], OPTIMIZER["totalSteps"])
    padding = model.config.pad_token_id
    steps = []
    for _ in range(STEPS):
        first, second, labels = batch(random, model_name, label_kind)
        vectors = [embed(model, pooling, normalize, rows, padding) for rows in (first, second)]
        loss = loss_function.compute_loss_from_embeddings(vectors, torch.tensor(labels))
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), OPTIMIZER["maxGradientNorm"])
        steps.append(dict(
            first=first, second=second, labels=labels, loss=loss.item(), gradientNorm=norm.item(),
            learningRate=schedule.get_last_lr()[0]))
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
    save(model, folder / name)
    return dict(model=model_name, pooling=pooling_mode, normalize=normalize, steps=steps)


def save(model, folder):
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {name: value.contiguous() for name, value in model.state_dict().items() if value.is_floating_point()}
    save_file(tensors, folder / "model.safetensors")


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "resources" / "training"
    torch.set_num_threads(1)
    for number, (name, make) in enumerate(MODELS.items()):
        torch.manual_seed(SEED + number)
        save(randomized(make(), SEED + number), folder / name)
    trainings = {name: train(name, folder) for name in TRAININGS}
    norms = [step["gradientNorm"] for training in trainings.values() for step in training["steps"]]
    assert min(norms) < OPTIMIZER["maxGradientNorm"] < max(norms), norms
    golden = dict(optimizer=OPTIMIZER, trainings=trainings)
    (folder / "golden.json").write_text(json.dumps(golden, separators=(",", ":")) + "\n", encoding="utf-8")
    for name, training in trainings.items():
        print(name, *("%.4f/%.3f" % (step["loss"], step["gradientNorm"]) for step in training["steps"]))


if __name__ == "__main__":
    main()
