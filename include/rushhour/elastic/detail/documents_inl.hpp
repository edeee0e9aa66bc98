/// \file
/// Bodies of documents.hpp.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/elastic/detail/document_values.hpp>
#include <rushhour/elastic/documents.hpp>

namespace rushhour::elastic {
namespace detail {

/// One field of a document, read by walking the document.
class DocumentField final : public event::Field {
 public:
  DocumentField(std::string_view name, event::FieldType type) : name_(name), type_(type) {}

  [[nodiscard]] event::Value read(const event::Event& event, event::Arena& scratch) const override {
    return values(event.root(), scratch, [&](event::Value value) { return event.resolve(value); });
  }

  /// Of several values nothing: no one would own their array.
  [[nodiscard]] std::optional<event::Value> constant(const event::Layout& layout) const override {
    bool has_slots = false;
    event::Arena scratch{256};
    const event::Value value = values(layout.root(), scratch, [&](event::Value each) {
      has_slots = has_slots || each.is_slot();
      return each.is_slot() ? event::Value{} : each;
    });
    const bool is_scratch = value.is_array() || type_ == event::FieldType::flattened;
    if (has_slots || (is_scratch && !value.is_null())) return std::nullopt;
    return value;
  }

 private:
  template <class Resolve>
  [[nodiscard]] event::Value values(const event::Value& root, event::Arena& scratch,
                                    const Resolve& resolve) const {
    FoundValues found{scratch};
    const auto add_leaf = [&](std::string_view, const event::Value& leaf) {
      found.add(leaf.is_text() ? leaf : event::Value{scratch.copy(event::to_json(leaf))});
    };
    visit_values(root, name_, resolve, [&](const event::Value& value) {
      if (type_ == event::FieldType::flattened) {
        visit_leaves(value, {}, scratch, resolve, add_leaf);
      } else if (value.is_object() == (type_ == event::FieldType::nested)) {
        found.add(value);
      }
    });
    return found.value();
  }

  std::string name_;
  event::FieldType type_;
};

}  // namespace detail

RUSHHOUR_INLINE Documents::Documents(Types types) : types_(std::move(types)) {}

RUSHHOUR_INLINE std::shared_ptr<const event::Field> Documents::field(std::string_view name) const {
  return std::make_shared<const detail::DocumentField>(name, types_(name));
}

RUSHHOUR_INLINE void Documents::for_each(
    const event::Event& event, event::Arena& scratch,
    const std::function<void(std::string_view name, const event::Value& value)>& visit) const {
  std::vector<event::Member> leaves;
  detail::visit_leaves(
      event.root(), {}, scratch, [&](event::Value value) { return event.resolve(value); },
      [&](std::string_view name, const event::Value& value) {
        leaves.push_back({name, value});
      });
  std::ranges::stable_sort(leaves, {}, &event::Member::key);
  for (auto first = leaves.begin(); first != leaves.end();) {
    const auto end =
        std::find_if(first, leaves.end(), [&](const event::Member& each) { return each.key != first->key; });
    const bool is_flattened = types_(first->key) == event::FieldType::flattened;
    detail::FoundValues found{scratch};
    for (auto each = first; each != end; ++each) {
      const bool to_text = is_flattened && !each->value.is_text();
      found.add(to_text ? event::Value{scratch.copy(event::to_json(each->value))} : each->value);
    }
    visit(first->key, found.value());
    first = end;
  }
}

}  // namespace rushhour::elastic
