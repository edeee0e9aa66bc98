#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

#include <rushhour/aws/arn.hpp>
#include <rushhour/detail/json_cursor.hpp>
#include <rushhour/fakes/admin.hpp>
#include <rushhour/fakes/detail/json_object.hpp>

namespace rushhour::fakes {

namespace detail {

RUSHHOUR_INLINE http::Response admin_answer(const JsonObject& object, int status = 200) {
  return {.status = status, .headers = {{"Content-Type", "application/json"}}, .body = object.json() + "\n"};
}

struct AdminMistake {
  int status{400};
  std::string_view message{};
  std::string_view expected{};
  std::string_view saw{};
};

RUSHHOUR_INLINE http::Response admin_refusal(const AdminMistake& mistake) {
  JsonObject error;
  error.text("message", mistake.message).text("expected", mistake.expected).text("saw", mistake.saw);
  return admin_answer(JsonObject{}.raw("error", error.json()), mistake.status);
}

RUSHHOUR_INLINE http::Response admin_time(Instant now) {
  return admin_answer(JsonObject{}.text("now", to_iso8601(now, Precision::milliseconds)));
}

RUSHHOUR_INLINE std::string call_json(const Call& call, const Names& names) {
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
      .json();
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

/// `limit=N`, and `account=ID` where there are accounts; nothing when the query has anything else.
RUSHHOUR_INLINE std::optional<ListQuery> read_list_query(std::string_view query, bool has_accounts) {
  ListQuery out;
  while (const auto field = http::take_field(query)) {
    const char* const end = field->value.data() + field->value.size();
    if (field->name == "account" && has_accounts) {
      out.account = field->value;
      if (!aws::is_account_id(out.account)) return std::nullopt;
    } else if (field->name == "limit") {
      const auto read = std::from_chars(field->value.data(), end, out.limit);
      if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  return out;
}

/// `[...]`, an element a line.
RUSHHOUR_INLINE std::string json_lines(const std::vector<std::string>& elements) {
  std::string out = "[";
  for (const std::string& element : elements) {
    out += out.size() > 1 ? ",\n" : "\n";
    out += element;
  }
  return out + (elements.empty() ? "]" : "\n]");
}

}  // namespace detail

RUSHHOUR_INLINE http::Response Admin::handle(const http::Request& request, http::Gate& gate) {
  struct Route {
    std::string_view method;
    std::string_view path;  // after Admin::path
    http::Response (Admin::*handler)(const http::Request& request, http::Gate& gate);
  };
  static constexpr Route routes[] = {
      {"GET", "journal", &Admin::journal},       {"GET", "cloudtrail", &Admin::cloudtrail},
      {"GET", "clock", &Admin::clock},           {"POST", "clock", &Admin::advance},
      {"GET", "principals", &Admin::principals}, {"POST", "reset", &Admin::reset}};
  std::string_view at = request.path();
  if (!at.starts_with(path)) return inner_.handle(request, gate);
  at.remove_prefix(path.size());
  std::string methods;
  for (const Route& route : routes) {
    if (at != route.path) continue;
    if (request.method == route.method) return (this->*route.handler)(request, gate);
    if (!methods.empty()) methods += ", ";
    methods += route.method;
  }
  if (methods.empty()) {
    return detail::admin_refusal(
        {.status = 404,
         .message = "there is no such path",
         .expected = "/_rushhour/journal, /_rushhour/cloudtrail, /_rushhour/clock, /_rushhour/principals or "
                     "/_rushhour/reset",
         .saw = request.path()});
  }
  http::Response refusal = detail::admin_refusal({.status = 405,
                                                  .message = "the path does not take this method",
                                                  .expected = methods,
                                                  .saw = request.method});
  refusal.headers.push_back({"Allow", methods});
  return refusal;
}

RUSHHOUR_INLINE http::Response Admin::journal(const http::Request& request, http::Gate& gate) {
  const auto query = detail::read_list_query(request.query(), false);
  if (!query) {
    return detail::admin_refusal({.message = "the query cannot be read",
                                  .expected = "limit=N, the number of calls wanted at most",
                                  .saw = request.query()});
  }
  const http::Gate::Entry entry = gate.enter();
  const Journal& journal = world_.journal();
  const std::vector<Call> calls = journal.calls();
  const std::size_t count = std::min(query->limit, calls.size());
  std::vector<std::string> list;
  for (std::size_t i = calls.size() - count; i < calls.size(); ++i) {
    list.push_back(detail::call_json(calls[i], world_.ledger.names()));
  }
  return detail::admin_answer(detail::JsonObject{}
                                  .text("format", "rushhour.journal/1")
                                  .integer("total", journal.total())
                                  .integer("kept", calls.size())
                                  .integer("count", count)
                                  .text("digest", world_.ledger.digest().text())
                                  .raw("calls", detail::json_lines(list)));
}

RUSHHOUR_INLINE http::Response Admin::cloudtrail(const http::Request& request, http::Gate& gate) {
  if (options_.trail == nullptr) {
    return detail::admin_refusal({.status = 404,
                                  .message = "this world writes no CloudTrail",
                                  .expected = "a world that `rushhour serve` serves",
                                  .saw = "/_rushhour/cloudtrail"});
  }
  const auto query = detail::read_list_query(request.query(), true);
  if (!query) {
    return detail::admin_refusal(
        {.message = "the query cannot be read",
         .expected = "limit=N, the number of records wanted at most, and account=ID, 12 digits",
         .saw = request.query()});
  }
  const http::Gate::Entry entry = gate.enter();
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

RUSHHOUR_INLINE http::Response Admin::reset(const http::Request& /*request*/, http::Gate& gate) {
  const http::Gate::Entry entry = gate.enter();
  world_.reset();
  if (options_.trail != nullptr) options_.trail->clear();
  return detail::admin_answer(
      detail::JsonObject{}.text("reset", to_iso8601(entry.now, Precision::milliseconds)));
}

}  // namespace rushhour::fakes
