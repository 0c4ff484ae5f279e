package org.sparkgbert.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sparkgbert.encode.EncoderSettings;
import org.sparkgbert.encode.SentenceEncoder;
import org.sparkgbert.onnx.Device;
import org.sparkgbert.onnx.DeviceChoice;
import org.sparkgbert.onnx.DeviceSettings;

/**
 * A model while it is being measured, with the results so far.
 *
 * <p><b>Ownership:</b> owns the encoder.
 */
final class ModelUnderTest implements AutoCloseable {
  private final BenchModel model;
  private final SentenceEncoder encoder;
  private final Map<Integer, List<EncoderPass>> encoderPasses = new LinkedHashMap<>();
  private final Map<Integer, List<JobPass>> jobPasses = new LinkedHashMap<>();
  private Workload workload;
  private Optional<CorpusSample> sample = Optional.empty();
  private Path corpora;
  private TaskMemory memory;

  private ModelUnderTest(BenchModel model, SentenceEncoder encoder) {
    this.model = model;
    this.encoder = encoder;
  }

  /** Opens the encoder as tasks do, with one thread per run. */
  static ModelUnderTest open(BenchModel model, DeviceChoice device) {
    DeviceSettings chosen = DeviceSettings.auto(1).withChoice(device);
    return new ModelUnderTest(
        model, SentenceEncoder.open(model.bundle(), EncoderSettings.on(chosen)));
  }

  BenchModel model() {
    return model;
  }

  SentenceEncoder encoder() {
    return encoder;
  }

  /** Where the encoder runs; everything else must run there too. */
  DeviceChoice device() {
    return encoder.device() instanceof Device.Cpu ? DeviceChoice.CPU : DeviceChoice.CUDA;
  }

  /**
   * Sets what it encodes.
   *
   * @param texts the texts
   * @param read what was read of the corpus that they come from; empty if they are generated
   * @param directory of their corpora if jobs are measured
   */
  void use(Workload texts, Optional<CorpusSample> read, Path directory) {
    workload = texts;
    sample = read;
    corpora = directory;
  }

  Workload workload() {
    return workload;
  }

  /** What was read of the corpus that its texts come from; empty if they are generated. */
  Optional<CorpusSample> sample() {
    return sample;
  }

  /** The corpus of a job on this many cores. */
  Path corpus(int cores) {
    return corpora.resolve("cores-" + cores);
  }

  /** The corpus whose batches take the most memory. */
  Path memoryCorpus() {
    return corpora.resolve("memory");
  }

  void remember(TaskMemory found) {
    memory = found;
  }

  TaskMemory memory() {
    return memory;
  }

  void add(int cores, EncoderPass pass) {
    encoderPasses.computeIfAbsent(cores, key -> new ArrayList<>()).add(pass);
  }

  void add(int cores, JobPass pass) {
    jobPasses.computeIfAbsent(cores, key -> new ArrayList<>()).add(pass);
  }

  Map<Integer, List<EncoderPass>> encoderPasses() {
    return encoderPasses;
  }

  Map<Integer, List<JobPass>> jobPasses() {
    return jobPasses;
  }

  @Override
  public void close() {
    encoder.close();
  }
}
