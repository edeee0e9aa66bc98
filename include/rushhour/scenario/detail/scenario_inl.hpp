#pragma once

#include <filesystem>
#include <utility>

#include <rushhour/scenario/detail/read_budget.hpp>
#include <rushhour/scenario/detail/read_detections.hpp>
#include <rushhour/scenario/detail/read_feedback.hpp>
#include <rushhour/scenario/detail/read_fleet.hpp>
#include <rushhour/scenario/detail/read_prices.hpp>
#include <rushhour/scenario/detail/read_rules.hpp>
#include <rushhour/scenario/detail/read_traffic.hpp>
#include <rushhour/scenario/detail/read_world.hpp>
#include <rushhour/scenario/reader.hpp>
#include <rushhour/scenario/scenario.hpp>

namespace rushhour::scenario {

namespace detail {

RUSHHOUR_INLINE Trigger read_trigger(Reader reader, Instant start) {
  const Trigger trigger{.from = start + reader.duration("from", {.max = duration_max}),
                        .lasting = reader.duration("for", {.max = duration_max})};
  reader.done();
  return trigger;
}

RUSHHOUR_INLINE Scenario read_scenario(Document document, const Overrides& overrides) {
  for (const Setting& setting : overrides.settings) apply(setting, document);
  Scenario scenario;
  scenario.settings = overrides.settings;
  scenario.file = document.file;
  scenario.name = std::filesystem::path{document.file}.stem().string();
  scenario.document_digest = digest(document.root);
  Reader root{document};
  const RequiredKey detections{"detections",
                               R"([{"name": "r", "strategy": "call_in_rule", "match": {"share": 0.5}}])"};
  const RequiredKey rules{"rules", R"([{"file": "rules/rule.toml"}])"};
  root.require({{"seed", "7"},
                {"start", "\"2026-03-02T14:00:00Z\""},
                {"duration", "\"1h\""},
                {"traffic", R"({"events": 1000000})"},
                root.find("rules") ? rules : detections,
                {"world", "{}"},
                {"budgets", R"(["sts.throttled == 0"])"}});
  scenario.description = root.optional_text("description", "");
  static_cast<void>(root.optional_text("$schema", ""));
  scenario.seed = overrides.seed.value_or(root.integer("seed"));
  scenario.start = root.instant("start");
  const Value duration = root.at("duration");
  scenario.duration = duration.duration({.min = std::chrono::seconds{1}, .max = duration_max});
  if (scenario.start > Instant::max() - duration_max - scenario.duration) {
    duration.fail("a duration that ends before April 2261");
  }
  read_traffic(root.object("traffic"), overrides, scenario);
  if (auto fleet = root.optional_object("fleet")) scenario.engine = read_fleet(std::move(*fleet));
  if (auto trigger = root.optional_object("trigger")) {
    scenario.trigger = read_trigger(std::move(*trigger), scenario.start);
  }
  read_world(root.object("world"), scenario);
  read_rules(root, scenario);
  for (const Value& detection : root.optional_array("detections", {.min = 1})) {
    scenario.detections.push_back(read_detection(detection.object(), scenario));
  }
  if (auto feedback = root.optional_object("feedback")) {
    scenario.feedback = read_feedback(std::move(*feedback), scenario);
  }
  if (auto prices = root.optional_object("prices")) scenario.prices = read_prices(std::move(*prices));
  for (const Value& budget : root.array("budgets")) scenario.budgets.push_back(read_budget(budget));
  root.done();
  scenario.synthetic.events = scenario.events;
  scenario.synthetic.start = scenario.start;
  scenario.synthetic.duration = scenario.duration;
  scenario.synthetic.account = scenario.world.customers.empty() ? scenario.world.customer_account
                                                                : scenario.world.customers.front().account;
  scenario.synthetic.region = scenario.world.world.region;
  if (scenario.secret_readers) {
    scenario.secret_readers->account = scenario.synthetic.account;
    scenario.secret_readers->region = scenario.synthetic.region;
  }
  return scenario;
}

}  // namespace detail

RUSHHOUR_INLINE Scenario load_scenario(const std::string& path, const Overrides& overrides) {
  return detail::read_scenario(read_document(path), overrides);
}

RUSHHOUR_INLINE Scenario parse_scenario(std::string_view text, const std::string& file,
                                        const Overrides& overrides) {
  return detail::read_scenario(parse_document(text, file), overrides);
}

}  // namespace rushhour::scenario
