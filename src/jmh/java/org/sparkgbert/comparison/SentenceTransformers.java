package org.sparkgbert.comparison;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code SentenceTransformer.encode} on one backend, in a process of its own: {@code encoder.py},
 * which waits asleep for its turn. Seconds are those of {@code encode} in Python, so the exchange
 * of texts and vectors, by files, does not count.
 *
 * <p><b>Ownership:</b> owns the process; close it when done.
 */
final class SentenceTransformers implements Contender {
  /** What sentence-transformers does if nothing else is said. */
  private static final int BATCH_SIZE = 32;

  private final Backend backend;
  private final Path texts;
  private final Path vectors;
  private final Path log;
  private final Process process;
  private final BufferedWriter requests;
  private final BufferedReader answers;
  private final String runtime;

  /** A runtime under sentence-transformers, and the form of its weights. */
  enum Backend {
    TORCH("torch", "PyTorch, float32", true),
    ONNX("onnx", "ONNX Runtime, float32", true),
    QINT8("qint8", "ONNX Runtime, dynamic qint8", false),
    OPENVINO_INT8("openvino-int8", "OpenVINO, int8", false);

    private final String argument;
    private final String what;
    private final boolean isFloat32;

    Backend(String argument, String what, boolean isFloat32) {
      this.argument = argument;
      this.what = what;
      this.isFloat32 = isFloat32;
    }

    /** What its contender is, before it says with which versions. */
    String contender() {
      return SentenceTransformers.name(what);
    }
  }

  SentenceTransformers(Backend backend, PythonModel model, int threads) throws IOException {
    this.backend = backend;
    this.texts = model.scratch(backend.argument + "-texts.json");
    this.vectors = model.scratch(backend.argument + "-vectors.f32");
    this.log = model.scratch(backend.argument + ".log");
    this.process =
        model
            .python("encoder.py", backend.argument, model.directory().toString(), "" + threads)
            .redirectError(log.toFile())
            .start();
    this.requests = process.outputWriter();
    this.answers = process.inputReader();
    this.runtime = answer();
  }

  private String answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("the process has ended, see " + log);
    }
    return line;
  }

  @Override
  public String name() {
    return name(runtime);
  }

  private static String name(String runtime) {
    return "sentence-transformers, %s, batches of %d".formatted(runtime, BATCH_SIZE);
  }

  @Override
  public boolean isFloat32() {
    return backend.isFloat32;
  }

  @Override
  public List<float[]> encode(List<String> sentences) {
    return run(sentences, BATCH_SIZE).read(vectors);
  }

  @Override
  public List<float[]> encodeAlone(List<String> sentences) {
    return run(sentences, 1).read(vectors);
  }

  @Override
  public double seconds(List<String> sentences) {
    return run(sentences, BATCH_SIZE).seconds();
  }

  private Answer run(List<String> sentences, int batchSize) {
    try {
      JsonMapper.builder().build().writeValue(texts.toFile(), sentences);
      requests.write("%d\t%s\t%s%n".formatted(batchSize, texts, vectors));
      requests.flush();
      String[] answer = answer().split("\t", -1);
      return new Answer(Double.parseDouble(answer[0]), Integer.parseInt(answer[1]));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot encode with " + name() + ": " + e.getMessage(), e);
    }
  }

  /**
   * What the process says.
   *
   * @param seconds what encoding took
   * @param dimension length of a vector
   */
  private record Answer(double seconds, int dimension) {
    /** The vectors that it wrote. */
    List<float[]> read(Path file) {
      try {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<float[]> rows = new ArrayList<>();
        while (bytes.hasRemaining()) {
          float[] row = new float[dimension];
          bytes.asFloatBuffer().get(row);
          bytes.position(bytes.position() + Float.BYTES * dimension);
          rows.add(row);
        }
        return rows;
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read vectors: " + e.getMessage(), e);
      }
    }
  }

  /** The process ends with its input. */
  @Override
  public void close() {
    try {
      requests.close();
      process.waitFor();
    } catch (IOException e) {
      process.destroy();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
    }
  }
}
