"""Encodes texts with sentence-transformers, for EncoderComparison: one process for each backend.

    python encoder.py BACKEND DIRECTORY THREADS

BACKEND is torch, onnx, qint8 or openvino-int8; DIRECTORY is what prepare.py made. Once the model is loaded, the
process writes a line that says what it is. Then it reads lines
  BATCH_SIZE <tab> TEXTS <tab> VECTORS
encodes the JSON array of strings in the file TEXTS, writes float32 vectors, little-endian and row by row, to the file
VECTORS, and answers
  SECONDS <tab> DIMENSION
with what model.encode took. It ends with its input. Whatever libraries print goes to standard error.
"""

import json
import os
import sys
import time

os.environ.update(HF_HUB_OFFLINE="1", CUDA_VISIBLE_DEVICES="", CI="true")

INT8_OPENVINO = "openvino_model_qint8_quantized.xml"


def onnx_settings(file, threads):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # Between turns its threads sleep; within a run they spin as usual.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    return {"file_name": file, "provider": "CPUExecutionProvider", "session_options": options}


def open_model(backend, directory, threads):
    """The model, and what it is."""
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    if backend == "torch":
        return SentenceTransformer(directory, device="cpu"), f"PyTorch {torch.__version__}, float32"
    if backend in ("onnx", "qint8"):
        import onnxruntime

        file = "model.onnx" if backend == "onnx" else "model_qint8_avx512_vnni.onnx"
        settings = onnx_settings(file, threads)
        model = SentenceTransformer(directory, device="cpu", backend="onnx", model_kwargs=settings)
        form = "float32" if backend == "onnx" else "dynamic qint8 (avx512_vnni)"
        return model, f"ONNX Runtime {onnxruntime.__version__}, {form}"
    if backend == "openvino-int8":
        from openvino import get_version

        settings = {"file_name": INT8_OPENVINO, "ov_config": {"INFERENCE_NUM_THREADS": threads}}
        model = SentenceTransformer(directory, device="cpu", backend="openvino", model_kwargs=settings)
        network = model.transformers_model
        network.compile()
        rest = network.request.get_property("INFERENCE_PRECISION_HINT").to_string()
        used = network.request.get_property("INFERENCE_NUM_THREADS")
        return model, f"OpenVINO {get_version().split('-')[0]}, int8 by NNCF, the rest in {rest}, {used} threads"
    raise SystemExit(f"Cannot encode: backend must be torch, onnx, qint8 or openvino-int8, found {backend}")


def encode(model, batch_size, texts, vectors):
    with open(texts, encoding="utf-8") as file:
        sentences = json.load(file)
    start = time.perf_counter()
    found = model.encode(sentences, batch_size=batch_size, show_progress_bar=False)
    seconds = time.perf_counter() - start
    found.astype("<f4").tofile(vectors)
    return seconds, found.shape[1]


def main(backend, directory, threads):
    answers = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)
    model, what = open_model(backend, directory, int(threads))
    print(what, file=answers)
    for line in sys.stdin:
        batch_size, texts, vectors = line.rstrip("\n").split("\t")
        print(*encode(model, int(batch_size), texts, vectors), sep="\t", file=answers)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
