/// \file
/// Bodies of exceptions.hpp: entries compiled for a schema, and judging events by them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/elastic/detail/exception_tests.hpp>
#include <rushhour/elastic/exceptions.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/schema.hpp>
#include <rushhour/event/value.hpp>

namespace rushhour::elastic {
namespace detail {

/// Whether any of the values that one value stands for is as wanted: elements of an array, or itself.
template <class Wanted>
[[nodiscard]] bool any_value(const event::Event& event, const event::Value& value, const Wanted& wanted) {
  const event::Value resolved = event.resolve(value);
  if (!resolved.is_array()) return !resolved.is_null() && wanted(resolved);
  const auto items = resolved.items();
  return std::any_of(items.begin(), items.end(),
                     [&](const event::Value& item) { return any_value(event, item, wanted); });
}

/// The same of what stands at a dotted path in an object, arrays on the way included.
template <class Wanted>
[[nodiscard]] bool any_value_at(const event::Event& event, const event::Value& object, std::string_view path,
                                const Wanted& wanted) {
  // A key may itself have dots in it.
  for (const event::Member& member : object.members()) {
    if (!path.starts_with(member.key)) continue;
    if (path.size() == member.key.size()) {
      if (any_value(event, member.value, wanted)) return true;
    } else if (path[member.key.size()] == '.') {
      const std::string_view rest = path.substr(member.key.size() + 1);
      if (any_value(event, member.value,
                    [&](const event::Value& inner) { return any_value_at(event, inner, rest, wanted); })) {
        return true;
      }
    }
  }
  return false;
}

/// One entry, compiled.
class ExceptionCondition {
 public:
  ExceptionCondition(const ExceptionList& list, const ExceptionEntry& entry, const event::Schema& schema,
                     const std::string& outer = {});

  [[nodiscard]] bool holds(const event::Event& event, const Judging& judging) const {
    const event::Value value = field_->read(event, judging.scratch);
    const bool found =
        any_value(event, value, [&](const event::Value& each) { return is_wanted(event, each, judging); });
    return found != is_excluded_;
  }

 private:
  /// Of an inner entry, in one object of the outer field.
  [[nodiscard]] bool holds_in(const event::Event& event, const event::Value& object,
                              const Judging& judging) const {
    const bool found = any_value_at(event, object, inner_path_, [&](const event::Value& each) {
      return is_wanted(event, each, judging);
    });
    return found != is_excluded_;
  }
  [[nodiscard]] bool is_wanted(const event::Event& event, const event::Value& value,
                               const Judging& judging) const;
  void compile_nested(const ExceptionList& list, const ExceptionEntry& entry, const event::Schema& schema,
                      const std::string& name);
  void compile_wildcard(const ExceptionList& list, const ExceptionEntry& entry);
  void compile_values(const ExceptionList& list, const ExceptionEntry& entry);

