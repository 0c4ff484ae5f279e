const COLOURS = 6;
const SHAPES = [
  'circle',
  'triangle',
  'rect',
  'diamond',
  'path://M0,0H10L5,9Z',
  'path://M3.5,0H6.5V3.5H10V6.5H6.5V10H3.5V6.5H0V3.5H3.5Z',
];
const SHAPE_PATHS = [
  'M10,5A5,5 0 1 1 0,5A5,5 0 1 1 10,5Z',
  'M5,0L10,10H0Z',
  'M0,0H10V10H0Z',
  'M5,0L10,5L5,10L0,5Z',
  'M0,0H10L5,9Z',
  'M3.5,0H6.5V3.5H10V6.5H6.5V10H3.5V6.5H0V3.5H3.5Z',
];

const cards = data.cards;
const highlight = document.getElementById('highlight');
const members = cards.map(() => []);
data.points.forEach(([x, y, cluster, text]) => members[cluster].push({ value: [x, y], text }));

/** Colour and shape together tell 36 clusters apart, also for people who see few colours. */
function colourOf(cluster) {
  return colour('c' + (cluster % COLOURS));
}

function shapeIndex(cluster) {
  return Math.floor(cluster / COLOURS) % SHAPES.length;
}

function labelsOf(cluster, most = 5) {
  return cards[cluster].labels.slice(0, most).map((each) => firstCharacters(wellFormed(each), 40)).join(', ');
}

/** A cluster without labels, which has too few texts for words in common, is named after a text. */
function wordsOf(cluster, most) {
  const [text] = cards[cluster].exemplars;
  return labelsOf(cluster, most) || (text ? `“${firstCharacters(wellFormed(text), 12 * most).trim()}…”` : 'no texts');
}

function nameOf(cluster) {
  return `${cluster}: ${wordsOf(cluster, 3)}`;
}

/** Number and first word. */
function shortNameOf(cluster) {
  return `${cluster} ${wordsOf(cluster, 1)}`;
}

function chosen() {
  return highlight.value === '' ? null : Number(highlight.value);
}

