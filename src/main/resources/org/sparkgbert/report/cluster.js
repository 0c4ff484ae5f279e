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

/** Colour and shape together tell 36 clusters apart, for people who see few colours too. */
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

/** The number and first word of each cluster in its middle, as far as they find room. */
function mapNames() {
  const shown = cards.map((card) => card.cluster).filter((each) => members[each].length > 0);
  shown.sort((one, other) => cards[other].size - cards[one].size);
  return {
    type: 'scatter',
    silent: true,
    symbolSize: 1,
    z: 6,
    itemStyle: { opacity: 0 },
    data: shown
      .filter((each) => chosen() === null || chosen() === each)
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

/** Keeps the zoom, which new options would reset. */
function repaintMap(drawn) {
  const zooms = drawn.chart.getOption().dataZoom;
  drawn.paint();
  zooms.forEach(({ start, end }, dataZoomIndex) =>
    drawn.chart.dispatchAction({ type: 'dataZoom', dataZoomIndex, start, end }),
  );
}

function map() {
  cards.forEach((card) =>
    highlight.append(element('option', { value: String(card.cluster) }, firstCharacters(nameOf(card.cluster), 40))),
  );
  document.getElementById('map-lead').textContent =
    `${count(data.points.length)} texts; near ones are alike, as far as two dimensions can tell. ` +
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
    repaintMap(drawn);
    markCards();
  });
  document
    .querySelectorAll('[data-zoom]')
    .forEach((button) => button.addEventListener('click', () => zoomMap(drawn.chart, Number(button.dataset.zoom))));
}

function symbol(cluster) {
  const namespace = 'http://www.w3.org/2000/svg';
  const picture = document.createElementNS(namespace, 'svg');
  picture.setAttribute('viewBox', '0 0 10 10');
  picture.setAttribute('class', 'symbol c' + (cluster % COLOURS));
  picture.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(namespace, 'path');
  path.setAttribute('d', SHAPE_PATHS[shapeIndex(cluster)]);
  picture.append(path);
  return picture;
}

function goTo(cluster) {
  document.getElementById('search').value = '';
  arrange();
  const card = document.getElementById('cluster-' + cluster);
  card.scrollIntoView({ block: 'center' });
  card.focus({ preventScroll: true });
}

function nearest(card) {
  if (card.nearest_cluster < 0) {
    return '–';
  }
  const link = element('a', { href: '#cluster-' + card.nearest_cluster }, 'Cluster ' + card.nearest_cluster);
  link.addEventListener('click', (event) => {
    event.preventDefault();
    goTo(card.nearest_cluster);
  });
  return element('span', {}, link, ` (${number(card.nearest_similarity, 2)})`);
}

function fact(name, value) {
  return element('div', {}, element('dt', {}, name), element('dd', {}, value));
}

function exemplars(card) {
  const items = card.exemplars.map((each) => element('li', {}, corpusText(each, 320)));
  const list = element('ol', {}, ...items.slice(0, 3));
  if (items.length <= 3) {
    return [list];
  }
  const rest = element('details', {}, element('summary', {}, `${items.length - 3} more`));
  rest.append(element('ol', { start: '4' }, ...items.slice(3)));
  return [list, rest];
}

function labelList(card) {
  const items = card.labels.map((each) => element('li', {}, corpusText(each, 40)));
  return element('ul', { class: 'labels', 'aria-label': 'Labels' }, ...items);
}

function cardElement(card) {
  const total = cards.reduce((sum, each) => sum + each.size, 0);
  const show = element(
    'button',
    { type: 'button', 'aria-pressed': 'false', 'aria-label': `Show cluster ${card.cluster} on the map` },
    'Show on map',
  );
  show.addEventListener('click', () => {
    const wasChosen = chosen() === card.cluster;
    highlight.value = wasChosen ? '' : String(card.cluster);
    highlight.dispatchEvent(new Event('change'));
    if (!wasChosen) {
      document.getElementById('map-title').scrollIntoView({ block: 'start' });
    }
  });
  const heading = element('h3', {}, symbol(card.cluster), `Cluster ${card.cluster}`);
  return element(
    'li',
    { id: 'cluster-' + card.cluster, class: 'card', tabindex: '-1' },
    element('div', { class: 'heading' }, heading, show),
    labelList(card),
    element(
      'dl',
      { class: 'facts' },
      fact('Rows', `${count(card.size)} (${number((100 * card.size) / total, 1)} %)`),
      fact('Cohesion', number(card.cohesion, 3)),
      fact('Nearest', nearest(card)),
    ),
    ...exemplars(card),
  );
}

const cardElements = cards.map(cardElement);
const searched = cards.map((card) =>
  [card.cluster, ...card.labels, ...card.exemplars].join('\n').toLowerCase(),
);

function markCards() {
  cardElements.forEach((each, cluster) => {
    each.classList.toggle('chosen', chosen() === cluster);
    each.querySelector('button').setAttribute('aria-pressed', String(chosen() === cluster));
  });
}

