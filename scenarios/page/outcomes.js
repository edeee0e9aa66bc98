// What the detections made of it: outcomes, new terms, cost.

const outcomeParts = [
  ["intact", "intact", "green"],
  ["skipped", "without enrichment, by choice", "sky"],
  ["without_context", "context not asked for", "blue"],
  ["degraded", "degraded", "orange"],
  ["missed", "missed", "red"],
  ["duplicates", "duplicate", "purple"],
  ["lost", "lost with its event", "ink"],
];

function outcomePanels(where) {
  return where.run.detections.map((detection, index) => {
    const path = `${where.path}.detections.${index}`;
    const parts = outcomeParts.map(([key, name, ink]) => ({
      name,
      colour: ink,
      value: detection[key],
      shown: shown(`${path}.${key}`),
    }));
    const facts = [
      "rule() asked ",
      shown(`${path}.events`),
      " times · ",
      shown(`${path}.matches`),
      " matches · ",
      shown(`${path}.alerts`),
      " alerts",
    ];
    return {
      key: detection.name,
      title: detection.name,
      facts,
      content:
        sum(parts.map((part) => part.value)) === 0
          ? h("p", {class: "nothing"}, "No event matched.")
          : shareBar(detection.name, parts),
    };
  });
}

const outcomesFigure = {
  id: "outcomes",
  title: "What became of the detections",
  caption:
    "Look for all but green: alerts that lack their context, and events that should have been judged and were not.",
  panels(where) {
    if (where.run.detections.length === 0) return "The scenario has no detections.";
    const panels = outcomePanels(where);
    const series = [
      ["intact", "green"],
      ["skipped", "sky"],
      ["without_context", "blue"],
      ["degraded", "orange"],
      ["missed", "red"],
      ["duplicate", "purple"],
      ["lost", "ink"],
    ]
      .map(([name, ink]) => ({
        name: name.replace("_", " "),
        colour: ink,
        values: where.timeline && curve(where, `outcomes.${name}`),
      }))
      .filter((each) => each.values && greatest(each.values) > 0);
    if (series.length > 0) {
      const seconds = countedSeconds(where);
      const windows = byWindows(where.timeline, series[0].values, seconds);
      panels.push({
        key: "over time",
        title: "over time",
        facts: `when it was known, per ${windowName(seconds)}`,
        chart: overTime(
          where,
          series.map((each) => ({...each, values: byWindows(where.timeline, each.values, seconds).values})),
          {windows, stacked: true, legend: true},
        ),
      });
    }
    return panels;
  },
};

function scoreCells(path, score) {
  return [
    shown(`${path}.firsts`),
    shown(`${path}.found`),
    shown(`${path}.late`),
    shown(`${path}.missed`),
    shown(`${path}.alerts`),
    shown(`${path}.duplicates`),
    shown(`${path}.not_truly_new`),
    shown(`${path}.recall`, "percent"),
    shown(`${path}.precision`, "percent"),
  ];
}

function scoreTable(where) {
  const rows = [];
  where.run.rules.forEach((rule, index) => {
    const path = `${where.path}.rules.${index}`;
    rows.push([rule.name, ...scoreCells(`${path}.score`, rule.score)]);
    rule.beside.forEach((score, position) =>
      rows.push([`beside it: ${score.detection}`, ...scoreCells(`${path}.beside.${position}`, score)]),
    );
  });
  return table(
    "New terms, held against the truth",
    [
      {title: "rule"},
      ...[
        "truly first",
        "found",
        "late",
        "missed",
        "alerts",
        "duplicates",
        "not truly new",
        "recall",
        "precision",
      ].map((title) => ({title, number: true})),
    ],
    rows,
    {visibleCaption: true},
  );
}

function findingsTable(where) {
  const rows = report.findings
    .map((finding, index) => ({finding, path: `findings.${index}`}))
    .filter(({finding}) => finding.scenario === where.run.scenario)
    .map(({finding, path}) => [
      finding.rule,
      finding.kind,
      finding.cause,
      shown(`${path}.count`),
      finding.advice,
    ]);
  return rows.length === 0
    ? null
    : table(
        "What went wrong, and why",
        [
          {title: "rule"},
          {title: "what"},
          {title: "cause"},
          {title: "how often", number: true},
          {title: "advice"},
        ],
        rows,
        {visibleCaption: true},
      );
}

const newTermsFigure = {
  id: "new-terms",
  title: "New terms",
  caption:
    "Look for alerts in the first minutes, when everything is new to an empty history, and in the table for first times that no alert tells of.",
  panels(where) {
    if (where.run.rules.length === 0) return "The scenario has no rules of Elastic.";
    const panels = [];
    const series = [
      ["new_terms.alerts", "alerts", "blue"],
      ["new_terms.missed", "missed", "red"],
    ]
      .map(([name, title, ink]) => ({name: title, colour: ink, values: where.timeline && curve(where, name)}))
      .filter((each) => each.values && greatest(each.values) > 0);
    if (series.length > 0) {
      const seconds = countedSeconds(where);
      panels.push({
        key: "over time",
        title: "over time",
        facts: `per ${windowName(seconds)}`,
        chart: overTime(
          where,
          series.map((each) => ({...each, values: byWindows(where.timeline, each.values, seconds).values})),
          {windows: byWindows(where.timeline, series[0].values, seconds), legend: true},
        ),
      });
    }
    panels.push({key: "scores", content: h("div", {}, scoreTable(where), findingsTable(where))});
    return panels;
  },
};

function costRows(where) {
  return where.run.cost.map((line, index) => {
    const path = `${where.path}.cost.${index}`;
    return [line.name, shown(`${path}.amount`, "decimal"), line.unit, line.how];
  });
}

const costFigure = {
  id: "cost",
  title: "What is billed",
  half: true,
  caption: "Look for the line that grows with the events; prices are those that the scenario declares.",
  panels(where) {
    const lines = where.run.cost;
    if (lines.length === 0) return "Nothing that is billed was used.";
    const charges = lines.filter(
      (line) => line.name.startsWith("cost.") && line.amount && !line.name.startsWith("cost.total"),
    );
    const inks = ["blue", "orange", "green", "purple", "red", "sky"];
    const hourly = charges.filter((line) => !line.name.includes("per_"));
    const bar = hourly.some((line) => line.amount[0] > 0)
      ? shareBar(
          "Charges",
          hourly.map((line, index) => ({
            name: line.name.replace(/^cost\./, ""),
            colour: inks[index % inks.length],
            value: quotient(line.amount),
            shown: `${decimal(quotient(line.amount))} ${line.unit}`,
          })),
        )
      : null;
    return [
      {
        key: "cost",
        content: h(
          "div",
          {},
          bar,
          table(
            "What is billed",
            [{title: "name"}, {title: "amount", number: true}, {title: "unit"}, {title: "how"}],
            costRows(where),
          ),
        ),
      },
    ];
  },
};
