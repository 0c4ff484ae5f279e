package org.sparkgbert.comparison;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.sparkgbert.files.SampleData;

/**
 * A corpus of distinct German sentences of any size, for trials of indexes: those of the sample
 * data and of other files first, then sentences made from templates of twenty topics. The same
 * arguments give the same corpus.
 */
public final class TemplateCorpus {
  private static final Pattern SLOT = Pattern.compile("\\[([^\\]]+)\\]");

  /** Words between brackets, divided by bars, take turns. */
  private static final List<String> TEMPLATES =
      List.of(
          "[Am Montag|Am Dienstag|Am Mittwoch|Am Freitag|Am Wochenende|Morgen|Heute Nacht|Gegen Abend] [regnet|schneit|stürmt|gewittert|nieselt|hagelt] es [im Norden|im Süden|an der Küste|in den Alpen|im Rheinland|in Sachsen|am Bodensee|im Harz] [kräftig|vereinzelt|stundenlang|kurz|überraschend|wieder], bei [zwei|fünf|neun|zwölf|achtzehn|einundzwanzig|dreißig] Grad.",
          "[Der Zug|Der Regionalexpress|Die S-Bahn|Der Bus|Die Fähre|Der Nachtzug] von [Köln|Hamburg|Dresden|Ulm|Kiel|Erfurt|Passau|Bremen] nach [Berlin|München|Stuttgart|Leipzig|Mainz|Rostock|Basel|Wien] [hat Verspätung|fällt aus|fährt pünktlich|wird umgeleitet|hält nicht in der Stadtmitte|ist überfüllt] wegen [einer Baustelle|einer Störung|des Streiks|eines Unwetters|hoher Nachfrage|des Feiertags].",
          "[Die Köchin|Mein Onkel|Der Bäcker|Unsere Nachbarin|Das Restaurant|Meine Oma] [backt|kocht|serviert|empfiehlt|probiert|verschenkt] [Apfelkuchen|Linsensuppe|Sauerbraten|Spargel|Maultaschen|Quarkauflauf|Kartoffelsalat|Pflaumenmus] mit [Zimt|viel Butter|frischen Kräutern|Senf|brauner Soße|Sahne|Nüssen] [zum Mittagessen|am Sonntag|für die Gäste|nach altem Rezept|im Garten|zum ersten Mal].",
          "[Die Mannschaft|Der Aufsteiger|Die Torhüterin|Der Trainer|Die Handballerinnen|Der Meister] [gewinnt|verliert|feiert|verschenkt|dreht|bestreitet] [das Endspiel|das Derby|das Pokalspiel|das letzte Heimspiel|die Partie in Unterzahl|das Rückspiel] [in Dortmund|in Freiburg|in Magdeburg|in Flensburg|auswärts|vor leeren Rängen] [nach Verlängerung|im Elfmeterschießen|in letzter Minute|mit drei Toren Abstand|trotz Verletzungen|ohne Mühe].",
          "[Die Ärztin|Der Hausarzt|Die Klinik|Der Apotheker|Die Hebamme|Der Physiotherapeut] rät [bei Husten|bei Rückenschmerzen|nach der Operation|bei Fieber|bei Schlaflosigkeit|während der Schwangerschaft|bei Heuschnupfen] zu [viel Wasser|Ruhe|leichter Bewegung|einer Impfung|warmen Umschlägen|weniger Kaffee|frischer Luft] und [kontrolliert den Blutdruck|verschreibt Tropfen|bittet um Geduld|vereinbart einen Termin|schickt einen Brief an die Kasse|prüft die Werte].",
          "[Die Regierung|Der Bundestag|Der Stadtrat|Die Ministerin|Die Opposition|Der Landkreis] [beschließt|verschiebt|fordert|lehnt|berät|begrüßt] [das Gesetz zur Rente|die Reform der Pflege|den Haushalt|das Tempolimit|die neue Grundsteuer|den Ausbau der Windkraft|die Mietpreisbremse] [mit knapper Mehrheit|nach langer Debatte|gegen den Rat der Fachleute|überraschend|im zweiten Anlauf|vor der Wahl] [ab|neu|erneut|endgültig|vorläufig].",
          "[Die Aktie|Der Umsatz|Der Gewinn|Die Zahl der Beschäftigten|Der Auftragseingang|Der Marktanteil] [des Autobauers|der Bank|des Chemiekonzerns|der Molkerei|des Start-ups|der Brauerei|des Versicherers] [steigt|fällt|stagniert|verdoppelt sich|erholt sich|bricht ein] im [ersten|zweiten|dritten|vierten] Quartal um [zwei|vier|sieben|elf|neunzehn|dreißig] Prozent [nach der Fusion|wegen der Zinsen|dank neuer Kunden|trotz der Krise].",
          "[Das Orchester|Die Sängerin|Der Pianist|Das Quartett|Der Knabenchor|Die Band] [spielt|probt|eröffnet|beendet|unterbricht|wiederholt] [eine Sinfonie|ein Cellokonzert|Lieder von Schubert|alte Schlager|eine Kantate|ein Stück ohne Noten|Filmmusik] [in der Elbphilharmonie|in der Dorfkirche|auf dem Marktplatz|im Gewandhaus|im Kurpark|vor Schulklassen] [vor ausverkauftem Haus|bei Kerzenlicht|mit Zugaben|unter freiem Himmel|zur Eröffnung].",
          "[Die Lehrerin|Der Schulleiter|Die Klasse|Das Gymnasium|Der Referendar|Die Grundschule] [übt|plant|lobt|verbietet|bespricht|organisiert] [Bruchrechnung|einen Ausflug ins Museum|Handys im Unterricht|das Referat über Goethe|eine Projektwoche zum Klima|den Elternabend|Schwimmunterricht] [mit der siebten Klasse|vor den Ferien|am letzten Schultag|zusammen mit den Eltern|trotz Lehrermangels|per Video].",
          "[Forscher|Biologinnen|Physiker|Studierende|Archäologen|Astronominnen] [entdecken|untersuchen|vermessen|beschreiben|vermuten|finden] [einen fernen Planeten|eine neue Käferart|römische Münzen|Spuren von Wasser|ein seltenes Isotop|ein altes Schiffswrack|ungewöhnliche Funksignale] [in der Atacama-Wüste|unter dem Eis|in einem Steinbruch|im Pazifik|mit einem Teleskop|bei Grabungen an der Mosel] [nach jahrelanger Suche|durch Zufall|mit künstlicher Intelligenz|in alten Daten].",
          "[Der Dackel|Die Katze|Ein Igel|Der Hofhund|Das Pony|Ein Fuchs] [schläft|jagt|versteckt sich|wartet|spielt|frisst] [auf dem Sofa|hinter dem Schuppen|im hohen Gras|vor der Haustür|unter dem Apfelbaum|auf der Weide|am Teich], [während es regnet|bis jemand ruft|obwohl es spät ist|weil Besuch kommt|sobald die Sonne scheint|als wäre nichts geschehen|und niemand merkt es].",
          "[Die Feuerwehr|Die Polizei|Das Gericht|Die Staatsanwältin|Der Zoll|Die Kripo] [sucht|befragt|rettet|verhaftet|verfolgt|entlastet] [einen Einbrecher|zwei Zeugen|eine vermisste Wanderin|den Fahrer eines Lastwagens|drei Jugendliche|einen Kunstfälscher|den Besitzer der Lagerhalle] [in der Altstadt|an der Grenze|nach dem Brand|auf der Autobahn|im Prozess um Betrug|in einer Tiefgarage] [seit gestern|mit Hubschraubern|ohne Ergebnis|unter großem Aufwand].",
          "[Die Entwicklerin|Der Hersteller|Das Rechenzentrum|Die App|Der Administrator|Das Betriebssystem] [verschlüsselt|löscht|speichert|überträgt|prüft|verliert] [die Passwörter|Sicherungskopien|alte Nachrichten|Standortdaten|die Protokolle|Rechnungen im Anhang|das Foto vom Ausweis] [nach dem Update|in der Cloud|ohne Zustimmung|alle zehn Minuten|bei jedem Start|erst auf Nachfrage] [fehlerfrei|viel zu langsam|automatisch|aus Versehen].",
          "[Wir buchen|Meine Schwester sucht|Die Familie findet|Das Paar storniert|Der Verein mietet|Sie empfiehlt] [eine Ferienwohnung|ein Zelt mit Heizung|ein Zimmer mit Frühstück|eine Berghütte|ein Hausboot|einen Stellplatz] [an der Ostsee|im Schwarzwald|auf Rügen|in Südtirol|bei Salzburg|an der Müritz|im Allgäu] für [drei Nächte|eine Woche|Ostern|den ganzen August|vier Personen|das lange Wochenende] [mit Hund|ohne Internet|zum halben Preis|mit Blick aufs Wasser].",
          "[Der Schreiner|Die Handwerkerin|Mein Vater|Der Vermieter|Die Hausverwaltung|Ein Lehrling] [repariert|streicht|verlegt|ersetzt|vergisst|bestellt] [das Fenster|die Heizung|die Dielen im Flur|den Wasserhahn|das Garagentor|die Fliesen im Bad|den Zaun] [im dritten Stock|vor dem Winter|mit neuem Werkzeug|am Samstag|trotz des Regens|auf eigene Kosten] [sorgfältig|zum zweiten Mal|viel zu spät|gemeinsam mit den Nachbarn].",
          "[Im Wald|Auf der Wiese|Am Waldrand|Im Moor|Auf dem Balkon|Im Gewächshaus] [blühen|wachsen|verwelken|gedeihen|fehlen|sprießen] [Orchideen|Pfifferlinge|Tomaten|Sonnenblumen|Brennnesseln|Heidelbeeren|wilde Möhren] [früher als sonst|seit dem Regen|trotz der Trockenheit|in diesem Sommer|neben alten Eichen|zwischen den Steinen] und [locken Bienen an|werden geerntet|brauchen viel Licht|stehen unter Schutz|duften bis zum Haus].",
          "[Der Roman|Die Biografie|Das Hörbuch|Der Gedichtband|Die Graphic Novel|Das Kinderbuch] [erzählt|handelt|schweigt|berichtet|träumt|spricht] von [einer Flucht über die Ostsee|zwei Brüdern in Görlitz|einem Leuchtturmwärter|der Nachkriegszeit|einem verlorenen Brief|einer Malerin in Paris|einem Dorf ohne Namen] [in knappen Sätzen|mit viel Humor|auf sechshundert Seiten|aus Sicht eines Kindes|ohne Pathos] und [gewinnt einen Preis|bleibt unvollendet|wird verfilmt|verkauft sich gut].",
          "[Wer|Mit welchem Formular|Wie lange vorher|Unter welcher Nummer|Bis wann|Wo] [beantragt man|verlängert man|kündigt man|meldet man|bezahlt man|ändert man] [den Reisepass|das Elterngeld|die Hundesteuer|den Stromvertrag|einen Umzug|die Kfz-Zulassung|das Wohngeld] [in Hannover|beim Bürgeramt|ohne Termin|im Internet|nach einer Heirat|aus dem Ausland] [am schnellsten|kostenlos|richtig|für ein Kind]?",
          "[Das Elektroauto|Der Kleinwagen|Das Lastenrad|Der Kombi|Das Motorrad|Der Transporter] [verbraucht|kostet|schafft|braucht|lädt|bietet] [weniger als erwartet|doppelt so viel wie früher|fünfhundert Kilometer|nur zwanzig Minuten an der Säule|kaum Platz für Gepäck|neue Bremsen] [im Winter|auf der Autobahn|laut Hersteller|im Test der Zeitschrift|nach fünf Jahren|in der Stadt] und [rostet nicht|überzeugt die Jury|steht oft in der Werkstatt|verkauft sich trotzdem|wird gefördert].",
          "[Die Ausstellung|Das Museum|Die Galerie|Der Kunstverein|Das Schloss|Die Biennale] [zeigt|leiht|versteigert|restauriert|erwirbt|vermisst] [Holzschnitte von Dürer|Fotografien aus der DDR|ein Gemälde aus Privatbesitz|Skulpturen aus Glas|barocke Möbel|Plakate der Zwanzigerjahre|ein Selbstbildnis] [bis Ende Mai|zum hundertsten Geburtstag|mit freiem Eintritt|nach dem Wasserschaden|zusammen mit Wien|erstmals in Europa] und [verlängert die Öffnungszeiten|sucht Spender|bietet Führungen an|schließt danach für Jahre].");

