package org.sparkgbert.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.sparkgbert.TestSpark;

/** The topics of the sample corpus as clusters. */
class SampleLabelsTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("cluster", DataTypes.IntegerType, false)
          .add("text", DataTypes.StringType, true);

  @Test
  void labelsNameTheTopicsOfTheSample() throws IOException {
    List<String> topics = new ArrayList<>();
    ClassTfIdf wording = new ClassTfIdf("text", "cluster", 5, 2);
    Dataset<Row> sample = sample(topics);
    Map<Integer, List<String>> labels = wording.byCluster(sample, 100_000);
    Map<String, List<String>> named = new HashMap<>();
    labels.forEach((cluster, words) -> named.put(topics.get(cluster), words));
    assertThat(wording.bestOfFew(sample)).isEqualTo(wording.best(sample)).hasSize(12 * 5);
    assertThat(named).hasSize(12).allSatisfy((topic, words) -> assertThat(words).hasSize(5));
    assertThat(named.get("wetter")).contains("Sonne", "Gewitter");
    assertThat(named.get("musik")).contains("Klavier", "Chor");
    assertThat(named.get("geld")).contains("Sparen", "Bank");
    assertThat(named.get("technik")).contains("Akku", "Sensor");
    assertThat(named.get("gesundheit")).contains("Fieber", "Krankschreibung");
    assertThat(named.get("reisen")).contains("Koffer", "Fähre");
    assertThat(named.get("wohnen")).contains("Wohnung", "Küche");
    assertThat(named.get("fußball")).contains("Ball", "Mannschaft", "Tor");
    assertThat(named.get("garten")).contains("Baum", "Beet");
    assertThat(named.get("schule")).contains("Schule", "Klasse");
    assertThat(named.get("verkehr")).contains("Ampel", "Autobahn");
    assertThat(named.get("kochen")).contains("Herd", "Tomaten");
  }

  private static Dataset<Row> sample(List<String> topics) throws IOException {
    List<Row> rows = new ArrayList<>();
    URL corpus = ClassTfIdf.class.getResource("/org/sparkgbert/sample/corpus.jsonl");
    try (var texts =
        JsonMapper.builder()
            .build()
            .readerFor(JsonNode.class)
            .<JsonNode>readValues(corpus.openStream())) {
      while (texts.hasNext()) {
        JsonNode text = texts.next();
        String topic = text.get("topic").asText();
        if (!topics.contains(topic)) {
          topics.add(topic);
        }
        rows.add(RowFactory.create(topics.indexOf(topic), text.get("text").textValue()));
      }
    }
    return TestSpark.session().createDataFrame(rows, SCHEMA);
  }
}
