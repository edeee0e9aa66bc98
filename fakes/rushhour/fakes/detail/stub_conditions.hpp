/// \file
/// The conditions of a stub, each of which holds for a request or says why not. Used by stubs.hpp only.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <rushhour/detail/json_text.hpp>
#include <rushhour/http/message.hpp>

namespace rushhour::fakes::detail {

using Json = nlohmann::json;

/// `*` any characters but `/`, `**` any at all, `?` one that is not `/`. Linear in the text for each `**`,
/// quadratic at worst: it remembers one star of either kind to go back to.
[[nodiscard]] inline bool matches_pattern(std::string_view pattern, std::string_view text) {
  constexpr std::size_t none = std::string_view::npos;
  std::size_t p = 0;
  std::size_t t = 0;
  struct Star {
    std::size_t after{none};  // where the pattern goes on behind it
    std::size_t taken{};      // how far into the text it reaches
  };
  Star one;
  Star any;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      const bool is_any = pattern.substr(p).starts_with("**");
      p += is_any ? 2 : 1;
      (is_any ? any : one) = {p, t};
      if (is_any) one.after = none;
    } else if (p < pattern.size() && (pattern[p] == text[t] || (pattern[p] == '?' && text[t] != '/'))) {
      ++p;
      ++t;
    } else if (one.after != none && text[one.taken] != '/') {
      p = one.after;
      t = ++one.taken;
    } else if (any.after != none) {
      one.after = none;
      p = any.after;
      t = ++any.taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == none;
}

/// The text in quotes as JSON has it, and not more of it than a reader wants.
[[nodiscard]] inline std::string shown(std::string_view text) {
  constexpr std::size_t size_max = 200;
  std::string out;
  rushhour::detail::append_json_string(out, text.substr(0, size_max));
  return text.size() > size_max ? out + "..." : out;
}

/// `4f2c...5f1a`: enough to tell keys apart, too little to use one.
[[nodiscard]] inline std::string masked(std::string_view secret) {
  if (secret.size() < 16) return "...";
  return std::string{secret.substr(0, 4)} + "..." + std::string{secret.substr(secret.size() - 4)};
}

/// Where a JSON value first is not what was asked for.
struct JsonDifference {
  std::string pointer{};  ///< empty: the whole
  const Json* wanted{};
  const Json* seen{};  ///< null: nothing
};

/// The first place at which `seen` lacks something of `wanted`: objects may have more members, arrays have as
/// many elements. No deeper than `wanted` is, which a test wrote.
[[nodiscard]] inline std::optional<JsonDifference> first_difference(const Json& wanted, const Json& seen) {
  if (wanted.is_object() && seen.is_object()) {
    for (const auto& [name, value] : wanted.items()) {
      const auto found = seen.find(name);
      std::optional<JsonDifference> difference = JsonDifference{.wanted = &value};
      if (found != seen.end()) difference = first_difference(value, *found);
      if (!difference) continue;
      difference->pointer.insert(0, "/" + name);
      return difference;
    }
    return std::nullopt;
  }
  if (wanted.is_array() && seen.is_array() && wanted.size() == seen.size()) {
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      auto difference = first_difference(wanted[i], seen[i]);
      if (!difference) continue;
      difference->pointer.insert(0, "/" + std::to_string(i));
      return difference;
    }
    return std::nullopt;
  }
  if (wanted == seen) return std::nullopt;
  return JsonDifference{.wanted = &wanted, .seen = &seen};
}

/// A value as a reader wants to see it. Of what a request brought only the kind, where it holds others:
/// nobody knows how deep they go.
[[nodiscard]] inline std::string shown(const Json* value) {
  if (value == nullptr) return "nothing";
  if (value->is_object()) return "an object";
  if (value->is_array()) return "an array of " + std::to_string(value->size());
  return value->dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 200);
}

/// A request taken apart, each part when a stub first asks for it.
class SeenRequest {
 public:
  SeenRequest(const http::Request& request, std::string_view service, std::string_view operation)
      : request_(request),
        service_(service),
        operation_(operation),
        path_(http::percent_decode(request.path())) {}

  [[nodiscard]] const http::Request& request() const { return request_; }
  [[nodiscard]] std::string_view service() const { return service_; }
  [[nodiscard]] std::string_view operation() const { return operation_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string_view host() const {
    const std::string* host = request_.header("Host");
    return host == nullptr ? std::string_view{} : std::string_view{*host}.substr(0, host->rfind(':'));
  }
  [[nodiscard]] const std::vector<http::FormField>& query() {
    if (!query_) query_ = http::parse_form(request_.query());
    return *query_;
  }
  [[nodiscard]] const std::vector<http::FormField>& form() {
    if (!form_) form_ = http::parse_form(request_.body);
    return *form_;
  }
  /// Discarded when the body is no JSON.
  [[nodiscard]] const Json& json() {
    if (!json_) json_ = Json::parse(request_.body, nullptr, false);
    return *json_;
  }

 private:
  const http::Request& request_;
  std::string_view service_;
  std::string_view operation_;
  std::string path_;
  std::optional<std::vector<http::FormField>> query_{};
  std::optional<std::vector<http::FormField>> form_{};
  std::optional<Json> json_{};
};

/// What a condition looks at.
enum class Part : std::uint8_t { service, operation, host, method, path, query, header, form, body, json };

[[nodiscard]] constexpr std::string_view word_of(Part part) {
  constexpr std::array<std::string_view, 10> texts{"service", "operation", "host", "method", "path",
                                                   "query",   "header",    "form", "body",   "json"};
  return texts[static_cast<std::size_t>(part)];
}

/// Headers whose values let someone call.
[[nodiscard]] inline bool is_secret(Part part, std::string_view name) {
  return part == Part::header &&
         (http::equals_ignoring_case(name, "x-apikey") || http::equals_ignoring_case(name, "Authorization") ||
          http::equals_ignoring_case(name, "X-Amz-Security-Token"));
}

}  // namespace rushhour::fakes::detail
