const root = document.documentElement;
root.dataset.script = 'true';
window.addEventListener('error', (event) => report(event.message));

const data = JSON.parse(document.getElementById('data').textContent);
const charts = [];

/** Says what went wrong, above everything else. */
function report(message) {
  root.dataset.errors += message + '\n';
  const place = document.getElementById('trouble');
  place.textContent = 'A part of this page could not be shown: ' + message;
  place.hidden = false;
}

/** An element with attributes and children; strings become text. */
function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

function firstCharacters(text, count) {
  return Array.from(text.slice(0, 2 * count)).slice(0, count).join('');
}

function isLongerThan(text, count) {
  return text.length > count && Array.from(text.slice(0, 2 * count + 2)).length > count;
}

/** A text without unpaired surrogates, which no font has. */
function wellFormed(text) {
  return (text ?? '').replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** A text of the corpus; a long one is cut, and its rest shown on demand. */
function corpusText(original, limit = 400) {
  const text = wellFormed(original);
  const place = element('span', { class: 'text', lang: 'de', dir: 'auto' });
  if (!isLongerThan(text, limit)) {
    place.textContent = text;
    return place;
  }
  place.textContent = firstCharacters(text, limit) + '… ';
  const more = element('button', { type: 'button', class: 'more' });
  more.textContent = 'show all ' + count(text.length) + ' characters';
  more.addEventListener('click', () => {
    place.textContent = text;
    more.remove();
  });
  return element('span', {}, place, more);
}

/** A text of the corpus for tooltips: cut, with no way to expand it. */
function shortText(original, limit = 240) {
  const text = wellFormed(original);
  const cut = isLongerThan(text, limit) ? firstCharacters(text, limit) + '…' : text;
  return element('span', { class: 'text', lang: 'de', dir: 'auto' }, cut);
}

function number(value, digits = 4) {
  return Number.isFinite(value) ? value.toFixed(digits).replace('-', '−') : '–';
}

/** Without trailing zeros: 0.5 rather than 0.50. */
function plain(value) {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))).replace('-', '−') : '–';
}

function percent(value) {
  return Math.round(100 * value) + '\u00a0%';
}

function count(value) {
  return value.toLocaleString('en-US');
}

/** A number with its noun: 1 row, 2 rows. */
function plural(value, noun) {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

function colour(name) {
  return getComputedStyle(root).getPropertyValue('--' + name).trim();
}

function isNarrow() {
  return window.innerWidth < 640;
}

/** Content of a tooltip: paragraphs of text, built as elements so that nothing is parsed. */
function tip(facts, ...texts) {
  const paragraphs = texts.map((each) => element('p', {}, shortText(each)));
  return element('div', { class: 'tip' }, ...paragraphs, element('p', { class: 'facts' }, facts));
}

/** What all charts share. */
function basics() {
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour('ink') },
    tooltip: {
      confine: true,
      enterable: false,
      transitionDuration: 0,
      backgroundColor: colour('surface'),
      borderColor: colour('line'),
      padding: [8, 12],
      textStyle: { color: colour('ink') },
    },
  };
}

/** A value axis with its name along it. */
function valueAxis(name, more) {
  return {
    type: 'value',
    name,
    nameLocation: 'middle',
    nameGap: 30,
    scale: true,
    nameTextStyle: { color: colour('muted'), fontSize: 13 },
    axisLabel: { color: colour('muted'), fontSize: 12, hideOverlap: true },
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: colour('line') } },
    ...more,
  };
}

/**
 * Draws a chart and keeps it up to date: size, light or dark, print. Its options are made again from
 * the given function each time; only its zoom stays.
 */
function draw(id, label, options) {
  const host = document.getElementById(id);
  host.setAttribute('role', 'img');
  host.setAttribute('aria-label', label);
  const chart = echarts.init(host);
  const paint = () => {
    const zooms = chart.getOption()?.dataZoom ?? [];
    chart.setOption({ ...basics(), ...options() }, true);
    zooms.forEach(({ start, end }, dataZoomIndex) =>
      chart.dispatchAction({ type: 'dataZoom', dataZoomIndex, start, end }),
    );
  };
  chart.on('finished', () => (host.dataset.drawn = 'true'));
  paint();
  charts.push({ chart, paint });
  new ResizeObserver(() => chart.resize()).observe(host);
  return { chart, paint };
}

function repaint() {
  charts.forEach((each) => each.paint());
}

/** A tap next to a small point finds the nearest one. */
function tapNearest(chart, places) {
  chart.getZr().on('click', (event) => {
    if (event.target) {
      return;
    }
    let best = null;
    let least = 28 * 28;
    for (const place of places()) {
      const [x, y] = chart.convertToPixel('grid', place.value);
      const distance = (x - event.offsetX) ** 2 + (y - event.offsetY) ** 2;
      if (distance < least) {
        least = distance;
        best = place;
      }
    }
    if (best) {
      chart.dispatchAction({ type: 'showTip', seriesIndex: best.series, dataIndex: best.index });
    }
  });
}

/** A table from names of columns and rows of cells; the first cell names its row. */
function table(columns, rows) {
  const head = columns.map((each) => element('th', { scope: 'col' }, each));
  const body = rows.map(([name, ...cells]) =>
    element('tr', {}, element('th', { scope: 'row' }, name), ...cells.map((each) => element('td', {}, each))),
  );
  return element(
    'table',
    { class: 'numbers' },
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...body),
  );
}

/** For whoever tests the page on a narrow screen. */
function noteOverflow() {
  root.dataset.overflow = String(root.scrollWidth - root.clientWidth);
}

/** Runs a part of the page; if it fails, the others still appear. */
function part(build) {
  try {
    build();
  } catch (error) {
    report(error.message);
  }
}

window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);
window.addEventListener('beforeprint', () => {
  root.dataset.print = 'true';
  charts.forEach(({ chart, paint }) => {
    chart.resize({ width: Math.min(640, chart.getWidth()) });
    paint();
    chart.getZr().flush();
  });
});
window.addEventListener('afterprint', () => {
  delete root.dataset.print;
  charts.forEach(({ chart, paint }) => {
    chart.resize({ width: 'auto' });
    paint();
  });
});
window.addEventListener('load', noteOverflow);
window.addEventListener('resize', noteOverflow);
