/** A thin line from the lowest to the highest round, in the middle of a bar. */
function whiskers(name, index, count, values) {
  return {
    name,
    type: 'custom',
    silent: true,
    tooltip: { show: false },
    encode: { x: 0, y: [1, 2] },
    data: values.map((each, category) => [category, each?.lowest ?? NaN, each?.highest ?? NaN]),
    renderItem: (params, api) => {
      if (!Number.isFinite(api.value(1))) {
        return null;
      }
      const bar = api.barLayout({ count, barGap: '15%', barCategoryGap: '30%' })[index];
      const [x, low] = api.coord([api.value(0), api.value(1)]);
      const [, high] = api.coord([api.value(0), api.value(2)]);
      const line = (shape) => ({ type: 'line', shape, style: { stroke: colour('ink'), lineWidth: 1.5 } });
      const middle = x + bar.offsetCenter;
      return {
        type: 'group',
        children: [
          line({ x1: middle, x2: middle, y1: low, y2: high }),
          line({ x1: middle - 4, x2: middle + 4, y1: low, y2: low }),
          line({ x1: middle - 4, x2: middle + 4, y1: high, y2: high }),
        ],
      };
    },
  };
}

function ratesOptions() {
  const found = levels(candidates[chosen]);
  const kinds = [
    ['limit', 'Limit', colour('shade-mid')],
    ['encoder', 'Encoder alone', colour('accent')],
    ['job', 'Whole job', colour('mark')],
  ].filter(([kind]) => found.some((each) => each[kind]));
  const bars = kinds.map(([kind, name, fill]) => ({
    name,
    type: 'bar',
    barGap: '15%',
    barCategoryGap: '30%',
    itemStyle: { color: fill, borderRadius: [3, 3, 0, 0] },
    data: found.map((each) => each[kind]?.median ?? null),
  }));
  return {
    grid: { left: 62, right: 16, top: 44, bottom: 32 },
    legend: { top: 4, data: bars.map(({ name }) => name), textStyle: { color: colour('ink') } },
    xAxis: {
      ...valueAxis(''),
      type: 'category',
      data: found.map((each) => cores(each.cores)),
      splitLine: { show: false },
      axisLabel: { color: colour('ink'), fontSize: 13 },
    },
    yAxis: valueAxis('GFLOP/s', { nameGap: 46, scale: false }),
    tooltip: {
      ...basics().tooltip,
      formatter: ({ seriesName, seriesIndex, dataIndex }) => {
        const level = found[dataIndex];
        const value = level[kinds[seriesIndex][0]];
        const part = level.limit ? `, ${share(value.median / level.limit.median)} of the limit` : '';
        return tip(`${seriesName}, ${cores(level.cores)}: ${spread(value)} GFLOP/s${part}`);
      },
    },
    series: [...bars, ...kinds.map(([kind, name], i) => whiskers(name, i, kinds.length, found.map((each) => each[kind])))],
  };
}

/** An axis by powers of two that covers values and leaves room for labels. */
function powers(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return {
    type: 'log',
    logBase: 2,
    min: 2 ** Math.floor(Math.log2(low / 1.1)),
    max: 2 ** Math.ceil(Math.log2(high * 1.2)),
  };
}

function ceiling(each, range) {
  const hue = colourOf(each.precision);
  return {
    name: `Limit ${each.precision}, ${cores(each.cores)}`,
    type: 'line',
    symbol: 'none',
    silent: true,
    tooltip: { show: false },
    lineStyle: { color: hue, width: each.own ? 2.5 : 1.25, type: each.own ? 'solid' : 'dashed' },
    data: [
      [range.min, each.gigaflops.median],
      [range.max, each.gigaflops.median],
    ],
  };
}

/** Puts the name of a limit on its line, above or below, where it covers neither a point nor a name. */
function placeOnLine(points, range) {
  const pixel = (x, y) =>
    echarts.getInstanceByDom(document.getElementById('roofline')).convertToPixel('grid', [x, y]);
  let taken = [];
  return ({ dataIndex, labelRect: { width, height } }, gigaflops) => {
    if (dataIndex === 0) {
      taken = points.map((each) => {
        const [x, y] = pixel(each.intensity, each.gigaflops.median);
        return { left: x - 9, top: y - 9, width: 18, height: 18 };
      });
    }
    const [left, y] = pixel(range.min, gigaflops);
    const [right] = pixel(range.max, gigaflops);
    const places = [];
    for (let x = left + 4; x === left + 4 || x + width < right - 4; x += 10) {
      places.push({ left: x, top: y - height - 3, width, height }, { left: x, top: y + 3, width, height });
    }
    const isFree = (place) =>
      taken.every(
        (other) =>
          place.left > other.left + other.width ||
          other.left > place.left + width ||
          place.top > other.top + other.height ||
          other.top > place.top + height,
      );
    const place = places.find(isFree) ?? places[0];
    taken.push(place);
    return { x: place.left, y: place.top, align: 'left', verticalAlign: 'top' };
  };
}

function ceilingNames(ceilings, points, range) {
  const place = placeOnLine(points, range);
  return {
    type: 'scatter',
    silent: true,
    symbolSize: 1,
    z: 6,
    itemStyle: { opacity: 0 },
    tooltip: { show: false },
    data: ceilings.map((each) => ({
      name: `${each.precision}, ${cores(each.cores)}: ${rate(each.gigaflops.median)}`,
      value: [range.min, each.gigaflops.median],
    })),
    label: {
      show: true,
      formatter: ({ name }) => name,
      position: 'right',
      opacity: 1,
      color: colour('ink'),
      fontSize: 12,
      textBorderColor: colour('surface'),
      textBorderWidth: 3,
    },
    labelLayout: (label) => place(label, ceilings[label.dataIndex].gigaflops.median),
  };
}

