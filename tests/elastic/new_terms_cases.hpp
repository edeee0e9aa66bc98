// The conformance table of new-terms rules, new_terms_cases.json: its documents as the engine takes them in,
// its rules, and what each run is to give.
#pragma once

#include <chrono>
#include <cstdint>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <rushhour/elastic/execution.hpp>
#include <rushhour/elastic/new_terms.hpp>
#include <rushhour/elastic/schedule.hpp>
#include <rushhour/elastic/term_key.hpp>
#include <rushhour/event/json.hpp>

namespace rushhour::elastic {

using Json = nlohmann::ordered_json;

inline const Json& cases() {
  static const Json all = [] {
    std::ifstream file{RUSHHOUR_CONFORMANCE_DIR "/../elastic/new_terms_cases.json"};
    return Json::parse(file);
  }();
  return all;
}

inline Instant at_ms(std::int64_t ms) { return Instant{std::chrono::milliseconds{ms}}; }

/// One that matches the rule's query, with its time as the rule sees it.
struct CaseDocument {
  std::string id{};
  std::int64_t ms{};
  std::int64_t visible_ms{};
  std::vector<std::string> keys{};
};

/// `generated: n` stands for n documents whose numbers, at the end of ids and names, have the digits of the
/// first.
inline std::vector<Json> expanded(const Json& documents) {
  if (documents.is_array()) return {documents.begin(), documents.end()};
  std::vector<Json> out;
  for (std::size_t i = 0; i < documents["generated"]; ++i) {
    Json document = documents["first"];
    for (auto& [key, value] : document.items()) {
      if (!value.is_string() || value == documents["last"][key]) continue;
      std::string text = value;
      const std::string number = std::to_string(i);
      text.replace(text.size() - number.size(), number.size(), number);
      value = text;
    }
    out.push_back(std::move(document));
  }
  return out;
}

inline std::vector<Json> values(const Json& document, const std::string& field) {
  const auto found = document.find(field);
  if (found == document.end() || found->is_null()) return {};
  if (found->is_array()) return {found->begin(), found->end()};
  return {*found};
}

inline std::vector<std::string> keys(const Json& document, const Json& fields) {
  std::vector<std::string> out{""};
  event::Arena arena;
  for (const std::string field : fields) {
    std::vector<std::string> longer;
    for (const std::string& key : out) {
      for (const Json& value : values(document, field)) {
        longer.push_back(key);
        append_term(longer.back(), event::parse_json(value.dump(), arena));
      }
    }
    out = std::move(longer);
  }
  return out;
}

inline std::vector<CaseDocument> documents_of(const Json& test) {
  const Json& rule = test["rule"];
  std::vector<CaseDocument> out;
  for (const Json& json : expanded(test["docs"])) {
    const Json& filter = test["filter"];
    if (!filter.is_null() && json.value(filter[0].get<std::string>(), "") != filter[1].get<std::string>())
      continue;
    const std::int64_t timestamp = json["@timestamp"];
    const Json ingested = json.value("event.ingested", Json{});
    const bool has_override = !rule["timestamp_override"].is_null();
    if (has_override && ingested.is_null() && rule.value("fallback_disabled", false)) continue;
    const std::int64_t ms = has_override && !ingested.is_null() ? ingested.get<std::int64_t>() : timestamp;
    out.push_back(
        {.id = json["id"],
         .ms = ms,
         .visible_ms = json.value("visible", ingested.is_null() ? timestamp : ingested.get<std::int64_t>()),
         .keys = keys(json, rule["fields"])});
  }
  return out;
}

inline RuleTimes times_of(const Json& rule) {
  return {.from = DateMath::parse(rule["from"].get<std::string>()),
          .interval = parse_interval(rule["interval"].get<std::string>()),
          .history_start = DateMath::parse(rule["history"].get<std::string>())};
}

inline std::string text_of(const Json& terms) {
  std::string key;
  event::Arena arena;
  for (const Json& term : terms) append_term(key, event::parse_json(term.dump(), arena));
  return terms_text(key);
}

/// The numbers of the rule; `reach` covers what the table's rules look back.
inline NewTermsOptions options_of(const Json& rule, Executor executor) {
  return {.fields = rule["fields"].size(),
          .executor = executor,
          .max_signals = rule.value("max_signals", std::size_t{100}),
          .reach = std::chrono::hours{1}};
}

/// What the table says of the runs of a case.
inline const Json& expected_runs(const Json& test, Executor executor) {
  return test[executor == Executor::esql ? "esql" : "agg"];
}

inline void expect_as_recorded(const Execution& execution, const Json& expected,
                               const std::vector<CaseDocument>& documents) {
  SCOPED_TRACE("run at minute " + expected["at_min"].dump());
  EXPECT_EQ(execution.alerts.size(), expected["n"]);
  EXPECT_EQ(execution.truncated, expected["truncated"]);
  EXPECT_EQ(std::chrono::floor<std::chrono::milliseconds>(execution.gap).count(), expected["gap_ms"]);
  EXPECT_EQ(execution.searches, expected["searches"]);
  const Json& alerts = expected["alerts"].is_null() ? expected["first"] : expected["alerts"];
  ASSERT_GE(execution.alerts.size(), alerts.size());
  for (std::size_t i = 0; i < alerts.size(); ++i) {
    EXPECT_EQ(documents[execution.alerts[i].document].id, alerts[i]["doc"].get<std::string>());
    EXPECT_EQ(terms_text(execution.alerts[i].terms), text_of(alerts[i]["terms"]));
  }
}

/// The executor's name, and the case's up to its first blank: `10a_esql`.
inline std::string case_name(const Json& test, Executor executor) {
  const std::string name = test["name"];
  return name.substr(0, name.find(' ')) + (executor == Executor::esql ? "_esql" : "_aggregation");
}

}  // namespace rushhour::elastic
