// How hard the run pressed on the limits: demand, tokens, headroom, retries, quotas.

const noTimeline = "The run kept no curves over time.";

function curve(where, name) {
  return where.timeline?.curves[name] ?? null;
}

function zeroes(where) {
  return new Array(where.timeline.count).fill(0);
}

// What a service took in windows of its tightest limit; where stretches are longer than these, on the mean.
function pressureOf(where, service) {
  const tightest = tightestLimit(where, service);
  const seconds = tightest?.limit.window_seconds ?? 1;
  const drawn = Math.max(seconds, where.timeline.width);
  const windows = (name) => {
    const made = byWindows(where.timeline, curve(where, `${service}.${name}`) ?? zeroes(where), drawn);
    return drawn === seconds
      ? made
      : {...made, values: made.values.map((value) => (value * seconds) / drawn)};
  };
  return {tightest, seconds, drawn, windows};
}

function limitMarks({tightest, seconds, drawn}) {
  if (!tightest) return [];
  const {limit} = tightest;
  const marks = [{value: limit.limit, text: `limit ${grouped(limit.limit)} / ${windowUnit(seconds)}`}];
  if (drawn === seconds && limit.burst !== limit.limit) {
    marks.push({value: limit.burst, dotted: true, colour: "soft", text: `burst ${grouped(limit.burst)}`});
  }
  return marks;
}

function demandPanel(where, service) {
  const pressure = pressureOf(where, service);
  const attempts = pressure.windows("attempts");
  const calls = pressure.windows("calls").values;
  const throttled = pressure.windows("throttled").values;
  const series = [{name: "attempts", colour: "blue", values: attempts.values}];
  if (greatest(throttled) > 0) {
    series.push(
      {name: "accepted", colour: "green", values: pressure.windows("accepted").values},
      {name: "throttled", colour: "red", values: throttled},
    );
  } else {
    series[0] = {...series[0], name: "attempts, all accepted", area: true};
  }
  if (calls.some((value, index) => value !== attempts.values[index])) {
    series.splice(0, 1, {name: "demand (first attempts)", colour: "purple", values: calls}, series[0]);
  }
  const peak = greatest(attempts.values);
  const marks = limitMarks(pressure);
  const log = marks.length > 0 && peak > 40 * marks[0].value;
  const tightest = pressure.tightest;
  return {
    key: service,
    title: service,
    facts: [
      `attempts per ${windowName(pressure.seconds)}`,
      pressure.drawn > pressure.seconds ? `, mean of ${duration(pressure.drawn * 1e9)}` : "",
      log ? " (logarithmic)" : "",
      tightest
        ? [
            ` · fullest ${windowName(pressure.seconds)} `,
            shown(`${tightest.path}.peak_attempts`),
            " · limit ",
            shown(`${tightest.path}.limit`),
            " · headroom ",
            shown(`${tightest.path}.headroom`, "times"),
          ]
        : "",
    ],
    chart: overTime(where, series, {windows: attempts, marks, log, legend: true, size: "tall"}),
  };
}

const demandFigure = {
  id: "demand",
  title: "Demand against the limits",
  caption: "Look for attempts above the dashed limit: all that is above it comes back as throttled.",
  panels(where) {
    if (!where.timeline) return noTimeline;
    const called = calledServices(where.run);
    return called.length === 0 ? "No call was made." : called.map((service) => demandPanel(where, service));
  },
};

const tokensFigure = {
  id: "tokens",
  title: "What was left of the buckets",
  half: true,
  caption: "Look for lines that touch 0 %: there the next call is refused until tokens come back.",
  panels(where) {
    if (!where.timeline) return noTimeline;
    const series = services
      .filter((service) => curve(where, `${service}.tokens`))
      .map((service) => ({
        name: service,
        colour: serviceColours[service],
        falls: true,
        values: curve(where, `${service}.tokens`).map((value) => value / 1000),
      }));
    if (series.length === 0) return "No limit that was charged is a bucket with tokens.";
    return [
      {
        key: "tokens",
        title: "tokens left",
        facts: "least fill of the tightest bucket, of its size",
        chart: overTime(where, series, {
          format: percent,
          fractions: true,
          most: 1,
          legend: true,
          marks: [{value: 0, text: "empty"}],
        }),
      },
    ];
  },
};

