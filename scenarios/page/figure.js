// A figure of the report: a title, a sentence that says what to look for, and for each run its panels, with the
// numbers behind them as a table. Runs stand side by side at one scale.
//
// spec: {id, title, caption, half, pairs, panels(where)}: a figure may take half the page, or set its panels in pairs.
// panels() returns an array of {key, title, facts, chart, content, rows}, or a text that says why there is nothing to
// show.

function figure(spec, wheres) {
  const all = wheres.map((where) => ({where, panels: spec.panels(where)}));
  const there = all.filter((each) => typeof each.panels !== "string");
  const absent = all.filter((each) => typeof each.panels === "string");
  if (there.length === 0) return emptyFigure(spec, [...new Set(absent.map((each) => each.panels))].join(" "));
  const keys = [...new Set(there.flatMap((each) => each.panels.map((panel) => panel.key)))];
  const pairs = spec.pairs && there.length === 1 && keys.length > 1;
  const body = h("div", {class: pairs ? "panels pairs" : "panels"});
  for (const key of keys) body.append(rowElement(spec, wheres.length > 1, there, key));
  return h(
    "figure",
    {id: spec.id, class: spec.half && wheres.length === 1 ? "half" : "wide"},
    h("figcaption", {}, h("h3", {}, spec.title), h("p", {}, spec.caption)),
    body,
    absent.map((each) => h("p", {class: "nothing"}, h("b", {}, `${each.where.name}: `), each.panels)),
  );
}

// The panels of one name, a column for each run that has any.
function rowElement(spec, named, there, key) {
  const panels = there.map((each) => each.panels.find((panel) => panel.key === key) ?? null);
  levelled(panels);
  const cells = panels.map((panel, index) => panelElement(spec, there[index].where, named, panel));
  return styled(h("div", {class: "row"}, cells), {"--columns": String(there.length)});
}

function emptyFigure(spec, why) {
  return h(
    "details",
    {id: spec.id, class: "empty"},
    h("summary", {}, h("span", {class: "name"}, spec.title), " ", h("span", {class: "why"}, why)),
    h("p", {}, spec.caption),
  );
}

// One scale, and one stretch of time where the runs begin together.
function levelled(panels) {
  const charts = panels.filter((panel) => panel?.chart).map((panel) => panel.chart);
  if (charts.length < 2) return;
  const peak = Math.max(...charts.map(peakOf));
  for (const chart of charts) chart.peak = peak;
  if (charts.some((chart) => chart.log)) for (const chart of charts) chart.log = true;
  if (charts.every((chart) => chart.min === charts[0].min)) {
    const max = Math.max(...charts.map((chart) => chart.max));
    for (const chart of charts) chart.max = max;
  }
}

function peakOf(chart) {
  const left = chart.series.filter((series) => !series.right);
  if (!chart.stacked) return Math.max(0, ...left.map((series) => greatest(series.values)));
  return greatest(
    left[0].values.map((_, index) => left.reduce((all, series) => all + series.values[index], 0)),
  );
}

function panelElement(spec, where, named, panel) {
  const name = named ? h("p", {class: "of"}, where.name) : null;
  if (!panel)
    return h("div", {class: "panel"}, name, h("p", {class: "nothing"}, "Nothing of it in this run."));
  const head =
    panel.title || panel.facts
      ? h("p", {class: "head"}, h("b", {}, panel.title), h("span", {class: "facts"}, panel.facts))
      : null;
  const element = h("div", {class: "panel"}, name, head);
  if (panel.content) element.append(panel.content);
  if (panel.chart) element.append(...chartElements(spec, where, panel));
  if (panel.rows) element.append(disclosure("Numbers", panel.rows()));
  return element;
}

function chartElements(spec, where, panel) {
  const chart = panel.chart;
  if (chart.peak === undefined) chart.peak = peakOf(chart);
  const canvas = h("canvas", {role: "img", tabindex: "0", "aria-label": alternative(spec, where, panel)});
  const frame = h(
    "div",
    {class: `frame ${chart.size ?? ""}`},
    canvas,
    h("span", {class: "said unseen", "aria-live": "polite"}),
  );
  toDraw.push(() => drawOverTime(canvas, chart));
  panel.rows ??= () => timeTable(spec, where, panel);
  return [chart.series.length > 1 || chart.legend ? legend(chart) : null, frame].filter(Boolean);
}

// What is drawn once it stands in the page and has a width.
const toDraw = [];

