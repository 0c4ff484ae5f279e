"""Makes the model bundle "tiny-bert", which the tests use in place of a real embedding model.

    python make_tiny_bert.py [OUTPUT_FOLDER]        (default: ../resources/tiny-bert beside this script)

Files written:
  tokenizer.json  cased German WordPiece vocabulary, trained on the sentences below
  model.onnx      BERT with random weights and masked mean pooling inside the graph:
                  input_ids, attention_mask (int64 [rows, tokens]) -> sentence_embedding (float32 [rows, 32])
  bundle.json     the bundle's description, with size and SHA-256 of the two files above
  golden.jsonl    texts with the token ids and embeddings that sentence-transformers gives for them:
                  "token_ids" as the model sees them (special tokens included, cut at 128),
                  "tokens" their number before the cut, "embedding" 32 numbers

The ONNX file is checked against golden.jsonl before the script ends. The seed is fixed and one thread is
used, so two runs on one machine give the same bytes; another CPU or other package versions may change
the last digits. Nothing is downloaded. Made with Python 3.11 and
  pip install torch==2.8.0 transformers==4.57.1 sentence-transformers==5.1.2 tokenizers==0.22.1 \\
              onnx==1.19.1 onnxruntime==1.23.2 numpy==2.3.4
All texts were written for this project; the texts and the model are released under CC0-1.0.
"""
import hashlib
import json
import os
import string
import sys
import tempfile
from pathlib import Path

os.environ.update(TOKENIZERS_PARALLELISM="false", HF_HUB_OFFLINE="1", CUDA_VISIBLE_DEVICES="")

import numpy as np
import onnxruntime
import torch
from sentence_transformers import SentenceTransformer, models
from tokenizers import Tokenizer, decoders, normalizers, pre_tokenizers, processors, trainers
from tokenizers.models import WordPiece
from transformers import BertConfig, BertModel, BertTokenizerFast

SEED = 20261123
MAX_TOKENS = 128
OPSET = 17
VOCABULARY_LIMIT = 2000
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]  # ids 0 to 4
TOLERANCE = 1e-5

