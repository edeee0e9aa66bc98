/// \file
/// Bodies of baseline.hpp.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/detail/hex.hpp>
#include <rushhour/detail/json_text.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/scenario/baseline.hpp>
#include <rushhour/scenario/document.hpp>
#include <rushhour/scenario/reader.hpp>

namespace rushhour::scenario {

namespace detail {

constexpr std::string_view baseline_format = "rushhour.baseline/1";

inline std::string exact_text(Ratio value) {
  const Ratio reduced = value.reduced();
  std::string out = std::to_string(reduced.numerator);
  if (reduced.denominator != 1) out += '/' + std::to_string(reduced.denominator);
  return out;
}

/// What exact_text() wrote; what it cannot have written is 0.
inline double value_of(std::string_view exact) {
  const auto number = [](std::string_view text) {
    std::uint64_t out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return static_cast<double>(out);
  };
  const std::size_t slash = exact.find('/');
  if (slash == std::string_view::npos) return number(exact);
  const double below = number(exact.substr(slash + 1));
  return below == 0.0 ? 0.0 : number(exact.substr(0, slash)) / below;
}

/// What exact_text() wrote, exactly; nothing of what it cannot have written.
inline std::optional<Ratio> ratio_of(std::string_view exact) {
  Ratio out;
  const char* const end = exact.data() + exact.size();
  const auto [slash, first] = std::from_chars(exact.data(), end, out.numerator);
  if (first != std::errc{}) return std::nullopt;
  if (slash == end) return out;
  const auto [last, second] = std::from_chars(slash + 1, end, out.denominator);
  if (*slash != '/' || second != std::errc{} || last != end || out.denominator == 0) return std::nullopt;
  return out;
}

/// Those terms of the scenario's budgets that say `baseline`.
inline std::vector<Selector> selectors_against_baseline(const Scenario& scenario) {
  std::vector<Selector> out;
  for (const BudgetPlan& plan : scenario.budgets) {
    for (std::size_t i = 0; i < plan.budget.size(); ++i) {
      if (plan.budget.at(i).of_baseline) out.push_back(plan.budget.at(i).selector);
    }
  }
  return out;
}

/// By what factor a number grew or shrank; from or to nothing is more than any factor.
inline double factor(const Change& change) {
  const double before = value_of(change.before);
  const double after = value_of(change.after);
  if (before == 0.0 || after == 0.0) return 1e300;
  return before < after ? after / before : before / after;
}

/// The calls of each rule, which say who caused what changed.
inline void add_calls_of_rules(const RunMetrics& metrics, std::map<std::string, std::string>& into) {
  std::vector<std::string> services;
  for (const api::Operation* operation : all_operations()) {
    std::string service{api::to_text(operation->service)};
    if (services.empty() || services.back() != service) services.push_back(std::move(service));
  }
  for (const std::string& service : services) {
    for (const LabelChoice& label : metrics.labels(service)) {
      if (label.key != "rule") continue;
      for (const std::string& rule : label.values) {
        for (const char* const measure : {"calls", "attempts", "throttled"}) {
          const Selector selector{.service = service, .labels = {{"rule", rule}}, .measure = measure};
          const std::optional<Ratio> value = metrics.find(selector);
          if (value && value->numerator != 0) into.emplace(to_text(selector), exact_text(*value));
        }
      }
    }
  }
}

inline void append_line(std::string& out, std::string_view indent, std::string_view key,
                        std::string_view value, bool& first) {
  out += first ? "\n" : ",\n";
  first = false;
  out += indent;
  rushhour::detail::append_json_string(out, key);
  out += ": ";
  rushhour::detail::append_json_string(out, value);
}

/// Empty texts are written as `-`, which no name is.
constexpr std::string_view unknown_mark = "-";

inline std::string_view marked_unknown(std::string_view text) { return text.empty() ? unknown_mark : text; }
inline std::string unmarked(std::string text) { return text == unknown_mark ? std::string{} : text; }

inline void append_callers(std::string& out, const std::vector<Caller>& callers) {
  out += ",\n  \"callers\": [";
  bool first = true;
  for (const Caller& each : callers) {
    out += first ? "\n    [" : ",\n    [";
    first = false;
    for (const std::string& text : {each.detection, each.function, each.operation, each.site}) {
      rushhour::detail::append_json_string(out, marked_unknown(text));
      out += ", ";
    }
    out += '"' + std::to_string(each.calls) + "\"]";
  }
  out += "\n  ]";
}

inline std::vector<Caller> read_callers(const std::vector<Value>& rows) {
  std::vector<Caller> out;
  for (const Value& row : rows) {
    const std::vector<Value> parts = row.array({.min = 5, .max = 5});
    Caller caller{unmarked(parts[0].text()), unmarked(parts[1].text()), unmarked(parts[2].text()),
                  unmarked(parts[3].text())};
    const std::string calls = parts[4].text();
    const auto [end, error] = std::from_chars(calls.data(), calls.data() + calls.size(), caller.calls);
    if (error != std::errc{} || end != calls.data() + calls.size()) parts[4].fail("a number of calls");
    out.push_back(std::move(caller));
  }
  return out;
}

/// In lines that a review can show.
inline void append_signs(std::string& out, std::string_view key, std::string_view signs) {
  constexpr std::size_t line_max = 96;
  out += ",\n    \"" + std::string{key} + "\": [";
  for (std::size_t at = 0; at < signs.size(); at += line_max) {
    out += at == 0 ? "\n      \"" : ",\n      \"";
    out += signs.substr(at, line_max);
    out += '"';
  }
  out += signs.empty() ? "]" : "\n    ]";
}

inline std::string joined(const std::vector<Value>& lines) {
  std::string out;
  for (const Value& line : lines) out += line.text();
  return out;
}

inline measure::Signs read_signs(Reader reader) {
  measure::Signs out{.decisions = reader.integer("decisions"), .every = reader.integer("every", {.min = 1})};
  out.first = joined(reader.array("first"));
  out.all = joined(reader.array("all"));
  reader.done();
  return out;
}

inline std::vector<MarkedCall> marked_calls(const Run& run) {
  const Names& names = run.world->world.ledger.names();
  std::vector<MarkedCall> out;
  for (const measure::Marks::Marked& each : run.trail->marks().calls()) {
    out.push_back({.number = each.number,
                   .event = each.event,
                   .at = to_iso8601(each.at, Precision::nanoseconds),
                   .operation = std::string{names.text(each.operation)},
                   .outcome = std::string{rushhour::to_text(each.outcome)}});
  }
  return out;
}

inline Baseline read_baseline_document(const Document& document) {
  Baseline out;
  Reader root{document};
  root.require({{"format", "\"rushhour.baseline/1\""}, {"numbers", "{}"}, {"trail", "{}"}});
  static_cast<void>(root.text("format", {baseline_format}));
  out.scenario = root.text("scenario");
  out.scenario_digest = root.text("scenario_digest");
  out.seed = root.integer("seed");
  out.events = root.integer("events");
  out.digest = root.text("digest");
  Reader numbers = root.object("numbers");
  for (auto& [name, value] : numbers.members()) out.numbers.push_back({name, value.text()});
  numbers.done();
  Reader trail = root.object("trail");
  for (auto& [begin, decisions] : trail.members()) out.trail.push_back({begin, decisions.text()});
  trail.done();
  if (const auto callers = root.find("callers")) out.callers = read_callers(callers->array());
  if (auto signs = root.optional_object("signs")) out.signs = read_signs(std::move(*signs));
  root.done();
  return out;
}

inline std::vector<Change> changes_between(const Baseline& before, const Baseline& after) {
  std::map<std::string, Change> rows;
  for (const BaselineNumber& each : before.numbers) rows[each.name] = {each.name, each.value, "0"};
  for (const BaselineNumber& each : after.numbers) {
    Change& row = rows.try_emplace(each.name, Change{each.name, "0", "0"}).first->second;
    row.after = each.value;
  }
  std::vector<Change> out;
  for (auto& [name, change] : rows) {
    if (change.before != change.after) out.push_back(std::move(change));
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Change& a, const Change& b) { return factor(a) > factor(b); });
  if (before.events != after.events) {
    out.insert(out.begin(), {"events", std::to_string(before.events), std::to_string(after.events)});
  }
  if (before.seed != after.seed) {
    out.insert(out.begin(), {"seed", std::to_string(before.seed), std::to_string(after.seed)});
  }
  return out;
}

/// The first stretch that differs. Both trails are in order of time.
inline std::optional<Divergence> diverging_stretch(const Baseline& before, const Baseline& after) {
  auto a = before.trail.begin();
  auto b = after.trail.begin();
  for (; a != before.trail.end() && b != after.trail.end(); ++a, ++b) {
    if (*a == *b) continue;
    if (a->begin < b->begin) return Divergence{.begin = a->begin, .before = a->decisions};
    if (b->begin < a->begin) return Divergence{.begin = b->begin, .after = b->decisions};
    return Divergence{.begin = a->begin, .before = a->decisions, .after = b->decisions};
  }
  if (a != before.trail.end()) return Divergence{.begin = a->begin, .before = a->decisions};
  if (b != after.trail.end()) return Divergence{.begin = b->begin, .after = b->decisions};
  return std::nullopt;
}

inline std::optional<MarkedCall> call_of(const Baseline& baseline, std::uint64_t number) {
  const auto found =
      std::lower_bound(baseline.marked.begin(), baseline.marked.end(), number,
                       [](const MarkedCall& each, std::uint64_t wanted) { return each.number < wanted; });
  if (found == baseline.marked.end() || found->number != number) return std::nullopt;
  return *found;
}

/// Where the two runs part.
inline std::optional<Divergence> divergence_of(const Baseline& before, const Baseline& after) {
  std::optional<Divergence> out = diverging_stretch(before, after);
  if (!out || !before.signs || !after.signs) return out;
  out->parting = measure::parting_of(*before.signs, *after.signs);
  if (!out->parting) return out;
  out->last_same = call_of(after, out->parting->same);
  if (out->parting->no_later) out->first_other = call_of(after, *out->parting->no_later);
  return out;
}

}  // namespace detail

