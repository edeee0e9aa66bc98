#include "preview_alert.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

namespace rushhour::cli {

using Json = nlohmann::ordered_json;

Activity::Activity(const event::Schema& schema)
    : identity_(schema.field("user.id")),
      action_(schema.field("event.action")),
      user_agent_(schema.field("user_agent.original")),
      source_(schema.field("source.address")),
      request_parameters_(schema.field("aws.cloudtrail.request_parameters")) {}

std::uint32_t Activity::intern(const std::string& text) {
  if (text.empty()) return 0;
  const auto [found, is_first] = number_of_.emplace(text, static_cast<std::uint32_t>(texts_.size()));
  if (is_first) {
    texts_.push_back(text);
    documents_of_.emplace_back();
  }
  return found->second;
}

std::string Activity::read(const event::Field& field, const event::Event& document) {
  const event::Value value = field.read(document, scratch_);
  if (value.is_null()) return {};
  if (value.is_array()) return event::to_json(value);
  return std::string{value.text_or(event::to_json(value))};
}

void Activity::see(const event::Event& document, Instant time, bool matches) {
  scratch_.reset();
  Seen seen{.time = time,
            .identity = intern(read(*identity_, document)),
            .action = intern(read(*action_, document)),
            .matches = matches};
  if (matches) {
    seen.user_agent = read(*user_agent_, document);
    seen.source = read(*source_, document);
    seen.request_parameters = read(*request_parameters_, document);
  }
  if (seen.identity != 0) documents_of_[seen.identity].push_back(document.id());
  seen_.emplace(document.id(), std::move(seen));
}

void Activity::describe(Json& alert, std::uint64_t document) const {
  const Seen& at = seen_.at(document);
  const auto text = [](const std::string& value) { return value.empty() ? Json(nullptr) : Json(value); };
  alert["@timestamp"] = to_iso8601(at.time, Precision::milliseconds);
  alert["identity"] = text(texts_[at.identity]);
  alert["user_agent.original"] = text(at.user_agent);
  alert["source.address"] = text(at.source);
  alert["aws.cloudtrail.request_parameters"] = text(at.request_parameters);

  std::set<std::uint32_t> others;
  for (const auto& [number, seen] : seen_) {
    const bool is_alike = seen.matches && seen.action == at.action && seen.time <= at.time;
    if (is_alike && seen.identity != 0 && seen.identity != at.identity) others.insert(seen.identity);
  }
  alert["other_identities_that_did_the_same"] = others.size();

  for (const int hours : {24, 48}) {
    std::map<std::string, std::uint64_t> actions;
    const std::vector<std::uint64_t>& own = documents_of_[at.identity];
    for (const std::uint64_t number : own) {
      const Seen& seen = seen_.at(number);
      const bool is_before = number != document && seen.time <= at.time;
      if (is_before && at.time - seen.time <= std::chrono::hours{hours}) ++actions[texts_[seen.action]];
    }
    alert["actions_of_identity_in_last_" + std::to_string(hours) + "_hours"] = actions;
  }
}

void describe_rule(Json& alert, const elastic::Rule& rule) {
  Json threats = Json::array();
  for (const elastic::Threat& threat : rule.threat) {
    Json techniques = Json::array();
    for (const elastic::Technique& technique : threat.techniques) {
      techniques.push_back({{"id", technique.id}, {"name", technique.name}});
      for (const elastic::CatalogueEntry& sub : technique.subtechniques)
        techniques.push_back({{"id", sub.id}, {"name", sub.name}});
    }
    threats.push_back({{"framework", threat.framework},
                       {"tactic", {{"id", threat.tactic.id}, {"name", threat.tactic.name}}},
                       {"techniques", std::move(techniques)}});
  }
  alert["rule"] = {{"id", rule.rule_id},
                   {"name", rule.name},
                   {"severity", to_text(rule.severity)},
                   {"risk_score", rule.risk_score},
                   {"threat", std::move(threats)},
                   {"tags", rule.tags},
                   {"references", rule.references},
                   {"false_positives", rule.false_positives},
                   {"note", rule.note}};
}

}  // namespace rushhour::cli