  private static final long SEED = 20_261_127;

  /** Per sentence wanted. */
  private static final long MOST_TRIES = 10;

  private TemplateCorpus() {}

  /**
   * Writes the corpus as Parquet with the columns {@code id} and {@code text}.
   *
   * @param args the directory to write; the number of sentences, at least those of the sample data
   *     and of the files; then CSV files without a header whose first two columns are sentences
   */
  public static void main(String[] args) throws IOException {
    int rows = Integer.parseInt(args[1]);
    try (SparkSession spark = SparkSession.builder().master("local[*]").getOrCreate()) {
      Set<String> sentences = new LinkedHashSet<>(SampleSentences.read());
      SampleData.read("corpus.jsonl").forEach(row -> addUnlessBlank(row.path("text"), sentences));
      for (String file : List.of(args).subList(2, args.length)) {
        sentences.addAll(firstTwoColumns(spark, file));
      }
      int given = sentences.size();
      addFromTemplates(sentences, rows);
      write(spark, sentences, args[0]);
      System.out.printf(
          Locale.ROOT, "%,d sentences, %,d from templates%n", rows, sentences.size() - given);
    }
  }

  private static void addUnlessBlank(JsonNode text, Set<String> sentences) {
    if (!text.asText("").isBlank()) {
      sentences.add(text.asText());
    }
  }

