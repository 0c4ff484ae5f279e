package org.sparkgbert.bench;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import org.sparkgbert.encode.EncodingWork;
import org.sparkgbert.model.Bundle;

/**
 * Summarizes what was measured of a model: ratios round by round, then over the rounds.
 *
 * @param contender the model after its rounds
 * @param limits those of its shape
 */
record Results(Contender contender, Limits limits) {
  Candidate candidate(String distribution) {
    Bundle bundle = contender.model().bundle();
    return new Candidate(
        contender.model().name(),
        bundle.manifest().name(),
        bundle.manifest().revision(),
        bundle.checksum(),
        bundle.manifest().precision(),
        contender.model().shape(),
        contender.sample().describe(distribution),
        flopPerToken(),
        limits.limits(),
        contender.encoderPasses().entrySet().stream()
            .map(entry -> encoder(entry.getKey(), entry.getValue()))
            .toList(),
        contender.jobPasses().entrySet().stream()
            .map(entry -> job(entry.getKey(), entry.getValue()))
            .toList(),
        coresRatio(),
        contender.memory());
  }

  private FlopPerToken flopPerToken() {
    return FlopPerToken.of(contender.model().shape(), contender.sample().tokens());
  }

  private static <T> double[] values(List<T> passes, ToDoubleFunction<T> value) {
    return passes.stream().mapToDouble(value).toArray();
  }

  private EncoderRate encoder(int cores, List<EncoderPass> passes) {
    double[] gigaflops = values(passes, pass -> gigaflops(pass.tokensPerSecond()));
    String precision = contender.model().bundle().manifest().precision();
    double[] limit = limits.gigaflops(precision, cores);
    return new EncoderRate(
        cores,
        Spread.of(values(passes, EncoderPass::tokensPerSecond)),
        Spread.of(values(passes, EncoderPass::sentencesPerSecond)),
        Spread.of(gigaflops),
        limit.length == 0 ? null : Spread.ofRatios(gigaflops, limit),
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
        Spread.of(speeds),
        Spread.of(values(passes, pass -> gigaflops(pass.tokensPerSecond()))),
        Spread.ofRatios(speeds, encoderSpeeds(cores)),
        Spread.of(values(passes, JobPass::coldStartSeconds)),
        Spread.of(values(passes, JobPass::seconds)),
        withMemory ? Spread.of(values(passes, pass -> pass.peakBytes().getAsLong())) : null,
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
    return values(contender.encoderPasses().get(cores), EncoderPass::tokensPerSecond);
  }

  private double[] jobSpeeds(int cores) {
    return values(contender.jobPasses().get(cores), JobPass::tokensPerSecond);
  }

  private int mostCores() {
    return contender.encoderPasses().keySet().stream()
        .mapToInt(Integer::intValue)
        .max()
        .orElseThrow();
  }

  private boolean hasJobs() {
    return !contender.jobPasses().isEmpty();
  }

  private Candidate.CoresRatio coresRatio() {
    int cores = mostCores();
    if (cores == 1) {
      return null;
    }
    return new Candidate.CoresRatio(
        cores,
        Spread.ofRatios(encoderSpeeds(cores), encoderSpeeds(1)),
        hasJobs() ? Spread.ofRatios(jobSpeeds(cores), jobSpeeds(1)) : null);
  }

  /** This model's sentences a second over those of another. */
  Comparison against(Results first) {
    int cores = mostCores();
    return new Comparison(
        contender.model().name(),
        first.contender.model().name(),
        cores,
        Spread.ofRatios(
            sentences(encoderSpeeds(cores)), first.sentences(first.encoderSpeeds(cores))),
        hasJobs()
            ? Spread.ofRatios(sentences(jobSpeeds(cores)), first.sentences(first.jobSpeeds(cores)))
            : null);
  }

  private double[] sentences(double[] tokensPerSecond) {
    double meanTokens = contender.sample().describe("").meanTokens();
    double[] sentences = tokensPerSecond.clone();
    for (int i = 0; i < sentences.length; i++) {
      sentences[i] /= meanTokens;
    }
    return sentences;
  }
}