# What the vocabulary is trained on, a sentence a line.
CORPUS = """\
Der Zug nach Würzburg fährt heute von Gleis 7 ab, nicht von Gleis 12.
Im Garten blühen die Rosen, und die Äpfel werden langsam rot.
Meine Großmutter backt jeden Sonntag einen Käsekuchen mit Rosinen.
Die Straßenbahn hält direkt vor dem Rathaus.
Bitte schließen Sie die Tür, es zieht!
Wann öffnet die Stadtbücherei am Samstag?
Der Bäcker verkauft frische Brötchen, Brezeln und süße Hörnchen.
Das Wetter war gestern schön, aber heute regnet es in Strömen.
Die Versicherungsgesellschaft lehnte den Antrag ohne Begründung ab.
Für die Überweisung brauchen wir Ihre Kontonummer und das Datum.
Die Rechnung vom 03.05.2024 über 1.250,80 Euro ist noch offen.
Kinder unter 6 Jahren zahlen im Museum keinen Eintritt.
Der Fluss trat nach dem Gewitter über die Ufer und überschwemmte die Wiesen.
Die Donaudampfschifffahrt war früher ein wichtiges Gewerbe.
Auf dem Wochenmarkt gibt es Gemüse, Obst, Käse und Blumen.
Das Krankenhaus sucht Pflegekräfte für die Nachtschicht.
Der Hund bellt, die Katze schläft, und der Vogel singt.
Ein guter Handwerker prüft sein Werkzeug vor der Arbeit.
Die Bürgermeisterin eröffnete die neue Brücke mit einer kurzen Rede.
Wir wandern morgen auf den höchsten Berg der Gegend.
Der Kaffee ist heiß, die Milch ist kalt, und der Zucker fehlt.
Nach der Prüfung feierten die Schüler bis spät in die Nacht.
Der Rechner startet nicht; vermutlich ist das Netzteil defekt.
Die Datenbank enthält 48.391 Zeilen und 17 Spalten.
Ein Fehler im Programm löschte alle gespeicherten Einträge.
Die Suche nach ähnlichen Texten liefert oft überraschende Ergebnisse.
Der Arbeitgeber kündigte den Vertrag zum 31. Dezember.
Die Haftpflichtversicherung übernimmt den Schaden am Nachbarhaus.
Das Gericht wies die Klage als unbegründet zurück.
Der Mieter muss die Wohnung bis zum Monatsende räumen.
Laut § 5 Absatz 2 gilt eine Frist von 14 Tagen.
»Komm bitte früh«, sagte sie, »sonst ist der Kuchen weg.«
„Ich weiß es nicht“, antwortete er – und ging.
Die Geschwindigkeitsbegrenzung liegt hier bei 30 km/h.
Der Wasserkocher (1,7 Liter) kostet 39,99 € inkl. Versand.
Schreiben Sie an info@beispiel.de oder rufen Sie an: 030/123456.
Die Temperatur sank in der Nacht auf -8 °C.
Im Frühling kehren die Störche aus dem Süden zurück.
Der Lehrer erklärte die Aufgabe dreimal, doch niemand verstand sie.
Die Feuerwehr löschte den Brand in der Möbelfabrik.
Unsere Nachbarn haben ein grünes Auto und zwei rote Fahrräder.
Das Konzert beginnt um 19:30 Uhr in der Stadthalle.
Der Bahnhof wird umgebaut, deshalb fallen viele Züge aus.
Ohne Brille kann mein Onkel die Zeitung nicht lesen.
Die Ärztin verschrieb ihm Tabletten gegen die Kopfschmerzen.
Wer zuletzt kommt, macht das Licht aus.
Das Fußballspiel endete nach Verlängerung 3:2.
In der Küche riecht es nach Zwiebeln, Knoblauch und Gewürzen.
Die Forscher untersuchten das Verhalten der Bienen im Gebirge.
Ein Schiff fuhr langsam durch den Nebel in den Hafen.
Die Wärmepumpe spart Strom, wenn das Haus gut gedämmt ist.
Der Jüngste der Brüder übte jeden Abend Geige.
Die Übersetzung des Buches dauerte länger als geplant.
Alle Angaben sind ohne Gewähr; Irrtümer bleiben vorbehalten.
Heute ist ein schöner Tag 🙂 und morgen auch 🙂
Im Café trafen sich die Freunde zum Frühstück.
Das Volk wählt das Parlament alle vier Jahre.
Der Kraftfahrzeugmechaniker wechselte Öl, Bremsen und Reifen.
Zwischen den Häusern spielte eine Gruppe von Kindern Verstecken.
Die Lebensmittelkontrolle fand in der Großküche keine Mängel.
""".splitlines()

# Texts of golden.jsonl; whatever an editor might hide or change is written as an escape.
TEXTS = [
    "Der Zug fährt heute von Gleis 7 ab.",
    "Die Katze schläft auf dem warmen Ofen.",
    "Wann öffnet das Rathaus am Montag?",
    "Größe, Maß und Fußweg schreibt man mit ß.",
    "ÄRGER ÜBER ÖLPREISE: GROẞE SORGEN!",  # capital sharp s, not in the vocabulary
    "äöü ÄÖÜ ß",
    "haus Haus HAUS",  # cased: three different token sequences
    "Die Bu\u0308rgermeisterin ero\u0308ffnete die Bru\u0308cke.",  # decomposed (NFD)
    "Die B\u00fcrgermeisterin er\u00f6ffnete die Br\u00fccke.",  # the same, precomposed (NFC)
    "Donaudampfschifffahrtsgesellschaftskapitän",
    "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz",
    "Haftpflichtversicherung und Krankenversicherung",
    "Am 24.12.2025 um 18:05 Uhr kosten 3 Stück 1.234,56 €.",
    "0123456789 10 100 1000 10000",
    "Wirklich?! Ja ... (vielleicht) – »nein«; „doch“ [oder] {so} <hier> & da/dort #1 @2 50% a_b a*b a+b=c",
    "max.muster@beispiel.example, https://beispiel.example/pfad?x=1&y=2",
    "Guten Morgen 🙂",  # known emoji
    "Party 🎉🥳 im Garten 👩\u200d👩\u200d👧 heute",  # unknown emoji, one joined by U+200D
    "שלום עולם",  # Hebrew
    "Das Wort \u202bسلام\u202c heißt Frieden.",  # Arabic inside direction marks
    "Null\u200bbreite \u200cZeichen\u200d und \ufeffMarken",  # zero-width characters
    "Donau\u00addampf\u00adschiff",  # soft hyphens
    "Spalte\tmit\tTabulator",
    "Erste Zeile\nzweite Zeile\r\ndritte Zeile",
    "Die Glocke\u0007 klingelt\u001b leise\u007f.",
    "Vor\u0000 und nach\u0000dem NUL",
    "a",
    "Z",
    "ß",
    ".",
    "Wort" * 37 + "ab",  # 150 letters: more than a WordPiece word may have (100), so one [UNK]
    "Wort" * 25,  # exactly 100 letters, so still split
    "Viele    Leerzeichen   zwischen  den   Wörtern",
    "  Leerraum an beiden Enden\u00a0\u3000 ",
    "你好,世界",  # Chinese: every character is a word
    "Καλημέρα κόσμε",  # Greek
    "Привет, мир: Grüße aus Köln",  # Cyrillic
    "Ein Text mit [SEP] und [MASK] darin.",  # names of special tokens become these tokens
    "Der Hund bellt. " * 3 + "Die Katze schläft. Der Vogel singt. Die Rosen blühen.",
    " ".join(CORPUS[:12]),  # more than 128 tokens
]