const headroomSteps = [
  [0, "idle"],
  [0.25, "step1"],
  [0.5, "step2"],
  [0.8, "step3"],
  [1, "step4"],
  [4, "over1"],
  [Infinity, "over2"],
];
const headroomNames = {
  idle: "nothing",
  step1: "up to 25 %",
  step2: "up to 50 %",
  step3: "up to 80 %",
  step4: "up to the limit",
  over1: "up to 4 × the limit",
  over2: "beyond",
};

// The fullest window of the limit in each minute (or few), as a share of the limit.
function headroomStrip(where, service) {
  const pressure = pressureOf(where, service);
  if (!pressure.tightest) return null;
  const windows = pressure.windows("attempts");
  const allowed = pressure.tightest.limit.limit;
  const span = where.timeline.count * where.timeline.width;
  const size =
    [60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400].find((each) => span / each <= 185) ??
    86400;
  const minutes = byPeak(windows, size);
  const peaks = withoutRemnant(minutes.values, where.timeline, minutes.begin, size);
  return {
    service,
    size,
    allowed,
    begin: minutes.begin,
    shares: peaks.map((value) => value / allowed),
    peaks,
    seconds: pressure.seconds,
    path: pressure.tightest.path,
  };
}

function byPeak({begin, width, values}, seconds) {
  const first = Math.floor(begin / seconds);
  const out = [];
  values.forEach((value, index) => {
    const window = Math.floor((begin + index * width) / seconds) - first;
    while (out.length <= window) out.push(0);
    out[window] = Math.max(out[window], value);
  });
  return {begin: first * seconds, values: out};
}

function stripElement(strip) {
  const cells = strip.shares.map((share, index) => {
    const step = headroomSteps.find(([upTo]) => share <= upTo)[1];
    const text =
      `${strip.service}, ${clock(strip.begin + index * strip.size)}: at most ${grouped(strip.peaks[index])} per ` +
      `${windowName(strip.seconds)}, ${percent(share)} of ${grouped(strip.allowed)}`;
    return hinted(svg("rect", {x: index + 0.04, y: 0, width: 0.92, height: 1, class: step}), text);
  });
  const worst = greatest(strip.shares);
  return h(
    "div",
    {class: "strip"},
    h("span", {class: "name"}, strip.service),
    svg(
      "svg",
      {
        viewBox: `0 0 ${strip.shares.length} 1`,
        preserveAspectRatio: "none",
        role: "img",
        "aria-label": `${strip.service}: at most ${percent(worst)} of its limit`,
      },
      cells,
    ),
    h("span", {class: "number"}, shown(`${strip.path}.headroom`, "times")),
  );
}

const headroomFigure = {
  id: "headroom",
  title: "Headroom, minute by minute",
  caption:
    "Look for red: minutes in which a service was asked for more than its limit. On the right limit ÷ fullest window, below 1 × is too much.",
  panels(where) {
    if (!where.timeline) return noTimeline;
    const strips = calledServices(where.run)
      .map((service) => headroomStrip(where, service))
      .filter(Boolean);
    if (strips.length === 0) return "No limit of an hour or less was charged.";
    const used = new Set(
      strips.flatMap((strip) =>
        strip.shares.map((share) => headroomSteps.find(([upTo]) => share <= upTo)[1]),
      ),
    );
    const ends = h(
      "div",
      {class: "strip ends"},
      h("span", {}),
      h(
        "span",
        {class: "axis"},
        h("span", {}, clock(strips[0].begin, {withSeconds: false})),
        h(
          "span",
          {},
          clock(strips[0].begin + strips[0].shares.length * strips[0].size, {withSeconds: false}),
        ),
      ),
      h("span", {}),
    );
    return [
      {
        key: "strips",
        content: h(
          "div",
          {class: "strips"},
          strips.map(stripElement),
          ends,
          h(
            "ul",
            {class: "legend"},
            headroomSteps
              .filter(([, step]) => used.has(step))
              .map(([, step]) => h("li", {}, swatch(step), headroomNames[step])),
          ),
        ),
        rows: () =>
          table(
            `The fullest window of each ${duration(strips[0].size * 1e9)}, and its share of the limit`,
            [{title: "from (UTC)"}, ...strips.map((strip) => ({title: strip.service, number: true}))],
            strips[0].shares.map((_, index) => [
              clock(strips[0].begin + index * strips[0].size),
              ...strips.map((strip) =>
                strip.shares[index] === undefined
                  ? "–"
                  : `${grouped(strip.peaks[index])} (${percent(strip.shares[index])})`,
              ),
            ]),
            {visibleCaption: true},
          ),
      },
    ];
  },
};