function pointSeries(kind, points) {
  const isProduct = points.length > 1 || !['encoder alone', 'whole job'].includes(kind);
  return {
    name: isProduct ? `${kind} products` : kind[0].toUpperCase() + kind.slice(1),
    type: 'scatter',
    z: isProduct ? 3 : 4,
    symbol: kind === 'whole job' ? 'triangle' : isProduct ? 'circle' : 'diamond',
    symbolSize: isProduct ? 9 : 14,
    itemStyle: { color: colourOf(kind), opacity: isProduct ? 0.75 : 1, borderColor: colour('surface'), borderWidth: 1 },
    data: points.map((each) => ({ value: [each.intensity, each.gigaflops.median], point: each })),
  };
}

function rooflineOptions() {
  const { ceilings, points } = data.rooflines[chosen];
  const kinds = [...new Set(points.map((each) => each.kind))];
  const range = powers(points.length > 0 ? points.map((each) => each.intensity) : [100]);
  const speeds = [...points, ...ceilings].map((each) => each.gigaflops.median);
  const heights = powers(speeds.length > 0 ? speeds : [100]);
  const series = kinds.map((kind) => pointSeries(kind, points.filter((each) => each.kind === kind)));
  return {
    grid: { left: 62, right: 20, top: isNarrow() ? 66 : 44, bottom: 48 },
    legend: { top: 4, data: series.map(({ name }) => name), textStyle: { color: colour('ink') } },
    xAxis: valueAxis('Arithmetic intensity, FLOP per byte', range),
    yAxis: valueAxis('GFLOP/s', { nameGap: 46, ...heights }),
    tooltip: {
      ...basics().tooltip,
      formatter: ({ data: { point } }) =>
        tip(`${spread(point.gigaflops)} GFLOP/s at ${rate(point.intensity)} FLOP per byte`, pointName(point)),
    },
    series: [...series, ...ceilings.map((each) => ceiling(each, range)), ceilingNames(ceilings, points, range)],
  };
}

function pointName(point) {
  return point.name === point.kind ? point.name : `${point.name}, ${point.kind}`;
}

function stagesOptions() {
  const runs = timed();
  const stages = Object.keys(stageNames).filter((stage) => runs.some((run) => stage in run.stages));
  return {
    grid: { left: isNarrow() ? 108 : 240, right: 24, top: isNarrow() ? 92 : 44, bottom: 32 },
    legend: { top: 4, itemGap: 14, textStyle: { color: colour('ink') } },
    xAxis: valueAxis('', { min: 0, max: 100, axisLabel: { formatter: '{value} %', color: colour('muted') } }),
    yAxis: {
      type: 'category',
      inverse: true,
      data: runs.map((run) => run.name),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: colour('ink'), fontSize: 12, lineHeight: 14, width: isNarrow() ? 100 : 230, overflow: 'break' },
    },
    tooltip: {
      ...basics().tooltip,
      formatter: ({ seriesName, dataIndex, value }) =>
        tip(`${seriesName}: ${number(value, value < 1 ? 2 : 1)}\u00a0%`, runs[dataIndex].name),
    },
    series: stages.map((stage) => ({
      name: stageNames[stage],
      type: 'bar',
      stack: 'time',
      barMaxWidth: 34,
      itemStyle: { color: colour(stageColours[stage]) },
      data: runs.map((run) => 100 * (shares(run.stages)[stage] ?? 0)),
    })),
  };
}

function stages() {
  const runs = timed();
  const place = document.getElementById('stages');
  const label = runs.map((run) => `${run.name}: ${share(shares(run.stages).run)} running the model`);
  place.style.flexBasis = 140 + 52 * runs.length + 'px';
  draw('stages', 'Shares of time. ' + label.join('; '), stagesOptions);
  const names = Object.keys(stageNames);
  const rows = runs.map((run) => [
    run.name,
    ...names.map((stage) => (stage in run.stages ? share(shares(run.stages)[stage]) : '–')),
  ]);
  document.getElementById('stages-table').append(table(['Run', ...names.map((each) => stageNames[each])], rows));
}

/** A choice between candidates above each chart that shows one; both always show the same. */
function choice() {
  if (candidates.length < 2) {
    return;
  }
  const selects = [...document.querySelectorAll('.chosen')].map((place) => {
    const options = candidates.map((each, index) =>
      element('option', { value: index }, shortText(each.name, 40).textContent),
    );
    const select = element('select', { 'aria-label': 'Model of the chart' }, ...options);
    place.append(select);
    return select;
  });
  selects.forEach((select) =>
    select.addEventListener('change', () => {
      chosen = Number(select.value);
      selects.forEach((each) => (each.value = select.value));
      repaint();
    }),
  );
}

function levelsInWords() {
  return levels(candidates[0])
    .map((each) => `${cores(each.cores)}: limit ${each.limit ? rate(each.limit.median) : 'unknown'}, encoder ${rate(each.encoder.median)}`)
    .join('; ');
}

part(choice);
part(() => draw('rates', 'Bars of GFLOP/s. ' + levelsInWords(), ratesOptions));
part(() => draw('roofline', 'Roofline: GFLOP/s by arithmetic intensity. ' + levelsInWords(), rooflineOptions));
part(stages);
