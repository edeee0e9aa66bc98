#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <rushhour/detail/json_text.hpp>
#include <rushhour/elastic/kql.hpp>
#include <rushhour/elastic/rule.hpp>
#include <rushhour/input_error.hpp>

#include "commands.hpp"
#include "files.hpp"
#include "json_object.hpp"

namespace rushhour::cli {

namespace {

using elastic::Rule;
using elastic::RuleOutcome;
using elastic::RuleStatus;
using elastic::RuleType;

/// What is wrong with a rule's query, at its place in the rule's file; nothing when it is KQL.
std::optional<std::string> query_mistake(const Rule& rule) {
  try {
    static_cast<void>(elastic::parse_kql(rule.query));
  } catch (const InputError& error) {
    return to_text(elastic::in_file(rule, error.mistake()));
  }
  return std::nullopt;
}

void check_query(RuleOutcome& outcome) {
  if (!outcome.rule) return;
  std::optional<std::string> mistake = query_mistake(*outcome.rule);
  if (!mistake) return;
  outcome.status = RuleStatus::broken;
  outcome.reason = *std::move(mistake);
  outcome.rule.reset();
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) {
    if (!out.empty()) out += ", ";
    out += text;
  }
  return out;
}

/// `new_terms of user.id, now-60m to now every 10m, history from now-10d`.
std::string summary(const Rule& rule) {
  std::string out{to_text(rule.type)};
  if (rule.type == RuleType::new_terms) {
    out += " of " + joined(rule.new_terms.fields);
  } else if (rule.type == RuleType::threshold) {
    out += " of " + std::to_string(rule.threshold.value) + " by " +
           (rule.threshold.fields.empty() ? "nothing" : joined(rule.threshold.fields));
  }
  out += ", " + rule.from.text() + " to " + rule.to.text() + " every " + to_text(rule.interval);
  if (rule.type == RuleType::new_terms) {
    out += ", history from " + rule.new_terms.history_window_start.text();
  }
  return out;
}

/// What a user should know of a rule that loads.
std::vector<std::string> notes(const Rule& rule) {
  std::vector<std::string> out = rule.notes;
  if (!rule.enabled) out.emplace_back("it is disabled");
  if (!rule.exception_lists.empty()) {
    out.push_back("it names exception lists, whose items are not in it: " + joined(rule.exception_lists));
  }
  return out;
}

void print(const RuleOutcome& outcome) {
  const std::string status{to_text(outcome.status)};
  if (outcome.rule) {
    std::printf("%-12s %s: %s\n", status.c_str(), outcome.path.c_str(), summary(*outcome.rule).c_str());
    for (const std::string& note : notes(*outcome.rule)) std::printf("%-12s   %s\n", "", note.c_str());
  } else if (outcome.status == RuleStatus::broken) {
    std::printf("%-12s %s\n", status.c_str(), outcome.reason.c_str());
  } else {
    std::printf("%-12s %s: %s, %s\n", status.c_str(), outcome.path.c_str(), outcome.type.c_str(),
                outcome.reason.c_str());
  }
}

/// How many rules came to what: status, type and reason; each broken rule has a reason of its own.
struct Total {
  RuleStatus status{};
  std::string type{};
  std::string reason{};
  std::uint64_t rules{};
};

std::vector<Total> totals_of(const std::vector<RuleOutcome>& outcomes) {
  std::vector<Total> out;
  for (const RuleOutcome& outcome : outcomes) {
    const std::string reason = outcome.status == RuleStatus::broken ? std::string{} : outcome.reason;
    const auto found = std::find_if(out.begin(), out.end(), [&](const Total& total) {
      return total.status == outcome.status && total.type == outcome.type && total.reason == reason;
    });
    if (found != out.end()) {
      ++found->rules;
    } else {
      out.push_back({.status = outcome.status, .type = outcome.type, .reason = reason, .rules = 1});
    }
  }
  std::sort(out.begin(), out.end(), [](const Total& a, const Total& b) {
    return std::tie(a.status, a.type, a.reason) < std::tie(b.status, b.type, b.reason);
  });
  return out;
}

void print_totals(const std::vector<RuleOutcome>& outcomes) {
  std::printf("%s%zu rule%s\n", outcomes.empty() ? "" : "\n", outcomes.size(),
              outcomes.size() == 1 ? "" : "s");
  for (const Total& total : totals_of(outcomes)) {
    const std::string status{to_text(total.status)};
    const std::string type = total.type.empty() ? "of no known type" : total.type;
    std::printf("%6llu %s, %s%s%s\n", static_cast<unsigned long long>(total.rules), status.c_str(),
                type.c_str(), total.reason.empty() ? "" : ": ", total.reason.c_str());
  }
}

void append_json(std::string& out, const RuleOutcome& outcome) {
  JsonObject object{out};
  object.text("path", outcome.path);
  object.text("status", to_text(outcome.status));
  if (!outcome.name.empty()) object.text("name", outcome.name);
  if (!outcome.type.empty()) object.text("type", outcome.type);
  if (!outcome.rule) return object.text("reason", outcome.reason);
  const Rule& rule = *outcome.rule;
  if (!rule.rule_id.empty()) object.text("rule_id", rule.rule_id);
  object.text("from", rule.from.text());
  object.text("to", rule.to.text());
  object.text("interval", to_text(rule.interval));
  object.number("max_signals", std::uint64_t{rule.max_signals});
  if (!rule.timestamp_override.empty()) object.text("timestamp_override", rule.timestamp_override);
  if (rule.type == RuleType::new_terms) {
    object.texts("new_terms_fields", rule.new_terms.fields);
    object.text("history_window_start", rule.new_terms.history_window_start.text());
  } else if (rule.type == RuleType::threshold) {
    object.texts("threshold_fields", rule.threshold.fields);
    object.number("threshold_value", rule.threshold.value);
  }
  const std::vector<std::string> said = notes(rule);
  if (!said.empty()) object.texts("notes", said);
}

std::string to_json(const std::vector<RuleOutcome>& outcomes) {
  std::string out = "{\"format\":\"rushhour.rules/1\",\n\"totals\":[";
  for (const Total& total : totals_of(outcomes)) {
    out += out.ends_with('[') ? "\n" : ",\n";
    JsonObject object{out};
    object.text("status", to_text(total.status));
    if (!total.type.empty()) object.text("type", total.type);
    if (!total.reason.empty()) object.text("reason", total.reason);
    object.number("rules", total.rules);
  }
  out += "],\n\"rules\":[";
  for (const RuleOutcome& outcome : outcomes) {
    out += out.ends_with('[') ? "\n" : ",\n";
    append_json(out, outcome);
  }
  return out + "]}\n";
}

}  // namespace

int rules(const RulesCommand& command) {
  std::vector<RuleOutcome> outcomes = elastic::load_rules(command.folder);
  for (RuleOutcome& outcome : outcomes) check_query(outcome);
  if (command.json == "-") {
    std::fputs(to_json(outcomes).c_str(), stdout);
  } else {
    for (const RuleOutcome& outcome : outcomes) print(outcome);
    print_totals(outcomes);
    if (!command.json.empty()) write_file(command.json, to_json(outcomes));
  }
  const bool is_broken = std::any_of(outcomes.begin(), outcomes.end(), [](const RuleOutcome& outcome) {
    return outcome.status == RuleStatus::broken;
  });
  return is_broken ? exit_usage : exit_ok;
}

}  // namespace rushhour::cli
