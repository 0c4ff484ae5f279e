package org.sparkgbert.train.torch;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Trains an encoder in float32, on one GPU or all cores. It owns all native memory: weights,
 * gradients, and the optimizer's moments.
 *
 * <p><b>Freezing:</b> frozen tensors keep their bits, and have neither gradients nor moments.
 *
 * <p><b>LoRA:</b> with a rank r, all tensors of the encoder are frozen, and each query and value
 * matrix W of a layer that {@link Freeze} does not hold counts as W + B A. A {@code [r, hidden]}
 * begins with Kaiming-uniform values from the seed, B {@code [hidden, r]} with zeros; alpha is r,
 * so that B A is scaled by 1; nothing is dropped in front of A. <b>Source:</b> Hu et al., "LoRA:
 * Low-Rank Adaptation of Large Language Models", 2022; target modules of BERT in peft.
 *
 * <p><b>Repeatable:</b> with the same weights, settings and batches, on the same CPU and number of
 * threads, every bit is the same, with dropout too, whether or not training was interrupted. On a
 * GPU the last bits may differ.
 *
 * <p><b>Threads:</b> one; in a JVM only one trainer may be inside {@link #step} at a time.
 */
public final class EncoderTrainer implements AutoCloseable {
  private final EncoderSpecification specification;
  private final TrainerSettings settings;
  private final NDManager manager;
  private final EncoderArrays arrays;
  private final EncoderConstants constants;
  private final AdamW optimizer;
  private long steps;

  private EncoderTrainer(
      EncoderSpecification specification,
      WeightSource weights,
      TrainerSettings settings,
      NDManager manager) {
    this.specification = specification;
    this.settings = settings;
    this.manager = manager;
    this.arrays = new EncoderArrays(specification, weights, settings, manager);
    this.constants = new EncoderConstants(specification.shape(), manager);
    this.optimizer = new AdamW(settings.optimizer().weightDecay());
  }

  /**
   * Opens a trainer before its first step.
   *
   * @param weights read here, not kept; must have the tensors of {@link TensorShapes}
   * @throws IllegalArgumentException if a tensor is missing, has another shape or values that are
   *     not finite, if nothing remains to be trained, or there is no such GPU
   * @throws TorchException if PyTorch's jars are missing, or it runs out of memory
   */
  public static EncoderTrainer open(
      EncoderSpecification specification, WeightSource weights, TrainerSettings settings) {
    NDManager manager = Torch.newManager(settings.gpu());
    try {
      return new EncoderTrainer(specification, weights, settings, manager);
    } catch (EngineException e) {
      manager.close();
      throw TorchException.of("open a trainer", "the weights and their moments", e);
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  /** Number of steps done, including those before a resumed training was interrupted. */
  public long steps() {
    return steps;
  }

  /**
   * Moves the weights once, along the mean of the batches' gradients.
   *
   * @param batches at least one; several give the gradients of a larger batch with the memory of
   *     one
   * @throws IllegalArgumentException if a label is missing or a token id or a length is out of
   *     range
   * @throws DivergedException if the loss or the gradients are not finite; nothing has moved
   * @throws TorchException if PyTorch fails or runs out of memory; the message names the batch's
   *     shape; if it failed while weights moved, this trainer must be closed
   */
  public StepResult step(List<PairBatch> batches) {
    requireOpen();
    List<TokenLayout> layouts = layouts(batches);
    Torch.engine().setRandomSeed(randomSeed());
    try (NDManager step = manager.newSubManager()) {
      GradientPass pass =
          new GradientPass(
              specification, settings, arrays.all(), arrays.trained(), constants, step);
      double loss = 0;
      for (int i = 0; i < batches.size(); i++) {
        float found = pass.add(layouts.get(i), batches.get(i).labels(), batches.size());
        requireFinite("loss", found);
        loss += found / batches.size();
      }
      double norm = move(arrays.trained().stream().map(pass::gradient).toList());
      long tokens = layouts.stream().mapToLong(TokenLayout::total).sum();
      return new StepResult(steps, loss, norm, rate(steps - 1), tokens);
    } catch (EngineException e) {
      throw TorchException.of("train", layouts.toString(), e);
    }
  }

  /** Moves the weights by gradients; returns the norm of these. */
  private double move(List<NDArray> gradients) {
    float norm = GradientPass.norm(gradients);
    requireFinite("gradient norm", norm);
    double factor = Math.min(1, settings.optimizer().maxGradientNorm() / (norm + 1e-6));
    double rate = rate(steps);
    steps++;
    for (int i = 0; i < gradients.size(); i++) {
      optimizer.move(arrays.trained().get(i), gradients.get(i), (float) factor, steps, rate);
    }
    return norm;
  }

  private double rate(long step) {
    return settings.optimizer().learningRate(step);
  }

  private void requireFinite(String what, float found) {
    if (!Float.isFinite(found)) {
      throw new DivergedException(steps + 1, rate(steps), what + " " + found);
    }
  }

  private List<TokenLayout> layouts(List<PairBatch> batches) {
    if (batches.isEmpty()) {
      throw new IllegalArgumentException("Cannot train: a step must have a batch, found none");
    }
    return batches.stream().map(this::layout).toList();
  }

  private TokenLayout layout(PairBatch batch) {
    if (settings.loss().needsLabels() && batch.labels().length == 0) {
      throw new IllegalArgumentException(
          "Cannot train: %s must have a label for each of %d pairs, found none"
              .formatted(settings.loss(), batch.pairs()));
    }
    int[][] texts = Arrays.copyOf(batch.first(), 2 * batch.pairs());
    System.arraycopy(batch.second(), 0, texts, batch.pairs(), batch.pairs());
    return TokenLayout.of(texts, specification);
  }

  /** Another one for each step, so that what is dropped does not depend on earlier runs. */
  private int randomSeed() {
    return new SplittableRandom(settings.seed() ^ Long.reverse(steps)).nextInt();
  }

  /**
   * Embeds texts with the weights as they are now, without dropout.
   *
   * @param tokens token ids, {@code [texts][tokens]}, special tokens included, no padding
   * @return vectors {@code [texts][hidden]}, in the order of the texts
   * @throws IllegalArgumentException if a token id or a length is out of range
   * @throws TorchException if PyTorch fails or runs out of memory
   */
  public float[][] embed(int[][] tokens) {
    requireOpen();
    float[][] vectors = new float[tokens.length][];
    for (int[] batch : LengthBatches.of(tokens, settings.gpu().isPresent())) {
      int[][] texts = Arrays.stream(batch).mapToObj(text -> tokens[text]).toArray(int[][]::new);
      float[][] found = embed(TokenLayout.of(texts, specification));
      for (int i = 0; i < batch.length; i++) {
        vectors[batch[i]] = found[i];
      }
    }
    return vectors;
  }

  private float[][] embed(TokenLayout layout) {
    try (NDManager batch = manager.newSubManager()) {
      TokenArrays tokens = new TokenArrays(layout, specification, batch);
      EncoderPass pass = new EncoderPass(specification, arrays.all(), constants, false);
      float[] found = NativeTensors.download(pass.vectors(tokens));
      int width = specification.shape().hiddenSize();
      return IntStream.range(0, layout.texts())
          .mapToObj(text -> Arrays.copyOfRange(found, text * width, (text + 1) * width))
          .toArray(float[][]::new);
    } catch (EngineException e) {
      throw TorchException.of("embed", layout.toString(), e);
    }
  }

  /**
   * The weights as they are now, as a checkpoint has them: LoRA is merged. The source is valid
   * until this trainer closes, and reads what the weights are at the time of reading.
   */
  public WeightSource weights() {
    requireOpen();
    return arrays;
  }

  /**
   * Writes what a further training needs, apart from the weights that this trainer was opened from:
   * trained tensors, moments and the number of steps, bit for bit.
   *
   * @throws IOException if it cannot be written
   */
  public void writeState(OutputStream out) throws IOException {
    requireOpen();
    new TrainerState(training(), arrays.trained()).write(out, steps);
  }

  /**
   * Reads what {@link #writeState} wrote. This trainer must have been opened from the weights that
   * the one before was opened from, and with the same specification and settings; the GPU may
   * differ.
   *
   * @throws IllegalArgumentException if the state is damaged or of another training; the message
   *     names what differs; this trainer must then be closed
   * @throws IOException if it cannot be read
   */
  public void readState(InputStream in) throws IOException {
    requireOpen();
    steps = new TrainerState(training(), arrays.trained()).read(in);
  }

  private Map<String, String> training() {
    Map<String, String> training = new LinkedHashMap<>();
    training.put("encoder", specification.toString());
    training.put("loss", settings.loss().toString());
    training.put("optimizer", settings.optimizer().toString());
    training.put("frozen part", settings.freeze().toString());
    training.put("rank of LoRA", "" + settings.loraRank());
    training.put("dropout", "" + settings.dropout());
    training.put("seed", "" + settings.seed());
    return training;
  }

  /** Number of arrays that are alive, for tests of leaks. */
  int liveArrays() {
    return manager.getManagedArrays().size();
  }

  private void requireOpen() {
    if (!manager.isOpen()) {
      throw new IllegalStateException("Cannot use trainer: it must be open, found closed");
    }
  }

  /** Frees all native memory. */
  @Override
  public void close() {
    manager.close();
  }
}
