/// \file
/// One record as text becomes one tree, by simdjson. It needs the whole record and finds no boundaries; that
/// is record_splitter.hpp's part. Only recorded_inl.hpp includes it: simdjson is long to compile.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <simdjson.h>

#include <rushhour/event/arena.hpp>
#include <rushhour/event/value.hpp>

namespace rushhour::event::detail {

/// Reads one record into a tree. Texts without escapes stay where they are, in the copy of the record that
/// the arena holds; all else is put into the arena.
class RecordParser {
 public:
  /// The tree, or the error and where it was met, in bytes from the start of the record.
  struct Parsed {
    Value root{};
    simdjson::error_code error{simdjson::SUCCESS};
    std::size_t offset{};
  };

  [[nodiscard]] Parsed parse(std::string_view record, Arena& arena) {
    const std::span<char> text = arena.make<char>(record.size() + simdjson::SIMDJSON_PADDING);
    std::memcpy(text.data(), record.data(), record.size());
    std::memset(text.data() + record.size(), ' ', simdjson::SIMDJSON_PADDING);
    arena_ = &arena;
    items_.clear();
    members_.clear();
    simdjson::ondemand::document document;
    simdjson::ondemand::value root;
    Parsed parsed;
    // Fails for broken UTF-8 and unclosed strings, before there is a document that could say where.
    if (failed(parser_.iterate(text.data(), record.size(), text.size()).get(document)))
      return {.error = error_};
    if (!failed(document.get_value().get(root))) parsed.root = convert(root, 0);
    const char* at = nullptr;
    const bool at_end = document.current_location().get(at) == simdjson::OUT_OF_BOUNDS;
    if (error_ == simdjson::SUCCESS && !at_end) error_ = simdjson::TRAILING_CONTENT;
    if (error_ != simdjson::SUCCESS && at >= text.data() && at <= text.data() + record.size()) {
      parsed.offset = static_cast<std::size_t>(at - text.data());
    }
    parsed.error = error_;
    return parsed;
  }

 private:
  using Json = simdjson::ondemand::value;
  /// CloudTrail nests to 10 or so. The limit keeps the recursion within the stack of a simulated worker.
  static constexpr int depth_max = 64;

  /// The functions below return null once error_ is set. They return values, in registers, and take
  /// simdjson's by reference: a struct written piece by piece and copied at once stalls the processor, and
  /// did so for two thirds of the time of reading a record.
  // NOLINTNEXTLINE(misc-no-recursion): bounded by depth_max
  [[nodiscard]] Value convert(Json& json, int depth) {
    simdjson::ondemand::json_type type{};
    if (failed(json.type().get(type))) return {};
    switch (type) {
      case simdjson::ondemand::json_type::object:
        return convert_object(json, depth);
      case simdjson::ondemand::json_type::array:
        return convert_array(json, depth);
      case simdjson::ondemand::json_type::string:
        return convert_text(json);
      case simdjson::ondemand::json_type::number:
        return convert_number(json);
      case simdjson::ondemand::json_type::boolean: {
        bool value = false;
        return failed(json.get_bool().get(value)) ? Value{} : Value{value};
      }
      default: {
        bool null = false;
        if (!failed(json.is_null().get(null)) && !null) error_ = simdjson::N_ATOM_ERROR;
        return {};
      }
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion): bounded by depth_max
  [[nodiscard]] Value convert_object(Json& json, int depth) {
    simdjson::ondemand::object object;
    if (failed(depth == depth_max ? simdjson::DEPTH_ERROR : json.get_object().get(object))) return {};
    const std::size_t first = members_.size();
    for (auto field : object) {
      if (failed(field.error())) return {};
      simdjson::ondemand::field& known = unchecked(field);
      const std::string_view key = convert_key(known);
      if (error_ != simdjson::SUCCESS) return {};
      const Value value = convert(known.value(), depth + 1);
      if (error_ != simdjson::SUCCESS) return {};
      members_.push_back({key, value});
    }
    const Value value = event::object(*arena_, std::span<const Member>{members_}.subspan(first));
    members_.resize(first);
    return value;
  }

  // NOLINTNEXTLINE(misc-no-recursion): bounded by depth_max
  [[nodiscard]] Value convert_array(Json& json, int depth) {
    simdjson::ondemand::array array;
    if (failed(depth == depth_max ? simdjson::DEPTH_ERROR : json.get_array().get(array))) return {};
    const std::size_t first = items_.size();
    for (auto element : array) {
      if (failed(element.error())) return {};
      const Value value = convert(unchecked(element), depth + 1);
      if (error_ != simdjson::SUCCESS) return {};
      items_.push_back(value);
    }
    const Value value = event::array(*arena_, std::span<const Value>{items_}.subspan(first));
    items_.resize(first);
    return value;
  }

  /// simdjson has checked by now that strings end, are UTF-8 and hold no control characters; only escapes are
  /// left.
  [[nodiscard]] Value convert_text(Json& json) {
    const std::string_view token = json.raw_json_token();  // with quotes, and with the space behind them
    if (token.find('\\') == std::string_view::npos) {
      simdjson::ondemand::raw_json_string raw;
      if (failed(json.get_raw_json_string().get(raw))) return {};
      return token.substr(1, token.rfind('"') - 1);
    }
    std::string_view text;
    if (failed(json.get_string().get(text))) return {};
    return arena_->copy(text);
  }

  [[nodiscard]] std::string_view convert_key(simdjson::ondemand::field& field) {
    const char* const key = field.key().raw();
    const char* end = key;
    while (*end != '"' && *end != '\\') ++end;  // keys are short
    if (*end == '"') return {key, static_cast<std::size_t>(end - key)};
    std::string_view unescaped;
    if (failed(field.unescaped_key().get(unescaped))) return {};
    return arena_->copy(unescaped);
  }

  /// What fits into 64 bits with sign is an integer, everything else a double.
  [[nodiscard]] Value convert_number(Json& json) {
    const std::string_view token = json.raw_json_token();
    simdjson::ondemand::number number;
    const simdjson::error_code error = json.get_number().get(number);
    if (error != simdjson::SUCCESS) return convert_long_integer(token, error);
    if (number.is_int64()) return number.get_int64();
    return number.is_uint64() ? static_cast<double>(number.get_uint64()) : number.get_double();
  }

  /// More digits than 64 bits hold: legal in JSON, but refused by simdjson.
  [[nodiscard]] Value convert_long_integer(std::string_view token, simdjson::error_code error) {
    const std::size_t first = token.starts_with('-') ? 1 : 0;
    const std::size_t end = std::min(token.find_first_not_of("0123456789", first), token.size());
    double value = 0;
    if (end == first || token[first] == '0' ||
        token.find_first_not_of(" \t\r\n", end) != std::string_view::npos ||
        std::from_chars(token.data(), token.data() + end, value).ec != std::errc{}) {
      error_ = error;
      return {};
    }
    return value;
  }

  [[nodiscard]] bool failed(simdjson::error_code error) {
    error_ = error;
    return error != simdjson::SUCCESS;
  }
  /// What a result without error holds, in place.
  template <class T>
  [[nodiscard]] static T& unchecked(simdjson::simdjson_result<T>& result) {
    T&& held = std::move(result).value_unsafe();
    return held;
  }

  simdjson::ondemand::parser parser_;
  Arena* arena_ = nullptr;
  simdjson::error_code error_ = simdjson::SUCCESS;
  std::vector<Value> items_;     // of the arrays being read, innermost last
  std::vector<Member> members_;  // of the objects being read
};

}  // namespace rushhour::event::detail
