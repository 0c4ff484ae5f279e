"""Makes ../resources/default-model-golden.jsonl: texts with their token ids and embeddings by the default model.

    python make_default_model_golden.py MODEL_WHEEL CHARSMAP_WHEEL [OUTPUT_FILE]

The wheels are those of make_default_model.py. A line holds "text" (without the prompt), "token_ids" of prompt and text
(special tokens included, cut at 512), "tokens" (their number before the cut) and "embedding", 384 numbers of 7
significant digits. Token ids are those of the whole tokenizer of 250,002 words, each replaced by its place in the cut
vocabulary; each has one there.
Embeddings are those of transformers' BertModel for "query: " + text, with the weights of
../../main/models/default/model.q4.safetensors, decoded here: the masked mean of last_hidden_state in float64, scaled to
length 1. Texts are run one at a time on one thread. Made with Python 3.11 and
  pip install numpy==2.4.6 safetensors==0.8.0 tokenizers==0.23.3 torch==2.15.0 transformers==5.24.0
The texts were written for this project (CC0-1.0).
"""
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

import make_default_model as source

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
    "Straße und Strasse, Maße und Masse, GROẞ und groß: ß ist nicht ss.",
    "Äpfel, Öl, Übermut, ÄRGER, ÖDE, ÜBEL; süß, öd, ähnlich",
    "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz",
    "Kraftfahrzeughaftpflichtversicherungsbeitragsbescheid, E-Mail-Adressverwaltung",
    "Familie 👨‍👩‍👧‍👦, Daumen 👍🏽, Flagge 🇩🇪, Herz ❤️ und Rakete 🚀",
    "50 µg/m³, 3 × 4 ≤ 12, −5 °C, ½ Liter, 1.000 €, α-Teilchen",
    "The train to Nuremberg is forty minutes late.",
    "Zoë trinkt in São Paulo einen Café au Lait, der Élysée-Palast ist weit.",
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


def weights():
    """float32 tensors under the names of BertModel."""
    stored = load_file(source.OUTPUT / "model.q4.safetensors")
    decoded = {}
    for name, values in stored.items():
        if name.endswith(".q4"):
            scales = stored[name + "_scale"].astype(np.float32)
            blocks = values.reshape(*scales.shape, source.BLOCK // 2).astype(np.int8)
            numbers = np.concatenate([blocks & 15, blocks >> 4 & 15], axis=-1) - 8
            decoded[name[:-3]] = (numbers * scales[..., None]).reshape(len(values), -1)
        elif not name.endswith(".q4_scale"):
            decoded[name] = values
    return {name: torch.from_numpy(np.ascontiguousarray(values)) for name, values in decoded.items()}


def encoder():
    config = BertConfig(**json.loads((source.OUTPUT / "config.json").read_text("utf-8")))
    model = BertModel(config, add_pooling_layer=False).eval()
    missing, unexpected = model.load_state_dict(weights(), strict=False)
    if unexpected or [name for name in missing if not name.endswith(("position_ids", "token_type_ids"))]:
        raise SystemExit(f"missing {missing}, unexpected {unexpected}")
    return model


def embedding(model, ids):
    with torch.no_grad():
        hidden = model(input_ids=torch.tensor([ids])).last_hidden_state[0].numpy().astype(np.float64)
    mean = hidden.mean(axis=0)
    return mean / np.linalg.norm(mean)


class CutIds:
    """Ids of the whole tokenizer, and their places in the cut vocabulary."""

    def __init__(self, model_wheel, charsmap_wheel):
        model = source.Model(zipfile.ZipFile(model_wheel).read(source.MODEL_FILE))
        table = source.charsmap(charsmap_wheel, model.replacements)
        self.whole = source.tokenizer(model.words, model.scores, table)
        cut = Tokenizer.from_file(str(source.OUTPUT / "tokenizer.json"))
        self.places = {i: cut.token_to_id(word) for i, word in enumerate(model.words)}

    def of(self, text):
        ids = [self.places[token] for token in self.whole.encode(text).ids]
        if None in ids:
            raise SystemExit(f"{text} has a word that was left out")
        return ids


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: make_default_model_golden.py MODEL_WHEEL CHARSMAP_WHEEL [OUTPUT_FILE]")
    default = Path(__file__).resolve().parent.parent / "resources" / "default-model-golden.jsonl"
    output = Path(sys.argv[3]) if len(sys.argv) == 4 else default
    torch.set_num_threads(1)
    model = encoder()
    cut_ids = CutIds(sys.argv[1], sys.argv[2])
    lines = []
    for text in TEXTS:
        ids = cut_ids.of(PROMPT + text)
        read = ids if len(ids) <= MAX_TOKENS else ids[:MAX_TOKENS - 1] + ids[-1:]
        lines.append(json.dumps({
            "text": text, "token_ids": read, "tokens": len(ids),
            "embedding": [float(f"{x:.7g}") for x in embedding(model, read)]}) + "\n")
    output.write_bytes("".join(lines).encode("ascii"))
    print(f"{len(lines)} texts, {output.stat().st_size} bytes")


if __name__ == "__main__":
    main()
