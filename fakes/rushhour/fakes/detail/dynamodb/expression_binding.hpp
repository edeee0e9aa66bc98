/// \file
/// Holds the trees of DynamoDB's expressions against a request: placeholders become names and values, and
/// what makes no sense whatever the item is refused, in the service's words and in the order in which it
/// finds it.
///
/// Source: texts and their order: dynalite and ExtendDB, whose tests run against the service (spec tag REC);
/// reserved words: Developer Guide (DOC).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/dynamodb/shapes.hpp>
#include <rushhour/fakes/detail/dynamodb/expression.hpp>
#include <rushhour/fakes/detail/dynamodb/keywords.hpp>
#include <rushhour/fakes/detail/dynamodb/values.hpp>

namespace rushhour::fakes::detail::dynamodb {

/// Kinds of mistakes of which the first of each is kept.
enum class MistakeKind : std::uint8_t {
  parentheses,
  unknown_function,
  misused_function,
  reserved,
  section,
  name,
  value,
  overlap,
  conflict,
  operator_type,
  operand_count,
  distinct,
  function
};

class Mistakes {
 public:
  void note(MistakeKind kind, std::string text) {
    std::string& known = texts_[static_cast<std::size_t>(kind)];
    if (known.empty()) known = std::move(text);
  }
  [[nodiscard]] bool has(MistakeKind kind) const { return !texts_[static_cast<std::size_t>(kind)].empty(); }
  /// Of those that there are the one that comes first in this order; empty: there is none.
  [[nodiscard]] std::string first_of(std::initializer_list<MistakeKind> order) const {
    for (const MistakeKind kind : order) {
      if (has(kind)) return texts_[static_cast<std::size_t>(kind)];
    }
    return {};
  }

 private:
  std::array<std::string, 13> texts_{};
};

/// The names and values of a request, and which of them its expressions used.
class Placeholders {
 public:
  /// Both outlive it; null: the request has none. The values are normalised.
  Placeholders(const api::dynamodb::AttributeNames* names, const AttributeMap* values)
      : names_(names), values_(values) {}

  /// Null: it is not defined.
  [[nodiscard]] const std::string* name(const std::string& placeholder) {
    if (names_ == nullptr) return nullptr;
    const auto found = names_->find(placeholder);
    if (found == names_->end()) return nullptr;
    used_.insert(placeholder);
    return &found->second;
  }
  [[nodiscard]] const AttributeValue* value(const std::string& placeholder) {
    if (values_ == nullptr) return nullptr;
    const auto found = values_->find(placeholder);
    if (found == values_->end()) return nullptr;
    used_.insert(placeholder);
    return &found->second;
  }
  /// What the request has and no expression used.
  [[nodiscard]] Refusal unused() const {
    if (Refusal refusal = unused(names_, "ExpressionAttributeNames")) return refusal;
    return unused(values_, "ExpressionAttributeValues");
  }

 private:
  template <class Map>
  [[nodiscard]] Refusal unused(const Map* map, std::string_view member) const {
    std::string keys;
    if (map == nullptr) return std::nullopt;
    for (const auto& [key, value] : *map) {
      if (!used_.contains(key)) keys += (keys.empty() ? "" : ", ") + key;
    }
    if (keys.empty()) return std::nullopt;
    return "Value provided in " + std::string{member} + " unused in expressions: keys: {" + keys + "}";
  }

  const api::dynamodb::AttributeNames* names_;
  const AttributeMap* values_;
  std::set<std::string> used_;
};

/// What the binders of the three kinds of expressions have in common.
class ExpressionBinder {
 protected:
  explicit ExpressionBinder(Placeholders& placeholders) : placeholders_(placeholders) {}
  ~ExpressionBinder() = default;

  void bind(DocumentPath& path, Mistakes& mistakes) {
    for (PathStep& step : path) {
      if (step.kind == PathStep::Kind::name && is_reserved_word(step.name)) {
        mistakes_.note(MistakeKind::reserved,
                       "Attribute name is a reserved keyword; reserved keyword: " + step.name);
      }
      if (step.kind != PathStep::Kind::placeholder) continue;
      if (const std::string* const name = placeholders_.name(step.name)) {
        step = {.kind = PathStep::Kind::name, .name = *name};
      } else {
        mistakes.note(
            MistakeKind::name,
            "An expression attribute name used in the document path is not defined; attribute name: " +
                step.name);
      }
    }
  }
  void bind_value(Operand& operand, Mistakes& mistakes) {
    operand.value = placeholders_.value(operand.text);
    if (operand.value != nullptr) return;
    mistakes.note(
        MistakeKind::value,
        "An expression attribute value used in expression is not defined; attribute value: " + operand.text);
  }

  static std::string operand_type(std::string_view function, std::string_view type) {
    return "Incorrect operand type for operator or function; operator or function: " + std::string{function} +
           ", operand type: " + std::string{type};
  }
  static std::string operand_count(const Operand& function) {
    return "Incorrect number of operands for operator or function; operator or function: " + function.text +
           ", number of operands: " + std::to_string(function.operands.size());
  }
  static std::string wants_path(const Operand& function) {
    return "Operator or function requires a document path; operator or function: " + function.text;
  }
  /// The type of a value that the request gives; empty: it is known only with the item.
  static std::string_view immediate_type(const Operand& operand) {
    return operand.value == nullptr ? std::string_view{} : to_text(operand.value->type());
  }

  Placeholders& placeholders_;
  Mistakes mistakes_{};  ///< of the whole expression
};

/// Paths that stand in each other's way.
class PathConflicts {
 public:
  void add(const DocumentPath& path, Mistakes& mistakes) {
    for (const DocumentPath& other : paths_) compare(other, path, mistakes);
    paths_.push_back(path);
  }

 private:
  static void compare(const DocumentPath& a, const DocumentPath& b, Mistakes& mistakes) {
    const auto text = [&](std::string_view how) {
      return "Two document paths " + std::string{how} +
             " with each other; must remove or rewrite one of these paths; path one: " + to_text(a) +
             ", path two: " + to_text(b);
    };
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
      const bool differ_in_kind =
          (a[i].kind == PathStep::Kind::index) != (b[i].kind == PathStep::Kind::index);
      if (differ_in_kind) return mistakes.note(MistakeKind::conflict, text("conflict"));
      if (!(a[i] == b[i])) return;
    }
    mistakes.note(MistakeKind::overlap, text("overlap"));
  }

  std::vector<DocumentPath> paths_;
};

class ProjectionBinder final : public ExpressionBinder {
 public:
  explicit ProjectionBinder(Placeholders& placeholders) : ExpressionBinder(placeholders) {}

  /// What is wrong; empty: nothing, and the paths are bound.
  [[nodiscard]] std::string bind(std::vector<DocumentPath>& paths) {
    for (DocumentPath& path : paths) {
      ExpressionBinder::bind(path, mistakes_);
      conflicts_.add(path, mistakes_);
    }
    return mistakes_.first_of(
        {MistakeKind::reserved, MistakeKind::name, MistakeKind::overlap, MistakeKind::conflict});
  }

 private:
  PathConflicts conflicts_{};
};

}  // namespace rushhour::fakes::detail::dynamodb
