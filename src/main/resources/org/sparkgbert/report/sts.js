const detail = data.detail;
const scoreName = data.negated ? 'Negative ' + data.similarity.toLowerCase() : data.similarity;
let scale = 'score';

function pairFacts(pair) {
  return (
    `gold ${plain(pair.gold)} (rank ${percent(pair.gold_rank)}), ` +
    `model ${number(pair.score)} (rank ${percent(pair.score_rank)})`
  );
}

function position(pair) {
  return scale === 'score' ? [pair.gold, pair.score] : [100 * pair.gold_rank, 100 * pair.score_rank];
}

function scatterOptions() {
  const ranks = scale === 'rank';
  const axis = ranks ? { min: 0, max: 100, axisLabel: { formatter: '{value} %', color: colour('muted') } } : {};
  const dense = detail.scatter.length > 800;
  return {
    grid: { left: 58, right: 26, top: 12, bottom: 48 },
    xAxis: valueAxis(ranks ? 'Rank by gold score' : 'Gold score', axis),
    yAxis: valueAxis(ranks ? 'Rank by model' : scoreName, { nameGap: 44, ...axis }),
    tooltip: {
      ...basics().tooltip,
      formatter: (point) => {
        const pair = detail.scatter[point.dataIndex];
        return tip(pairFacts(pair), pair.sentence1, pair.sentence2);
      },
    },
    series: [
      {
        type: 'scatter',
        data: detail.scatter.map(position),
        symbolSize: dense ? 6 : 8,
        itemStyle: { color: colour('accent'), opacity: dense ? 0.35 : 0.55 },
        emphasis: { itemStyle: { color: colour('mark'), opacity: 1 } },
        markLine: ranks && {
          silent: true,
          symbol: 'none',
          lineStyle: { color: colour('mark'), type: 'dashed' },
          data: [[{ coord: [0, 0] }, { coord: [100, 100] }]],
        },
      },
    ],
  };
}

function scatter() {
  document.getElementById('scatter-lead').textContent =
    `${count(detail.scatter.length)} pairs. Point at one, or tap it, to read both sentences.`;
  const label = `Scatter chart of ${count(detail.scatter.length)} pairs: gold score against ${scoreName}`;
  const drawn = draw('scatter', label, scatterOptions);
  tapNearest(drawn.chart, () =>
    detail.scatter.map((pair, index) => ({ value: position(pair), series: 0, index })),
  );
  const buttons = document.querySelectorAll('[data-scale]');
  buttons.forEach((button) =>
    button.addEventListener('click', () => {
      scale = button.dataset.scale;
      buttons.forEach((each) => each.setAttribute('aria-pressed', String(each === button)));
      drawn.paint();
    }),
  );
}

function bandName(band) {
  return `${plain(band.low)}–${plain(band.high)}`;
}

function calibrationOptions() {
  const bands = detail.calibration;
  return {
    grid: { left: 58, right: 26, top: 12, bottom: 48 },
    xAxis: {
      ...valueAxis('Gold score'),
      type: 'category',
      data: bands.map(bandName),
      splitLine: { show: false },
    },
    yAxis: valueAxis(scoreName, { nameGap: 44 }),
    tooltip: {
      ...basics().tooltip,
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: colour('soft'), opacity: 0.6 } },
      formatter: ([point]) => {
        const band = bands[point.dataIndex];
        const quartiles = `quartiles ${number(band.lower_quartile, 3)} to ${number(band.upper_quartile, 3)}`;
        const middle = `median ${number(band.median, 3)}, mean ${number(band.mean, 3)}`;
        return tip(`Gold ${bandName(band)}: ${count(band.pairs)} pairs, ${middle}, ${quartiles}`);
      },
    },
    series: [
      {
        type: 'boxplot',
        boxWidth: [8, 44],
        itemStyle: { color: colour('soft'), borderColor: colour('accent'), borderWidth: 2 },
        data: bands.map((band) => [
          band.lower_quartile,
          band.lower_quartile,
          band.median,
          band.upper_quartile,
          band.upper_quartile,
        ]),
      },
      {
        type: 'scatter',
        symbol: 'diamond',
        symbolSize: 11,
        itemStyle: { color: colour('mark') },
        data: bands.map((band) => band.mean),
      },
    ],
  };
}

function calibration() {
  const means = detail.calibration.map((band) => `${bandName(band)}: ${number(band.mean, 2)}`);
  draw('calibration', 'Mean model score by gold band. ' + means.join(', '), calibrationOptions);
  const rows = detail.calibration.map((band) => [
    bandName(band),
    count(band.pairs),
    ...[band.mean, band.lower_quartile, band.median, band.upper_quartile].map((each) => number(each, 3)),
  ]);
  document
    .getElementById('calibration-table')
    .append(table(['Gold', 'Pairs', 'Mean', 'Lower quartile', 'Median', 'Upper quartile'], rows));
}

function pairRow(pair) {
  const sentences = [pair.sentence1, pair.sentence2].map((each) => element('p', {}, corpusText(each)));
  const cell = (name, value, rank) =>
    element(
      'td',
      { class: 'number', role: 'cell', 'data-name': name },
      value,
      element('small', {}, 'rank ' + percent(rank)),
    );
  return element(
    'tr',
    { role: 'row' },
    element('td', { class: 'sentences', role: 'cell' }, ...sentences),
    cell('Gold', plain(pair.gold), pair.gold_rank),
    cell('Model', number(pair.score), pair.score_rank),
  );
}

/** Roles are explicit, since the card layout of small screens would lose them. */
function pairTable(id, pairs) {
  const place = document.getElementById(id);
  if (pairs.length === 0) {
    place.append(element('p', { class: 'lead' }, 'No pairs.'));
    return;
  }
  const head = ['Sentences', 'Gold', 'Model'].map((each) =>
    element('th', { scope: 'col', role: 'columnheader' }, each),
  );
  place.append(
    element(
      'table',
      { class: 'pairs', role: 'table', 'aria-labelledby': id + '-title' },
      element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, ...head)),
      element('tbody', { role: 'rowgroup' }, ...pairs.map(pairRow)),
    ),
  );
}

part(scatter);
part(calibration);
part(() => pairTable('too-high', detail.too_high));
part(() => pairTable('too-low', detail.too_low));
