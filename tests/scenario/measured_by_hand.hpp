/// \file
/// What the tests of budgets share: metrics that are written down, and the message of an error.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/scenario/expression.hpp>

namespace rushhour::scenario {

/// Of the InputError that `act` throws; empty when it throws none.
inline std::string message_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

class MeasuredByHand final : public Metrics {
 public:
  std::map<std::string, Ratio> values{};
  std::map<std::string, Ratio> limits{};
  std::vector<std::string> without_value{};
  std::set<std::string> idle{};

  [[nodiscard]] std::optional<Ratio> find(const Selector& selector) const override {
    return in(values, to_text(selector));
  }
  [[nodiscard]] std::optional<Ratio> limit(const Selector& selector) const override {
    return in(limits, to_text(selector));
  }
  [[nodiscard]] std::vector<std::string> known() const override {
    std::vector<std::string> out = without_value;
    for (const auto& [name, value] : values) {
      if (name.find('{') == std::string::npos) out.push_back(name);
    }
    return out;
  }
  [[nodiscard]] bool never_called(const Selector& selector) const override {
    return idle.count(selector.service) != 0;
  }
  [[nodiscard]] bool knows(const Selector& selector) const override {
    return Metrics::knows(selector) || find(selector).has_value();
  }
  [[nodiscard]] bool in_seconds(const Selector& selector) const override {
    return selector.service == "delay";
  }
  [[nodiscard]] std::vector<LabelChoice> labels(std::string_view service) const override {
    if (service != "sts") return {};
    return {{.key = "rule", .values = {"AWS.Root", "AWS.Login"}}, {.key = "function", .values = {"title"}}};
  }

 private:
  static std::optional<Ratio> in(const std::map<std::string, Ratio>& all, const std::string& name) {
    const auto found = all.find(name);
    if (found == all.end()) return std::nullopt;
    return found->second;
  }
};

}  // namespace rushhour::scenario
