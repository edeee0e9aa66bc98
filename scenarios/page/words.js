// Numbers and times as people read them. Ratios are [numerator, denominator].

const grouping = new Intl.NumberFormat("en-US", {maximumFractionDigits: 0});

function grouped(value) {
  return grouping.format(value);
}

// For axes: 12k, 1.5M.
function short(value) {
  for (const [size, letter] of [
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ]) {
    if (Math.abs(value) >= size) return trimmed(value / size, 1) + letter;
  }
  return trimmed(value, 2);
}

function trimmed(value, digits) {
  return String(Number(value.toFixed(digits)));
}

function quotient(ratio) {
  return ratio[0] / ratio[1];
}

// Four digits that count at most, and whole numbers whole.
function decimal(value) {
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return grouped(value);
  const digits = Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 0.1 || value === 0 ? 2 : 4;
  return value.toFixed(digits);
}

function percent(value) {
  const hundredths = value * 100;
  return (hundredths >= 1000 ? grouped(hundredths) : trimmed(hundredths, hundredths < 10 ? 2 : 1)) + " %";
}

function times(value) {
  return decimal(value) + " ×";
}

function duration(nanoseconds) {
  const seconds = nanoseconds / 1e9;
  if (seconds === 0) return "0 s";
  if (seconds < 0.001) return `${trimmed(seconds * 1e6, 0)} µs`;
  if (seconds < 1) return `${trimmed(seconds * 1000, seconds < 0.1 ? 1 : 0)} ms`;
  if (seconds < 120) return `${trimmed(seconds, seconds < 10 ? 2 : 1)} s`;
  if (seconds < 7200) return `${trimmed(seconds / 60, 1)} min`;
  if (seconds < 172800) return `${trimmed(seconds / 3600, 1)} h`;
  return `${trimmed(seconds / 86400, 1)} d`;
}

// Of a limit or a stretch: "s", "min", "10 s".
function windowName(seconds) {
  const names = {1: "second", 60: "minute", 3600: "hour", 86400: "day"};
  if (names[seconds]) return names[seconds];
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  if (seconds % 60 === 0) return `${seconds / 60} min`;
  return `${seconds} s`;
}

function windowUnit(seconds) {
  return {1: "s", 60: "min", 3600: "h", 86400: "day"}[seconds] ?? windowName(seconds);
}

// ISO 8601 as seconds since 1970; a thousandth of a second is as fine as charts need.
function secondsOf(iso) {
  return Date.parse(iso.replace(/(\.\d{3})\d+/, "$1")) / 1000;
}

function clock(seconds, {withSeconds = true, withDate = false} = {}) {
  const iso = new Date(seconds * 1000).toISOString();
  return (withDate ? iso.slice(5, 10) + " " : "") + iso.slice(11, withSeconds ? 19 : 16);
}

function day(iso) {
  return iso.slice(0, 10);
}

const forms = {
  count: grouped,
  decimal: (ratio) => decimal(quotient(ratio)),
  percent: (ratio) => percent(quotient(ratio)),
  times: (ratio) => times(quotient(ratio)),
  duration,
  seconds: (ratio) => duration(quotient(ratio) * 1e9),
  instant: (iso) => `${day(iso)} ${iso.slice(11, 19)}`,
  time: (iso) => iso.slice(11, 19),
  text: String,
};
