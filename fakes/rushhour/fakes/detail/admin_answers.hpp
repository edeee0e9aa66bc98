/// \file
/// What the answers of admin.hpp are made of. Used by it only.
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/fakes/detail/json_object.hpp>
#include <rushhour/http/message.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/journal.hpp>
#include <rushhour/names.hpp>

namespace rushhour::fakes::detail {

[[nodiscard]] inline http::Response admin_answer(const JsonObject& object, int status = 200) {
  return {.status = status, .headers = {{"Content-Type", "application/json"}}, .body = object.json() + "\n"};
}

struct AdminMistake {
  int status{400};
  std::string_view message{};
  std::string_view expected{};
  std::string_view saw{};
};

[[nodiscard]] inline http::Response admin_refusal(const AdminMistake& mistake) {
  JsonObject error;
  error.text("message", mistake.message).text("expected", mistake.expected).text("saw", mistake.saw);
  return admin_answer(JsonObject{}.raw("error", error.json()), mistake.status);
}

/// A body that cannot be read: where and why.
[[nodiscard]] inline http::Response admin_refusal(const InputError& mistaken) {
  const Mistake& mistake = mistaken.mistake();
  std::string where = mistake.pointer;
  if (mistake.line != 0) {
    if (!where.empty()) where += ", ";
    where += "line " + std::to_string(mistake.line) + ", column " + std::to_string(mistake.column);
  }
  JsonObject error;
  error.text("message", mistaken.what()).text("expected", mistake.expected).text("saw", mistake.seen);
  error.text("where", where);
  if (!mistake.advice.empty()) error.text("advice", mistake.advice);
  return admin_answer(JsonObject{}.raw("error", error.json()), 400);
}

/// Of an Admin that was not given what it would need.
[[nodiscard]] inline http::Response admin_lacks(std::string_view message, std::string_view path) {
  return admin_refusal(
      {.status = 404, .message = message, .expected = "a world that `rushhour serve` serves", .saw = path});
}

/// Reads a whole text as a number; false: it is none.
template <std::unsigned_integral T>
[[nodiscard]] bool read_number(std::string_view text, T& out) {
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, out);
  return read.ec == std::errc{} && read.ptr == end;
}

/// `[...]`, an element a line.
[[nodiscard]] inline std::string json_lines(const std::vector<std::string>& elements) {
  std::string out = "[";
  for (const std::string& element : elements) {
    out += out.size() > 1 ? ",\n" : "\n";
    out += element;
  }
  return out + (elements.empty() ? "]" : "\n]");
}

[[nodiscard]] inline std::string call_json(const Call& call, const Names& names) {
  return JsonObject{}
      .text("at", to_iso8601(call.at, Precision::nanoseconds))
      .text("operation", names.text(call.operation))
      .text("principal", names.text(call.principal))
      .text("account", names.text(call.account))
      .text("detection", names.text(call.detection))
      .text("function", to_text(call.function))
      .integer("event", call.event)
      .integer("attempt", call.attempt)
      .integer("status", call.status)
      .text("outcome", to_text(call.outcome))
      .text("code", names.text(call.code))
      .boolean("stubbed", call.stubbed)
      .json();
}

}  // namespace rushhour::fakes::detail
