/// \file
/// Collections of the fake of VirusTotal, page by page: limits, cursors and links as recorded. A cursor is
/// opaque and signed, so that one that is made up, or of another collection, is refused; and there is one
/// only where more follows, for an empty page with a cursor breaks vt-py.
///
/// Source: spec virustotal.md 1.6 (REC, and vt-py's source).
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/api/virustotal/route.hpp>
#include <rushhour/detail/json_text.hpp>
#include <rushhour/fakes/detail/page_token.hpp>
#include <rushhour/fakes/detail/virustotal_failures.hpp>
#include <rushhour/http/message.hpp>
#include <rushhour/result.hpp>

namespace rushhour::fakes::detail {

/// What was asked for.
struct PageRequest {
  std::string path{};   ///< after the base path, encoded: `/domains/example.com/urls`
  std::string query{};  ///< other parameters, encoded, with a `&` behind each
  std::optional<std::int64_t> limit{};
  std::string_view cursor{};
  std::int64_t limit_max{40};
};

/// Where a page stands in its collection.
struct Page {
  std::size_t begin{};
  std::size_t end{};
  std::size_t total{};
  std::int64_t limit{};
  std::string cursor{};  ///< of the next page; empty: this is the last
};

inline constexpr std::int64_t default_limit = 10;  ///< [REC]

/// `ten.1234` in a cursor: how many came before, and the id of the last of them, in case some went.
[[nodiscard]] inline std::size_t position_in(std::string_view position, std::size_t total,
                                             const std::function<std::string(std::size_t)>& id_at) {
  const std::size_t dot = position.find('.');
  std::size_t count = 0;
  std::from_chars(position.data(), position.data() + std::min(dot, position.size()), count);
  const std::string_view last = position.substr(std::min(dot + 1, position.size()));
  if (count > 0 && count <= total && id_at(count - 1) == last) return count;
  for (std::size_t i = 0; i < total; ++i) {
    if (id_at(i) == last) return i + 1;
  }
  return std::min(count, total);
}

/// The page of a collection of `total` elements, the limit clamped unless `refuses_large`.
/// \param id_at  the id of an element
[[nodiscard]] inline Result<Page> page_of(const PageTokens& tokens, const PageRequest& request,
                                          std::size_t total,
                                          const std::function<std::string(std::size_t)>& id_at,
                                          bool refuses_large = false) {
  Page page{.total = total, .limit = request.limit.value_or(default_limit)};
  if (page.limit < 1 || (refuses_large && page.limit > request.limit_max)) {
    return invalid_argument("limit should be from 1 to " + std::to_string(request.limit_max));  // [CHOICE]
  }
  page.limit = std::min(page.limit, request.limit_max);
  const std::string scope = page_scope({request.path, request.query});
  if (!request.cursor.empty()) {
    const auto position = tokens.read(scope, request.cursor);
    if (!position) return bad_request("Invalid cursor");  // [CHOICE] the text
    page.begin = position_in(*position, total, id_at);
  }
  page.end = std::min(total, page.begin + static_cast<std::size_t>(page.limit));
  if (page.end < total) {
    page.cursor = tokens.issue(scope, std::to_string(page.end) + "." + id_at(page.end - 1));
  }
  return page;
}

/// Appends what stands behind `"data":[...]`: `,"meta":{...},"links":{...}}`. The effective limit is always
/// in the links; `meta` is absent where it would be empty.
inline void append_page_end(std::string& out, const PageRequest& request, const Page& page, bool has_count) {
  const bool counts = has_count && page.total > 0;
  if (counts || !page.cursor.empty()) {
    out += R"(,"meta":{)";
    if (counts) out += "\"count\":" + std::to_string(page.total);
    if (!page.cursor.empty()) {
      out += counts ? "," : "";
      out += "\"cursor\":";
      rushhour::detail::append_json_string(out, page.cursor);
    }
    out += '}';
  }
  const std::string base = "https://" + std::string{api::virustotal::host} +
                           std::string{api::virustotal::base_path} + request.path + "?" + request.query;
  const std::string limit = "limit=" + std::to_string(page.limit);
  const auto cursor_field = [](std::string_view cursor) {
    return cursor.empty() ? std::string{} : "cursor=" + http::percent_encode(cursor) + "&";
  };
  out += R"(,"links":{"self":)";
  rushhour::detail::append_json_string(out, base + cursor_field(request.cursor) + limit);
  if (!page.cursor.empty()) {
    out += R"(,"next":)";
    rushhour::detail::append_json_string(out, base + cursor_field(page.cursor) + limit);
  }
  out += "}}";
}

}  // namespace rushhour::fakes::detail
