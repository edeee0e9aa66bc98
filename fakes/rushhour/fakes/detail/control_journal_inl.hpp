#pragma once

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/fakes/admin.hpp>
#include <rushhour/fakes/detail/admin_answers.hpp>

namespace rushhour::fakes {

namespace detail {

/// Which calls are asked for: all that is said must hold.
struct JournalQuery {
  std::string service{};
  std::string operation{};  ///< with its service or without
  std::string outcome{};
  std::string account{};  ///< or the name of a VirusTotal key
  std::string detection{};
  std::string code{};
  std::optional<std::uint16_t> status{};
  std::optional<bool> stubbed{};
  std::optional<Instant> since{};
  std::optional<Duration> back{};  ///< `since` as a duration before now
  std::size_t limit{100};
  bool is_ndjson{};
};

inline constexpr std::string_view journal_filters =
    "service=sts, operation=AssumeRole or sts:AssumeRole, outcome=throttled, status=429, account=ID, "
    "key=NAME, "
    "detection=NAME, code=QuotaExceededError, stubbed=true, since=5m or 2026-03-02T14:00:00Z";

RUSHHOUR_INLINE bool is_outcome(std::string_view text) {
  for (std::size_t i = 0; i < outcome_count; ++i) {
    if (text == to_text(static_cast<Outcome>(i))) return true;
  }
  return false;
}
RUSHHOUR_INLINE bool is_service(std::string_view text) {
  for (std::size_t i = 0; i < api::service_count; ++i) {
    if (text == api::to_text(static_cast<api::Service>(i))) return true;
  }
  return false;
}

/// False: there is no such field, or its value is none for it.
RUSHHOUR_INLINE bool read_journal_field(const http::FormField& field, JournalQuery& out) {
  const auto& [name, value] = field;
  if (name == "service") {
    out.service = value;
    return is_service(value);
  }
  if (name == "outcome") {
    out.outcome = value;
    return is_outcome(value);
  }
  if (name == "status") return read_number(value, out.status.emplace());
  if (name == "limit") return read_number(value, out.limit);
  if (name == "stubbed") {
    out.stubbed = value == "true";
    return value == "true" || value == "false";
  }
  if (name == "since") {
    out.back = parse_duration(value);
    if (!out.back) out.since = parse_iso8601(value);
    return out.back || out.since;
  }
  if (name == "format") {
    out.is_ndjson = value == "ndjson";
    return out.is_ndjson || value == "json";
  }
  std::string* const text = name == "operation"                  ? &out.operation
                            : name == "account" || name == "key" ? &out.account
                            : name == "detection"                ? &out.detection
                            : name == "code"                     ? &out.code
                                                                 : nullptr;
  if (text == nullptr) return false;
  *text = value;
  return !value.empty();
}

RUSHHOUR_INLINE std::optional<JournalQuery> read_journal_query(const http::Request& request) {
  JournalQuery out;
  const std::string* accepted = request.header("Accept");
  out.is_ndjson = accepted != nullptr && accepted->find("application/x-ndjson") != std::string::npos;
  for (const auto fields = http::parse_form(request.query()); const http::FormField& field : fields) {
    if (!read_journal_field(field, out)) return std::nullopt;
  }
  return out;
}

/// The query in names: what was never named has no calls.
class JournalFilter {
 public:
  JournalFilter(const JournalQuery& query, const Names& names, Instant now)
      : query_(query), names_(names), since_(since(query, now)) {
    outcome_ = outcome_count;
    for (std::size_t i = 0; i < outcome_count; ++i) {
      if (query.outcome == to_text(static_cast<Outcome>(i))) outcome_ = i;
    }
  }

  [[nodiscard]] bool admits(const Call& call) const {
    if (call.at < since_) return false;
    if (outcome_ != outcome_count && outcome_ != static_cast<std::size_t>(call.outcome)) return false;
    if (query_.status && *query_.status != call.status) return false;
    if (query_.stubbed && *query_.stubbed != call.stubbed) return false;
    return is(query_.account, call.account) && is(query_.detection, call.detection) &&
           is(query_.code, call.code) && is_operation(call.operation);
  }

 private:
  static Instant since(const JournalQuery& query, Instant now) {
    if (!query.back) return query.since.value_or(Instant::min());
    return *query.back >= now.time_since_epoch() ? Instant{} : now - *query.back;
  }
  [[nodiscard]] bool is(const std::string& wanted, Name name) const {
    return wanted.empty() || names_.text(name) == wanted;
  }
  [[nodiscard]] bool is_operation(Name name) const {
    const std::string_view text = names_.text(name);
    const std::size_t colon = std::min(text.find(':'), text.size());
    if (!query_.service.empty() && text.substr(0, colon) != query_.service) return false;
    return query_.operation.empty() || text == query_.operation ||
           (colon < text.size() && text.substr(colon + 1) == query_.operation);
  }

  const JournalQuery& query_;
  const Names& names_;
  Instant since_;
  std::size_t outcome_{};
};

RUSHHOUR_INLINE http::Response journal_mistake(const http::Request& request) {
  return admin_refusal(
      {.message = "the query cannot be read",
       .expected = "limit=N, the number of calls wanted at most, format=ndjson, and filters: " +
                   std::string{journal_filters},
       .saw = request.query()});
}

}  // namespace detail

RUSHHOUR_INLINE http::Response Admin::journal(const http::Request& request, http::Gate& gate) {
  const auto query = detail::read_journal_query(request);
  if (!query) return detail::journal_mistake(request);
  const http::Gate::Entry entry = gate.enter();
  world_.secretsmanager.run_due(entry.now);  // what is due has happened for whoever looks
  const Journal& journal = world_.journal();
  const Names& names = world_.ledger.names();
  const detail::JournalFilter filter{*query, names, entry.now};
  std::vector<std::string> list;
  for (std::size_t i = journal.kept(); i > 0 && list.size() < query->limit; --i) {
    const Call& call = journal.kept(i - 1);
    if (filter.admits(call)) list.push_back(detail::call_json(call, names));
  }
  std::reverse(list.begin(), list.end());
  if (query->is_ndjson) {
    http::Response out{.status = 200, .headers = {{"Content-Type", "application/x-ndjson"}}, .body = {}};
    for (const std::string& call : list) out.body += call + "\n";
    return out;
  }
  return detail::admin_answer(detail::JsonObject{}
                                  .text("format", "rushhour.journal/1")
                                  .integer("total", journal.total())
                                  .integer("kept", journal.kept())
                                  .integer("count", list.size())
                                  .text("digest", world_.ledger.digest().text())
                                  .raw("calls", detail::json_lines(list)));
}

RUSHHOUR_INLINE http::Response Admin::journal_count(const http::Request& request, http::Gate& gate) {
  const auto query = detail::read_journal_query(request);
  if (!query) return detail::journal_mistake(request);
  const http::Gate::Entry entry = gate.enter();
  world_.secretsmanager.run_due(entry.now);  // what is due has happened for whoever looks
  const Journal& journal = world_.journal();
  const detail::JournalFilter filter{*query, world_.ledger.names(), entry.now};
  std::size_t count = 0;
  for (std::size_t i = 0; i < journal.kept(); ++i) count += filter.admits(journal.kept(i)) ? 1U : 0U;
  return detail::admin_answer(detail::JsonObject{}
                                  .integer("count", count)
                                  .integer("kept", journal.kept())
                                  .integer("total", journal.total()));
}

}  // namespace rushhour::fakes