def make_tokenizer():
    """Trains the vocabulary and builds the tokenizer around it."""
    normalizer = normalizers.BertNormalizer(
        clean_text=True, handle_chinese_chars=True, strip_accents=False, lowercase=False)
    corpus = CORPUS + ["Gru\u0308ße vom Ba\u0308r am Mo\u0308belhaus"]  # makes U+0308 a known character
    letters = set(string.ascii_letters + string.digits + "äöüÄÖÜß")
    start = letters | set(string.punctuation) | {c for s in corpus for c in s if not c.isspace()}
    inside = letters | {c for s in corpus for c in s if c.isalpha()} | {"\u0308"}
    # The trainer numbers "##x" in hash order, which differs from run to run and decides ties between
    # merges. Naming these tokens beforehand, as special ones, fixes the order; only the vocabulary is kept.
    fixed = SPECIAL + ["##" + c for c in sorted(inside)]
    training = Tokenizer(WordPiece(unk_token="[UNK]"))
    training.normalizer = normalizer
    training.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    training.train_from_iterator(corpus, trainers.WordPieceTrainer(
        vocab_size=VOCABULARY_LIMIT, min_frequency=2, special_tokens=fixed,
        initial_alphabet=sorted(start), show_progress=False))
    vocabulary = training.get_vocab(with_added_tokens=False)
    assert [vocabulary[t] for t in SPECIAL] == list(range(len(SPECIAL))) and len(vocabulary) <= VOCABULARY_LIMIT

    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[(t, vocabulary[t]) for t in ("[CLS]", "[SEP]")])
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(SPECIAL)
    return tokenizer


def make_model(vocabulary_size):
    """BERT with random weights, large enough to put different texts well apart."""
    torch.manual_seed(SEED)
    return BertModel(BertConfig(
        vocab_size=vocabulary_size, hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
        intermediate_size=64, max_position_embeddings=MAX_TOKENS + 2, initializer_range=0.3,
        pad_token_id=0, attn_implementation="eager")).eval()


class MeanPooled(torch.nn.Module):
    """The exported graph: the mean of the last hidden states over the tokens that are not padding."""

    def __init__(self, bert):
        super().__init__()
        self.bert = bert

    def forward(self, input_ids, attention_mask):
        hidden = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        return (hidden * mask).sum(dim=1) / mask.sum(dim=1)


def export(bert, path):
    axes = {0: "rows", 1: "tokens"}
    example = (torch.tensor([[2, 9, 8, 7, 3], [2, 6, 3, 0, 0]]), torch.tensor([[1] * 5, [1, 1, 1, 0, 0]]))
    torch.onnx.export(
        MeanPooled(bert).eval(), example, str(path), dynamo=False, opset_version=OPSET,
        input_names=["input_ids", "attention_mask"], output_names=["sentence_embedding"],
        dynamic_axes={"input_ids": axes, "attention_mask": axes, "sentence_embedding": {0: "rows"}})


def texts_of_length(tokenizer, *lengths):
    """Texts of exactly so many tokens: whole words as far as they fit, then full stops."""
    def count(text):
        return len(tokenizer.encode(text).ids)
    for length in lengths:
        text = CORPUS[20]
        for word in " ".join(CORPUS[21:]).split():
            if count(text + " " + word) > length:
                break
            text += " " + word
        while count(text) < length:
            text += " ."
        yield text


