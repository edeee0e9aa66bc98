/// \file
/// Reads the members of one YAML mapping by name and kind, and tells of those that nobody asked for.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/input_error.hpp>
#include <rushhour/panther/yaml.hpp>

namespace rushhour::panther::detail {

/// Every mistake throws InputError with its place. A null counts as not written, as in most of Panther's
/// files that leave a key open. Document and file name outlive it.
class YamlReader {
 public:
  YamlReader(const YamlValue& mapping, const std::string& file, std::string pointer)
      : mapping_(&mapping), file_(&file), pointer_(std::move(pointer)) {
    if (!mapping.is_mapping()) fail(mapping, pointer_, "a mapping of keys and values");
  }

  [[nodiscard]] const YamlValue& mapping() const { return *mapping_; }
  [[nodiscard]] const std::string& pointer() const { return pointer_; }
  [[nodiscard]] std::string path(std::string_view key) const { return pointer_ + "/" + std::string{key}; }

  /// nullptr without the key, or with nothing behind it.
  [[nodiscard]] const YamlValue* find(std::string_view key) {
    asked_.push_back(key);
    const YamlValue* const found = mapping_->find(key);
    return found == nullptr || found->is_null() ? nullptr : found;
  }

  [[noreturn]] void fail(const YamlValue& at, const std::string& pointer, std::string expected,
                         std::string advice = {}) const {
    throw InputError({.file = *file_,
                      .line = at.line,
                      .column = at.column,
                      .pointer = pointer,
                      .expected = std::move(expected),
                      .seen = seen(at),
                      .advice = std::move(advice)});
  }
  [[noreturn]] void fail(std::string_view key, std::string expected, std::string advice = {}) const {
    const YamlValue* const found = mapping_->find(key);
    if (found != nullptr) fail(*found, path(key), std::move(expected), std::move(advice));
    throw InputError({.file = *file_,
                      .line = mapping_->line,
                      .column = mapping_->column,
                      .pointer = pointer_,
                      .expected = "a key \"" + std::string{key} + "\": " + expected,
                      .seen = "none",
                      .advice = std::move(advice)});
  }

  [[nodiscard]] std::string text(std::string_view key, std::string_view what) {
    const YamlValue* const found = find(key);
    if (found == nullptr || !found->is_text() || found->text.empty()) fail(key, std::string{what});
    return found->text;
  }
  /// Without the key: empty. A number or boolean is taken as its text where one is wanted that people read.
  [[nodiscard]] std::string text_or_empty(std::string_view key) {
    const YamlValue* const found = find(key);
    if (found == nullptr) return {};
    if (found->is_sequence() || found->is_mapping()) fail(key, "a text");
    return found->is_text() ? found->text : to_json(*found);
  }
  [[nodiscard]] std::optional<bool> boolean(std::string_view key) {
    const YamlValue* const found = find(key);
    if (found == nullptr) return std::nullopt;
    if (found->kind != YamlValue::Kind::boolean) {
      fail(key, "true or false", "in YAML 1.2, yes, no, on and off are texts");
    }
    return found->boolean;
  }
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key, std::int64_t min) {
    const YamlValue* const found = find(key);
    if (found == nullptr) return std::nullopt;
    if (found->kind != YamlValue::Kind::integer || found->integer < min) {
      fail(key, "a whole number from " + std::to_string(min));
    }
    return found->integer;
  }
  /// Without the key: none.
  [[nodiscard]] std::vector<std::string> texts(std::string_view key) {
    std::vector<std::string> out;
    const YamlValue* const found = find(key);
    if (found == nullptr) return out;
    if (!found->is_sequence()) fail(key, "a sequence of texts");
    for (const YamlValue& each : found->children) {
      if (!each.is_text()) fail(each, path(key) + "/" + std::to_string(out.size()), "a text");
      out.push_back(each.text);
    }
    return out;
  }
  /// A reader for each mapping of a sequence; without the key: none.
  [[nodiscard]] std::vector<YamlReader> mappings(std::string_view key) {
    std::vector<YamlReader> out;
    const YamlValue* const found = find(key);
    if (found == nullptr) return out;
    if (!found->is_sequence()) fail(key, "a sequence of mappings");
    for (const YamlValue& each : found->children) {
      out.emplace_back(each, *file_, path(key) + "/" + std::to_string(out.size()));
    }
    return out;
  }

  /// A warning for each key that was not asked for.
  void warn_of_others(std::initializer_list<std::string_view> tolerated, std::vector<std::string>& warnings) {
    asked_.insert(asked_.end(), tolerated);
    for (const YamlValue& member : mapping_->children) {
      if (std::find(asked_.begin(), asked_.end(), member.key) != asked_.end()) continue;
      warnings.push_back(*file_ + ":" + std::to_string(member.key_line) + ":" +
                         std::to_string(member.key_column) + ": at " + path(member.key) +
                         ": nobody knows this key; it is ignored");
    }
  }

 private:
  const YamlValue* mapping_;
  const std::string* file_;
  std::string pointer_;
  std::vector<std::string_view> asked_;
};

}  // namespace rushhour::panther::detail