RUSHHOUR_INLINE Baseline baseline_of(const Run& run) {
  RUSHHOUR_ASSERT(run.trail != nullptr, "a baseline is of a run with RunOptions::keep_trail");
  Baseline out{.scenario = run.scenario.name,
               .seed = run.scenario.seed,
               .events = run.result.delivery.delivered,
               .digest = run.digest};
  rushhour::detail::append_hex(out.scenario_digest, run.scenario.document_digest);
  std::map<std::string, std::string> numbers;
  for (const std::string& name : run.metrics->known()) {
    const Selector selector = parse_selector(name);
    if (selector.aggregate == Aggregate::mean) continue;  // the total says it
    const std::optional<Ratio> value = run.metrics->find(selector);
    if (value && value->numerator != 0) numbers.emplace(name, detail::exact_text(*value));
  }
  detail::add_calls_of_rules(*run.metrics, numbers);
  for (const Selector& selector : detail::selectors_against_baseline(run.scenario)) {
    const std::optional<Ratio> value = run.metrics->find(selector);
    if (value) numbers.emplace(to_text(selector), detail::exact_text(*value));
  }
  for (auto& [name, value] : numbers) out.numbers.push_back({name, std::move(value)});
  for (const measure::Stretch& stretch : run.trail->stretches()) {
    out.trail.push_back(
        {to_iso8601(stretch.begin), measure::to_text(stretch, run.world->world.ledger.names())});
  }
  out.callers = callers_of(*run.meters, run.world->world.ledger.names());
  out.signs = run.trail->marks().signs_of_run();
  out.marked = detail::marked_calls(run);
  return out;
}

