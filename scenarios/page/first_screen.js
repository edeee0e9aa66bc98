// What is read first: the verdict, the broken budgets with who is behind them, and the numbers that matter.

function brokenBudgets(run) {
  return run.budgets
    .map((budget, index) => ({budget, index}))
    .filter(({budget}) => !budget.holds)
    .sort((a, b) => (a.budget.level === "warn") - (b.budget.level === "warn"));
}

function verdictOf(where) {
  const {budgets} = where.run;
  const broken = budgets.filter((budget) => !budget.holds && budget.level !== "warn").length;
  const warned = budgets.filter((budget) => !budget.holds && budget.level === "warn").length;
  const warnings = warned === 0 ? "" : `, ${warned} warning${warned === 1 ? "" : "s"}`;
  if (budgets.length === 0) return {kind: "open", text: "No budgets to judge by"};
  if (broken > 0)
    return {
      kind: "bad",
      text: `${broken} of ${budgets.length} budget${budgets.length === 1 ? "" : "s"} broken${warnings}`,
    };
  if (warned > 0) return {kind: "warn", text: `Budgets hold${warnings}`};
  return {
    kind: "good",
    text: budgets.length === 1 ? "The budget holds" : `All ${budgets.length} budgets hold`,
  };
}

const verdictSigns = {good: "✓", bad: "✕", warn: "!", open: "–"};

function baselineWords(comparison) {
  if (!comparison) return null;
  if (comparison.kind === "identical") return h("span", {class: "chip good"}, "same as the baseline");
  if (comparison.kind === "incomparable")
    return h("span", {class: "chip warn"}, "baseline of another scenario");
  return h(
    "a",
    {class: "chip bad", href: "#baseline"},
    `${grouped(comparison.changes.length)} numbers differ from the baseline`,
  );
}

function verdictElement(where, several) {
  const {run, path} = where;
  const verdict = verdictOf(where);
  return h(
    "div",
    {class: `verdict ${verdict.kind}`},
    h("span", {class: "sign", "aria-hidden": "true"}, verdictSigns[verdict.kind]),
    h(
      "div",
      {},
      h(several ? "h2" : "h1", {}, where.name),
      h(
        "p",
        {class: "what"},
        verdict.text,
        " ",
        baselineWords(where.comparison),
        run.interrupted ? h("span", {class: "chip warn"}, "ended by hand before its last event") : null,
      ),
      h(
        "p",
        {class: "soft"},
        shown(`${path}.events.delivered`),
        " events from ",
        shown(`${path}.start`, "instant"),
        ` UTC, ${duration(run.duration_seconds * 1e9)}`,
        " · seed ",
        shown(`${path}.seed`),
        " · engine ",
        run.engine,
      ),
    ),
  );
}

// The form of a budget's numbers, by what it is about.
function budgetForm(expression) {
  if (/gb_seconds/.test(expression)) return "decimal";
  if (/\b(seconds|delay|waiting|staleness)\b|_seconds/.test(expression)) return "seconds";
  return /(rate|ratio|share|recall|precision)/.test(expression) ? "percent" : "decimal";
}

function excess({measured, bound}) {
  if (!measured || !bound || bound[0] === 0 || measured[0] === 0) return null;
  const share = quotient(measured) / quotient(bound);
  return share >= 1 ? `${decimal(share)} × the bound` : `${percent(share)} of the bound`;
}

function culpritElement(culprit, path) {
  const share = culprit.share ? quotient(culprit.share) : 0;
  const who = [culprit.detection, culprit.function, culprit.operation].filter(Boolean);
  return h(
    "li",
    {},
    h(
      "span",
      {class: "gauge", "aria-hidden": "true"},
      styled(h("i", {class: "red"}), {width: `${share * 100}%`}),
    ),
    h("span", {class: "number"}, culprit.share ? shown(`${path}.share`, "percent") : ""),
    h(
      "span",
      {class: "who"},
      who.map((name, index) => [index > 0 ? h("span", {class: "soft"}, " › ") : null, name]),
      culprit.site ? h("code", {class: "site"}, culprit.site) : null,
      culprit.rule_line ? h("span", {class: "soft"}, " from ", h("code", {}, culprit.rule_line)) : null,
    ),
    h("span", {class: "soft"}, shown(`${path}.count`)),
  );
}

