// A run beside its baseline.

// "HASH from event 1: sts:AssumeRole ok 8410, ...": attempts by service.
function decided(text) {
  const counts = {};
  for (const [, service, count] of text.matchAll(/(?:^|[:,] )([a-z]+):[\w-]+ \w+ (\d+)/g)) {
    counts[service] = (counts[service] ?? 0) + Number(count);
  }
  return counts;
}

function trailChart(where, service) {
  const {trail, divergence} = where.comparison;
  const begin = secondsOf(trail[0].begin);
  const gaps = trail.slice(1).map((each, index) => secondsOf(each.begin) - secondsOf(trail[index].begin));
  const width = Math.max(1, Math.min(...gaps, 3600));
  const count = Math.round((secondsOf(trail[trail.length - 1].begin) - begin) / width) + 1;
  const before = new Array(count).fill(0);
  const after = new Array(count).fill(0);
  for (const each of trail) {
    const index = Math.round((secondsOf(each.begin) - begin) / width);
    before[index] = decided(each.before)[service] ?? 0;
    after[index] = decided(each.after)[service] ?? 0;
  }
  if (greatest(before) === 0 && greatest(after) === 0) return null;
  if (count > 3 && before[count - 1] + after[count - 1] < (before[count - 2] + after[count - 2]) / 10) {
    before.pop(); // a run ends a moment after its last stretch
    after.pop();
  }
  return {
    begin,
    width,
    min: begin,
    max: begin + count * width,
    spans: triggerSpans(where.run),
    legend: true,
    series: [
      {name: "this run", colour: "blue", values: after},
      {name: "baseline", colour: "orange", dashed: true, values: before},
    ],
    moments: divergence
      ? [
          {
            at: secondsOf(divergence.begin),
            text: `first difference ${divergence.begin.slice(11, 19)}`,
            colour: "red",
          },
        ]
      : [],
  };
}

// A number of the lock file: "500000" or "3/10".
function lockNumber(text) {
  const [above, below] = text.split("/").map(Number);
  return below ? decimal(above / below) : Number.isNaN(above) ? text : grouped(above);
}

function changedBy(before, after) {
  const value = (text) =>
    text
      .split("/")
      .map(Number)
      .reduce((a, b) => a / b);
  const [from, to] = [value(before), value(after)];
  if (Number.isNaN(from) || Number.isNaN(to)) return "";
  if (from === 0) return "new";
  return to === 0
    ? "gone"
    : to / from >= 2
      ? times(to / from)
      : (to >= from ? "+" : "−") + percent(Math.abs(to - from) / from);
}

const changesShown = 40;

function changesElement(comparison) {
  if (comparison.changes.length === 0) return null;
  const rows = (changes) =>
    changes.map((each) => [
      h("code", {}, each.name),
      lockNumber(each.before),
      lockNumber(each.after),
      changedBy(each.before, each.after),
    ]);
  const columns = [
    {title: "number"},
    {title: "baseline", number: true},
    {title: "this run", number: true},
    {title: "change", number: true},
  ];
  const first = comparison.changes.slice(0, 10);
  const rest = comparison.changes.slice(10);
  return h(
    "div",
    {},
    table("What changed, greatest factor first", columns, rows(first)),
    rest.length === 0
      ? null
      : disclosure(
          `${grouped(rest.length)} more numbers`,
          table("More that changed", columns, rows(rest.slice(0, 1000))),
        ),
  );
}

function divergenceElement({divergence}) {
  if (!divergence) return null;
  return h(
    "dl",
    {class: "divergence"},
    h("dt", {}, `First difference, in the stretch from ${divergence.begin.slice(11, 19)}`),
    h("dd", {}, h("b", {}, "baseline "), h("code", {}, divergence.before || "nothing was decided")),
    h("dd", {}, h("b", {}, "this run "), h("code", {}, divergence.after || "nothing was decided")),
  );
}

const baselineFigure = {
  id: "baseline",
  title: "Against the baseline",
  caption:
    "Look for the upright line: the first stretch in which the two runs decided differently. What comes after it may only follow from it.",
  panels(where) {
    const comparison = where.comparison;
    if (!comparison) return "Not compared: rushhour check --baseline does.";
    if (comparison.kind === "incomparable")
      return `${comparison.file} is of another scenario: differences would say nothing.`;
    const head = {
      key: "words",
      content: h(
        "div",
        {},
        h(
          "p",
          {class: "head"},
          h(
            "b",
            {},
            comparison.kind === "identical"
              ? "Identical"
              : `${grouped(comparison.changes.length)} numbers changed`,
          ),
          h("span", {class: "facts"}, comparison.file),
        ),
        divergenceElement(comparison),
        changesElement(comparison),
      ),
    };
    const charts =
      comparison.trail.length === 0
        ? []
        : calledServices(where.run).map((service) => ({
            key: service,
            title: service,
            facts: "attempts in each stretch",
            chart: trailChart(where, service),
          }));
    return [...charts.filter((panel) => panel.chart), head];
  },
};
