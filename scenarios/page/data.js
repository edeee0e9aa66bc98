// What the page is about: the report, the curves of its runs, and what is beside them.

const data = JSON.parse(document.getElementById("data").textContent);
const report = data.report;
const services = ["sts", "secretsmanager", "virustotal", "dynamodb"];
const serviceColours = {sts: "blue", secretsmanager: "green", virustotal: "orange", dynamodb: "purple"};

// The value of the report at `runs.0.events.delivered`.
function at(path) {
  return path.split(".").reduce((value, key) => value?.[key], report);
}

// A number of the report, as an element that says where it comes from.
function shown(path, form = "count") {
  const value = at(path);
  if (value === null || value === undefined) return h("span", {class: "none"}, "–");
  return h(
    "span",
    {"data-path": path, "data-form": form, title: form === "count" ? null : JSON.stringify(value)},
    forms[form](value),
  );
}

function runAt(index) {
  const run = report.runs[index];
  return {
    index,
    run,
    path: `runs.${index}`,
    name: runNames[index],
    timeline: timelineAt(index),
    comparison: data.comparisons[index] ?? null,
    sweeps: data.sweeps[index] ?? null,
  };
}

// Scenarios may have one name, and run with other values or seeds.
const valuesOf = (run) => (run.settings || []).map((each) => each.slice(each.indexOf("=") + 1)).join(", ");
const runNames = report.runs.map((run, index) => {
  const same = report.runs.filter((other) => other.scenario === run.scenario);
  if (same.length === 1) return run.scenario;
  if (new Set(same.map(valuesOf)).size === same.length) return `${run.scenario}, ${valuesOf(run) || "as it is"}`;
  const seeds = new Set(same.map((other) => other.seed));
  return seeds.size === same.length ? `${run.scenario}, seed ${run.seed}` : `${run.scenario} (${index + 1})`;
});

const timelines = new Map();

// {begin, width, count, curves}: seconds, and arrays of numbers by name. Null when none was kept.
function timelineAt(index) {
  if (!timelines.has(index)) timelines.set(index, decodedTimeline(data.timelines[index]));
  return timelines.get(index);
}

function decodedTimeline(timeline) {
  if (!timeline) return null;
  const curves = {};
  for (const curve of timeline.curves) curves[curve.name] = decodedValues(curve.values);
  return {
    begin: secondsOf(timeline.begin),
    width: timeline.width_nanoseconds / 1e9,
    count: timeline.stretches,
    curves,
  };
}

// "3 0x12 5": run lengths.
function decodedValues(text) {
  const values = [];
  if (text === "") return values;
  for (const word of text.split(" ")) {
    const [value, count] = word.split("x");
    for (let i = Number(count ?? 1); i > 0; --i) values.push(Number(value));
  }
  return values;
}

function sum(values) {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function greatest(values) {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}

function operationsOf(run, service) {
  return run.operations
    .map((operation, index) => ({operation, index}))
    .filter((each) => each.operation.service === service);
}

function calledServices(run) {
  return services.filter((service) => operationsOf(run, service).length > 0);
}

// The limit of an hour or less that the service came closest to, or went furthest beyond: {limit, path}.
function tightestLimit(where, service) {
  let found = null;
  for (const {operation, index} of operationsOf(where.run, service)) {
    operation.limits.forEach((limit, position) => {
      if (limit.calendar_month || limit.window_seconds > 3600) return;
      const used = quotient(limit.utilisation);
      if (found === null || used > found.used) {
        found = {limit, used, path: `${where.path}.operations.${index}.limits.${position}`};
      }
    });
  }
  return found;
}

// A curve by windows of `seconds` of the clock in place of its stretches: {begin, width, values}.
function byWindows(timeline, values, seconds) {
  if (seconds <= timeline.width) return {begin: timeline.begin, width: timeline.width, values};
  const first = Math.floor(timeline.begin / seconds);
  const out = [];
  values.forEach((value, index) => {
    const window = Math.floor((timeline.begin + index * timeline.width) / seconds) - first;
    while (out.length <= window) out.push(0);
    out[window] += value;
  });
  return {
    begin: first * seconds,
    width: seconds,
    values: withoutRemnant(out, timeline, first * seconds, seconds),
  };
}

// What is counted by the minute, in a run of minutes by less.
function countedSeconds({timeline}) {
  return Math.max(timeline.count * timeline.width >= 900 ? 60 : 5, timeline.width);
}

// A run ends a moment after its last minute: less than a tenth of a window is left out, but for a peak.
function withoutRemnant(values, timeline, begin, seconds) {
  const end = timeline.begin + timeline.count * timeline.width;
  const covered = end - (begin + (values.length - 1) * seconds);
  const last = values[values.length - 1];
  const small = values.length > 3 && covered < seconds / 10 && last < greatest(values.slice(0, -1));
  return small ? values.slice(0, -1) : values;
}

// Values in at most `most` buckets of several stretches each. Of each: the least, the mean, and the greatest, so
// that no peak is lost. Null where there was nothing to measure.
function bucketed(values, most) {
  const together = Math.max(1, Math.ceil(values.length / Math.max(1, most)));
  const out = {together, low: [], mean: [], high: []};
  for (let from = 0; from < values.length; from += together) {
    const part = values.slice(from, from + together).filter((value) => value !== null);
    if (part.length === 0) {
      for (const each of [out.low, out.mean, out.high]) each.push(null);
      continue;
    }
    out.low.push(Math.min(...part));
    out.mean.push(sum(part) / part.length);
    out.high.push(Math.max(...part));
  }
  return out;
}

// For series that are stacked: of each bucket the stretch whose total is greatest, the same for all of them.
function fullest(series, most) {
  const length = series[0].length;
  const together = Math.max(1, Math.ceil(length / Math.max(1, most)));
  const chosen = [];
  for (let from = 0; from < length; from += together) {
    let best = from;
    let bestTotal = -1;
    for (let i = from; i < Math.min(length, from + together); ++i) {
      const total = series.reduce((all, values) => all + values[i], 0);
      if (total > bestTotal) [best, bestTotal] = [i, total];
    }
    chosen.push(best);
  }
  return {together, chosen};
}