/** Shows the cards that hold what is searched for, sorted. */
function arrange() {
  const wanted = document.getElementById('search').value.trim().toLowerCase();
  const by = document.getElementById('sort').value;
  const found = cards.filter((card) => searched[card.cluster].includes(wanted));
  found.sort((one, other) => (by === 'cluster' ? 0 : other[by] - one[by]) || one.cluster - other.cluster);
  document.getElementById('cards').replaceChildren(...found.map((card) => cardElements[card.cluster]));
  document.getElementById('found').textContent =
    found.length === cards.length ? `${cards.length} clusters` : `${found.length} of ${cards.length} clusters`;
}

function cardList() {
  document.getElementById('search').addEventListener('input', arrange);
  document.getElementById('sort').addEventListener('change', arrange);
  arrange();
}

function heatOptions() {
  const names = data.order.map(String);
  const cells = data.order.flatMap((one, row) =>
    data.order.map((other, column) => [column, row, data.similarities[one][other]]),
  );
  const apart = cells.filter(([column, row]) => column !== row).map((cell) => cell[2]);
  const low = apart.reduce((a, b) => Math.min(a, b), 1);
  const high = apart.reduce((a, b) => Math.max(a, b), low);
  const axis = {
    type: 'category',
    data: names,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: colour('muted'), fontSize: 11, interval: 'auto', hideOverlap: true },
  };
  return {
    grid: { left: 34, right: 8, top: 8, bottom: 84 },
    xAxis: axis,
    yAxis: { ...axis, inverse: true },
    visualMap: {
      type: 'continuous',
      min: low,
      max: high === low ? low + 1e-6 : high,
      precision: 2,
      calculable: false,
      orient: 'horizontal',
      left: 30,
      bottom: 4,
      itemWidth: 12,
      itemHeight: 180,
      text: [number(high, 2), number(low, 2)],
      textStyle: { color: colour('muted'), fontSize: 12 },
      inRange: { color: ['shade-low', 'shade-mid', 'shade-high'].map(colour) },
    },
    tooltip: {
      ...basics().tooltip,
      formatter: ({ value }) => {
        const [one, other] = [data.order[value[1]], data.order[value[0]]];
        return tip(`Cosine similarity ${number(value[2], 3)}`, nameOf(one), nameOf(other));
      },
    },
    series: [
      {
        type: 'heatmap',
        data: cells,
        progressive: 0,
        itemStyle: { borderColor: colour('surface'), borderWidth: names.length > 40 ? 0 : 1 },
        emphasis: { itemStyle: { borderColor: colour('mark'), borderWidth: 2 } },
      },
    ],
  };
}

function heat() {
  const size = Math.max(34 + 5 * cards.length, Math.min(680, 60 * cards.length + 100));
  const host = document.getElementById('heat');
  host.style.width = size > 680 ? size + 'px' : `min(100%, ${size}px)`;
  draw('heat', `Heat map of the similarities of ${cards.length} centroids`, heatOptions);
}

function scanSeries(key, name, index) {
  return {
    type: 'line',
    name,
    xAxisIndex: index,
    yAxisIndex: index,
    symbolSize: 7,
    lineStyle: { width: 2 },
    itemStyle: { color: colour('accent') },
    data: data.scan.map((each) => [each.k, each[key]]),
    markLine: {
      silent: true,
      symbol: 'none',
      label: { show: index === 0, formatter: 'k = ' + cards.length, color: colour('mark'), fontSize: 12 },
      lineStyle: { color: colour('mark'), type: 'dashed' },
      data: [{ xAxis: cards.length }],
    },
  };
}

function scanOptions() {
  const below = valueAxis('Clusters (k)', { minInterval: 1, splitLine: { show: false } });
  return {
    grid: [
      { left: 66, right: 24, top: 26, height: '36%' },
      { left: 66, right: 24, bottom: 48, height: '36%' },
    ],
    xAxis: [
      { ...below, name: '', gridIndex: 0, axisLabel: { show: false } },
      { ...below, gridIndex: 1 },
    ],
    yAxis: [
      valueAxis('Silhouette', { gridIndex: 0, nameGap: 50, splitNumber: 4 }),
      valueAxis('Cost', { gridIndex: 1, nameGap: 50, splitNumber: 4 }),
    ],
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    tooltip: {
      ...basics().tooltip,
      trigger: 'axis',
      formatter: ([point]) => {
        const tried = data.scan[point.dataIndex];
        return tip(`k = ${tried.k}: silhouette ${number(tried.silhouette)}, cost ${plain(tried.cost)}`);
      },
    },
    series: [scanSeries('silhouette', 'Silhouette', 0), scanSeries('cost', 'Cost', 1)],
  };
}

function scan() {
  if (data.scan.length === 0) {
    document.getElementById('scan-section').remove();
    return;
  }
  const tried = data.scan.map((each) => `${each.k}: ${number(each.silhouette, 3)}`);
  draw('scan', 'Silhouette by count of clusters. ' + tried.join(', '), scanOptions);
  const rows = data.scan.map((each) => [String(each.k), number(each.silhouette), plain(each.cost)]);
  document.getElementById('scan-table').append(table(['Clusters (k)', 'Silhouette', 'Cost'], rows));
}

part(map);
part(cardList);
part(heat);
part(scan);
