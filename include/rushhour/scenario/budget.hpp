/// \file
/// A budget as plain data: the terms of its expression, how they are joined, and what became of them. Reading
/// and judging is expression.hpp's business.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/ratio.hpp>
#include <rushhour/scenario/document.hpp>
#include <rushhour/scenario/selector.hpp>

namespace rushhour::scenario {

/// Whether a broken budget fails the run, or is only shown.
enum class Level : std::uint8_t { error, warn };

/// How a budget is judged when the scenario was run with several seeds.
enum class Seeds : std::uint8_t {
  all,   ///< it holds with every seed
  any,   ///< it holds with one of them at least
  mean,  ///< the mean of what was measured holds against the mean of the bounds
  p95    ///< what was measured holds with 95 of 100 seeds: its 95th percentile by nearest rank, or the 5th
         ///< where the budget asks for more (> or >=)
};

enum class Op : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };

[[nodiscard]] constexpr std::string_view to_text(Level level) {
  constexpr std::array<std::string_view, 2> texts{"error", "warn"};
  return texts[static_cast<std::size_t>(level)];
}
[[nodiscard]] constexpr std::string_view to_text(Seeds seeds) {
  constexpr std::array<std::string_view, 4> texts{"all", "any", "mean", "p95"};
  return texts[static_cast<std::size_t>(seeds)];
}
[[nodiscard]] constexpr std::string_view to_text(Op op) {
  constexpr std::array<std::string_view, 6> texts{"==", "!=", "<", "<=", ">", ">="};
  return texts[static_cast<std::size_t>(op)];
}
/// How the bound of a term is away from the baseline's number.
enum class Shift : std::uint8_t { none, plus, minus };

/// One comparison. Where it stands in the expression is kept for messages about it.
struct Term {
  Selector selector{};
  Op op{Op::equal};
  Ratio value{};               ///< 30% is 3/10; of a duration its seconds
  bool duration{};             ///< it was written with a unit
  bool of_limit{};             ///< the bound is `value` times the limit that applies to the selector
  bool of_baseline{};          ///< the bound is the baseline's number, shifted by `value`
  Shift shift{Shift::none};    ///< only of the baseline
  bool percent{};              ///< it is shifted by that share of itself
  std::size_t begin{};         ///< of the selector in the text
  std::size_t end{};           ///< of the selector: one past it
  std::size_t labels_begin{};  ///< of the braces; as labels_end without labels
  std::size_t labels_end{};
  std::size_t op_end{};     ///< what the selector is compared with is text[op_end, value_end)
  std::size_t value_end{};  ///< the range is what follows the "in" behind it
  std::size_t range_begin{};
  std::size_t
      range_end{};  ///< of the whole term too, as text[begin, range_end); as value_end without a range
};

/// How the terms of a budget are joined.
struct Expression {
  enum class Kind : std::uint8_t {
    term,
    all,  ///< "and"
    any   ///< "or"
  };

  Kind kind{Kind::term};
  std::size_t term{};               ///< of a term: its place, Budget::at()
  std::vector<Expression> parts{};  ///< of the others: at least two
};

/// A budget as read; what surrounds the expression in the scenario (`allow_empty`, `level`, `seeds`) is set
/// by its loader.
struct Budget {
  std::string text{};
  Place place{};             ///< of the text's first byte
  Term term{};               ///< the first one, and mostly the only one
  std::vector<Term> more{};  ///< those behind it, in the order of the text
  Expression expression{};   ///< how they are joined
  bool allow_empty{};        ///< a service that was never called is then no failure by itself
  Level level{Level::error};
  Seeds seeds{Seeds::all};

  /// How many terms there are; `baseline +/- x` makes two.
  [[nodiscard]] std::size_t size() const { return 1 + more.size(); }
  [[nodiscard]] const Term& at(std::size_t place_of_term) const {
    return place_of_term == 0 ? term : more.at(place_of_term - 1);
  }
  /// `sts.throttled == 0`, as it was written.
  [[nodiscard]] std::string_view text_of(std::size_t place_of_term) const {
    const Term& meant = at(place_of_term);
    return std::string_view{text}.substr(meant.begin, meant.range_end - meant.begin);
  }
};

/// What became of one term.
struct TermVerdict {
  bool holds{};
  bool never_called{};
  std::optional<Ratio> measured{};
  std::optional<Ratio>
      bound{};         ///< what it was compared with: the value, or what it means of limit or baseline
  std::string text{};  ///< `83 is not <= 4`, `never called`
};

/// What became of a budget. Its numbers are those of one term: the first that breaks it, else the first.
struct Verdict {
  bool holds{};
  bool never_called{};
  std::optional<Ratio> measured{};
  std::optional<Ratio> bound{};
  /// `fails: 83 is not <= 4`, `fails: never called`; of several terms the ones that made it so, each with
  /// what became of it.
  std::string text{};
  std::size_t term{};  ///< whose numbers these are: Budget::at()
  std::vector<TermVerdict> terms{};
};

}  // namespace rushhour::scenario
