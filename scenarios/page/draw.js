// Charts over time and over demand, drawn by Chart.js from plain descriptions:
// {begin, width, series: [{name, colour, values, dashed, area}], stacked, marks, spans, moments, format, most}

const drawings = []; // what is drawn again when the theme or the width changes

function colour(name, alpha = 1) {
  const value = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  if (alpha === 1) return value;
  const [red, green, blue] = [1, 3, 5].map((from) => parseInt(value.slice(from, from + 2), 16));
  return `rgba(${red}, ${green}, ${blue}, ${alpha})`;
}

// Marks at round times: about one for each 90 pixels.
function timeTicks(min, max, width) {
  const steps = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 604800,
  ];
  const wanted = (max - min) / Math.max(2, width / 90);
  const step = steps.find((each) => each >= wanted) ?? steps[steps.length - 1];
  const ticks = [];
  for (let value = Math.ceil(min / step) * step; value <= max; value += step) ticks.push({value});
  return {ticks, step};
}

function timeScale(chart) {
  let step = 60;
  const span = chart.max - chart.min;
  return {
    type: "linear",
    min: chart.min,
    max: chart.max,
    afterBuildTicks(scale) {
      const made = timeTicks(scale.min, scale.max, scale.chart.width);
      scale.ticks = made.ticks;
      step = made.step;
    },
    ticks: {
      color: colour("soft"),
      maxRotation: 0,
      autoSkip: false,
      padding: 6,
      callback: (value) =>
        step >= 86400
          ? new Date(value * 1000).toISOString().slice(5, 10)
          : clock(value, {withSeconds: step < 60, withDate: span > 86400}),
    },
    grid: {color: colour("line"), drawTicks: false},
    border: {display: false},
  };
}

function valueScale(chart, most) {
  const format = chart.format ?? short;
  const common = {
    grid: {color: colour("line"), drawTicks: false, drawBorder: false},
    border: {display: false},
    afterFit(scale) {
      scale.width = Math.max(scale.width, 54); // panels below each other have one axis of time
    },
  };
  const ticks = {color: colour("soft"), padding: 6, maxTicksLimit: 5};
  if (format === duration)
    common.afterBuildTicks = (scale) => {
      scale.ticks = durationTicks(scale.max);
    };
  if (chart.log) {
    return {
      ...common,
      type: "logarithmic",
      min: chart.least ?? 0.8,
      max: Math.max(10, most * 1.3),
      afterBuildTicks(scale) {
        scale.ticks = [];
        for (let value = 10 ** Math.ceil(Math.log10(scale.min)); value <= scale.max; value *= 10)
          scale.ticks.push({value});
      },
      ticks: {...ticks, callback: (value) => format(value)},
    };
  }
  return {
    ...common,
    type: "linear",
    min: 0,
    max: chart.most ?? undefined,
    suggestedMax: most * 1.08 || 1,
    ticks: {...ticks, precision: chart.fractions ? undefined : 0, callback: (value) => format(value)},
  };
}

// Nanoseconds in steps that people count time in.
function durationTicks(max) {
  const seconds = [
    1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800,
    3600, 7200, 14400, 21600, 43200, 86400,
  ];
  const step = (seconds.find((each) => max / 1e9 / each <= 4.5) ?? 86400) * 1e9;
  const ticks = [];
  for (let value = 0; value <= max; value += step) ticks.push({value});
  return ticks;
}

function dataset(chart, series, values, more) {
  const xs = chart.xs;
  return {
    label: series.name,
    data: values.map((value, index) => ({
      x: xs[index],
      y: value !== null && chart.log ? Math.max(value, 0.8) : value,
      value,
    })),
    borderColor: colour(series.colour),
    backgroundColor: colour(series.colour, 0.75),
    borderWidth: 1.6,
    pointRadius: 0,
    pointHoverRadius: 3.5,
    pointHitRadius: 0,
    borderDash: series.dashed ? [5, 4] : [],
    yAxisID: series.right ? "right" : "y",
    order: series.right ? -1 : 0,
    fill: false,
    tension: 0,
    series,
    ...more,
  };
}

// Each series as its mean, with a band from the least to the greatest where several stretches share a place; what is
// a peak already, as its peak.
function lineDatasets(chart, width) {
  const out = [];
  const most = chart.series[0].values.length <= width / 1.5 ? width : width / 3; // three pixels each, if not every one
  for (const series of chart.series) {
    const parts = bucketed(series.values, most);
    chart.together = parts.together;
    chart.xs = parts.mean.map((_, index) => chart.begin + index * parts.together * chart.width);
    const fill = series.area ? {fill: "origin", backgroundColor: colour(series.colour, 0.14)} : {};
    out.push(dataset(chart, series, series.peaks ? parts.high : parts.mean, {...fill, parts}));
    if (parts.together === 1 || series.peaks) continue;
    const edge = {borderColor: colour(series.colour, 0.45), pointHoverRadius: 0, band: true};
    out.push(dataset(chart, series, parts.low, {...edge, borderWidth: 0}));
    out.push(
      dataset(chart, series, parts.high, {
        ...edge,
        borderWidth: 0.7,
        fill: "-1",
        backgroundColor: colour(series.colour, 0.22),
      }),
    );
  }
  return out;
}

