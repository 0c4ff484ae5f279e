package org.sparkgbert.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sparkgbert.convert.graph.ElementType;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.onnx.DeviceSettings;

class RandomCheckpointTest {
  @TempDir private Path folder;

  @Test
  void aSmallOneImportsAndEncodes() throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    RandomCheckpoint.write(RandomCheckpoint.Shape.TINY, checkpoint);
    Bundle bundle =
        ModelImporter.run(
            new ImportRequest(
                new ImportRequest.Origin(checkpoint, "random", "test", "1", ""),
                folder.resolve("bundle"),
                ElementType.FLOAT32,
                ImportRequest.Overrides.NONE));
    assertThat(bundle.manifest().notes()).isEmpty();
    EncoderSettings settings = EncoderSettings.on(DeviceSettings.cpu(1));
    try (SentenceEncoder encoder = SentenceEncoder.open(bundle, settings)) {
      float[][] vectors = encoder.encode(List.of("Grüße aus Köln!", "bade badä"));
      assertThat(vectors[0]).hasSize(RandomCheckpoint.Shape.TINY.hidden());
      assertThat(vectors[0]).isNotEqualTo(vectors[1]);
    }
  }

  @Test
  void wordsDiffer() {
    assertThat(RandomCheckpoint.words(31_102)).hasSize(31_102).doesNotHaveDuplicates();
  }
}
