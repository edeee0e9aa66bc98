// The same scenario with other values: where it bends, and which retry policy bends least.

const noSweeps = "Needs more runs: add --sweeps.";

function sweptServices(runs) {
  return services.filter((service) =>
    runs.some((run) => run.services.some((each) => each.service === service)),
  );
}

function sweptOf(run, service) {
  return (
    run.services.find((each) => each.service === service) ?? {
      calls: 0,
      attempts: 0,
      accepted: 0,
      throttled: 0,
      goodput: 0,
    }
  );
}

// What a line of these charts is called, and its colour.
const goodputInks = {
  "events judged": "green",
  answered: "green",
  attempts: "blue",
  "if nothing were refused": "soft",
};

// {name: rates}, a rate a run: of events, or of the calls of one service.
function goodputRates(where, service) {
  const runs = where.sweeps.demand;
  const seconds = where.run.duration_seconds;
  const rate = (run, count) => count / Math.max(seconds, run.seconds);
  if (service === null) {
    return {
      "events judged": runs.map((run) => rate(run, run.processed)),
      "if nothing were refused": runs.map((run) => run.events / seconds),
    };
  }
  const wanted = sweptOf(runs[0], service).calls / Math.max(1, runs[0].events);
  return {
    answered: runs.map((run) => rate(run, sweptOf(run, service).goodput)),
    attempts: runs.map((run) => rate(run, sweptOf(run, service).attempts)),
    "if nothing were refused": runs.map((run) => (run.events / seconds) * wanted),
  };
}

function goodputMarks(where, service) {
  const tightest = service && tightestLimit(where, service);
  return tightest
    ? [
        {
          value: tightest.limit.limit / tightest.limit.window_seconds,
          text: `limit ${grouped(tightest.limit.limit)} / ${windowUnit(tightest.limit.window_seconds)}`,
        },
      ]
    : [];
}

function goodputChart(canvas, where, service) {
  const runs = where.sweeps.demand;
  const offered = runs.map((run) => run.events / where.run.duration_seconds);
  const rates = goodputRates(where, service);
  const marks = goodputMarks(where, service);
  const most = Math.max(...Object.values(rates).flat());
  const log = marks.length > 0 && most > 40 * marks[0].value;
  const datasets = Object.entries(rates).map(([name, values]) => {
    const ink = colour(goodputInks[name]);
    const ideal = goodputInks[name] === "soft";
    return {
      label: name,
      data: values.map((y, index) => ({x: offered[index], y})),
      borderColor: ink,
      backgroundColor: ink,
      borderWidth: ideal ? 1.2 : 2,
      borderDash: ideal ? [5, 4] : [],
      pointRadius: ideal ? 0 : 3,
      tension: 0,
    };
  });
  const now = runs.find((run) => run.as_it_is);
  const options = chartOptions(
    {
      format: short,
      log,
      least: marks[0] ? marks[0].value / 3 : 0.1,
      fractions: true,
      series: [],
      min: 0,
      max: greatest(offered),
    },
    most,
  );
  options.scales.x = {
    type: "linear",
    min: 0,
    max: greatest(offered) * 1.02,
    title: {display: true, text: "events per second", color: colour("soft")},
    ticks: {color: colour("soft"), maxTicksLimit: 7, includeBounds: false, callback: (value) => short(value)},
    grid: {color: colour("line"), drawTicks: false},
  };
  options.plugins.annotations = {
    marks,
    moments: now ? [{at: now.events / where.run.duration_seconds, text: "this run", colour: "soft"}] : [],
  };
  options.plugins.tooltip.filter = () => true;
  options.plugins.tooltip.callbacks = {
    title: (items) =>
      items.length === 0
        ? ""
        : `${runs[items[0].dataIndex].value} × the events: ${decimal(items[0].parsed.x)} / s`,
    label: (item) => `${item.dataset.label}: ${decimal(item.parsed.y)} / s`,
  };
  return new Chart(canvas, {type: "line", data: {datasets}, options, plugins: [annotations]});
}