  bool is_excluded_;
  event::FieldType type_;
  std::shared_ptr<const event::Field> field_;
  std::string inner_path_;
  std::unique_ptr<ValueTest> test_{};        // nothing: of a nested field
  std::vector<ExceptionCondition> inner_{};  // of a nested field
};

[[noreturn]] RUSHHOUR_INLINE void fail_at(const ExceptionList& list, const ExceptionEntry& entry,
                                          std::string expected, std::string seen, std::string advice) {
  throw InputError({.file = list.file,
                    .line = entry.place.line,
                    .column = entry.place.column,
                    .pointer = entry.pointer,
                    .expected = std::move(expected),
                    .seen = std::move(seen),
                    .advice = std::move(advice)});
}

RUSHHOUR_INLINE ExceptionCondition::ExceptionCondition(const ExceptionList& list, const ExceptionEntry& entry,
                                                       const event::Schema& schema, const std::string& outer)
    : is_excluded_(entry.is_excluded),
      type_(schema.type(outer + entry.field)),
      field_(schema.field(outer + entry.field)),
      inner_path_(entry.field) {
  if (entry.type == ExceptionEntry::Type::nested) {
    compile_nested(list, entry, schema, outer + entry.field);
  } else if (entry.type == ExceptionEntry::Type::wildcard) {
    compile_wildcard(list, entry);
  } else if (entry.type == ExceptionEntry::Type::exists) {
    test_ = std::make_unique<AnyValue>();
  } else {
    compile_values(list, entry);
  }
}

RUSHHOUR_INLINE void ExceptionCondition::compile_nested(const ExceptionList& list,
                                                        const ExceptionEntry& entry,
                                                        const event::Schema& schema,
                                                        const std::string& name) {
  if (type_ != event::FieldType::nested) {
    fail_at(list, entry, "a nested field, an array of objects that are searched one by one",
            "\"" + name + "\", which is none", "use the whole names of fields in entries of other types");
  }
  for (const ExceptionEntry& each : entry.entries) inner_.emplace_back(list, each, schema, name + ".");
}

RUSHHOUR_INLINE void ExceptionCondition::compile_wildcard(const ExceptionList& list,
                                                          const ExceptionEntry& entry) {
  using event::FieldType;
  if (type_ != FieldType::keyword && type_ != FieldType::flattened && type_ != FieldType::text) {
    fail_at(list, entry, "a field of texts: wildcards match nothing else", "\"" + entry.field + "\"",
            "Elasticsearch fails every search with such an entry; use match or match_any");
  }
  const std::string& pattern = entry.values.front();
  if (type_ == FieldType::text) {
    test_ = std::make_unique<WordPatternTest>(pattern);
  } else {
    test_ = std::make_unique<PatternTest>(pattern);
  }
}

RUSHHOUR_INLINE void ExceptionCondition::compile_values(const ExceptionList& list,
                                                        const ExceptionEntry& entry) {
  const bool in_list = entry.type == ExceptionEntry::Type::list;
  const auto found = in_list ? list.lists.find(entry.list_id) : list.lists.end();
  if (in_list && found == list.lists.end()) {
    fail_at(list, entry, "the values of list \"" + entry.list_id + "\"", "none",
            "give them in the same file: \"lists\": {\"" + entry.list_id + "\": [...]}");
  }
  if (entry.list_type == "ip_range" && type_ != event::FieldType::ip) {
    fail_at(list, entry, "a field of addresses for a list of ranges", "\"" + entry.field + "\"",
            "other fields would be compared as texts");
  }
  ListQuestion question = one_of(type_, in_list ? found->second : entry.values, entry.list_type == "text");
  if (question.wrong) {
    fail_at(list, entry, std::string{question.wrong->expected}, "\"" + question.wrong->value + "\"",
            "Elasticsearch fails every search with such an entry");
  }
  test_ = std::move(question.test);
}

RUSHHOUR_INLINE bool ExceptionCondition::is_wanted(const event::Event& event, const event::Value& value,
                                                   const Judging& judging) const {
  if (test_) return (*test_)(value, judging);
  return value.is_object() && std::all_of(inner_.begin(), inner_.end(), [&](const ExceptionCondition& each) {
           return each.holds_in(event, value, judging);
         });
}

}  // namespace detail

RUSHHOUR_INLINE Exceptions::Exceptions(ExceptionList list, const event::Schema& schema)
    : list_(std::move(list)) {
  for (const ExceptionItem& item : list_.items) {
    std::vector<detail::ExceptionCondition>& conditions = conditions_.emplace_back();
    for (const ExceptionEntry& entry : item.entries) conditions.emplace_back(list_, entry, schema);
  }
}
RUSHHOUR_INLINE Exceptions::Exceptions(Exceptions&&) noexcept = default;
RUSHHOUR_INLINE Exceptions& Exceptions::operator=(Exceptions&&) noexcept = default;
RUSHHOUR_INLINE Exceptions::~Exceptions() = default;

RUSHHOUR_INLINE bool Exceptions::holds(std::size_t item, const event::Event& event, event::Arena& scratch,
                                       Instant at) const {
  const std::vector<detail::ExceptionCondition>& conditions = conditions_[item];
  return std::all_of(conditions.begin(), conditions.end(), [&](const detail::ExceptionCondition& condition) {
    return condition.holds(event, {.now = at, .scratch = scratch});
  });
}

RUSHHOUR_INLINE const ExceptionItem* Exceptions::which(const event::Event& event, event::Arena& scratch,
                                                       Instant at) const {
  for (std::size_t i = 0; i < list_.items.size(); ++i) {
    const ExceptionItem& item = list_.items[i];
    if (item.expire_time && at >= *item.expire_time) continue;
    if (holds(i, event, scratch, at)) return &item;
  }
  return nullptr;
}

}  // namespace rushhour::elastic