function drawAll() {
  for (const draw of toDraw.splice(0)) draw();
}

function legend(chart) {
  return h(
    "ul",
    {class: "legend"},
    chart.series.map((series) => h("li", {}, swatch(series.colour, series.dashed), series.name)),
  );
}

function swatch(name, dashed) {
  return h("i", {class: `swatch ${name} ${dashed ? "dashed" : ""}`, "aria-hidden": "true"});
}

// What a canvas says to those who do not see it.
function alternative(spec, where, panel) {
  const chart = panel.chart;
  const said = chart.series.map((series) => {
    const format = series.format ?? chart.format ?? decimal;
    const most = extreme(series, series.values);
    const when = ` at ${clock(chart.begin + series.values.indexOf(most) * chart.width)}`;
    return `${series.name} at ${series.falls ? "least" : "most"} ${format(most)}${most === 0 && !series.falls ? "" : when}`;
  });
  const limits = (chart.marks ?? []).map((mark) => mark.text);
  return (
    `${spec.title}, ${[where.name, panel.title].filter(Boolean).join(", ")}. ${[...said, ...limits].join("; ")}. ` +
    "Arrow keys go through the values; a table follows."
  );
}

const tableRows = 60;

// At most 60 stretches, each with its peak, or of what is summed with its sum.
function timeTable(spec, where, panel) {
  const chart = panel.chart;
  const together = Math.max(1, Math.ceil(chart.series[0].values.length / tableRows));
  const columns = [
    {title: "from (UTC)"},
    ...chart.series.map((series) => ({title: series.name, number: true})),
  ];
  const rows = [];
  for (let from = 0; from < chart.series[0].values.length; from += together) {
    rows.push([
      clock(chart.begin + from * chart.width, {withDate: chart.max - chart.min > 86400}),
      ...chart.series.map((series) =>
        (series.format ?? chart.format ?? decimal)(
          extreme(series, series.values.slice(from, from + together)),
        ),
      ),
    ]);
  }
  const which = chart.series.some((series) => series.falls) ? "least" : "greatest";
  const each = together === 1 ? "" : `: the ${which} value of each ${duration(together * chart.width * 1e9)}`;
  return table(
    `${spec.title}, ${[where.name, panel.title].filter(Boolean).join(", ")}${each}`,
    columns,
    rows,
    {visibleCaption: true},
  );
}

// What counts of a series: its greatest value, or of what falls (tokens, what is left of a quota) its least.
function extreme(series, values) {
  return series.falls ? Math.min(...values.filter((value) => value !== null)) : greatest(values);
}

// A chart of curves of the run's timeline, with its triggers in a shade.
function overTime(where, series, more = {}) {
  const timeline = where.timeline;
  const {begin, width} = more.windows ?? {begin: timeline.begin, width: timeline.width};
  const chart = {
    begin,
    width,
    series,
    min: timeline.begin,
    max: timeline.begin + timeline.count * timeline.width,
    spans: triggerSpans(where.run),
    ...more,
  };
  delete chart.windows;
  return chart;
}

function triggerSpans(run) {
  if (!run.recovery) return [];
  return [
    {from: secondsOf(run.recovery.trigger_begin), to: secondsOf(run.recovery.trigger_end), text: "trigger"},
  ];
}

// A share of a whole as parts beside each other: [{name, colour, value, shown}].
function shareBar(caption, parts) {
  const total = sum(parts.map((part) => part.value));
  const bar = h("div", {
    class: "share",
    role: "img",
    "aria-label":
      `${caption}: ` +
      parts
        .filter((part) => part.value > 0)
        .map((part) => `${part.name} ${grouped(part.value)}`)
        .join(", "),
  });
  for (const part of parts) {
    if (part.value === 0) continue;
    const text = `${part.name}: ${grouped(part.value)}, ${percent(part.value / total)}`;
    bar.append(hinted(styled(h("span", {class: part.colour}), {flex: `${part.value} 0 2px`}), text));
  }
  const keys = h(
    "ul",
    {class: "legend"},
    parts
      .filter((part) => part.value > 0)
      .map((part) =>
        h(
          "li",
          {},
          swatch(part.colour),
          part.name,
          " ",
          part.shown ?? grouped(part.value),
          h("span", {class: "soft"}, ` ${percent(part.value / total)}`),
        ),
      ),
  );
  return h("div", {class: "shares"}, bar, keys);
}