function goodputTable(where, service) {
  const counts =
    service === null
      ? [
          ["events", (run) => run.events],
          ["judged", (run) => run.processed],
          ["given up", (run) => run.dead_lettered],
          ["missed", (run) => run.missed],
        ]
      : ["calls", "attempts", "throttled", "goodput"].map((key) => [
          key === "goodput" ? "answered" : key,
          (run) => sweptOf(run, service)[key],
        ]);
  return table(
    `${service ?? "Events"} by demand`,
    ["times the events", ...counts.map(([title]) => title)].map((title, index) => ({
      title,
      number: index > 0,
    })),
    where.sweeps.demand.map((run) => [
      run.as_it_is ? `${run.value} (this run)` : run.value,
      ...counts.map(([, count]) => grouped(count(run))),
    ]),
    {visibleCaption: true},
  );
}

function goodputPanel(where, service) {
  const title = service ?? "events";
  const canvas = h("canvas", {
    role: "img",
    tabindex: "0",
    "aria-label": `Where it bends, ${title}: rates by demand. Arrow keys go through them; a table follows.`,
  });
  toDraw.push(() => keepDrawn(canvas, () => goodputChart(canvas, where, service)));
  const names = Object.keys(goodputRates(where, service));
  return {
    key: title,
    title,
    facts: "per second, mean of the run",
    content: h(
      "div",
      {},
      h(
        "ul",
        {class: "legend"},
        names.map((name) => h("li", {}, swatch(goodputInks[name], goodputInks[name] === "soft"), name)),
      ),
      h("div", {class: "frame tall"}, canvas, h("span", {class: "said unseen", "aria-live": "polite"})),
    ),
    rows: () => goodputTable(where, service),
  };
}

const goodputFigure = {
  id: "goodput",
  title: "Where it bends",
  pairs: true,
  caption:
    "Look for where green falls behind the dashed line: from there more events bring fewer answers each. Above it, redelivered events ask again.",
  panels(where) {
    if (!where.sweeps) return noSweeps;
    if (where.sweeps.demand.length === 0)
      return "Recorded events are as many as they are, or the runs were ended by hand.";
    return [null, ...sweptServices(where.sweeps.demand)].map((service) => goodputPanel(where, service));
  },
};

const policyColumns = [
  ["attempts", (run) => sum(run.services.map((each) => each.attempts))],
  ["throttled", (run) => sum(run.services.map((each) => each.throttled))],
  ["answered", (run) => sum(run.services.map((each) => each.goodput))],
  ["missed", (run) => run.missed],
  ["degraded", (run) => run.degraded],
  ["given up", (run) => run.dead_lettered],
];

function policyTable(where) {
  const runs = where.sweeps.policies;
  const columns = policyColumns.filter(([, value]) => runs.some((run) => value(run) > 0));
  const most = columns.map(([, value]) => Math.max(1, ...runs.map(value)));
  const bar = (value, whole, ink) =>
    h(
      "span",
      {class: "inline"},
      grouped(value),
      h("span", {class: "gauge"}, styled(h("i", {class: ink}), {width: `${(value / whole) * 100}%`})),
    );
  const rows = runs.map((run) => [
    run.as_it_is ? h("b", {}, `${run.value} (this run)`) : run.value,
    run.budgets_hold ? "hold" : "broken",
    ...columns.map(([name, value], index) =>
      bar(value(run), most[index], name === "answered" ? "green" : name === "attempts" ? "blue" : "red"),
    ),
    run.p99_seconds ? duration(quotient(run.p99_seconds) * 1e9) : "–",
    run.recovered === null ? "–" : run.recovered ? duration(quotient(run.recovery_seconds) * 1e9) : "never",
  ]);
  return table(
    "The run by retry policy of the AWS clients",
    [
      {title: "policy"},
      {title: "budgets"},
      ...columns.map(([title]) => ({title, number: true})),
      {title: "99 of 100 verdicts within", number: true},
      {title: "recovery", number: true},
    ],
    rows,
  );
}

const policiesFigure = {
  id: "policies",
  title: "Retry policies",
  caption: "Look for the row with the fewest attempts that still answers the most calls.",
  panels(where) {
    if (!where.sweeps) return noSweeps;
    if (where.sweeps.policies.length === 0) return "The runs were ended by hand.";
    return [{key: "policies", content: policyTable(where)}];
  },
};