// Of a budget that joins several by `and` or `or`.
function termsTable(budget, path) {
  const rows = budget.terms.map((term, index) => [
    h("code", {}, term.expr),
    term.holds ? "holds" : "broken",
    shown(`${path}.terms.${index}.measured`, budgetForm(term.expr)),
    shown(`${path}.terms.${index}.bound`, budgetForm(term.expr)),
  ]);
  const columns = [
    {title: "term"},
    {title: ""},
    {title: "measured", number: true},
    {title: "bound", number: true},
  ];
  return table("Its terms", columns, rows);
}

function fixElement(fix) {
  if (!fix) return null;
  return h(
    "div",
    {class: "fix"},
    h("b", {}, "Smallest change that holds"),
    h("p", {}, fix.text),
    (fix.costs ?? []).length > 0 ? h("p", {class: "soft"}, "It costs: ", fix.costs.join("; ")) : null,
  );
}

function budgetCard(where, {budget, index}) {
  const path = `${where.path}.budgets.${index}`;
  const form = budgetForm(budget.expr);
  const warns = budget.level === "warn";
  const over = excess(budget);
  return h(
    "article",
    {class: `budget ${warns ? "warn" : "bad"}`},
    h(
      "header",
      {},
      h("span", {class: `chip ${warns ? "warn" : "bad"}`}, warns ? "warning" : "broken"),
      h("code", {}, budget.expr),
    ),
    budget.why ? h("p", {class: "soft"}, budget.why) : null,
    budget.never_called
      ? h("p", {}, "What it is about was never called.")
      : h(
          "p",
          {class: "measured"},
          h("span", {}, h("b", {}, shown(`${path}.measured`, form)), " measured"),
          h("span", {}, "bound ", h("b", {}, shown(`${path}.bound`, form))),
          over ? h("span", {class: "over"}, over) : null,
        ),
    budget.terms ? termsTable(budget, path) : null,
    budget.culprits.length > 0
      ? h(
          "ul",
          {class: "culprits", "aria-label": "Who is behind it"},
          budget.culprits.map((culprit, position) => culpritElement(culprit, `${path}.culprits.${position}`)),
        )
      : null,
    fixElement(budget.fix),
  );
}

function budgetsElement(where) {
  const broken = brokenBudgets(where.run);
  const held = where.run.budgets.map((budget, index) => ({budget, index})).filter(({budget}) => budget.holds);
  const rows = held.map(({budget, index}) => {
    const path = `${where.path}.budgets.${index}`;
    const form = budgetForm(budget.expr);
    return [
      h("code", {}, budget.expr),
      shown(`${path}.measured`, form),
      shown(`${path}.bound`, form),
      budget.why,
    ];
  });
  return h(
    "div",
    {class: "budgets"},
    broken.map((each) => budgetCard(where, each)),
    held.length === 0
      ? null
      : styledDisclosure(
          "held",
          `${held.length} budget${held.length === 1 ? "" : "s"} that hold${held.length === 1 ? "s" : ""}`,
          table(
            "Budgets that hold",
            [
              {title: "budget"},
              {title: "measured", number: true},
              {title: "bound", number: true},
              {title: "why"},
            ],
            rows,
          ),
        ),
  );
}

function styledDisclosure(name, summary, ...content) {
  const element = disclosure(summary, ...content);
  element.classList.add(name);
  return element;
}

// [title, element, words below it, whether it is trouble]; null when the run has nothing of it.
function keyNumbers(where) {
  const {run, path} = where;
  const attempts = sum(run.operations.map((each) => each.attempts.total));
  const throttled = sum(run.operations.map((each) => each.throttled.total));
  const tightest = services
    .map((service) => ({service, found: tightestLimit(where, service)}))
    .filter((each) => each.found)
    .sort((a, b) => b.found.used - a.found.used)[0];
  const {losses} = run;
  const money = run.cost.findIndex((line) => /usd_per_hour|total/.test(line.name) && line.amount);
  return [
    [
      "API attempts",
      grouped(attempts),
      run.operations.length === 1 ? "one operation" : `${run.operations.length} operations`,
      false,
    ],
    [
      "Throttled",
      grouped(throttled),
      attempts > 0 ? `${percent(throttled / attempts)} of the attempts` : "",
      throttled > 0,
    ],
    tightest
      ? [
          "Closest limit",
          shown(`${tightest.found.path}.headroom`, "times"),
          `headroom of ${tightest.service}`,
          tightest.found.used > 1,
        ]
      : null,
    run.detections.length > 0
      ? ["Missed", shown(`${path}.losses.missed`), "detections that could not decide", losses.missed > 0]
      : null,
    run.detections.length > 0
      ? ["Degraded", shown(`${path}.losses.degraded`), "alerts without their context", losses.degraded > 0]
      : null,
    run.queue
      ? [
          "Given up",
          shown(`${path}.events.dead_lettered`),
          "events dead-lettered",
          run.events.dead_lettered > 0,
        ]
      : null,
    [
      "Verdict within",
      shown(`${path}.event_to_verdict_nanoseconds.p99`, "duration"),
      "of 99 of 100 events",
      false,
    ],
    run.recovery
      ? [
          "Recovery",
          run.recovery.recovered ? recoveryTime(run.recovery) : "never",
          "after the trigger",
          !run.recovery.recovered,
        ]
      : null,
    money >= 0
      ? [
          "Cost",
          shown(`${path}.cost.${money}.amount`, "decimal"),
          `${run.cost[money].unit}, ${run.cost[money].name}`,
          false,
        ]
      : null,
  ].filter(Boolean);
}

