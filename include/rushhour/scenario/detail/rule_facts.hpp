/// \file
/// What a scenario with Elastic's rules takes for granted: of the readers of secrets, of each rule, and of
/// how records become documents.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <rushhour/scenario/detail/assumption_list.hpp>
#include <rushhour/scenario/plan.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario::detail {

inline void assume_secret_readers(Assumptions& out, const event::traffic::SecretReadersOptions& used) {
  const event::traffic::SecretReadersOptions otherwise;
  constexpr std::string_view population =
      "spec of new terms 5.4: 50 functions, 30 users, 10 roles of tasks, a dormant role abused each hour";
  const auto add = [&](std::string_view name, const std::string& value, const std::string& standard) {
    out.unless_user("traffic.secret_readers." + std::string{name}, value, standard, assumption_tags::choice,
                    population);
  };
  const auto number = [&](std::string_view name, std::uint32_t value, std::uint32_t standard) {
    add(name, std::to_string(value), std::to_string(standard));
  };
  add("history", to_text(used.history), to_text(otherwise.history));
  number("functions", used.functions, otherwise.functions);
  add("function_interval", to_text(used.function_interval), to_text(otherwise.function_interval));
  number("users", used.users, otherwise.users);
  add("user_interval", to_text(used.user_interval), to_text(otherwise.user_interval));
  number("task_roles", used.task_roles, otherwise.task_roles);
  number("sessions_per_hour", used.sessions_per_hour, otherwise.sessions_per_hour);
  number("intrusions_per_hour", used.intrusions_per_hour, otherwise.intrusions_per_hour);
  add("intrusion_after", to_text(used.intrusion_after), to_text(otherwise.intrusion_after));
}

inline void assume_rule(Assumptions& out, const RulePlan& rule) {
  const std::string name = "rules." + rule.name + ".";
  out.user(name + "file", rule.rule.file);
  out.unless_user(name + "executor", rule.executor == elastic::Executor::esql ? "esql" : "aggregation",
                  "aggregation", assumption_tags::documented,
                  "Kibana as released; ES|QL is behind a feature flag in 2026");
  out.unless_user(name + "ties", rule.ties == elastic::Ties::stable ? "stable" : "alternating", "alternating",
                  assumption_tags::choice,
                  "Elasticsearch does not say which of several oldest documents it returns; kibana issue "
                  "174148: the same term alerts twice");
  out.unless_user(name + "refresh", to_text(rule.refresh), "1s", assumption_tags::documented,
                  "index.refresh_interval of Elasticsearch");
}

inline void assume_documents(Assumptions& out, const DocumentsPlan& plan) {
  out.unless_user("documents.shape", plan.ecs.shape == event::EcsShape::fleet ? "fleet" : "filebeat", "fleet",
                  assumption_tags::choice, "Elastic Agent's AWS package");
  out.unless_user("documents.ingest_delay", to_text(plan.ecs.ingest_delay), to_text(Duration{}),
                  assumption_tags::choice, "a record is ingested when it arrives");
  out.user("truth.match", plan.truth.match);
  std::string terms;
  for (const std::string& term : plan.truth.terms) terms += (terms.empty() ? "" : ", ") + term;
  out.user("truth.terms", terms);
  out.user("truth.window", to_text(plan.truth.window));
  for (const RulePlan& rule : plan.rules) assume_rule(out, rule);
}

}  // namespace rushhour::scenario::detail
