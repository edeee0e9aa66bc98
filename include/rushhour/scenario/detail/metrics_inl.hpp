/// \file
/// Bodies of metrics.hpp that are about all numbers alike: finding them, labels, and what is computed
/// elsewhere.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>

#include <rushhour/api/dynamodb.hpp>
#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/scenario/detail/metrics_rows.hpp>
#include <rushhour/scenario/metrics.hpp>

namespace rushhour::scenario {

namespace detail {

/// Operations of one name are one here: VirusTotal counts several requests as one endpoint.
template <class... Ops>
void append_rows(std::vector<const api::Operation*>& out, api::Operations<Ops...> /*operations*/) {
  const auto append = [&out, first = out.size()](const api::Operation& row) {
    const auto same = [&row](const api::Operation* known) { return known->name == row.name; };
    if (std::none_of(out.begin() + static_cast<std::ptrdiff_t>(first), out.end(), same)) out.push_back(&row);
  };
  (append(api::operation_of<Ops>), ...);
}

[[nodiscard]] inline std::vector<std::string> functions() {
  std::vector<std::string> out;
  for (auto each = Function::rule; each <= last_function;
       each = static_cast<Function>(static_cast<std::uint8_t>(each) + 1)) {
    out.emplace_back(rushhour::to_text(each));
  }
  return out;
}

}  // namespace detail

RUSHHOUR_INLINE std::vector<const api::Operation*> all_operations() {
  std::vector<const api::Operation*> out;
  detail::append_rows(out, api::OperationsOf<api::Service::sts>::Type{});
  detail::append_rows(out, api::OperationsOf<api::Service::secretsmanager>::Type{});
  detail::append_rows(out, api::OperationsOf<api::Service::virustotal>::Type{});
  detail::append_rows(out, api::OperationsOf<api::Service::dynamodb>::Type{});
  return out;
}

RUSHHOUR_INLINE std::vector<const api::Operation*> usual_operations() {
  return {&api::operation_of<api::sts::AssumeRole>, &api::operation_of<api::sts::GetCallerIdentity>,
          &api::operation_of<api::secretsmanager::GetSecretValue>,
          &api::operation_of<api::secretsmanager::DescribeSecret>,
          &api::operation_of<api::virustotal::GetIpAddress>};
}

RUSHHOUR_INLINE RunMetrics::Answer RunMetrics::answer(const Selector& selector) const {
  for (const auto part : {&RunMetrics::of_service, &RunMetrics::of_detections, &RunMetrics::of_run,
                          &RunMetrics::of_recovery, &RunMetrics::of_numbers}) {
    const Answer found = (this->*part)(selector);
    if (found.known) return found;
  }
  return {};
}

RUSHHOUR_INLINE std::vector<std::string> RunMetrics::known() const {
  std::vector<Selector> selectors;
  list_services(selectors);
  list_run(selectors);
  std::vector<std::string> out;
  out.reserve(selectors.size() + numbers_.size());
  for (const Selector& selector : selectors) out.push_back(to_text(selector));
  for (const NamedNumber& number : numbers_) {
    out.push_back(number.name + "." + std::string{to_text(Window::total)});
  }
  return out;
}

RUSHHOUR_INLINE std::vector<LabelChoice> RunMetrics::labels(std::string_view service) const {
  const LabelChoice rules{.key = "rule", .values = facts_.detections};
  if (service == "detections" || service == "cache" || service == "lookup") return {rules};
  for (std::size_t i = 0; i < api::detection_service_count; ++i) {
    if (service != api::to_text(static_cast<api::Service>(i))) continue;
    const bool keys = static_cast<api::Service>(i) == api::Service::virustotal;
    LabelChoice accounts{.key = keys ? "key" : "account"};
    for (const Name account : facts_.accounts[i]) {
      accounts.values.emplace_back(facts_.world.ledger.names().text(account));
    }
    return {rules, std::move(accounts), {.key = "function", .values = detail::functions()}};
  }
  return {};
}

/// Labels that the service does not have, or not with this value, make it unknown.
RUSHHOUR_INLINE RunMetrics::Who RunMetrics::who(const Selector& selector) const {
  Who out{.labels = selector.labels.size()};
  const std::vector<LabelChoice> choices = labels(selector.service);
  for (const Label& label : selector.labels) {
    const auto may_be = [&label](const LabelChoice& choice) {
      return choice.key == label.key &&
             std::find(choice.values.begin(), choice.values.end(), label.value) != choice.values.end();
    };
    if (std::none_of(choices.begin(), choices.end(), may_be)) return {.known = false};
    Names& names = facts_.world.ledger.names();
    if (label.key == "rule") {
      out.rule = label.value;
      out.detection = names.intern(label.value);
    } else if (label.key == "function") {
      const std::vector<std::string> all = detail::functions();
      const auto at = std::find(all.begin(), all.end(), label.value) - all.begin();
      out.function = static_cast<Function>(at + static_cast<std::ptrdiff_t>(Function::rule));
    } else {
      out.account = names.intern(label.value);
    }
  }
  return out;
}

RUSHHOUR_INLINE void RunMetrics::add_number(NamedNumber number) {
  const auto same = [&number](const NamedNumber& each) { return each.name == number.name; };
  const auto found = std::find_if(numbers_.begin(), numbers_.end(), same);
  if (found == numbers_.end()) {
    numbers_.push_back(std::move(number));
  } else {
    found->value = number.value;
  }
}

RUSHHOUR_INLINE RunMetrics::Answer RunMetrics::of_numbers(const Selector& selector) const {
  if (!selector.labels.empty() || selector.window != Window::total) return {};
  std::string name = selector.service;
  if (!selector.operation.empty()) name += "." + selector.operation;
  name += "." + selector.measure;
  for (const NamedNumber& number : numbers_) {
    if (number.name == name) return {.known = true, .value = number.value};
  }
  return {};
}

}  // namespace rushhour::scenario
