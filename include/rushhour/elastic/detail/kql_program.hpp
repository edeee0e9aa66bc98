/// \file
/// A query as a machine runs it: tests, each with the step that comes next when it holds and when not, so
/// that and, or and not cost nothing. What a test looks at is kql_tests.hpp's.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <optional>
#include <ranges>
#include <utility>
#include <vector>

#include <rushhour/event/arena.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/layout.hpp>
#include <rushhour/event/value.hpp>
#include <rushhour/time.hpp>

namespace rushhour::elastic::detail {

/// What a query is asked about.
struct Subject {
  const event::Event& event;
  event::Arena& scratch;
  Instant now;
  event::Value object{};  ///< inside of `field:{...}`: the object that is looked at
};

/// One yes-or-no question about a subject.
class Test {
 public:
  Test() = default;
  Test(const Test&) = delete;
  Test& operator=(const Test&) = delete;
  virtual ~Test() = default;

  [[nodiscard]] virtual bool operator()(const Subject& subject) const = 0;
  /// The answer for every event of a layout, when all have the same.
  [[nodiscard]] virtual std::optional<bool> constant(const event::Layout& layout) const {
    static_cast<void>(layout);
    return std::nullopt;
  }
  /// Roughly in nanoseconds.
  [[nodiscard]] virtual unsigned cost() const = 0;
};

/// The logic of a query. Tests belong to the query.
struct Clause {
  enum class Kind : std::uint8_t { yes, no, test, all_of, any_of, negation };

  Kind kind{Kind::yes};
  const Test* test{};
  std::vector<Clause> parts{};

  [[nodiscard]] static Clause of(bool answer) { return {.kind = answer ? Kind::yes : Kind::no}; }
  [[nodiscard]] static Clause of(const Test& test) { return {.kind = Kind::test, .test = &test}; }
};

[[nodiscard]] inline unsigned cost_of(const Clause& clause) {  // NOLINT(misc-no-recursion)
  return std::accumulate(clause.parts.begin(), clause.parts.end(),
                         clause.test == nullptr ? 0U : clause.test->cost(),
                         [](unsigned sum, const Clause& part) { return sum + cost_of(part); });
}

/// Puts cheap parts first. No test changes anything or fails, so the order is nobody's business.
inline void sort_by_cost(Clause& clause) {  // NOLINT(misc-no-recursion)
  for (Clause& part : clause.parts) sort_by_cost(part);
  std::ranges::stable_sort(clause.parts, {}, cost_of);
}

/// A clause as steps.
class Program {
 public:
  Program() = default;
  /// `known` gives the answers of tests that are known ahead of time. They need no step, and neither does
  /// what makes no difference then.
  template <class Known>
  Program(const Clause& clause, const Known& known) : start_(add(clause, known, yes, no)) {}
  explicit Program(const Clause& clause)
      : Program(clause, [](const Test&) { return std::optional<bool>{}; }) {}

  [[nodiscard]] bool operator()(const Subject& subject) const {
    std::uint32_t at = start_;
    while (at < no) {
      const Step& step = steps_[at];
      at = (*step.test)(subject) ? step.if_true : step.if_false;
    }
    return at == yes;
  }
  /// The answer, when there is nothing to ask.
  [[nodiscard]] std::optional<bool> constant() const {
    return start_ < no ? std::nullopt : std::optional{start_ == yes};
  }

 private:
  struct Step {
    const Test* test;
    std::uint32_t if_true;
    std::uint32_t if_false;
  };
  static constexpr std::uint32_t no = 0xffff'fffe;
  static constexpr std::uint32_t yes = 0xffff'ffff;

  /// Adds the steps of a clause behind those that follow it, and gives the first of them.
  template <class Known>
  std::uint32_t add(const Clause& clause, const Known& known,  // NOLINT(misc-no-recursion)
                    std::uint32_t if_true, std::uint32_t if_false) {
    if (if_true == if_false) return if_true;  // whatever the answer
    switch (clause.kind) {
      case Clause::Kind::yes:
        return if_true;
      case Clause::Kind::no:
        return if_false;
      case Clause::Kind::test:
        if (const std::optional<bool> answer = known(*clause.test)) return *answer ? if_true : if_false;
        steps_.push_back({.test = clause.test, .if_true = if_true, .if_false = if_false});
        return static_cast<std::uint32_t>(steps_.size() - 1);
      case Clause::Kind::negation:
        return add(clause.parts.front(), known, if_false, if_true);
      case Clause::Kind::all_of: {
        std::uint32_t next = if_true;
        for (const Clause& part : std::views::reverse(clause.parts)) next = add(part, known, next, if_false);
        return next;
      }
      case Clause::Kind::any_of:
        break;
    }
    std::uint32_t next = if_false;
    for (const Clause& part : std::views::reverse(clause.parts)) next = add(part, known, if_true, next);
    return next;
  }

  std::vector<Step> steps_;
  std::uint32_t start_ = yes;  // after steps_, which add() fills
};

/// What is left of a query for the layouts met so far. Open addressing in a table of a power of two, at most
/// half full, as Path has it.
class ProgramsByLayout {
 public:
  /// nullptr for a layout that is not here.
  [[nodiscard]] const Program* find(const event::Layout& layout) const {
    if (table_.empty()) return nullptr;
    for (std::size_t at = bucket(&layout);; at = (at + 1) & mask_) {
      if (table_[at].layout.get() == &layout) return &table_[at].program;
      if (table_[at].layout == nullptr) return nullptr;
    }
  }
  /// Whether one more may be added. More shapes than any source has means that layouts are made per event.
  [[nodiscard]] bool has_room() const { return count_ < layouts_max; }
  const Program& add(const event::Layout& layout, Program program) {
    return insert({.layout = layout.shared_from_this(), .program = std::move(program)});
  }

 private:
  struct Entry {
    std::shared_ptr<const event::Layout> layout{};  // kept, so that no other takes its address
    Program program{};
  };
  static constexpr std::size_t layouts_max = 512;

  [[nodiscard]] std::size_t bucket(const event::Layout* layout) const {
    return (reinterpret_cast<std::uintptr_t>(layout) * 0x9e3779b97f4a7c15ULL >> 32) & mask_;
  }
  const Program& insert(Entry entry) {
    if (count_ * 2 >= table_.size()) {
      std::vector<Entry> old(table_.empty() ? 8 : table_.size() * 2);
      old.swap(table_);
      mask_ = table_.size() - 1;
      count_ = 0;
      for (Entry& moved : old) {
        if (moved.layout != nullptr) insert(std::move(moved));
      }
    }
    std::size_t at = bucket(entry.layout.get());
    while (table_[at].layout != nullptr) at = (at + 1) & mask_;
    table_[at] = std::move(entry);
    ++count_;
    return table_[at].program;
  }

  std::vector<Entry> table_;
  std::size_t mask_ = 0;  // the table's size less 1
  std::size_t count_ = 0;
};

}  // namespace rushhour::elastic::detail
