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

function nameOf(cluster) {
  return `${cluster}: ${labelsOf(cluster, 3) || 'no labels'}`;
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
  const many = data.points.length > 1500;
  const base = many || isNarrow() ? 6 : 8;
  return {
    type: 'scatter',
    name: nameOf(cluster),
    data: members[cluster].map((each) => each.value),
    symbol: SHAPES[shapeIndex(cluster)],
    symbolSize: chosen() === cluster ? base + 2 : base,
    silent: faded,
    z: chosen() === cluster ? 4 : 2,
    itemStyle: { color: faded ? colour('muted') : colourOf(cluster), opacity: faded ? 0.12 : 0.75 },
    emphasis: { itemStyle: { opacity: 1, borderColor: colour('ink'), borderWidth: 1 } },
  };
}

/** The number and first word of each cluster at its centre, as far as there is room. */
function mapNames() {
  const shown = cards.map((card) => card.cluster).filter((each) => members[each].length > 0);
  shown.sort((one, other) => cards[other].size - cards[one].size);
  const most = isNarrow() ? 12 : 40;
  return {
    type: 'scatter',
    silent: true,
    symbolSize: 1,
    z: 6,
    itemStyle: { opacity: 0 },
    data: shown
      .filter((each, rank) => (chosen() === null ? rank < most : chosen() === each))
      .map((each) => ({
        name: `${each} ${labelsOf(each, 1)}`.trim(),
        value: [
          median(members[each].map((point) => point.value[0])),
          median(members[each].map((point) => point.value[1])),
        ],
      })),
    label: {
      show: true,
      formatter: (point) => firstCharacters(point.name, 22),
      position: 'inside',
      opacity: 1,
      color: colour('ink'),
      fontSize: 12,
      fontWeight: 600,
      textBorderColor: colour('surface'),
      textBorderWidth: 3,
    },
    labelLayout: { hideOverlap: true },
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

function map() {
  cards.forEach((card) =>
    highlight.append(element('option', { value: String(card.cluster) }, firstCharacters(nameOf(card.cluster), 40))),
  );
  document.getElementById('map-lead').textContent =
    `${count(data.points.length)} texts; nearby texts are similar, as far as two dimensions can show. ` +
    'Point at one, or tap it, to read it.';
  const label = `Map of ${count(data.points.length)} texts in ${cards.length} clusters`;
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
