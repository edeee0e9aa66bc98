#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/address.hpp>
#include <rushhour/scenario/control.hpp>
#include <rushhour/scenario/detail/read_policies.hpp>
#include <rushhour/scenario/detail/read_world.hpp>
#include <rushhour/scenario/reader.hpp>

namespace rushhour::scenario {

namespace detail {

/// What messages call it that was posted.
inline constexpr const char* posted = "body";
inline constexpr std::size_t posted_list_max = 10'000;

/// The object itself, the elements of an array, or those of its only member `name`.
RUSHHOUR_INLINE std::vector<Value> one_or_several(const Document& document, std::string_view name) {
  const Value root{document, document.root, ""};
  const auto list = [](const Value& value) { return value.array({.min = 1, .max = posted_list_max}); };
  if (root.is(Node::Kind::array)) return list(root);
  if (!root.is(Node::Kind::object) || document.root.children.size() != 1 ||
      document.root.children.front().key != name) {
    return {root};
  }
  Reader reader = root.object();
  const Value all = reader.at(name);
  reader.done();
  return list(all);
}

/// A text that may be empty.
RUSHHOUR_INLINE std::string any_text(const Value& value) {
  return value.is(Node::Kind::text) && value.node().text.empty() ? std::string{} : value.text();
}

/// `"exact"`, or an object of one member that says how.
RUSHHOUR_INLINE fakes::TextMatch read_text_match(const Value& value) {
  using Kind = fakes::TextMatch::Kind;
  constexpr std::pair<std::string_view, Kind> ways[] = {{"exact", Kind::exact},
                                                        {"prefix", Kind::prefix},
                                                        {"contains", Kind::contains},
                                                        {"pattern", Kind::pattern}};
  if (!value.is(Node::Kind::object)) return {.kind = Kind::exact, .text = any_text(value)};
  Reader reader = value.object();
  std::optional<fakes::TextMatch> out;
  for (const auto& [word, kind] : ways) {
    if (const auto text = reader.find(word)) out = {.kind = kind, .text = any_text(*text)};
  }
  if (const auto present = reader.find("present"))
    out = {.kind = present->boolean() ? Kind::present : Kind::absent};
  reader.done();
  if (!out || value.node().children.size() != 1) {
    value.place().fail(R"(one of "exact", "prefix", "contains", "pattern" and "present")",
                       value.node().children.empty() ? "none" : "several");
  }
  return *std::move(out);
}

RUSHHOUR_INLINE std::vector<fakes::FieldMatch> read_fields(std::optional<Reader> reader) {
  std::vector<fakes::FieldMatch> out;
  if (!reader) return out;
  for (const auto& [name, value] : reader->members())
    out.push_back({.name = name, .value = read_text_match(value)});
  reader->done();
  return out;
}

RUSHHOUR_INLINE fakes::StubMatch read_stub_match(Reader reader) {
  fakes::StubMatch match;
  if (const auto service = reader.find("service")) {
    match.service = service->choice<api::Service>({{"sts", api::Service::sts},
                                                   {"secretsmanager", api::Service::secretsmanager},
                                                   {"virustotal", api::Service::virustotal},
                                                   {"dynamodb", api::Service::dynamodb},
                                                   {"iam", api::Service::iam}});
  }
  if (const auto operation = reader.find("operation")) {
    match.operation = operation->text();
    std::vector<std::string_view> known;
    for (const api::Operation* each : all_operations()) {
      if (!match.service || each->service == *match.service) known.push_back(each->name);
    }
    require_word(*operation, match.operation, known);
  }
  match.host = reader.optional_text("host", "");
  match.method = reader.optional_text("method", "");
  if (const auto path = reader.find("path")) {
    match.path = read_text_match(*path);
    const bool is_whole = match.path->kind == fakes::TextMatch::Kind::exact ||
                          match.path->kind == fakes::TextMatch::Kind::prefix;
    if (is_whole && !match.path->text.starts_with('/')) path->fail("a path, which begins with \"/\"");
    if (is_whole && match.path->text.find('?') != std::string::npos)
      path->fail("a path without a query", "write the query as \"query\": {\"NAME\": \"VALUE\"}");
  }
  match.query = read_fields(reader.optional_object("query"));
  match.headers = read_fields(reader.optional_object("headers"));
  match.form = read_fields(reader.optional_object("form"));
  if (const auto body = reader.find("body")) match.body = read_text_match(*body);
  if (const auto json = reader.find("json")) append_json(match.json, json->node());
  reader.done();
  return match;
}

RUSHHOUR_INLINE fakes::StubAnswer read_stub_answer(Reader reader) {
  fakes::StubAnswer answer{
      .status = reader.optional_integer<int>("status", 200, {.min = 200, .max = 599}),
      .delay = reader.optional_duration("delay", Duration::zero(), {.max = latency_max})};
  if (auto headers = reader.optional_object("headers")) {
    for (const auto& [name, value] : headers->members()) {
      std::string text = any_text(value);
      const bool is_line = (name + text).find_first_of("\r\n") == std::string::npos;
      if (!is_line || name.empty()) value.fail("a header on one line, with a name");
      answer.headers.push_back({name, std::move(text)});
    }
    headers->done();
  }
  const auto body = reader.find("body");
  const auto json = reader.find("json");
  auto error = reader.optional_object("error");
  if ((body ? 1 : 0) + (json ? 1 : 0) + (error ? 1 : 0) > 1)
    reader.place().fail(R"(at most one of "body", "json" and "error")", "several");
  if (body) answer.body = any_text(*body);
  if (json) {
    append_json(answer.body, json->node());
    if (http::find_header(answer.headers, "Content-Type") == nullptr)
      answer.headers.push_back({"Content-Type", "application/json"});
  }
  if (error) {
    if (answer.status < 400) reader.place().fail("a \"status\" from 400 to 599 beside \"error\"");
    answer.error_code = error->text("code");
    answer.error_message = error->optional_text("message", "answered by a stub");
    error->done();
  }
  reader.done();
  return answer;
}

RUSHHOUR_INLINE fakes::Stub read_stub(Reader reader) {
  fakes::Stub stub{.name = reader.optional_text("name", "")};
  const auto match = reader.find("match");
  const auto answer = reader.find("answer");
  const auto answers = reader.find("answers");
  const auto times = reader.find("times");
  reader.done();  // a misspelt "answer" is told before a missing one
  require_one(reader.value(), "\"answer\"", answer.has_value(), "\"answers\"", answers.has_value());
  if (match) stub.match = read_stub_match(match->object());
  if (answer) stub.answers.push_back(read_stub_answer(answer->object()));
  if (answers) {
    for (const Value& each : answers->array({.min = 1, .max = posted_list_max}))
      stub.answers.push_back(read_stub_answer(each.object()));
  }
  if (times && times->is(Node::Kind::number)) {
    stub.times = times->integer<std::uint64_t>({.min = 1});
  } else if (times) {
    stub.times = times->choice<bool>({{"always", false}, {"once", true}}) ? stub.answers.size() : 0;
  }
  return stub;
}

}  // namespace detail

RUSHHOUR_INLINE std::vector<fakes::Stub> read_stubs(std::string_view json) {
  const Document document = parse_document(json, detail::posted);
  std::vector<fakes::Stub> out;
  for (const Value& each : detail::one_or_several(document, "stubs"))
    out.push_back(detail::read_stub(each.object()));
  return out;
}

RUSHHOUR_INLINE std::vector<Fault> read_faults(std::string_view json, Instant now) {
  const Document document = parse_document(json, detail::posted);
  std::vector<Fault> out;
  for (const Value& each : detail::one_or_several(document, "faults"))
    out.push_back(detail::read_fault(each.object(), now));
  return out;
}

RUSHHOUR_INLINE fakes::VirusTotalKey read_virustotal_key(std::string_view json,
                                                         const fakes::VirusTotalKey* known) {
  const Document document = parse_document(json, detail::posted);
  Reader reader{document};
  fakes::VirusTotalKey key;
  const auto quota = reader.find("quota");
  const auto group = reader.find("group");
  if (known != nullptr) {
    key = *known;
    key.used = {};  // its limits are full again, unless it says what is used
    if (!quota && !group && !reader.find("used"))
      reader.value().fail("at least one of \"quota\", \"used\" and \"group\"");
  } else {
    key.name = reader.text("name");
    if (key.name.starts_with("group:")) reader.at("name").fail("a name that does not begin with \"group:\"");
    key.key = reader.optional_text("key", "");
  }
  if (quota) key.quota = detail::read_virustotal_quota(*quota, {});
  detail::read_use(reader, key);
  if (group) key.group = detail::any_text(*group);
  reader.done();
  return key;
}

RUSHHOUR_INLINE fakes::Verdict read_verdict(std::string_view json) {
  constexpr IntegerRange<std::int64_t> engines{.min = 0, .max = 1'000};
  const Document document = parse_document(json, detail::posted);
  Reader reader{document};
  fakes::Verdict verdict{.address = reader.text("address")};
  const AddressClass kind = classify_address(verdict.address);
  if (kind == AddressClass::malformed || kind == AddressClass::service_name)
    reader.at("address").fail("an IPv4 or IPv6 address such as \"203.0.113.7\"");
  verdict.stats = {.harmless = reader.optional_integer<std::int64_t>("harmless", 0, engines),
                   .malicious = reader.optional_integer<std::int64_t>("malicious", 0, engines),
                   .suspicious = reader.optional_integer<std::int64_t>("suspicious", 0, engines),
                   .undetected = reader.optional_integer<std::int64_t>("undetected", 0, engines),
                   .timeout = reader.optional_integer<std::int64_t>("timeout", 0, engines)};
  reader.done();
  return verdict;
}

}  // namespace rushhour::scenario