RUSHHOUR_INLINE std::string to_json(const Baseline& baseline) {
  std::string out = "{\n  \"format\": \"" + std::string{detail::baseline_format} + "\",\n  \"scenario\": ";
  rushhour::detail::append_json_string(out, baseline.scenario);
  out += ",\n  \"scenario_digest\": \"" + baseline.scenario_digest +
         "\",\n  \"seed\": " + std::to_string(baseline.seed) +
         ",\n  \"events\": " + std::to_string(baseline.events) + ",\n  \"digest\": \"" + baseline.digest +
         "\",\n  \"numbers\": {";
  bool first = true;
  for (const BaselineNumber& each : baseline.numbers)
    detail::append_line(out, "    ", each.name, each.value, first);
  out += "\n  },\n  \"trail\": {";
  first = true;
  for (const BaselineStretch& each : baseline.trail) {
    detail::append_line(out, "    ", each.begin, each.decisions, first);
  }
  out += "\n  }";
  if (baseline.callers) detail::append_callers(out, *baseline.callers);
  if (baseline.signs) {
    out += ",\n  \"signs\": {\n    \"decisions\": " + std::to_string(baseline.signs->decisions) +
           ",\n    \"every\": " + std::to_string(baseline.signs->every);
    detail::append_signs(out, "first", baseline.signs->first);
    detail::append_signs(out, "all", baseline.signs->all);
    out += "\n  }";
  }
  return out + "\n}\n";
}