def make_golden(tokenizer, bert):
    """Golden lines, computed by sentence-transformers from the model as Hugging Face stores it."""
    with tempfile.TemporaryDirectory() as folder:
        bert.save_pretrained(folder)
        BertTokenizerFast(tokenizer_object=tokenizer, do_lower_case=False, strip_accents=False,
                          model_max_length=MAX_TOKENS).save_pretrained(folder)
        transformer = models.Transformer(
            folder, max_seq_length=MAX_TOKENS, model_args={"attn_implementation": "eager"})
        pooling = models.Pooling(transformer.get_word_embedding_dimension(), pooling_mode="mean")
        reference = SentenceTransformer(modules=[transformer, pooling], device="cpu")
    lines = []
    for text in TEXTS + list(texts_of_length(tokenizer, MAX_TOKENS, MAX_TOKENS + 1)):
        lines.append({
            "text": text,
            "token_ids": reference.tokenize([text])["input_ids"][0].tolist(),
            "tokens": len(transformer.tokenizer(text, truncation=False)["input_ids"]),
            "embedding": [float(f"{x:.9g}") for x in reference.encode(text, show_progress_bar=False)]})
    return lines


def largest_difference(model_file, golden):
    """Between golden and model.onnx, run a text at a time and as one padded batch."""
    session = onnxruntime.InferenceSession(str(model_file), providers=["CPUExecutionProvider"])

    def run(rows):
        width = max(map(len, rows))
        ids = np.array([row + [0] * (width - len(row)) for row in rows], dtype=np.int64)
        mask = np.array([[1] * len(row) + [0] * (width - len(row)) for row in rows], dtype=np.int64)
        return session.run(["sentence_embedding"], {"input_ids": ids, "attention_mask": mask})[0]

    rows = [line["token_ids"] for line in golden]
    expected = np.array([line["embedding"] for line in golden])
    single = np.concatenate([run([row]) for row in rows])
    return max(np.abs(single - expected).max(), np.abs(run(rows) - expected).max())


# Written out, since json.dumps cannot keep the short objects on one line.
BUNDLE = """\
{
  "format_version": 1,
  "name": "tiny-bert",
  "source": "src/test/python/make_tiny_bert.py",
  "revision": "1",
  "licence": "CC0-1.0",
  "description": "Random weights, for tests only.",
  "architecture": {"family": "bert", "layers": %(layers)d, "hidden_size": %(hidden)d, \
"heads": %(heads)d, "vocabulary": %(vocabulary)d},
  "dimension": %(hidden)d,
  "max_seq_length": %(max_tokens)d,
  "pooling": "mean",
  "normalize": false,
  "prompt": "",
  "precision": "float32",
  "opset": %(opset)d,
  "files": [
%(files)s
  ],
  "tool_version": "0.1.0",
  "created": "2026-11-23T00:00:00Z"
}
"""


def describe(config, files):
    def entry(file):
        data = file.read_bytes()
        return "    " + json.dumps(
            {"name": file.name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()})
    return BUNDLE % {
        "layers": config.num_hidden_layers, "hidden": config.hidden_size, "heads": config.num_attention_heads,
        "vocabulary": config.vocab_size, "max_tokens": MAX_TOKENS, "opset": OPSET,
        "files": ",\n".join(map(entry, files))}


def main():
    default = Path(__file__).resolve().parent.parent / "resources" / "tiny-bert"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)

    tokenizer = make_tokenizer()
    bert = make_model(tokenizer.get_vocab_size())
    (folder / "tokenizer.json").write_bytes((tokenizer.to_str(pretty=True) + "\n").encode("utf-8"))
    export(bert, folder / "model.onnx")
    (folder / "bundle.json").write_bytes(
        describe(bert.config, [folder / "model.onnx", folder / "tokenizer.json"]).encode("utf-8"))
    golden = make_golden(tokenizer, bert)
    (folder / "golden.jsonl").write_bytes("".join(json.dumps(line) + "\n" for line in golden).encode("ascii"))

    difference = largest_difference(folder / "model.onnx", golden)
    for name in ("model.onnx", "tokenizer.json", "bundle.json", "golden.jsonl"):
        print(f"{name}: {(folder / name).stat().st_size} bytes")
    print(f"vocabulary {tokenizer.get_vocab_size()}, texts {len(golden)}, largest difference {difference:.2g}")
    if difference > TOLERANCE:
        sys.exit(f"model.onnx and golden.jsonl differ by more than {TOLERANCE}")


if __name__ == "__main__":
    main()
