/// \file
/// The page of a served world, as text: page/page.html, word for word. Made by
/// `tests/fakes/page_text_test.py --write`.
#pragma once

#include <string_view>

namespace rushhour::fakes::detail {

// clang-format off
inline constexpr std::string_view page_text = R"page(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>rushhour: live calls</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect x='1' y='9' width='3' height='6' fill='%232a78d6'/%3E%3Crect x='6' y='5' width='3' height='10' fill='%232a78d6'/%3E%3Crect x='11' y='1' width='3' height='14' fill='%23c98500'/%3E%3C/svg%3E">
<style>
:root {
  color-scheme: light dark;
  --page: #f6f6f3; --card: #fff; --ink: #14140f; --soft: #5b5a55; --line: #dddcd6; --grid: #ebeae5;
  --ok: #2a78d6; --throttled: #d98c00; --failed: #d03b3b; --limit: #14140f; --button: #f1f0ec; --focus: #2a78d6;
  --ok-wash: #e7f0fb; --throttled-wash: #fbf0da; --failed-wash: #fbe6e6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #121211; --card: #1c1c1a; --ink: #f3f2ec; --soft: #aeada5; --line: #383833; --grid: #2a2a27;
    --ok: #4b93ea; --throttled: #d9992a; --failed: #e66767; --limit: #f3f2ec; --button: #2a2a27; --focus: #7fb2f2;
    --ok-wash: #1d2c40; --throttled-wash: #3a2d13; --failed-wash: #402020;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 14px/1.45 system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 1320px; margin: 0 auto; padding: 0 16px 40px; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 20px; padding: 16px 0 14px; }
h1 { font-size: 20px; margin: 0; letter-spacing: -.01em; }
h2 { font-size: 15px; margin: 26px 0 10px; }
h3 { font-size: 14px; margin: 0; }
header .facts { display: flex; flex-wrap: wrap; gap: 4px 18px; color: var(--soft); font-variant-numeric: tabular-nums; }
header .facts b { color: var(--ink); font-weight: 600; }
header .push { margin-left: auto; } #said + .push { margin-left: 0; } #said:empty + .push { margin-left: auto; }
.dot { display: inline-block; width: 9px; height: 9px; border-radius: 50%; background: var(--ok); margin-right: 6px; }
.dot.lost { background: var(--failed); }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr)); gap: 14px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; min-width: 0; }
.card .head { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 2px 12px; align-items: baseline; }
#said:empty { display: none; }
.note { color: var(--soft); font-size: 12.5px; font-variant-numeric: tabular-nums; }
svg { display: block; width: 100%; height: auto; overflow: visible; margin-top: 8px; }
svg text { font: 11px system-ui, -apple-system, "Segoe UI", sans-serif; fill: var(--soft); font-variant-numeric: tabular-nums; }
svg .strong { fill: var(--ink); font-weight: 600; }
svg rect { shape-rendering: crispEdges; }
svg .plate { fill: var(--card); opacity: .88; }
svg .gridline { stroke: var(--grid); } svg .axis { stroke: var(--line); }
svg .limit { stroke: var(--limit); stroke-width: 1.5; stroke-dasharray: 5 3; }
svg .pace { stroke: var(--soft); stroke-dasharray: 2 3; } svg .left { stroke: var(--ok); stroke-width: 2; fill: none; }
svg .forecast { stroke: var(--throttled); stroke-width: 1.5; stroke-dasharray: 4 3; }
.ok { fill: var(--ok); } .throttled { fill: var(--throttled); } .failed { fill: var(--failed); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 14px; font-size: 12.5px; color: var(--soft); }
.legend i { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 5px; vertical-align: -1px; }
.levels { display: grid; gap: 10px; }
.meter { display: grid; grid-template-columns: 1fr auto; gap: 2px 10px; }
.meter .bar { grid-column: 1 / -1; height: 8px; border-radius: 4px; background: var(--grid); overflow: hidden; }
.meter .bar span { display: block; height: 100%; border-radius: 4px; background: var(--ok); }
.meter .bar.low span { background: var(--throttled); } .meter .bar.out span { background: var(--failed); }
.meter .name { overflow-wrap: anywhere; }
form { display: flex; flex-wrap: wrap; gap: 8px 10px; align-items: end; margin-top: 8px; }
label { display: grid; gap: 2px; font-size: 12.5px; color: var(--soft); }
input, select, button { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 5px 9px; min-height: 34px; max-width: 100%; }
input { width: 9.5em; } input.short { width: 5.5em; }
button { background: var(--button); cursor: pointer; font-weight: 500; }
a { color: var(--ok); }
button:hover { border-color: var(--soft); }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
ul { list-style: none; margin: 10px 0 0; padding: 0; display: grid; gap: 6px; }
li { display: flex; gap: 10px; justify-content: space-between; align-items: center; overflow-wrap: anywhere; }
li button { min-height: 28px; padding: 2px 9px; flex: none; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { position: absolute; left: -9999px; }
th { text-align: left; font-weight: 500; color: var(--soft); font-size: 12.5px; }
th, td { padding: 5px 10px 5px 0; border-bottom: 1px solid var(--grid); white-space: nowrap; vertical-align: top; }
td.wide { white-space: normal; overflow-wrap: anywhere; min-width: 9em; }
tr.call { cursor: pointer; } tr.call:hover td { background: var(--grid); }
tr.detail td { white-space: pre-wrap; overflow-wrap: anywhere; color: var(--soft); font: 12px/1.5 ui-monospace, Menlo, Consolas, monospace; }
td button { border: 0; background: none; min-height: 0; padding: 0; font-weight: 400; text-align: left; text-decoration: underline dotted; text-underline-offset: 3px; }
.badge { display: inline-block; padding: 0 7px; border-radius: 9px; font-size: 12.5px; background: var(--failed-wash); border: 1px solid var(--failed); }
.badge.is-ok { background: var(--ok-wash); border-color: var(--ok); } .badge.is-throttled { background: var(--throttled-wash); border-color: var(--throttled); }
.empty { text-align: center; padding: 22px 12px; color: var(--soft); }
.empty code { display: inline-block; margin-top: 8px; padding: 6px 10px; background: var(--grid); color: var(--ink); border-radius: 6px; overflow-wrap: anywhere; text-align: left; }
code { font: 12.5px ui-monospace, Menlo, Consolas, monospace; }
@media (max-width: 620px) { th.minor, td.minor { display: none; } header .push, #said:empty + .push { margin-left: 0; } h1 { width: 100%; } }
</style>
</head>
<body>
<main>
<header>
  <h1>rushhour</h1>
  <div class="facts">
    <span><span class="dot" id="dot"></span><span id="link">connecting</span></span>
    <span>world clock <b id="clock">–</b></span>
    <span>calls <b id="total">0</b></span>
    <span>stubs <b id="stubs">0</b></span>
  </div>
  <span class="note push" id="said" role="status" aria-live="polite"></span>
  <button class="push" id="reset" type="button" title="Empties the journal, fills the quotas, removes faults and stubs">Reset</button>
</header>

<div class="legend" aria-hidden="true">
  <span><i style="background:var(--ok)"></i>ok</span>
  <span><i style="background:var(--throttled)"></i>throttled</span>
  <span><i style="background:var(--failed)"></i>failed otherwise</span>
  <span>- - - limit</span>
</div>
<h2>Calls against their limits</h2>
<div class="grid" id="charts"></div>

<h2>VirusTotal quota burn-down</h2>
<div id="burn"></div>

<div class="grid" style="margin-top:26px">
  <section class="card" aria-labelledby="levels-title">
    <h3 id="levels-title">Token levels</h3>
    <div class="levels" id="levels" style="margin-top:10px"></div>
  </section>
  <section class="card" aria-labelledby="faults-title">
    <h3 id="faults-title">Faults</h3>
    <form id="fault">
      <label>service<select name="service"><option>virustotal<option>sts<option>secretsmanager<option>dynamodb</select></label>
      <label>answer<select name="answer"><option value="unavailable">503 unavailable<option value="server_error">500 error<option value="reset">connection reset<option value="hang">no answer</select></label>
      <label>share, %<input class="short" name="share" type="number" min="1" max="100" value="100"></label>
      <label>for<input class="short" name="for" value="5m" aria-describedby="for-note"></label>
      <button type="submit">Add fault</button>
    </form>
    <p class="note" id="for-note" style="margin:6px 0 0">A length such as 30s, 5m or 1h on the world's clock; empty: until it is removed.</p>
    <ul id="faults"></ul>
  </section>
  <section class="card" aria-labelledby="verdict-title">
    <h3 id="verdict-title">VirusTotal verdict</h3>
    <form id="verdict">
      <label>address<input name="address" value="203.0.113.7" required></label>
      <label>malicious<input class="short" name="malicious" type="number" min="0" max="1000" value="12"></label>
      <label>harmless<input class="short" name="harmless" type="number" min="0" max="1000" value="60"></label>
      <button type="submit">Set verdict</button>
    </form>
    <p class="note" style="margin:6px 0 0">How many engines say so from now on. It outlives a reset.</p>
  </section>
</div>

<h2>Last calls</h2>
<section class="card"><div id="calls"></div></section>
</main>

<script>
"use strict";
const $ = id => document.getElementById(id);
const esc = text => String(text).replace(/[&<>"']/g, c => "&#" + c.charCodeAt(0) + ";");
const number = n => n.toLocaleString("en-US");
const W = 360, H = 178, LEFT = 40, RIGHT = 8, TOP = 18, BOTTOM = 30;
const NAMES = {sts: "STS", secretsmanager: "Secrets Manager", virustotal: "VirusTotal", dynamodb: "DynamoDB", iam: "IAM"};
const opened = new Set();     // calls whose detail is shown
const drawn = new Map();      // the HTML of each part, so that what is the same is left alone
const samples = new Map();    // what was left of each quota, as this page saw it
const HISTORY = 600;          // samples kept of each
let last = null;

/// The smallest of 1, 2, 4, 5, 10, 20... that is no less.
function round_up(value) {
  const unit = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  for (const step of [1, 2, 4, 5, 8, 10]) if (step * unit >= value) return step * unit;
  return 10 * unit;
}
function span_text(ms) {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return s + " s";
  if (s < 3600) return Math.floor(s / 60) + " min " + (s % 60 ? s % 60 + " s" : "");
  if (s < 172800) return Math.floor(s / 3600) + " h " + Math.floor(s % 3600 / 60) + " min";
  return Math.floor(s / 86400) + " days";
}
function axes(max, unit, from, to) {
  let out = "";
  for (const part of [0, 0.5, 1]) {
    const y = H - BOTTOM - part * (H - TOP - BOTTOM), value = max * part;
    out += `<line class="${part ? "gridline" : "axis"}" x1="${LEFT}" x2="${W - RIGHT}" y1="${y}" y2="${y}"/>`;
    if (Number.isInteger(value)) out += `<text x="${LEFT - 6}" y="${y + 4}" text-anchor="end">${number(value)}</text>`;
  }
  return out + `<text x="0" y="9">${esc(unit)}</text><text x="${LEFT}" y="${H - 12}">${esc(from)}</text>` +
      `<text x="${W - RIGHT}" y="${H - 12}" text-anchor="end">${esc(to)}</text>`;
}

// ---- Calls of a service: per second, or where limits are by the minute, in the last minute. ----

function chart(service) {
  const line = service.lines[0], by_minute = service.lines.some(each => each.window_ms >= 60000);
  let rows = service.seconds;
  if (by_minute) {
    rows = [];
    for (let end = 60; end <= service.seconds.length; ++end) {
      rows.push([0, 1, 2].map(kind => service.seconds.slice(end - 60, end).reduce((sum, s) => sum + s[kind], 0)));
    }
  }
  const unit = by_minute ? "calls in 60 s" : "calls per second", short = by_minute ? "/min" : "/s";
  const peak = Math.max(...rows.map(row => row[0] + row[1] + row[2]));
  const highest = Math.max(0, ...service.lines.map(each => each.limit));
  const fits = highest > 0 && highest <= Math.max(4 * peak, 12);
  const max = round_up(Math.max(peak, fits ? highest * 1.2 : 0, 2));
  const y = value => H - BOTTOM - value / max * (H - TOP - BOTTOM);
  const step = (W - LEFT - RIGHT) / rows.length, gap = by_minute ? 0 : .6;
  let bars = "";
  rows.forEach((row, i) => {
    let base = 0;
    ["ok", "failed", "throttled"].forEach((kind, k) => {
      const count = row[[0, 2, 1][k]];
      if (!count) return;
      bars += `<rect class="${kind}" x="${(LEFT + i * step + gap / 2).toFixed(2)}" width="${(step - gap + (gap ? 0 : .05)).toFixed(2)}" ` +
          `y="${y(base + count).toFixed(2)}" height="${(y(base) - y(base + count)).toFixed(2)}"/>`;
      base += count;
    });
  });
  let limits = "", told = "";
  const shown = service.lines.filter((each, i) => service.lines.findIndex(o => o.limit === each.limit) === i).slice(0, 3);
  for (const each of shown) {
    const text = `limit ${number(each.limit)}${short}, ${each.whose}`;
    told += " " + text + ".";
    if (fits) {
      limits += `<line class="limit" x1="${LEFT}" x2="${W - RIGHT}" y1="${y(each.limit)}" y2="${y(each.limit)}"/>` +
          `<rect class="plate" x="${W - RIGHT - text.length * 6.4}" y="${y(each.limit) - 17}" width="${text.length * 6.4}" height="14" rx="3"/>` +
          `<text class="strong" x="${W - RIGHT - 3}" y="${y(each.limit) - 6}" text-anchor="end">${esc(text)}</text>`;
    } else {
      limits += `<text class="strong" x="${W - RIGHT}" y="9" text-anchor="end">↑ ${esc(text)}</text>`;
      break;
    }
  }
  const now = rows[rows.length - 1], total = service.total, calls = total.ok + total.throttled + total.failed;
  const label = `${NAMES[service.service]}, ${unit}: peak ${peak}, now ${now[0] + now[1] + now[2]}.${told}`;
  const none = peak ? "" : `<text x="${(LEFT + W) / 2}" y="${(TOP + H - BOTTOM) / 2 + 14}" text-anchor="middle">${calls ? "quiet for the last " + rows.length + " s" : "no calls yet"}</text>`;
  return `<section class="card" data-service="${service.service}"><div class="head"><h3>${NAMES[service.service]}</h3>` +
      `<span class="note"><b>${number(calls)}</b> calls: ${number(total.ok)} ok, ${number(total.throttled)} throttled, ${number(total.failed)} failed</span></div>` +
      `<svg viewBox="0 0 ${W} ${H}" role="img" aria-label="${esc(label)}">${axes(max, unit, rows.length - 1 + " s ago", "now")}${bars}${limits}${none}</svg></section>`;
}

// ---- What is left of a key's quotas: from the window's start to its reset. ----

function remember(key, level, now) {
  const id = key.name + " " + level.window;
  const list = samples.get(id) || [];
  const before = list[list.length - 1];
  if (before && (level.remaining > before.left && level.resets_at !== before.resets_at || now < before.at)) list.length = 0;
  if (!before || now > before.at || level.remaining !== before.left) list.push({at: now, left: level.remaining, resets_at: level.resets_at});
  if (list.length > HISTORY) list.shift();
  samples.set(id, list);
  return list;
}
function burn_down(key, level, now) {
  const list = remember(key, level, now), end = level.resets_at ? Date.parse(level.resets_at) : now;
  let start = now - 60000;
  if (level.window === "day") start = end - 86400000;
  if (level.window === "month") start = Date.UTC(new Date(end).getUTCFullYear(), new Date(end).getUTCMonth() - 1, 1);
  const max = level.limit, is_calendar = end > now;
  const x = at => LEFT + Math.min(Math.max((at - start) / (end - start), 0), 1) * (W - LEFT - RIGHT);
  const y = left => H - BOTTOM - left / max * (H - TOP - BOTTOM);
  const points = list.filter(each => each.at >= start).map(each => [x(each.at), y(each.left)]);
  if (is_calendar && level.used > 0) points.unshift([x(start), y(max)]);
  if (is_calendar && level.used === 0) points.unshift([x(start), y(level.remaining)]);
  if (!is_calendar) points.unshift([LEFT, points.length ? points[0][1] : y(level.remaining)]);
  points.push([x(now), y(level.remaining)]);
  let lines = "", says = is_calendar ? "resets in " + span_text(end - now) : "slides: calls come back 60 s later";
  if (is_calendar) {
    lines += `<line class="pace" x1="${x(start)}" y1="${y(max)}" x2="${x(end)}" y2="${y(0)}"/>` +
        `<text x="${(x(start) + x(end)) / 2 + 8}" y="${(y(max) + y(0)) / 2 - 6}">even pace</text>`;
    const since = list.find(each => each.at >= now - 300000) || list[0];
    const spent = since ? since.left - level.remaining : 0, took = since ? now - since.at : 0;
    if (spent > 0 && took >= 2000 && level.remaining > 0) {
      const empty = now + level.remaining / spent * took;
      if (empty < end) {
        says = `at this pace empty in ${span_text(empty - now)}, ${span_text(end - empty)} before its reset`;
        lines += `<line class="forecast" x1="${x(now)}" y1="${y(level.remaining)}" x2="${x(empty)}" y2="${y(0)}"/>`;
      } else says = "at this pace it lasts until its reset in " + span_text(end - now);
    }
  }
  if (level.remaining === 0) says = "used up; " + says;
  const path = points.map((point, i) => (i ? "L" : "M") + point.map(n => n.toFixed(1)).join(" ")).join("");
  const title = {minute: "minute", day: "UTC day", month: "UTC month"}[level.window] || level.window;
  const label = `${key.name}, ${title}: ${level.remaining} of ${level.limit} calls left, ${says}`;
  const clock = at => new Date(at).toISOString().slice(...(level.window === "month" ? [5, 10] : [11, 16]));
  return `<section class="card" data-window="${esc(level.window)}"><div class="head"><h3>${title}</h3><span class="note"><b>${number(level.remaining)}</b> of ${number(level.limit)} left</span></div>` +
      `<svg viewBox="0 0 ${W} ${H}" role="img" aria-label="${esc(label)}">` +
      axes(max, "calls left", is_calendar ? clock(start) + " UTC" : "60 s ago", is_calendar ? (level.window === "day" ? "24:00" : clock(end)) + " UTC" : "now") + lines +
      `<path class="left" d="${path}"/><circle class="ok" cx="${x(now)}" cy="${y(level.remaining)}" r="4"/></svg><div class="note">${esc(says)}</div></section>`;
}
function burn(keys, now) {
  if (!keys.length) return `<div class="card empty">This world has no VirusTotal key. <code>curl -d '{"name":"team"}' ${esc(location.origin)}/_rushhour/keys</code></div>`;
  return keys.map(key => `<p class="note" style="margin:8px 0 6px">key <b>${esc(key.name)}</b> <code>${esc(key.key)}</code>, ${esc(key.kind)}${key.group ? ", group " + esc(key.group) : ""}</p>` +
      `<div class="grid">${key.quota.map(level => burn_down(key, level, now)).join("")}</div>`).join("");
}

// ---- Levels, faults, calls. ----

function levels(limits) {
  if (!limits.length) return `<p class="note" style="margin:0">No call has reached a limiter yet.</p>`;
  return limits.map(each => each.levels.map(level => {
    const most = Math.max(level.limit, level.burst), left = level.remaining === null ? most : level.remaining;
    const state = left === 0 ? "out" : left * 5 <= most ? "low" : "";
    const name = `${NAMES[each.service]}, ${each.group}: ${each.account || "nobody"}`;
    return `<div class="meter"><span class="name">${esc(name)}</span><span><b>${level.remaining === null ? "any" : number(left)}</b> of ${number(most)}</span>` +
        `<div class="bar ${state}" role="meter" aria-label="${esc(name + ", " + level.rate)}" aria-valuemin="0" aria-valuemax="${most}" aria-valuenow="${left}"><span style="width:${100 * left / most}%"></span></div>` +
        `<span class="note">${esc(level.rate)}</span><span class="note" style="text-align:right">${state === "out" ? "empty" : ""}</span></div>`;
  }).join("")).join("");
}
function faults(list) {
  return list.map(each => {
    const answer = typeof each.answer === "string" ? each.answer : each.answer.delay ? each.answer.delay + " later" : each.answer.status + " " + (each.answer.code || "");
    const [over, under] = each.share.split("/");
    return `<li><span>${esc(NAMES[each.service] || each.service)}${each.operation ? " " + esc(each.operation) : ""}: <b>${esc(answer)}</b>, ${Math.round(1000 * over / under) / 10} %` +
        `<br><span class="note">${each.until ? "until " + esc(each.until.slice(11, 19)) + " UTC" : "until removed"}</span></span>` +
        `<button type="button" data-fault="${each.id}" aria-label="Remove fault ${each.id}">Remove</button></li>`;
  }).join("");
}
function calls(list) {
  if (!list.length) {
    return `<div class="empty">No calls yet. Point a client at this address, or try one:<br><code>curl -H "x-apikey: $KEY" ${esc(location.origin)}/api/v3/ip_addresses/8.8.8.8</code>` +
        `<br><span class="note">KEY is in <a href="/_rushhour/keys?reveal=all">/_rushhour/keys?reveal=all</a></span></div>`;
  }
  const rows = list.map((each, i) => {
    const kind = each.outcome === "ok" ? "is-ok" : each.outcome === "throttled" ? "is-throttled" : "";
    const key = each.at + "|" + each.operation + "|" + list.slice(i + 1).filter(o => o.at === each.at && o.operation === each.operation).length;
    const detail = opened.has(key) ? `<tr class="detail"><td colspan="7">${esc(Object.entries(each).map(([name, value]) => name.padEnd(10) + " " + (value === "" ? "–" : value)).join("\n"))}</td></tr>` : "";
    return `<tr class="call" data-call="${esc(key)}"><td><button type="button" aria-expanded="${opened.has(key)}">${esc(each.at.slice(11, 23))}</button></td><td class="wide">${esc(each.operation).replace(":", ":<wbr>")}</td>` +
        `<td><span class="badge ${kind}">${esc(each.outcome)}</span>${each.stubbed ? " stub" : ""}</td><td class="minor">${each.status || "–"}</td>` +
        `<td class="minor">${esc(each.code || "–")}</td><td class="minor wide">${esc(each.account || "–")}</td><td class="minor wide">${esc(each.detection || "–")}</td></tr>${detail}`;
  }).join("");
  return `<div class="scroll"><table><caption>The last calls, newest first</caption><thead><tr><th>time, UTC</th><th>operation</th><th>outcome</th><th class="minor">status</th>` +
      `<th class="minor">code</th><th class="minor">account or key</th><th class="minor">detection</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function put(id, html) {
  if (drawn.get(id) === html) return;
  drawn.set(id, html);
  $(id).innerHTML = html;
}
function draw(live) {
  last = live;
  const now = Date.parse(live.now);
  $("clock").textContent = live.now.slice(0, 10) + " " + live.now.slice(11, 19) + " UTC";
  $("total").textContent = number(live.total);
  $("stubs").textContent = number(live.stubs);
  const is_seen = each => each.service !== "iam" || each.total.ok + each.total.throttled + each.total.failed > 0;
  put("charts", live.services.filter(is_seen).map(chart).join(""));
  put("burn", burn(live.keys, now));
  put("levels", levels(live.limits.filter(each => each.service !== "virustotal")));
  put("faults", faults(live.faults));
  put("calls", calls(live.calls));
  document.body.dataset.total = live.total;
}
async function poll() {
  try {
    const answer = await fetch("/_rushhour/live", {cache: "no-store"});
    draw(await answer.json());
    $("dot").className = "dot"; $("link").textContent = "live";
  } catch (error) { $("dot").className = "dot lost"; $("link").textContent = "no answer"; }
}
async function send(method, path, body, done) {
  const answer = await fetch("/_rushhour/" + path, {method, body: body && JSON.stringify(body)});
  const text = await answer.json();
  $("said").textContent = answer.ok ? done : text.error.message;
  await poll();
}
$("reset").onclick = () => { samples.clear(); opened.clear(); send("POST", "reset", null, "reset: journal empty, quotas full"); };
$("fault").onsubmit = event => {
  event.preventDefault();
  const form = new FormData(event.target), body = {service: form.get("service"), answer: form.get("answer"), share: form.get("share") + "/100"};
  if (form.get("for")) body.for = form.get("for");
  send("POST", "faults", body, "fault added");
};
$("verdict").onsubmit = event => {
  event.preventDefault();
  const form = new FormData(event.target);
  send("POST", "verdicts", {address: form.get("address"), malicious: +form.get("malicious"), harmless: +form.get("harmless")}, "verdict set for " + form.get("address"));
};
$("faults").onclick = event => { if (event.target.dataset.fault) send("DELETE", "faults/" + event.target.dataset.fault, null, "fault removed"); };
$("calls").onclick = event => {
  const row = event.target.closest("tr.call");
  if (!row || !last) return;
  const key = row.dataset.call;
  opened.has(key) ? opened.delete(key) : opened.add(key);
  draw(last);
};
poll();
setInterval(poll, 1000);
</script>
</body>
</html>
)page";
// clang-format on

}  // namespace rushhour::fakes::detail
