// The engine and its caches: containers, queue, redeliveries, waiting.

const cacheColours = {
  hits: "green",
  cold: "blue",
  expired: "orange",
  evicted: "purple",
  reload: "red",
  reset: "sky",
};
const cacheNames = {
  hits: "hits",
  cold: "first look",
  expired: "expired",
  evicted: "evicted",
  reload: "lost with a reload",
  reset: "lost with the container",
};

function cacheBars(where) {
  const bars = [];
  where.run.detections.forEach((detection, index) => {
    for (const [cache, counts] of Object.entries(detection.caches)) {
      const looks = sum(Object.values(counts));
      if (looks === 0) continue;
      const path = `${where.path}.detections.${index}.caches.${cache}`;
      bars.push({
        name: `${detection.name}, ${cache}`,
        looks,
        ratio: counts.hits / looks,
        bar: shareBar(
          `${detection.name}, ${cache}`,
          Object.keys(cacheNames).map((cause) => ({
            name: cacheNames[cause],
            colour: cacheColours[cause],
            value: counts[cause],
            shown: shown(`${path}.${cause}`),
          })),
        ),
      });
    }
  });
  return bars;
}

function hitRatioPanel(where) {
  const hits = curve(where, "cache.hits");
  const misses = curve(where, "cache.misses");
  if (!hits && !misses) return null;
  const found = hits ?? zeroes(where);
  const missed = misses ?? zeroes(where);
  const seconds = countedSeconds(where);
  const windows = (values) => byWindows(where.timeline, values, seconds);
  const causes = Object.keys(cacheNames)
    .slice(1)
    .map((cause) => ({
      name: cacheNames[cause],
      colour: cacheColours[cause],
      values: curve(where, `cache.misses.${cause}`),
    }))
    .filter((each) => each.values && greatest(each.values) > 0)
    .map((each) => ({...each, values: windows(each.values).values}));
  if (causes.length === 0) causes.push({name: "misses", colour: "red", values: windows(missed).values});
  const looks = windows(found.map((value, index) => value + missed[index])).values;
  const ratio = windows(found).values.map((value, index) => (looks[index] === 0 ? 0 : value / looks[index]));
  return {
    key: "over time",
    title: "misses over time",
    facts: `all caches together, per ${windowName(seconds)}`,
    chart: overTime(
      where,
      [
        ...causes,
        {
          name: "hit ratio",
          colour: "green",
          dashed: true,
          right: true,
          most: 1,
          format: percent,
          values: ratio,
        },
      ],
      {windows: windows(found), stacked: true, size: "tall"},
    ),
  };
}

const cachesFigure = {
  id: "caches",
  title: "Caches, and why they missed",
  pairs: true,
  caption:
    "Look for what is not a first look: misses by expiry ask for a longer time to live, misses by reload and reset for a cache outside the container.",
  panels(where) {
    const bars = cacheBars(where);
    if (bars.length === 0) return "No detection of this run keeps what it was told.";
    const panels = bars.map(({name, bar, looks, ratio}) => ({
      key: name,
      title: name,
      facts: `${grouped(looks)} looks, ${percent(ratio)} hits`,
      content: bar,
    }));
    const ratio = where.timeline && hitRatioPanel(where);
    return ratio ? [...panels, ratio] : panels;
  },
};