function recoveryTime({trigger_end: end, last_trouble: last}) {
  return last === null ? "0 s" : duration(Math.max(0, secondsOf(last) - secondsOf(end)) * 1e9);
}

function tiles(where) {
  const numbers = keyNumbers(where);
  const rows = Math.ceil(numbers.length / 6);
  return styled(
    h(
      "dl",
      {class: "tiles"},
      numbers.map(([title, value, below, trouble]) =>
        h(
          "div",
          {class: trouble ? "trouble" : null},
          h("dt", {}, title),
          h("dd", {}, value),
          h("dd", {class: "soft"}, below),
        ),
      ),
    ),
    {"--columns": String(Math.ceil(numbers.length / rows))},
  );
}

// Every operation of every run, a row each.
function operationsTable(wheres) {
  const several = wheres.length > 1;
  const columns = [
    {title: "operation"},
    ...(several ? [{title: "run"}] : []),
    ...[
      "calls",
      "attempts",
      "accepted",
      "throttled",
      "errors",
      "attempts / call",
      "peak 1 s",
      "peak 1 min",
      "limit",
      "used at the peak",
    ].map((title) => ({title, number: true})),
  ];
  const rows = [];
  for (const where of wheres) {
    where.run.operations.forEach((operation, index) => {
      const path = `${where.path}.operations.${index}`;
      const tightest = operation.limits
        .map((limit, position) => ({limit, position}))
        .filter(({limit}) => !limit.calendar_month && limit.window_seconds <= 3600)
        .sort((a, b) => quotient(b.limit.utilisation) - quotient(a.limit.utilisation))[0];
      const limitPath = tightest && `${path}.limits.${tightest.position}`;
      rows.push([
        `${operation.service} ${operation.operation}`,
        ...(several ? [where.name] : []),
        shown(`${path}.calls.total`),
        shown(`${path}.attempts.total`),
        shown(`${path}.accepted.total`),
        shown(`${path}.throttled.total`),
        shown(`${path}.errors`),
        shown(`${path}.amplification`, "decimal"),
        shown(`${path}.attempts.peak_per_second.count`),
        shown(`${path}.attempts.peak_per_minute.count`),
        tightest ? [shown(`${limitPath}.limit`), ` / ${windowUnit(tightest.limit.window_seconds)}`] : "–",
        tightest ? shown(`${limitPath}.utilisation`, "percent") : "–",
      ]);
    });
  }
  return table("Calls by operation", columns, several ? sortedByOperation(rows) : rows);
}

function sortedByOperation(rows) {
  const order = [...new Set(rows.map((row) => row[0]))];
  return rows
    .map((row, index) => ({row, index}))
    .sort((a, b) => order.indexOf(a.row[0]) - order.indexOf(b.row[0]) || a.index - b.index)
    .map(({row}) => row);
}

// Runs side by side: a row each, so that any number of them fits.
function runsTable(wheres) {
  const titles = [...new Set(wheres.flatMap((where) => keyNumbers(where).map(([title]) => title)))];
  const rows = wheres.map((where) => {
    const numbers = new Map(
      keyNumbers(where).map(([title, value, , trouble]) => [
        title,
        h("span", {class: trouble ? "trouble" : null}, value),
      ]),
    );
    const verdict = verdictOf(where);
    return [
      where.name,
      h("span", {class: `chip ${verdict.kind}`}, verdict.text),
      ...titles.map((title) => numbers.get(title) ?? "–"),
    ];
  });
  return table(
    "Runs side by side",
    [{title: "run"}, {title: "budgets"}, ...titles.map((title) => ({title, number: true}))],
    rows,
  );
}
