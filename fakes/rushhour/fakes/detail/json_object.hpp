/// \file
/// A JSON object under construction, for answers and records of a few members in an order of one's own. What
/// has a member table is written by aws::append_json() instead.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <rushhour/detail/json_text.hpp>

namespace rushhour::fakes::detail {

/// A text as JSON: in quotation marks, and escaped.
[[nodiscard]] inline std::string json_text(std::string_view text) {
  std::string out;
  rushhour::detail::append_json_string(out, text);
  return out;
}

class JsonObject {
 public:
  JsonObject& text(std::string_view name, std::string_view value) {
    rushhour::detail::append_json_key(body_, name, first_);
    rushhour::detail::append_json_string(body_, value);
    return *this;
  }
  JsonObject& integer(std::string_view name, std::uint64_t value) {
    rushhour::detail::append_json_key(body_, name, first_);
    body_ += std::to_string(value);
    return *this;
  }
  JsonObject& boolean(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }
  /// A value that is JSON already.
  JsonObject& raw(std::string_view name, std::string_view json) {
    rushhour::detail::append_json_key(body_, name, first_);
    body_ += json;
    return *this;
  }
  [[nodiscard]] std::string json() const { return body_ + '}'; }

 private:
  std::string body_{"{"};
  bool first_ = true;
};

}  // namespace rushhour::fakes::detail