function fleetPanels(where) {
  const path = `${where.path}.fleet`;
  const queued = where.run.queue !== null;
  const panels = [];
  const busy = curve(where, "fleet.busy");
  const containers = curve(where, "fleet.containers");
  if (busy) {
    panels.push({
      key: "fleet",
      title: queued ? "containers" : "workers",
      facts: [
        "at most ",
        shown(`${path}.concurrency_max`),
        " busy",
        where.run.fleet.timed_out > 0
          ? [" · ", shown(`${path}.timed_out`), " of ", shown(`${path}.invocations`), " invocations killed"]
          : "",
      ],
      chart: overTime(
        where,
        [
          ...(containers && queued ? [{name: "there", colour: "sky", values: containers, peaks: true}] : []),
          {name: "busy", colour: "blue", values: busy, area: true, peaks: true},
        ],
        {legend: true},
      ),
    });
  }
  const depth = curve(where, "queue.depth");
  if (depth && greatest(depth) > 0) {
    panels.push({
      key: "queue",
      title: "waiting",
      facts: "events before the engine",
      chart: overTime(where, [
        {name: "events waiting", colour: "orange", values: depth, area: true, peaks: true},
      ]),
    });
  }
  const arrived = curve(where, "events.arrived");
  const processed = curve(where, "events.processed");
  if (arrived && processed) {
    panels.push({
      key: "events",
      title: "events",
      facts: `per ${windowName(countedSeconds(where))}`,
      chart: overTime(
        where,
        [
          {
            name: "arrived",
            colour: "sky",
            values: byWindows(where.timeline, arrived, countedSeconds(where)).values,
          },
          {
            name: "processed",
            colour: "blue",
            values: byWindows(where.timeline, processed, countedSeconds(where)).values,
          },
        ],
        {windows: byWindows(where.timeline, arrived, countedSeconds(where))},
      ),
    });
  }
  return queued ? [...panels, ...deliveryPanels(where)] : panels;
}

function deliveryPanels(where) {
  const path = `${where.path}.queue`;
  const series = [
    ["redeliveries", "orange"],
    ["dead_letters", "red"],
  ]
    .map(([name, ink]) => ({name: name.replace("_", " "), colour: ink, values: curve(where, name)}))
    .filter((each) => each.values && greatest(each.values) > 0);
  const facts = [
    shown(`${path}.redelivered`),
    " received again · ",
    shown(`${path}.dead_lettered`),
    " given up",
  ];
  if (series.length === 0)
    return [
      {
        key: "delivery",
        title: "deliveries",
        facts,
        content: h("p", {class: "nothing"}, "Every message was processed when it was first received."),
      },
    ];
  const minute = countedSeconds(where);
  return [
    {
      key: "delivery",
      title: "deliveries",
      facts: [...facts, ` · per ${windowName(minute)}`],
      chart: overTime(
        where,
        series.map((each) => ({...each, values: byWindows(where.timeline, each.values, minute).values})),
        {windows: byWindows(where.timeline, series[0].values, minute), legend: true},
      ),
    },
  ];
}

const fleetFigure = {
  id: "fleet",
  title: "Containers, queue and deliveries",
  pairs: true,
  caption:
    "Look for a queue that grows while the containers stand at their most: work arrives faster than throttled calls let it go.",
  panels(where) {
    if (!where.timeline) return noTimeline;
    const panels = fleetPanels(where);
    return panels.length === 0 ? "No event was taken." : panels;
  },
};

// Milliseconds as nanoseconds; a stretch in which nothing arrived was not late.
function delays(where, name) {
  const arrived = name.startsWith("lag.") ? curve(where, "events.arrived") : null;
  const values = curve(where, name);
  return values && values.map((value, index) => (arrived?.[index] === 0 ? null : value * 1e6));
}

const lagFigure = {
  id: "lag",
  title: "From the event to its verdict",
  half: true,
  caption:
    "Look for the gap between when events happened and when they arrive, and for waiting that grows on top of it.",
  panels(where) {
    if (!where.timeline) return noTimeline;
    const series = [
      ["lag.max", "latest arrival after its event", "purple"],
      ["lag.mean", "mean arrival after its event", "blue"],
      ["wait.max", "longest wait for a worker", "orange"],
    ]
      .map(([name, title, ink]) => ({
        name: title,
        colour: ink,
        peaks: name.endsWith(".max"),
        values: delays(where, name),
      }))
      .filter((each) => each.values && greatest(each.values) > 0);
    if (series.length === 0) return "Events arrive when they happen, and none waited.";
    const path = `${where.path}.event_to_verdict_nanoseconds`;
    return [
      {
        key: "lag",
        title: "delays",
        facts: [
          "event to verdict: median ",
          shown(`${path}.p50`, "duration"),
          ", 99 of 100 within ",
          shown(`${path}.p99`, "duration"),
        ],
        chart: overTime(where, series, {format: duration, fractions: true, legend: true, size: "tall"}),
      },
    ];
  },
};
