/// \file
/// Names for budgets and scenarios where readers take a name as an identity.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>

#include <rushhour/report/judged.hpp>

namespace rushhour::report::detail {

inline std::string numbered(const std::string& text, std::size_t number) {
  return number == 1 ? text : text + " (" + std::to_string(number) + ")";
}

/// Behind what the name has been seen before as, so that no two budgets of a scenario are the same.
inline std::string unique_name(std::span<const scenario::JudgedBudget> budgets, std::size_t at) {
  const std::string& text = budgets[at].plan.budget.text;
  std::size_t number = 1;
  for (std::size_t i = 0; i < at; ++i) number += budgets[i].plan.budget.text == text ? 1U : 0U;
  return numbered(text, number);
}

/// The same of a scenario that is run twice.
inline std::string unique_name(std::span<const Judged> scenarios, std::size_t at) {
  const std::string& name = scenarios[at].run->scenario.name;
  std::size_t number = 1;
  for (std::size_t i = 0; i < at; ++i) number += scenarios[i].run->scenario.name == name ? 1U : 0U;
  return numbered(name, number);
}

}  // namespace rushhour::report::detail
