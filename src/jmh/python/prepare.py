"""Makes what the encoders of sentence-transformers open, of one checkpoint: for EncoderComparison.

    python prepare.py CHECKPOINT OUTPUT CALIBRATION

CHECKPOINT is a directory of transformers or sentence-transformers, or the default model's with its 4 bits per
weight. CALIBRATION is a JSON array of texts. OUTPUT gets the checkpoint in float32, in onnx/ its export in float32
and in qint8 (dynamic quantization for AVX-512 VNNI), in openvino/ its conversion in float32 and in int8 (post-training
quantization by NNCF on the calibration texts): what the documentation of sentence-transformers has users make.
Nothing is downloaded.
"""

import json
import os
import shutil
import sys
from pathlib import Path

# NNCF and OpenVINO send no telemetry where CI is set.
os.environ.update(HF_HUB_OFFLINE="1", CUDA_VISIBLE_DEVICES="", CI="true")

import nncf
import numpy as np
from optimum.intel import OVConfig, OVQuantizationConfig, OVQuantizer
from safetensors.numpy import load_file, save_file
from sentence_transformers import SentenceTransformer, export_dynamic_quantized_onnx_model

from encoder import INT8_OPENVINO

FOUR_BIT = "model.q4.safetensors"
BLOCK = 32


def in_float32(checkpoint, copy):
    """The checkpoint itself, or a copy of it whose 4-bit weights are float32."""
    if not (checkpoint / FOUR_BIT).exists():
        return checkpoint
    shutil.copytree(checkpoint, copy, ignore=shutil.ignore_patterns("*.safetensors"))
    stored = load_file(checkpoint / FOUR_BIT)
    weights = {
        name.removesuffix(".q4"): four_bits(tensor, stored[name + "_scale"]) if name.endswith(".q4") else tensor
        for name, tensor in stored.items()
        if not name.endswith(".q4_scale")
    }
    save_file(weights, copy / "model.safetensors", {"format": "pt"})
    return copy


def four_bits(numbers, scales):
    """Low halves of a block's bytes are its first weights, high halves its last."""
    blocks = numbers.reshape(*scales.shape, BLOCK // 2)
    values = np.concatenate([blocks & 15, blocks >> 4], axis=-1).astype(np.float32) - 8
    return (values * scales.astype(np.float32)[..., None]).reshape(scales.shape[0], -1)


def export_onnx(checkpoint, output):
    settings = {"export": True, "provider": "CPUExecutionProvider"}
    model = SentenceTransformer(str(checkpoint), device="cpu", backend="onnx", model_kwargs=settings)
    model.save_pretrained(str(output))
    export_dynamic_quantized_onnx_model(model, "avx512_vnni", str(output))


def network_inputs(network, tokens):
    """A tokenizer may know no token types: they are zero."""
    return {name: tokens.get(name, np.zeros_like(tokens["input_ids"])) for name in network.input_names}


def export_openvino(checkpoint, output, texts):
    settings = {"export": True}
    model = SentenceTransformer(str(checkpoint), device="cpu", backend="openvino", model_kwargs=settings)
    model.save_pretrained(str(output))
    prompt = model.prompts.get(model.default_prompt_name) or ""
    limits = {"truncation": True, "max_length": model.max_seq_length}
    tokens = [model.tokenizer(prompt + text, return_tensors="np", **limits) for text in texts]
    inputs = [network_inputs(model.transformers_model, each) for each in tokens]
    quantized = output / "quantized"
    OVQuantizer.from_pretrained(model.transformers_model).quantize(
        nncf.Dataset(inputs),
        save_directory=quantized,
        ov_config=OVConfig(quantization_config=OVQuantizationConfig(num_samples=len(inputs))),
    )
    for ending in ("xml", "bin"):
        target = (output / "openvino" / INT8_OPENVINO).with_suffix("." + ending)
        next(quantized.rglob("openvino_model." + ending)).replace(target)
    shutil.rmtree(quantized)


def main(checkpoint, output, calibration):
    output.mkdir(parents=True)
    source = in_float32(checkpoint, output / "checkpoint")
    SentenceTransformer(str(source), device="cpu", model_kwargs={"torch_dtype": "float32"}).save_pretrained(str(output))
    export_onnx(source, output)
    export_openvino(source, output, json.loads(calibration.read_text(encoding="utf-8")))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*map(Path, sys.argv[1:]))