function median(values) {
  const sorted = values.slice().sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function mapSeries(cluster) {
  const faded = chosen() !== null && chosen() !== cluster;
  const many = data.points.length > 1500 || cards.length > 12;
  const base = many || isNarrow() ? 6 : 8;
  return {
    type: 'scatter',
    name: nameOf(cluster),
    data: members[cluster].map((each) => each.value),
    symbol: SHAPES[shapeIndex(cluster)],
    symbolSize: chosen() === cluster ? base + 2 : base,
    silent: faded,
    z: chosen() === cluster ? 4 : 2,
    itemStyle: { color: faded ? colour('muted') : colourOf(cluster), opacity: faded ? 0.12 : many ? 0.6 : 0.75 },
    emphasis: { focus: 'series', itemStyle: { opacity: 1, borderColor: colour('ink'), borderWidth: 1 } },
    blur: { itemStyle: { opacity: 0.1 } },
  };
}

/** Places for a name around a point, nearest first, in steps of half its width and its height. */
const NAME_PLACES = [0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 8, -8, 9, -9]
  .flatMap((down) => [0, 1, -1, 2, -2, 3, -3].map((across) => [across, down]))
  .sort((one, other) => Math.hypot(2 * one[0], one[1]) - Math.hypot(2 * other[0], other[1]));

/**
 * Puts each name where it covers no other, as close to its point as there is room, with a line to the
 * point if it had to move. Names come in the order of their clusters' sizes.
 */
function placeNames() {
  const host = document.getElementById('map');
  let taken = [];
  return ({ dataIndex, labelRect: { x, y, width, height } }) => {
    taken = dataIndex === 0 ? [] : taken;
    const isFree = ([left, top]) =>
      left >= 0 &&
      top >= 0 &&
      left + width <= host.clientWidth &&
      top + height <= host.clientHeight &&
      taken.every(
        (other) =>
          left > other.left + other.width || other.left > left + width || top >= other.top + height || other.top >= top + height,
      );
    const places = NAME_PLACES.map(([across, down]) => [x + (across * width) / 2, y + down * height]);
    const place = places.find(isFree);
    if (!place) {
      return { x: -9999, y: -9999 };
    }
    const [left, top] = place;
    taken.push({ left, top, width, height });
    const [middle, centre] = [left + width / 2, top + height / 2];
    const start = [x + width / 2, y + height / 2];
    const moved = Math.hypot(middle - start[0], centre - start[1]) > 2.5 * height;
    return {
      x: middle,
      y: centre,
      align: 'center',
      verticalAlign: 'middle',
      labelLinePoints: moved ? [start, start, [middle, centre]] : [start, start, start],
    };
  };
}

/** The number and first word of each cluster at its centre, or as close to it as there is room. */
function mapNames() {
  const shown = cards.map((card) => card.cluster).filter((each) => members[each].length > 0);
  shown.sort((one, other) => cards[other].size - cards[one].size);
  const most = isNarrow() ? 14 : 60;
  return {
    type: 'scatter',
    silent: true,
    symbolSize: 1,
    z: 6,
    itemStyle: { opacity: 0 },
    data: shown
      .filter((each, rank) => (chosen() === null ? rank < most : chosen() === each))
      .map((each) => ({
        name: shortNameOf(each),
        value: [
          median(members[each].map((point) => point.value[0])),
          median(members[each].map((point) => point.value[1])),
        ],
      })),
    label: {
      show: true,
      formatter: (point) => firstCharacters(point.name, shown.length > 20 ? 16 : 22),
      position: 'inside',
      opacity: 1,
      color: colour('ink'),
      fontSize: shown.length > 20 ? 11 : 12,
      fontWeight: 600,
      textBorderColor: colour('surface'),
      textBorderWidth: 3,
    },
    labelLine: { show: true, lineStyle: { color: colour('muted'), width: 1, opacity: 0.8 } },
    labelLayout: placeNames(),
  };
}

function mapAxis(dimension) {
  const values = data.points.map((point) => point[dimension]);
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const edge = 0.03 * (high - low) || 1;
  return { type: 'value', show: false, min: low - edge, max: high + edge };
}

function mapTip(point) {
  const cluster = point.seriesIndex;
  return tip(`Cluster ${nameOf(cluster)}`, members[cluster][point.dataIndex].text);
}

/** Dragging moves the map for mice only: a finger scrolls the page, two fingers zoom. */
function mapZoom() {
  const pan = window.matchMedia('(pointer: fine)').matches;
  const how = { type: 'inside', filterMode: 'none', zoomOnMouseWheel: 'ctrl', moveOnMouseMove: pan };
  return [
    { ...how, xAxisIndex: 0 },
    { ...how, yAxisIndex: 0 },
  ];
}

function mapOptions() {
  return {
    grid: { left: 4, right: 4, top: 4, bottom: 4 },
    xAxis: mapAxis(0),
    yAxis: mapAxis(1),
    dataZoom: mapZoom(),
    tooltip: { ...basics().tooltip, formatter: mapTip },
    series: [...cards.map((card) => mapSeries(card.cluster)), mapNames()],
  };
}

function zoomMap(chart, factor) {
  chart.getOption().dataZoom.forEach(({ start, end }, dataZoomIndex) => {
    const middle = (start + end) / 2;
    const half = factor === 0 ? 50 : Math.min(50, ((end - start) / 2) * factor);
    const from = factor === 0 ? 0 : Math.max(0, Math.min(middle - half, 100 - 2 * half));
    chart.dispatchAction({ type: 'dataZoom', dataZoomIndex, start: from, end: from + 2 * half });
  });
}

/** Why there are fewer points than rows. */
function sampled() {
  const rows = cards.reduce((sum, each) => sum + each.size, 0);
  return rows === data.points.length
    ? ''
    : ` from ${plural(rows, 'row')} with an embedding: equal rows are one point, and of many rows a sample is shown`;
}

function map() {
  cards.forEach((card) =>
    highlight.append(element('option', { value: String(card.cluster) }, firstCharacters(nameOf(card.cluster), 40))),
  );
  document.getElementById('map-lead').textContent =
    `${plural(data.points.length, 'point')}, each a distinct text${sampled()}. Nearby texts are similar, as far as two ` +
    'dimensions can show. Point at one, or tap it, to read it and to see its cluster.';
  const label = `Map of ${plural(data.points.length, 'text')} in ${plural(cards.length, 'cluster')}`;
  const drawn = draw('map', label, mapOptions);
  tapNearest(drawn.chart, () =>
    cards
      .filter((card) => chosen() === null || chosen() === card.cluster)
      .flatMap(({ cluster }) =>
        members[cluster].map((point, index) => ({ value: point.value, series: cluster, index })),
      ),
  );
  highlight.addEventListener('change', () => {
    drawn.paint();
    markCards();
  });
  document
    .querySelectorAll('[data-zoom]')
    .forEach((button) => button.addEventListener('click', () => zoomMap(drawn.chart, Number(button.dataset.zoom))));
}
