const result = data.result;
const candidates = result.candidates;
const stageColours = { read: 'c5', tokenize: 'c3', batch: 'c2', run: 'c0', copy: 'c4', write: 'c1', other: 'muted' };
const stageNames = {
  read: 'Reading',
  tokenize: 'Tokenizing',
  batch: 'Batching',
  run: 'Running the model',
  copy: 'Copying out',
  write: 'Writing',
  other: 'Waiting',
};
let chosen = 0;

function rate(value) {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function spread(value) {
  const range = value.rounds > 1 ? ` (${rate(value.lowest)} to ${rate(value.highest)})` : '';
  return rate(value.median) + range;
}

function share(value) {
  return (100 * value).toFixed(1) + '\u00a0%';
}

function cores(count) {
  return count === 1 ? '1 core' : count + ' cores';
}

function colourOf(kind) {
  const names = { float32: 'c0', int8: 'c2', float16: 'c5', 'encoder alone': 'accent', 'whole job': 'mark' };
  return colour(names[kind] ?? 'c3');
}

/** Numbers of cores, each with limit, encoder and job; undefined where one was not measured. */
function levels(candidate) {
  return candidate.encoder.map((encoder) => ({
    cores: encoder.cores,
    limit: candidate.limits.find(
      (each) => each.cores === encoder.cores && each.precision === candidate.precision,
    )?.gigaflops,
    encoder: encoder.gigaflops,
    job: candidate.jobs.find((each) => each.cores === encoder.cores)?.gigaflops,
  }));
}

/** One bar per run: the encoder alone on all cores, then each whole job. */
function timed() {
  return candidates.flatMap((candidate) => {
    const name = candidates.length > 1 ? wellFormed(candidate.name) + ', ' : '';
    const encoder = candidate.encoder.at(-1);
    return [
      { name: `${name}encoder, ${cores(encoder.cores)}`, stages: encoder.stages },
      ...candidate.jobs.map((job) => ({ name: `${name}job, ${wellFormed(job.master)}`, stages: job.stages })),
    ];
  });
}

function shares(stages) {
  const sum = Object.values(stages).reduce((all, each) => all + each, 0) || 1;
  return Object.fromEntries(Object.entries(stages).map(([stage, seconds]) => [stage, seconds / sum]));
}