RUSHHOUR_INLINE Baseline read_baseline(const std::string& path) {
  return detail::read_baseline_document(read_document(path));
}

RUSHHOUR_INLINE Baseline parse_baseline(std::string_view text, std::string file) {
  return detail::read_baseline_document(parse_document(text, std::move(file)));
}

RUSHHOUR_INLINE std::string baseline_path(const std::string& scenario_file, const std::string& folder) {
  const std::filesystem::path file{scenario_file};
  const std::filesystem::path where =
      folder.empty() ? file.parent_path() / "baselines" : std::filesystem::path{folder};
  return (where / (file.stem().string() + ".lock.json")).string();
}

RUSHHOUR_INLINE BaselineLookup baseline_numbers(const Baseline& baseline) {
  std::map<std::string, Ratio> numbers;
  for (const BaselineNumber& each : baseline.numbers) {
    if (const auto value = detail::ratio_of(each.value)) numbers.emplace(each.name, *value);
  }
  return [numbers = std::move(numbers)](const Selector& selector) -> std::optional<Ratio> {
    const auto found = numbers.find(to_text(selector));
    return found == numbers.end() ? std::nullopt : std::optional{found->second};
  };
}

RUSHHOUR_INLINE BaselineLookup baseline_numbers(const Scenario& scenario, const std::string& folder) {
  if (detail::selectors_against_baseline(scenario).empty()) return {};
  const std::string path = baseline_path(scenario.file, folder);
  if (!std::filesystem::exists(path)) return {};
  return baseline_numbers(read_baseline(path));
}

RUSHHOUR_INLINE Comparison compare(const Baseline& before, const Baseline& after) {
  if (before.scenario_digest != after.scenario_digest) return {.kind = Comparison::Kind::incomparable};
  Comparison out{.kind = Comparison::Kind::changed,
                 .changes = detail::changes_between(before, after),
                 .divergence = detail::divergence_of(before, after)};
  if (before.callers && after.callers) out.callers = changed_callers(*before.callers, *after.callers);
  if (out.changes.empty() && out.callers.empty() && !out.divergence && before.digest == after.digest)
    out.kind = Comparison::Kind::identical;
  return out;
}

}  // namespace rushhour::scenario