function stackedDatasets(chart, most) {
  const heaped = chart.series.filter((series) => !series.right);
  const {together, chosen} = fullest(
    heaped.map((series) => series.values),
    most,
  );
  chart.together = together;
  chart.xs = chosen.map((_, index) => chart.begin + index * together * chart.width);
  return chart.series.map((series) => {
    const values = chosen.map((index) => series.values[index]);
    return dataset(
      chart,
      series,
      values,
      series.right
        ? {stack: "right"}
        : {fill: true, stack: "heap", borderWidth: 0.5, backgroundColor: colour(series.colour, 0.8)},
    );
  });
}

function tooltipLines(chart, item) {
  const series = item.dataset.series;
  const format = series.format ?? chart.format ?? decimal;
  const parts = item.dataset.parts;
  if (item.raw.value === null) return `${series.name}: nothing`;
  if (!parts || parts.together === 1) return `${series.name}: ${format(item.raw.value)}`;
  const at = item.dataIndex;
  if (series.peaks) return `${series.name}: at most ${format(parts.high[at])}`;
  if (parts.low[at] === parts.high[at]) return `${series.name}: ${format(parts.low[at])}`;
  return `${series.name}: ${format(parts.low[at])} to ${format(parts.high[at])}`;
}

function chartOptions(chart, most) {
  const scales = {x: timeScale(chart), y: {...valueScale(chart, most), stacked: Boolean(chart.stacked)}};
  if (chart.series.some((series) => series.right)) {
    const right = chart.series.find((series) => series.right);
    scales.right = {
      position: "right",
      min: right.least ?? 0,
      max: right.most,
      suggestedMax: greatest(right.values) * 1.1,
      grid: {display: false, drawBorder: false},
      ticks: {color: colour("soft"), maxTicksLimit: 4, callback: (value) => (right.format ?? decimal)(value)},
    };
  }
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    normalized: true,
    parsing: false,
    interaction: {mode: "index", intersect: false, axis: "x"},
    layout: {padding: {top: 6, right: 4}},
    scales,
    plugins: {
      legend: {display: false},
      annotations: {marks: chart.marks, spans: chart.spans, moments: chart.moments},
      tooltip: {
        backgroundColor: colour("ink"),
        titleColor: colour("card"),
        bodyColor: colour("card"),
        padding: 10,
        cornerRadius: 6,
        boxPadding: 4,
        usePointStyle: false,
        caretSize: 0,
        filter: (item) => !item.dataset.band,
        callbacks: {
          title: (items) => (items.length === 0 ? "" : stretchName(chart, items[0].raw.x)),
          label: (item) => tooltipLines(chart, item),
          labelColor: (item) => ({
            borderColor: "transparent",
            backgroundColor: colour(item.dataset.series.colour),
          }),
        },
      },
    },
  };
}

function stretchName(chart, from) {
  const length = chart.together * chart.width;
  const options = {withDate: chart.max - chart.min > 86400};
  return length === 1 ? clock(from, options) : `${clock(from, options)} to ${clock(from + length, options)}`;
}

// Draws over time on a canvas. Arrow keys go through it as a pointer does.
function drawOverTime(canvas, chart) {
  const draw = () => {
    const width = canvas.parentElement.clientWidth || 600;
    const most = Math.max(
      ...chart.series.filter((series) => !series.right).map((series) => greatest(series.values)),
      0,
    );
    const reach = Math.max(
      chart.peak ?? most,
      ...(chart.marks ?? [])
        .filter((mark) => mark.value <= 2.5 * (chart.peak ?? most))
        .map((mark) => mark.value),
    );
    const datasets = chart.stacked ? stackedDatasets(chart, width / 2) : lineDatasets(chart, width);
    return new Chart(canvas, {
      type: "line",
      data: {datasets},
      options: chartOptions(chart, reach),
      plugins: [annotations],
    });
  };
  keepDrawn(canvas, draw);
}

function keepDrawn(canvas, draw) {
  const drawing = {canvas, draw, chart: draw()};
  drawings.push(drawing);
  canvas.addEventListener("keydown", (event) => {
    const step = {ArrowLeft: -1, ArrowRight: 1, Home: -1e9, End: 1e9}[event.key];
    if (!step) return;
    event.preventDefault();
    pointAt(drawing.chart, step * (event.shiftKey ? 10 : 1));
  });
  canvas.addEventListener("blur", () => pointAt(drawing.chart, 0));
}

// Moves what is pointed at, and says it to who listens rather than looks.
function pointAt(chart, step) {
  const last = chart.data.datasets[0].data.length - 1;
  const now = chart.getActiveElements()[0]?.index ?? (step > 0 ? -1 : last + 1);
  const index = Math.max(0, Math.min(last, now + step));
  const elements = step === 0 ? [] : chart.data.datasets.map((_, datasetIndex) => ({datasetIndex, index}));
  chart.setActiveElements(elements);
  chart.tooltip.setActiveElements(elements, {x: 0, y: 0});
  chart.update("none");
  const said = chart.canvas.parentElement.querySelector(".said");
  if (said)
    said.textContent =
      step === 0 ? "" : [...chart.tooltip.title, ...chart.tooltip.body.map((each) => each.lines)].join(", ");
}

function drawAgain() {
  for (const drawing of drawings) {
    drawing.chart.destroy();
    drawing.chart = drawing.draw();
  }
}

function forgetDrawings() {
  for (const drawing of drawings) drawing.chart.destroy();
  drawings.length = 0;
}
