/// \file
/// JSON that a command prints: an object, written member by member. It builds no tree.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/detail/json_text.hpp>

namespace rushhour::cli {

/// Writes one JSON object, member by member.
class JsonObject {
 public:
  explicit JsonObject(std::string& out) : out_(out) { out_ += '{'; }
  JsonObject(const JsonObject&) = delete;
  JsonObject& operator=(const JsonObject&) = delete;
  ~JsonObject() { out_ += '}'; }

  void text(std::string_view key, std::string_view text) {
    name(key);
    rushhour::detail::append_json_string(out_, text);
  }
  /// A text of JSON.
  void json(std::string_view key, std::string_view json) {
    name(key);
    out_ += json;
  }
  void number(std::string_view key, std::uint64_t number) { json(key, std::to_string(number)); }
  void boolean(std::string_view key, bool boolean) { json(key, boolean ? "true" : "false"); }
  template <class Range, class Write>
  void array(std::string_view key, const Range& range, Write write) {
    name(key);
    out_ += '[';
    for (const auto& each : range) {
      if (!out_.ends_with('[')) out_ += ',';
      write(each);
    }
    out_ += ']';
  }
  void texts(std::string_view key, const std::vector<std::string>& texts) {
    array(key, texts, [this](const std::string& each) { rushhour::detail::append_json_string(out_, each); });
  }
  void name(std::string_view key) { rushhour::detail::append_json_key(out_, key, first_); }

 private:
  std::string& out_;
  bool first_ = true;
};

}  // namespace rushhour::cli