  private static List<String> firstTwoColumns(SparkSession spark, String file) {
    Dataset<Row> pairs = spark.read().option("escape", "\"").csv(file);
    return pairs
        .select("_c0")
        .union(pairs.select("_c1"))
        .na()
        .drop()
        .as(Encoders.STRING())
        .collectAsList();
  }

  /** Once the templates give hardly anything new, two of their sentences make one. */
  private static void addFromTemplates(Set<String> sentences, int rows) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (long tries = 0; sentences.size() < rows; tries++) {
      String sentence = sentence(tries, random);
      sentences.add(
          tries > MOST_TRIES * rows ? sentence + " " + sentence(tries + 7, random) : sentence);
    }
  }

  private static String sentence(long number, SplittableRandom random) {
    String template = TEMPLATES.get((int) (number % TEMPLATES.size()));
    return SLOT.matcher(template).replaceAll(slot -> oneOf(slot.group(1), random));
  }

  private static String oneOf(String words, SplittableRandom random) {
    String[] all = words.split("\\|", -1);
    return all[random.nextInt(all.length)];
  }

  private static void write(SparkSession spark, Set<String> sentences, String directory) {
    List<Row> rows = new ArrayList<>(sentences.size());
    sentences.forEach(text -> rows.add(RowFactory.create((long) rows.size(), text)));
    spark
        .createDataFrame(rows, StructType.fromDDL("id BIGINT NOT NULL, text STRING NOT NULL"))
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(directory);
  }
}