function retryPanel(where, service) {
  const attempts = curve(where, `${service}.attempts`) ?? zeroes(where);
  const calls = curve(where, `${service}.calls`) ?? zeroes(where);
  const retries = attempts.map((value, index) => Math.max(0, value - calls[index]));
  const operations = operationsOf(where.run, service);
  const facts = operations.map(({operation, index}) => [
    operation.operation,
    " ",
    shown(`${where.path}.operations.${index}.amplification`, "decimal"),
    " attempts a call, ",
    shown(`${where.path}.operations.${index}.wasted`),
    " beyond the first ",
  ]);
  return {
    key: service,
    title: service,
    facts,
    chart: overTime(
      where,
      [
        {name: "first attempts", colour: "blue", values: calls},
        {name: "retries", colour: "red", values: retries},
        {
          name: "attempts per call",
          colour: "ink",
          dashed: true,
          right: true,
          least: 1,
          format: decimal,
          values: smoothedRatio(attempts, calls),
        },
      ],
      {stacked: true, size: "tall"},
    ),
  };
}

// Over about a 60th of the run, so that a quiet second is no spike.
function smoothedRatio(above, below) {
  const half = Math.max(1, Math.floor(above.length / 120));
  return above.map((_, index) => {
    const from = Math.max(0, index - half);
    const calls = sum(below.slice(from, index + half + 1));
    return calls === 0 ? 1 : sum(above.slice(from, index + half + 1)) / calls;
  });
}

const retriesFigure = {
  id: "retries",
  title: "First attempts and retries",
  caption:
    "Look for red on top of blue that stays after its cause is gone: retries that keep the limit busy with themselves.",
  panels(where) {
    if (!where.timeline) return noTimeline;
    const retried = calledServices(where.run).filter((service) =>
      operationsOf(where.run, service).some(({operation}) => operation.wasted > 0),
    );
    return retried.length === 0
      ? "No call was tried a second time."
      : retried.map((service) => retryPanel(where, service));
  },
};

function quotaPanel(where, quota, index) {
  const path = `${where.path}.quotas.${index}`;
  const name = quota.window === "utc_day" ? "day" : "month";
  const left = curve(where, `${quota.service}.quota_${name}.left`);
  const end = quota.exhausted
    ? [" · exhausted ", shown(`${path}.exhausted`, "instant")]
    : quota.projected
      ? [" · at this rate exhausted ", shown(`${path}.projected`, "instant")]
      : [" · lasts to its end at this rate"];
  const panel = {
    key: `${quota.account} ${name}`,
    title: `${quota.account}, a ${name}`,
    facts: ["used ", shown(`${path}.used`), " of ", shown(`${path}.limit`), end],
  };
  if (!left)
    return {
      ...panel,
      content: shareBar("Quota", [
        {name: "used", colour: "orange", value: Math.min(quota.used, quota.limit)},
        {name: "left", colour: "green", value: Math.max(0, quota.limit - quota.used)},
      ]),
    };
  const moments = quota.exhausted
    ? [{at: secondsOf(quota.exhausted), text: `exhausted ${quota.exhausted.slice(11, 19)}`, colour: "red"}]
    : [];
  return {
    ...panel,
    chart: overTime(where, [{name: "left", colour: "orange", values: left, area: true, falls: true}], {
      moments,
      marks: [{value: quota.limit, text: `quota ${grouped(quota.limit)}`}],
      peak: quota.limit,
    }),
  };
}

const quotaFigure = {
  id: "quota",
  title: "Quotas of a day and a month",
  half: true,
  caption:
    "Look for the day or month that does not last: what is left falls to 0, and every look-up after that is refused.",
  panels(where) {
    const quotas = where.run.quotas;
    return quotas.length === 0
      ? "No quota of a day or a month was charged."
      : quotas.map((quota, index) => quotaPanel(where, quota, index));
  },
};
