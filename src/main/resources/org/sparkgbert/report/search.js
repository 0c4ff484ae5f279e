const lowest = data.bands.length > 0 ? data.bands[0].low : 0;
const highest = data.bands.length > 0 ? data.bands[data.bands.length - 1].high : 1;

function isLow(band) {
  return data.low !== null && band.high <= data.low;
}

function scoreOptions() {
  return {
    grid: { left: 58, right: 26, top: 12, bottom: 48 },
    xAxis: {
      ...valueAxis('Best score of a question, ' + data.similarity.toLowerCase()),
      type: 'category',
      data: data.bands.map((band) => number(band.low, 3)),
      splitLine: { show: false },
    },
    yAxis: valueAxis('Questions', { nameGap: 40, scale: false, minInterval: 1 }),
    tooltip: {
      ...basics().tooltip,
      formatter: (point) => {
        const band = data.bands[point.dataIndex];
        return tip(`${number(band.low)} to ${number(band.high)}: ${plural(band.questions, 'question')}`);
      },
    },
    series: [
      {
        type: 'bar',
        barCategoryGap: '12%',
        data: data.bands.map((band) => ({
          value: band.questions,
          itemStyle: { color: colour(isLow(band) ? 'mark' : 'accent') },
        })),
      },
    ],
  };
}

function scores() {
  const lead = document.getElementById('scores-lead');
  if (data.bands.length === 0) {
    lead.textContent = 'Nothing was found for any question.';
    document.getElementById('scores').remove();
    return;
  }
  lead.textContent =
    'How near the nearest row is, for all questions for which anything was found.' +
    (data.low === null ? '' : ` Below ${number(data.low)} a score is unusually low here.`);
  draw('scores', `Histogram of the best scores, from ${number(lowest)} to ${number(highest)}`, scoreOptions);
  const rows = data.bands.map((band) => [`${number(band.low)}–${number(band.high)}`, count(band.questions)]);
  document.getElementById('scores-table').append(table(['Best score', 'Questions'], rows));
}

/** A bar for a score: its place between 0, or the least best score below, and the highest. */
function scoreBar(score) {
  const least = Math.min(0, lowest, score);
  const bar = element('meter', { min: least, max: Math.max(highest, score, least + 1e-9), value: score });
  bar.setAttribute('aria-hidden', 'true');
  return bar;
}

function foundRow(row) {
  const text = row.text === null ? '' : corpusText(row.text, 300);
  return element(
    'li',
    {},
    element('span', { class: 'score' }, number(row.score)),
    scoreBar(row.score),
    element('div', { class: 'found' }, text, element('small', { dir: 'auto' }, 'id ' + wellFormed(row.id))),
  );
}

function questionBlock(answer) {
  const heading = element('h3', {}, answer.question === null ? 'id ' + wellFormed(answer.id) : corpusText(answer.question, 300));
  const block = element('div', { class: 'question' }, heading);
  if (answer.question !== null) {
    block.append(element('small', { dir: 'auto' }, 'id ' + wellFormed(answer.id)));
  }
  block.append(
    answer.found.length === 0
      ? element('p', { class: 'lead' }, 'Nothing found.')
      : element('ol', {}, ...answer.found.map(foundRow)),
  );
  return block;
}

function poor() {
  const rule =
    data.low === null
      ? 'Those for which nothing was found; there are too few scores to call some unusually low.'
      : `Those for which nothing was found, and those whose best score is below ${number(data.low)}: the lower quartile less 1.5 times the distance between the quartiles.`;
  const shown = data.poor.length < data.poorQuestions ? ` ${count(data.poor.length)} of ${count(data.poorQuestions)} are shown.` : '';
  document.getElementById('poor-lead').textContent = rule + shown;
  const place = document.getElementById('poor');
  if (data.poor.length === 0) {
    place.append(element('p', {}, 'There are none.'));
  }
  place.append(...data.poor.map(questionBlock));
}

function answers() {
  const all = data.answers.length;
  document.getElementById('answers-lead').textContent =
    all < data.questions ? `${count(all)} of ${plural(data.questions, 'question')}, evenly chosen.` : plural(all, 'question') + '.';
  document.getElementById('answers').append(...data.answers.map(questionBlock));
}

part(scores);
part(poor);
part(answers);
