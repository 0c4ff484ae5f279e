/** Room for the names of clusters beside the heat map, and the least size of a cell, in pixels. */
function heatNames() {
  return isNarrow() ? { room: 96, characters: 13, cell: 14 } : { room: 132, characters: 18, cell: 14 };
}

function heatSize() {
  const { room, cell } = heatNames();
  return Math.max(room + cell * cards.length + 16, Math.min(640, 60 * cards.length + room + 16));
}

function heatOptions() {
  const { room, characters } = heatNames();
  const names = data.order.map((each) => firstCharacters(shortNameOf(each), characters));
  const cells = data.order.flatMap((one, row) =>
    data.order.map((other, column) => [column, row, data.similarities[one][other]]),
  );
  const apart = cells.filter(([column, row]) => column !== row).map((cell) => cell[2]);
  const low = apart.reduce((a, b) => Math.min(a, b), 1);
  const high = apart.reduce((a, b) => Math.max(a, b), low);
  const axis = {
    type: 'category',
    data: data.order.map(String),
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: {
      color: colour('muted'),
      fontSize: 11,
      interval: 0,
      formatter: (value, index) => names[index],
    },
  };
  return {
    grid: { left: room, right: 8, top: 8, bottom: room + 44 },
    xAxis: { ...axis, axisLabel: { ...axis.axisLabel, rotate: 90 } },
    yAxis: { ...axis, inverse: true },
    visualMap: {
      type: 'continuous',
      min: low,
      max: high === low ? low + 1e-6 : high,
      precision: 2,
      calculable: false,
      orient: 'horizontal',
      left: room - 4,
      bottom: 4,
      itemWidth: 12,
      itemHeight: 140,
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
        itemStyle: { borderColor: colour('surface'), borderWidth: names.length > 60 ? 0 : 1 },
        emphasis: { itemStyle: { borderColor: colour('mark'), borderWidth: 2 } },
      },
    ],
  };
}

function heat() {
  document.getElementById('heat-section').classList.toggle('whole', cards.length > 20);
  const host = document.getElementById('heat');
  const size = heatSize();
  host.style.width = size > 700 || isNarrow() ? size + 'px' : `min(100%, ${size}px)`;
  host.style.height = size + 44 + 'px';
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
      label: {
        show: index === 0,
        formatter: 'k = ' + cards.length,
        color: colour('mark'),
        fontSize: 12,
        distance: 14,
      },
      lineStyle: { color: colour('mark'), type: 'dashed' },
      data: [{ xAxis: cards.length }],
    },
  };
}

function scanOptions() {
  const below = valueAxis('Clusters (k)', {
    min: 'dataMin',
    max: 'dataMax',
    minInterval: 1,
    splitLine: { show: false },
  });
  return {
    grid: [
      { left: 66, right: 24, top: 44, height: '34%' },
      { left: 66, right: 24, bottom: 48, height: '34%' },
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
  draw('scan', 'Silhouette by number of clusters. ' + tried.join(', '), scanOptions);
  const rows = data.scan.map((each) => [String(each.k), number(each.silhouette), plain(each.cost)]);
  document.getElementById('scan-table').append(table(['Clusters (k)', 'Silhouette', 'Cost'], rows));
}
