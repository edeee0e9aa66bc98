/// \file
/// The curves of runs as NDJSON, a JSON object a line, for whoever draws or computes with them: jq, pandas,
/// Vega. The report has the totals and peaks of the same runs.
#pragma once

#include <span>
#include <string>

#include <rushhour/config.hpp>
#include <rushhour/scenario/run.hpp>

namespace rushhour::report {

/// A header for each run that has a timeline (RunOptions::keep_timeline), and then a line for each stretch of
/// it. The names and units of the curves are in scenario/timeline.hpp. Only integers and texts; the same
/// scenario and seed give the same bytes. Schema of a line: scenarios/series.schema.json.
///
///     {"format":"rushhour.series/1","scenario":"naive-enrichment","seed":7,"begin":"2026-03-02T14:00:00Z",
///      "width_milliseconds":1000,"stretches":3601,"units":{"sts.calls":"calls","fleet.busy":"containers"}}
///     {"at":"2026-03-02T14:00:00Z","t":0,"sts.calls":139,"fleet.busy":31}
///
/// `t` counts seconds from the begin. Every line has every curve of its header, 0 included, so that the lines
/// are a table without holes:
///
///     jq -r 'select(has("t")) | [.t, .["sts.throttled"]] | @csv' series.ndjson
///     lines = pandas.read_json("series.ndjson", lines=True); curves = lines[lines["t"].notna()]
[[nodiscard]] std::string ndjson(std::span<const scenario::Run* const> runs);

}  // namespace rushhour::report

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/report/detail/ndjson_inl.hpp>
#endif
