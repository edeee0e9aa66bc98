/// \file
/// What the questions of a query are asked of: one field, all fields of some names, the objects of a nested
/// field. The questions themselves are kql_value_tests.hpp's.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/elastic/detail/document_values.hpp>
#include <rushhour/elastic/detail/kql_program.hpp>
#include <rushhour/elastic/detail/kql_value_tests.hpp>
#include <rushhour/event/schema.hpp>

namespace rushhour::elastic::detail {

/// Holds when some value of a field answers one of some questions with yes.
class ValueTests {
 public:
  void add(std::unique_ptr<ValueTest> test) {
    for (const auto& known : tests_) {
      if (known->absorb(*test)) return;
    }
    tests_.push_back(std::move(test));
  }
  /// Keywords are put together, since most lists are of them.
  void add_keyword(std::string text) { keywords_.add(std::move(text)); }

  [[nodiscard]] bool operator()(const event::Value& value, const Judging& judging) const {
    if (!value.is_array()) [[likely]]
      return !value.is_null() && one(value, judging);
    return std::ranges::any_of(value.items(), [&](const event::Value& item) { return one(item, judging); });
  }
  [[nodiscard]] bool is_timeless() const {
    return std::ranges::all_of(tests_, [](const auto& test) { return test->is_timeless(); });
  }
  [[nodiscard]] unsigned cost() const {
    auto sum = static_cast<unsigned>(keywords_.size());
    for (const auto& test : tests_) sum += test->cost();
    return sum;
  }

 private:
  [[nodiscard]] bool one(const event::Value& value, const Judging& judging) const {
    if (keywords_.size() > 0 && keywords_.has(value)) return true;
    for (const auto& test : tests_) {
      if ((*test)(value, judging)) return true;
    }
    return false;
  }

  KeywordSet keywords_;
  std::vector<std::unique_ptr<ValueTest>> tests_;
};

/// One field of the event.
class FieldTest final : public Test {
 public:
  FieldTest(std::shared_ptr<const event::Field> field, ValueTests tests)
      : field_(std::move(field)), tests_(std::move(tests)) {}

  [[nodiscard]] bool operator()(const Subject& subject) const override {
    return tests_(field_->read(subject.event, subject.scratch), {subject.now, subject.scratch});
  }
  [[nodiscard]] std::optional<bool> constant(const event::Layout& layout) const override {
    if (!tests_.is_timeless()) return std::nullopt;
    const std::optional<event::Value> value = field_->constant(layout);
    if (!value) return std::nullopt;
    event::Arena scratch{256};
    return tests_(*value, {Instant{}, scratch});
  }
  [[nodiscard]] unsigned cost() const override { return 10 + tests_.cost(); }

 private:
  std::shared_ptr<const event::Field> field_;
  ValueTests tests_;
};

/// One field of the object that is looked at inside of braces.
class MemberTest final : public Test {
 public:
  MemberTest(std::string name, ValueTests tests) : name_(std::move(name)), tests_(std::move(tests)) {}

  [[nodiscard]] bool operator()(const Subject& subject) const override {
    const Judging judging{subject.now, subject.scratch};
    const auto resolve = [&](event::Value value) { return subject.event.resolve(value); };
    bool found = false;
    visit_values(subject.object, name_, resolve, [&](const event::Value& value) {
      found = found || (!value.is_object() && tests_(value, judging));
    });
    return found;
  }
  [[nodiscard]] unsigned cost() const override { return 20 + tests_.cost(); }

 private:
  std::string name_;
  ValueTests tests_;
};

/// The questions that a literal is for each type; nullptr for those it is no value of.
using TestsByType = std::array<std::unique_ptr<ValueTest>, 9>;

/// Any field whose name is like a pattern; inside of braces any below the nested field's name.
class AnyFieldTest final : public Test {
 public:
  /// `prefix` is the nested field's name with a dot; empty outside of braces.
  AnyFieldTest(const event::Schema& schema, std::vector<std::string> pattern, std::string prefix,
               TestsByType tests)
      : schema_(schema), pattern_(std::move(pattern)), prefix_(std::move(prefix)), tests_(std::move(tests)) {}

  [[nodiscard]] bool operator()(const Subject& subject) const override {
    const Judging judging{subject.now, subject.scratch};
    bool found = false;
    const auto visit = [&](std::string_view name, const event::Value& value) {
      found = found || holds(name, value, judging);
    };
    if (prefix_.empty()) {
      schema_.for_each(subject.event, subject.scratch, std::ref(visit));
    } else {
      const auto resolve = [&](event::Value value) { return subject.event.resolve(value); };
      visit_leaves(subject.object, {}, subject.scratch, resolve,
                   [&](std::string_view name, const event::Value& value) {
                     visit(subject.scratch.join({prefix_, name}), value);
                   });
    }
    return found;
  }
  [[nodiscard]] unsigned cost() const override { return 10'000; }

 private:
  [[nodiscard]] bool holds(std::string_view name, const event::Value& value, const Judging& judging) const {
    if (!matches_wildcards(pattern_, name)) return false;
    const std::unique_ptr<ValueTest>& test = tests_[static_cast<std::size_t>(schema_.type(name))];
    if (test == nullptr) return false;
    if (!value.is_array()) return !value.is_null() && (*test)(value, judging);
    return std::ranges::any_of(value.items(),
                               [&](const event::Value& item) { return (*test)(item, judging); });
  }

  const event::Schema& schema_;
  std::vector<std::string> pattern_;
  std::string prefix_;
  TestsByType tests_;
};

/// `field:{...}`: some object of a nested field answers the query inside with yes.
class NestedTest final : public Test {
 public:
  /// With a field: of the event. With a name: of the object that is looked at.
  NestedTest(std::shared_ptr<const event::Field> field, std::string name, Program inside)
      : field_(std::move(field)), name_(std::move(name)), inside_(std::move(inside)) {}

  [[nodiscard]] bool operator()(const Subject& subject) const override {
    const auto resolve = [&](event::Value value) { return subject.event.resolve(value); };
    const event::Value objects =
        field_ == nullptr ? subject.object : field_->read(subject.event, subject.scratch);
    bool found = false;
    visit_values(objects, field_ == nullptr ? std::string_view{name_} : std::string_view{}, resolve,
                 [&](const event::Value& object) {
                   if (found || !object.is_object()) return;
                   found = inside_({subject.event, subject.scratch, subject.now, object});
                 });
    return found;
  }
  [[nodiscard]] unsigned cost() const override { return 500; }

 private:
  std::shared_ptr<const event::Field> field_;
  std::string name_;
  Program inside_;
};

}  // namespace rushhour::elastic::detail
