#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/fakes/admin.hpp>
#include <rushhour/fakes/detail/admin_answers.hpp>
#include <rushhour/fakes/detail/control_lists.hpp>

namespace rushhour::fakes {

namespace detail {

inline constexpr std::string_view no_stubs = "this world has no stubs";

/// In the words in which it is posted.
RUSHHOUR_INLINE std::string match_json(const TextMatch& match) {
  constexpr std::string_view words[] = {"exact", "prefix", "contains", "pattern"};
  if (match.kind == TextMatch::Kind::exact) return json_text(match.text);
  if (match.kind == TextMatch::Kind::present) return R"({"present":true})";
  if (match.kind == TextMatch::Kind::absent) return R"({"present":false})";
  return JsonObject{}.text(words[static_cast<std::size_t>(match.kind)], match.text).json();
}
RUSHHOUR_INLINE std::string match_json(const std::vector<FieldMatch>& fields) {
  JsonObject out;
  for (const FieldMatch& field : fields) out.raw(field.name, match_json(field.value));
  return out.json();
}
RUSHHOUR_INLINE std::string match_json(const StubMatch& match) {
  JsonObject out;
  if (match.service) out.text("service", api::to_text(*match.service));
  if (!match.operation.empty()) out.text("operation", match.operation);
  if (!match.host.empty()) out.text("host", match.host);
  if (!match.method.empty()) out.text("method", match.method);
  if (match.path) out.raw("path", match_json(*match.path));
  if (!match.query.empty()) out.raw("query", match_json(match.query));
  if (!match.headers.empty()) out.raw("headers", match_json(match.headers));
  if (!match.form.empty()) out.raw("form", match_json(match.form));
  if (match.body) out.raw("body", match_json(*match.body));
  if (!match.json.empty()) out.raw("json", match.json);
  return out.json();
}
RUSHHOUR_INLINE std::string answer_json(const StubAnswer& answer) {
  JsonObject out;
  out.integer("status", static_cast<std::uint64_t>(answer.status));
  if (!answer.headers.empty()) {
    JsonObject headers;
    for (const http::Header& header : answer.headers) headers.text(header.name, header.value);
    out.raw("headers", headers.json());
  }
  if (!answer.body.empty()) out.text("body", answer.body);
  if (!answer.error_code.empty()) {
    JsonObject error;
    error.text("code", answer.error_code).text("message", answer.error_message);
    out.raw("error", error.json());
  }
  if (answer.delay != Duration::zero()) out.text("delay", to_text(answer.delay));
  return out.json();
}
RUSHHOUR_INLINE std::string stub_json(const StubState& state) {
  JsonObject out;
  out.integer("id", state.id);
  if (!state.stub->name.empty()) out.text("name", state.stub->name);
  out.raw("match", match_json(state.stub->match));
  std::string answers = "[";
  for (const StubAnswer& answer : state.stub->answers) {
    if (answers.size() > 1) answers += ',';
    answers += answer_json(answer);
  }
  out.raw("answers", answers + "]");
  if (state.stub->times == 0) {
    out.text("times", "always");
  } else {
    out.integer("times", state.stub->times);
  }
  return out.integer("answered", state.answered).boolean("spent", state.is_spent()).json();
}

RUSHHOUR_INLINE std::string miss_json(const StubMiss& miss) {
  std::vector<std::string> failed;
  for (const FailedCondition& each : miss.failed) {
    failed.push_back(
        JsonObject{}.text("what", each.what).text("expected", each.expected).text("saw", each.saw).json());
  }
  JsonObject nearest;
  nearest.integer("id", miss.nearest);
  if (!miss.name.empty()) nearest.text("name", miss.name);
  nearest.raw("failed", json_lines(failed));
  return JsonObject{}
      .text("at", to_iso8601(miss.at, Precision::nanoseconds))
      .text("method", miss.method)
      .text("target", miss.target)
      .raw("nearest", miss.nearest == 0 ? "null" : nearest.json())
      .json();
}

}  // namespace detail

RUSHHOUR_INLINE http::Response Admin::stubs(const http::Request& request, http::Gate& gate) {
  if (options_.stubs == nullptr) return detail::admin_lacks(detail::no_stubs, request.path());
  const http::Gate::Entry entry = gate.enter();
  std::vector<std::string> list;
  for (const auto all = options_.stubs->list(); const StubState& each : all)
    list.push_back(detail::stub_json(each));
  return detail::admin_answer(
      detail::JsonObject{}.integer("count", list.size()).raw("stubs", detail::json_lines(list)));
}

RUSHHOUR_INLINE http::Response Admin::add_stubs(const http::Request& request, http::Gate& gate) {
  if (options_.stubs == nullptr || options_.read.stubs == nullptr)
    return detail::admin_lacks(detail::no_stubs, request.path());
  try {
    std::vector<Stub> stubs = options_.read.stubs(request.body);
    const http::Gate::Entry entry = gate.enter();
    if (options_.stubs->size() + stubs.size() > Stubs::count_max) {
      return detail::admin_refusal({.status = 409,
                                    .message = "there are too many stubs",
                                    .expected = "at most " + std::to_string(Stubs::count_max),
                                    .saw = std::to_string(options_.stubs->size() + stubs.size())});
    }
    std::vector<std::uint64_t> ids;
    for (Stub& stub : stubs) ids.push_back(options_.stubs->add(std::move(stub)));
    return detail::added(ids);
  } catch (const InputError& error) {
    return detail::admin_refusal(error);
  }
}

RUSHHOUR_INLINE http::Response Admin::remove_stubs(const http::Request& request, http::Gate& gate) {
  if (options_.stubs == nullptr) return detail::admin_lacks(detail::no_stubs, request.path());
  const http::Gate::Entry entry = gate.enter();
  const std::size_t count = options_.stubs->size();
  options_.stubs->clear();
  return detail::removed(count);
}

RUSHHOUR_INLINE http::Response Admin::remove_stub(const http::Request& request, http::Gate& gate) {
  if (options_.stubs == nullptr) return detail::admin_lacks(detail::no_stubs, request.path());
  const http::Gate::Entry entry = gate.enter();
  const auto id = detail::number_in(request);
  if (id && options_.stubs->remove(*id)) return detail::removed(1);
  return detail::admin_refusal({.status = 404,
                                .message = "there is no such stub",
                                .expected = "the id of a stub that GET /_rushhour/stubs lists",
                                .saw = request.path()});
}

RUSHHOUR_INLINE http::Response Admin::stub_misses(const http::Request& request, http::Gate& gate) {
  if (options_.stubs == nullptr) return detail::admin_lacks(detail::no_stubs, request.path());
  std::size_t limit = 10;
  std::string_view query = request.query();
  while (const auto field = http::take_field(query)) {
    if (field->name != "limit" || !detail::read_number(field->value, limit)) {
      return detail::admin_refusal({.message = "the query cannot be read",
                                    .expected = "limit=N, the number of misses wanted at most",
                                    .saw = request.query()});
    }
  }
  const http::Gate::Entry entry = gate.enter();
  std::vector<std::string> list;
  for (const auto all = options_.stubs->misses(limit); const StubMiss& each : all)
    list.push_back(detail::miss_json(each));
  return detail::admin_answer(
      detail::JsonObject{}.integer("count", list.size()).raw("misses", detail::json_lines(list)));
}

}  // namespace rushhour::fakes
