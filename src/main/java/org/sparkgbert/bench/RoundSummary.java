package org.sparkgbert.bench;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import org.sparkgbert.encode.EncodingWork;
import org.sparkgbert.model.Bundle;
import org.sparkgbert.onnx.DeviceChoice;

/**
 * Summarizes the measurements of a model: ratios are computed per round, then summarized over the
 * rounds.
 *
 * @param tested a model after its rounds
 * @param limits the limits of its shape
 */
record RoundSummary(ModelUnderTest tested, Limits limits) {
  ModelResult result(TextChoice texts) {
    Bundle bundle = tested.model().bundle();
    return new ModelResult(
        tested.model().name(),
        bundle.manifest().name(),
        bundle.manifest().revision(),
        bundle.checksum(),
        bundle.manifest().precision(),
        tested.model().shape(),
        tested.workload().describe(texts.label()),
        flopPerToken(),
        limits.limits(),
        tested.encoderPasses().entrySet().stream()
            .map(entry -> encoder(entry.getKey(), entry.getValue()))
            .toList(),
        tested.jobPasses().entrySet().stream()
            .map(entry -> job(entry.getKey(), entry.getValue()))
            .toList(),
        coresRatio(),
        tested.memory(),
        tested.sample().map(this::corpus).orElse(null));
  }

  private CorpusEstimate corpus(CorpusSample sample) {
    int cores = mostCores();
    double[] speeds = hasJobs() ? jobSpeeds(cores) : encoderSpeeds(cores);
    return CorpusEstimate.of(
        sample,
        new CorpusEstimate.Rate(
            hasJobs() ? "job" : "encoder",
            MedianAndRange.of(speeds).median(),
            cores,
            tested.device() == DeviceChoice.CPU),
        tested.model().bundle().manifest().dimension());
  }

  private FlopPerToken flopPerToken() {
    return FlopPerToken.of(tested.model().shape(), tested.workload().tokens());
  }

  private static <T> double[] values(List<T> passes, ToDoubleFunction<T> value) {
    return passes.stream().mapToDouble(value).toArray();
  }

  private EncoderRate encoder(int cores, List<EncoderPass> passes) {
    double[] gigaflops = values(passes, pass -> gigaflops(pass.tokensPerSecond()));
    String precision = tested.model().bundle().manifest().precision();
    double[] limit = limits.gigaflops(precision, cores);
    return new EncoderRate(
        cores,
        MedianAndRange.of(values(passes, EncoderPass::tokensPerSecond)),
        MedianAndRange.of(values(passes, EncoderPass::sentencesPerSecond)),
        MedianAndRange.of(gigaflops),
        limit.length == 0 ? null : MedianAndRange.ofRatios(gigaflops, limit),
        passes.get(0).work().paddingShare(),
        stages(passes));
  }

  private double gigaflops(double tokensPerSecond) {
    return tokensPerSecond * flopPerToken().sum() / 1e9;
  }

  private static EncoderRate.Stages stages(List<EncoderPass> passes) {
    int rounds = passes.size();
    EncodingWork work =
        passes.stream().map(EncoderPass::work).reduce(EncodingWork.NONE, EncodingWork::plus);
    double threads = passes.stream().mapToDouble(pass -> pass.cores() * pass.seconds()).sum();
    double perRound = 1e9 * rounds;
    return new EncoderRate.Stages(
        work.nanos().tokenize() / perRound,
        work.nanos().batch() / perRound,
        work.nanos().run() / perRound,
        work.nanos().copy() / perRound,
        Math.max(0, threads - work.nanos().sum() / 1e9) / rounds);
  }

  private JobRate job(int cores, List<JobPass> passes) {
    double[] speeds = values(passes, JobPass::tokensPerSecond);
    boolean withMemory = passes.stream().map(JobPass::peakBytes).allMatch(OptionalLong::isPresent);
    return new JobRate(
        "local[" + cores + "]",
        cores,
        MedianAndRange.of(speeds),
        MedianAndRange.of(values(passes, pass -> gigaflops(pass.tokensPerSecond()))),
        MedianAndRange.ofRatios(speeds, encoderSpeeds(cores)),
        MedianAndRange.of(values(passes, JobPass::coldStartSeconds)),
        MedianAndRange.of(values(passes, JobPass::seconds)),
        withMemory ? MedianAndRange.of(values(passes, pass -> pass.peakBytes().getAsLong())) : null,
        jobStages(passes));
  }

  private static JobRate.Stages jobStages(List<JobPass> passes) {
    return new JobRate.Stages(
        mean(passes, pass -> pass.stages().read()),
        mean(passes, pass -> pass.stages().tokenize()),
        mean(passes, pass -> pass.stages().batch()),
        mean(passes, pass -> pass.stages().run()),
        mean(passes, pass -> pass.stages().copy()),
        mean(passes, pass -> pass.stages().write()));
  }

  private static double mean(List<JobPass> passes, ToDoubleFunction<JobPass> value) {
    return passes.stream().mapToDouble(value).average().orElse(0);
  }

  private double[] encoderSpeeds(int cores) {
    return values(tested.encoderPasses().get(cores), EncoderPass::tokensPerSecond);
  }

  private double[] jobSpeeds(int cores) {
    return values(tested.jobPasses().get(cores), JobPass::tokensPerSecond);
  }

  private int mostCores() {
    return tested.encoderPasses().keySet().stream().mapToInt(Integer::intValue).max().orElseThrow();
  }

  private boolean hasJobs() {
    return !tested.jobPasses().isEmpty();
  }

  private ModelResult.CoresRatio coresRatio() {
    int cores = mostCores();
    if (cores == 1) {
      return null;
    }
    return new ModelResult.CoresRatio(
        cores,
        MedianAndRange.ofRatios(encoderSpeeds(cores), encoderSpeeds(1)),
        hasJobs() ? MedianAndRange.ofRatios(jobSpeeds(cores), jobSpeeds(1)) : null);
  }

  /** This model's sentences per second over those of another. */
  Comparison against(RoundSummary first) {
    int cores = mostCores();
    return new Comparison(
        tested.model().name(),
        first.tested.model().name(),
        cores,
        MedianAndRange.ofRatios(
            sentences(encoderSpeeds(cores)), first.sentences(first.encoderSpeeds(cores))),
        hasJobs()
            ? MedianAndRange.ofRatios(
                sentences(jobSpeeds(cores)), first.sentences(first.jobSpeeds(cores)))
            : null);
  }

  private double[] sentences(double[] tokensPerSecond) {
    double meanTokens = tested.workload().describe("").meanTokens();
    double[] sentences = tokensPerSecond.clone();
    for (int i = 0; i < sentences.length; i++) {
      sentences[i] /= meanTokens;
    }
    return sentences;
  }
}
