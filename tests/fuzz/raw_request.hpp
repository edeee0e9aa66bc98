/// \file
/// HTTP requests out of a fuzzer's bytes: what http/server.hpp would hand on of them. And the claims that a
/// target makes about them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/http/message.hpp>

namespace rushhour::fuzz {

/// Ends the run with the input that it was called for.
inline void claim(bool holds, std::string_view what, std::string_view seen = {}) {
  if (holds) return;
  std::fprintf(stderr, "it does not hold that %.*s\n%.*s\n", static_cast<int>(what.size()), what.data(),
               static_cast<int>(seen.size()), seen.data());
  std::abort();
}

[[nodiscard]] inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Up to the next line feed, without a carriage return at the end.
[[nodiscard]] inline std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// Names of headers are tokens, as servers see to (RFC 9110, section 5.6.2); values have no line breaks.
[[nodiscard]] inline bool is_token(std::string_view text) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  for (const char c : text) {
    const bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!is_word && others.find(c) == std::string_view::npos) return false;
  }
  return !text.empty();
}

/// `METHOD target` on the first line, `Name: value` on those up to an empty one, then the body.
[[nodiscard]] inline http::Request read_request(std::string_view rest) {
  http::Request request;
  std::string_view line = take_line(rest);
  const std::size_t space = line.find(' ');
  request.method = line.substr(0, space);
  if (!is_token(request.method)) request.method = "POST";
  request.target = space == std::string_view::npos ? "/" : std::string{line.substr(space + 1)};
  if (request.target.empty()) request.target = "/";
  for (line = take_line(rest); !line.empty(); line = take_line(rest)) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) continue;
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    request.headers.push_back({std::string{line.substr(0, colon)}, std::string{value}});
  }
  request.body = rest;
  return request;
}

}  // namespace rushhour::fuzz
