#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <rushhour/aws/arn.hpp>
#include <rushhour/detail/json_cursor.hpp>
#include <rushhour/fakes/admin.hpp>
#include <rushhour/fakes/detail/admin_answers.hpp>
#include <rushhour/fakes/detail/json_object.hpp>

namespace rushhour::fakes {

namespace detail {

RUSHHOUR_INLINE http::Response admin_time(Instant now) {
  return admin_answer(JsonObject{}.text("now", to_iso8601(now, Precision::milliseconds)));
}

/// The duration in `{"advance":"1h"}`; nothing when the body is anything else.
RUSHHOUR_INLINE std::optional<Duration> read_advance(std::string_view body) {
  using rushhour::detail::JsonCursor;
  JsonCursor json{body};
  std::optional<Duration> length;
  std::string name;
  std::string text;
  if (json.next() != JsonCursor::Kind::object) return std::nullopt;
  for (json.open_object(); json.member(name);) {
    if (name != "advance" || json.next() != JsonCursor::Kind::string) return std::nullopt;
    json.string(text);
    length = parse_duration(text);
  }
  return json.finish() ? length : std::nullopt;
}

/// What a list is asked for with.
struct ListQuery {
  std::size_t limit{100};
  std::string account{};  ///< empty: all
};

/// `limit=N` and `account=ID`; nothing when the query has anything else.
RUSHHOUR_INLINE std::optional<ListQuery> read_list_query(std::string_view query) {
  ListQuery out;
  while (const auto field = http::take_field(query)) {
    if (field->name == "account") {
      out.account = field->value;
      if (!aws::is_account_id(out.account)) return std::nullopt;
    } else if (field->name == "limit") {
      if (!read_number(field->value, out.limit)) return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  return out;
}

/// `stubs/7` is like `stubs/*`; a star stands for one segment at the end.
RUSHHOUR_INLINE bool is_like(std::string_view path, std::string_view route) {
  if (!route.ends_with('*')) return path == route;
  route.remove_suffix(1);
  return path.size() > route.size() && path.starts_with(route) &&
         path.find('/', route.size()) == std::string_view::npos;
}

/// Whether a browser asks for the page: AWS's clients GET `/` with an Action, and none of them wants HTML.
RUSHHOUR_INLINE bool wants_page(const http::Request& request) {
  if (request.method != "GET" || request.path() != "/" || !request.query().empty()) return false;
  const std::string* accepted = request.header("Accept");
  return accepted != nullptr && accepted->find("text/html") != std::string::npos &&
         request.header("Authorization") == nullptr;
}

}  // namespace detail

RUSHHOUR_INLINE http::Response Admin::handle(const http::Request& request, http::Gate& gate) {
  if (request.path().starts_with(path)) return route(request, gate);
  if (detail::wants_page(request)) return page(request, gate);
  return inner_.handle(request, gate);
}

RUSHHOUR_INLINE http::Response Admin::route(const http::Request& request, http::Gate& gate) {
  struct Route {
    std::string_view method;
    std::string_view path;  // after Admin::path; `*` for a last segment
    http::Response (Admin::*handler)(const http::Request& request, http::Gate& gate);
  };
  static constexpr Route routes[] = {{"GET", "", &Admin::page},
                                     {"GET", "journal", &Admin::journal},
                                     {"GET", "journal/count", &Admin::journal_count},
                                     {"GET", "cloudtrail", &Admin::cloudtrail},
                                     {"GET", "clock", &Admin::clock},
                                     {"POST", "clock", &Admin::advance},
                                     {"GET", "principals", &Admin::principals},
                                     {"GET", "stubs", &Admin::stubs},
                                     {"POST", "stubs", &Admin::add_stubs},
                                     {"DELETE", "stubs", &Admin::remove_stubs},
                                     {"GET", "stubs/misses", &Admin::stub_misses},
                                     {"DELETE", "stubs/*", &Admin::remove_stub},
                                     {"GET", "faults", &Admin::faults},
                                     {"POST", "faults", &Admin::add_faults},
                                     {"DELETE", "faults", &Admin::remove_faults},
                                     {"DELETE", "faults/*", &Admin::remove_fault},
                                     {"GET", "keys", &Admin::keys},
                                     {"POST", "keys", &Admin::add_key},
                                     {"PUT", "keys/*", &Admin::set_key},
                                     {"DELETE", "keys/*", &Admin::remove_key},
                                     {"POST", "verdicts", &Admin::add_verdict},
                                     {"GET", "limits", &Admin::limits},
                                     {"GET", "live", &Admin::live},
                                     {"POST", "reset", &Admin::reset}};
  const std::string_view at = request.path().substr(path.size());
  std::string methods;
  for (const Route& each : routes) {
    if (!detail::is_like(at, each.path)) continue;
    if (request.method == each.method) return (this->*each.handler)(request, gate);
    if (!methods.empty()) methods += ", ";
    methods += each.method;
  }
  if (methods.empty()) {
    std::string known;
    for (const Route& each : routes) {
      const bool is_listed = known.find(each.path) != std::string::npos || each.path.ends_with('*');
      if (!is_listed) known += (known.empty() ? "/_rushhour/" : ", /_rushhour/") + std::string{each.path};
    }
    return detail::admin_refusal({.status = 404,
                                  .message = "there is no such path",
                                  .expected = "one of " + known,
                                  .saw = request.path()});
  }
  http::Response refusal = detail::admin_refusal({.status = 405,
                                                  .message = "the path does not take this method",
                                                  .expected = methods,
                                                  .saw = request.method});
  refusal.headers.push_back({"Allow", methods});
  return refusal;
}

RUSHHOUR_INLINE http::Response Admin::cloudtrail(const http::Request& request, http::Gate& gate) {
  if (options_.trail == nullptr) {
    return detail::admin_refusal({.status = 404,
                                  .message = "this world writes no CloudTrail",
                                  .expected = "a world that `rushhour serve` serves",
                                  .saw = "/_rushhour/cloudtrail"});
  }
  const auto query = detail::read_list_query(request.query());
  if (!query) {
    return detail::admin_refusal(
        {.message = "the query cannot be read",
         .expected = "limit=N, the number of records wanted at most, and account=ID, 12 digits",
         .saw = request.query()});
  }
  const http::Gate::Entry entry = gate.enter();
  world_.secretsmanager.run_due(entry.now);  // what is due has happened for whoever looks
  const auto& records = options_.trail->records();
  std::vector<std::string> list;
  for (auto at = records.rbegin(); at != records.rend() && list.size() < query->limit; ++at) {
    if (query->account.empty() || query->account == at->account) list.push_back(at->json);
  }
  std::reverse(list.begin(), list.end());
  return detail::admin_answer(detail::JsonObject{}
                                  .text("format", "rushhour.cloudtrail/1")
                                  .integer("total", options_.trail->written())
                                  .integer("kept", records.size())
                                  .integer("count", list.size())
                                  .raw("Records", detail::json_lines(list)));
}

RUSHHOUR_INLINE http::Response Admin::clock(const http::Request& /*request*/, http::Gate& gate) {
  return detail::admin_time(gate.enter().now);
}

RUSHHOUR_INLINE http::Response Admin::advance(const http::Request& request, http::Gate& gate) {
  const auto length = detail::read_advance(request.body);
  if (!length) {
    return detail::admin_refusal({.message = "the body cannot be read",
                                  .expected = R"({"advance":"1h"}: whole numbers of d, h, m, s, ms, us, ns)",
                                  .saw = std::string_view{request.body}.substr(0, 200)});
  }
  if (!options_.advance) {
    return detail::admin_refusal({.status = 409,
                                  .message = "this world's clock cannot be moved from outside",
                                  .expected = "a world that is served on its own",
                                  .saw = request.body});
  }
  {
    const http::Gate::Entry entry = gate.enter();
    // 2262-04-11 is where an Instant ends, and adding beyond it has no meaning.
    if (*length >= Instant::max() - entry.now) {
      return detail::admin_refusal({.message = "no clock goes that far",
                                    .expected = "an instant before 2262-04-11",
                                    .saw = request.body});
    }
    options_.advance(*length);
  }
  return detail::admin_time(gate.enter().now);
}

RUSHHOUR_INLINE http::Response Admin::principals(const http::Request& /*request*/, http::Gate& gate) {
  if (!options_.principals) {
    return detail::admin_refusal({.status = 404,
                                  .message = "this world does not tell its principals",
                                  .expected = "a world that `rushhour serve` serves",
                                  .saw = "/_rushhour/principals"});
  }
  const http::Gate::Entry entry = gate.enter();
  return detail::admin_answer(detail::JsonObject{}.raw("principals", options_.principals(entry.now)));
}

RUSHHOUR_INLINE http::Response Admin::reset(const http::Request& request, http::Gate& gate) {
  const bool is_anew = request.query() == "state=initial";
  if (!is_anew && !request.query().empty()) {
    return detail::admin_refusal({.message = "the query cannot be read",
                                  .expected = "state=initial, or nothing",
                                  .saw = request.query()});
  }
  if (is_anew && !options_.begin_anew)
    return detail::admin_lacks("this world cannot begin anew", request.target);
  const http::Gate::Entry entry = gate.enter();
  is_anew ? options_.begin_anew() : world_.reset();
  live_.clear();
  if (options_.stubs != nullptr) options_.stubs->clear();
  if (options_.trail != nullptr) options_.trail->clear();
  return detail::admin_answer(
      detail::JsonObject{}.text("reset", to_iso8601(entry.now, Precision::milliseconds)));
}

}  // namespace rushhour::fakes
