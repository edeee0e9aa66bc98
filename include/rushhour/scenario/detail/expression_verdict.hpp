/// \file
/// From what became of a budget's terms to its verdict.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/scenario/budget.hpp>

namespace rushhour::scenario::detail {

/// Whether the terms make the expression hold, and which of them made it so: of an "and" that fails those
/// that fail, of an "or" that holds those that hold, else all.
struct Decision {
  bool holds{};
  std::vector<std::size_t> by{};  ///< in the order of the text, at least one
};

[[nodiscard]] inline Decision decide(const Expression& expression, const std::vector<TermVerdict>& terms) {
  if (expression.kind == Expression::Kind::term) {
    return {.holds = terms.at(expression.term).holds, .by = {expression.term}};
  }
  // What one part alone decides: to hold, of "or"; to fail, of "and".
  const bool decisive = expression.kind == Expression::Kind::any;
  Decision out{.holds = !decisive};
  for (const Expression& part : expression.parts) {
    Decision each = decide(part, terms);
    if (each.holds == decisive && out.holds != decisive) {
      out.holds = decisive;
      out.by.clear();
    }
    if (each.holds == out.holds) out.by.insert(out.by.end(), each.by.begin(), each.by.end());
  }
  return out;
}

/// The budget's text without the blanks around it.
[[nodiscard]] inline std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

[[nodiscard]] inline Verdict verdict_of(const Budget& budget, std::vector<TermVerdict> terms) {
  const Decision decision = decide(budget.expression, terms);
  const std::size_t shown = decision.by.front();
  Verdict out{.holds = decision.holds,
              .never_called = terms.at(shown).never_called,
              .measured = terms.at(shown).measured,
              .bound = terms.at(shown).bound,
              .text = decision.holds ? "holds: " : "fails: ",
              .term = shown};
  for (const std::size_t each : decision.by) {
    if (each != shown) out.text += "; ";
    const std::string_view text = budget.text_of(each);
    if (text != trimmed(budget.text)) out.text += std::string{text} + ": ";
    out.text += terms.at(each).text;
  }
  out.terms = std::move(terms);
  return out;
}

}  // namespace rushhour::scenario::detail
