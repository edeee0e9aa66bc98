/// \file
/// Reads a scenario's feedback: which records of its own calls come back as events.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/scenario/detail/reading.hpp>
#include <rushhour/scenario/plan.hpp>

namespace rushhour::scenario::detail {

/// The accounts of a world, each once.
inline std::vector<std::string_view> accounts_of(const fakes::PantherWorldOptions& world) {
  std::vector<std::string_view> accounts{world.engine_account};
  const auto add = [&](std::string_view account) {
    if (std::find(accounts.begin(), accounts.end(), account) == accounts.end()) accounts.push_back(account);
  };
  if (world.customers.empty()) add(world.customer_account);
  for (const fakes::CustomerOptions& customer : world.customers) add(customer.account);
  return accounts;
}

/// `{"delay": "5m", "trails": ["444455556666"]}`. After the world, whose accounts it names.
inline FeedbackPlan read_feedback(Reader reader, const Scenario& scenario) {
  // Shorter delays make a loop that goes round faster than anything else in a run happens.
  FeedbackPlan plan{
      .delay = reader.at("delay", "\"5m\"").duration({.min = std::chrono::seconds{1}, .max = duration_max})};
  if (const auto trails = reader.find("trails")) {
    const std::vector<std::string_view> known = accounts_of(scenario.world);
    for (const Value& trail : trails->array({.min = 1})) {
      const std::string account = trail.text();
      require_word(trail, account, known);
      if (std::find(plan.trails.begin(), plan.trails.end(), account) != plan.trails.end()) {
        trail.fail("each account once");
      }
      plan.trails.push_back(account);
    }
  }
  reader.done();
  return plan;
}

}  // namespace rushhour::scenario::detail
