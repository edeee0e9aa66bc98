/// \file
/// A journal in words, for tests: its calls with their names as texts, tallies by operation, and a table of
/// both. It is a copy of what was recorded so far; reports over millions of calls measure as they go, and do
/// not read it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/journal.hpp>
#include <rushhour/names.hpp>
#include <rushhour/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour {

/// A Call whose names are texts. They are views of the Names table, and live as long as it does.
struct JournalEntry {
  Instant at{};
  std::string_view operation{};  ///< `sts:AssumeRole`
  std::string_view principal{};  ///< an ARN, or the name of an API key; empty when not authenticated
  std::string_view account{};    ///< whose quota it counts against
  std::string_view detection{};  ///< empty when unknown
  std::string_view code{};       ///< error code on the wire; empty when ok
  std::string_view site{};       ///< `rules/guide.py:31` (site.hpp); empty when unknown
  std::uint64_t event{};         ///< from 1; 0 when unknown
  int status{};                  ///< HTTP status; 0 when no answer was sent
  Outcome outcome{};
  unsigned attempt{};  ///< 1 for the first; 0 when the client does not say
};

/// `2026-03-02T00:00:01.000Z virustotal:ip_addresses 429 QuotaExceededError (throttled), event 3, attempt 1,
/// ...`
[[nodiscard]] inline std::string to_text(const JournalEntry& entry) {
  std::string out = to_iso8601(entry.at, Precision::milliseconds);
  out += ' ';
  out += entry.operation;
  out += ' ';
  out += std::to_string(entry.status);
  if (!entry.code.empty()) {
    out += ' ';
    out += entry.code;
  }
  out += " (";
  out += to_text(entry.outcome);
  out += ')';
  if (entry.event != 0) out += ", event " + std::to_string(entry.event);
  if (entry.attempt != 0) out += ", attempt " + std::to_string(entry.attempt);
  for (const auto& [label, text] : {std::pair{", detection ", entry.detection},
                                    std::pair{", at ", entry.site}, std::pair{", by ", entry.principal}}) {
    if (text.empty()) continue;
    out += label;
    out += text;
  }
  return out;
}

/// What became of the attempts at one operation.
struct OperationTally {
  std::string_view operation{};
  std::uint64_t attempts{};
  std::uint64_t ok{};
  std::uint64_t throttled{};
  std::uint64_t errors{};  ///< neither ok nor throttled
};

/// The calls that a world recorded, oldest first: a container of JournalEntry. A Journal holds numbers that
/// only the Names of its world can read, so the two are brought together here, once, rather than in every
/// matcher.
///
/// \code
///   const Calls calls = world.calls();
///   calls.count("sts:AssumeRole");   // attempts, kept in the ring or not
///   std::puts(to_text(calls).c_str());
/// \endcode
class Calls {
 public:
  using value_type = JournalEntry;
  using const_iterator = std::vector<JournalEntry>::const_iterator;
  using iterator = const_iterator;

  /// \param seed  of the world: what a failed test needs to be run again
  Calls(const Journal& journal, const Names& names, std::uint64_t seed)
      : total_(journal.total()), seed_(seed) {
    for (const Call& call : journal.calls()) entries_.push_back(in_words(call, names));
    for (std::uint32_t i = 0; i < names.size(); ++i) {
      const Name operation{i};
      const std::uint64_t attempts = journal.count(operation);
      if (attempts == 0) continue;
      const std::uint64_t ok = journal.count(operation, Outcome::ok);
      const std::uint64_t throttled = journal.count(operation, Outcome::throttled);
      tallies_.push_back({names.text(operation), attempts, ok, throttled, attempts - ok - throttled});
    }
    std::ranges::sort(tallies_, {}, &OperationTally::operation);
  }

  /// The calls that the journal's ring still holds.
  [[nodiscard]] const_iterator begin() const { return entries_.begin(); }
  [[nodiscard]] const_iterator end() const { return entries_.end(); }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }

  /// All attempts, kept or not.
  [[nodiscard]] std::uint64_t total() const { return total_; }
  /// All attempts at one operation, `sts:AssumeRole`, kept or not.
  [[nodiscard]] std::uint64_t count(std::string_view operation) const {
    const auto found = std::ranges::find(tallies_, operation, &OperationTally::operation);
    return found == tallies_.end() ? 0 : found->attempts;
  }
  /// The operations that were called, by name.
  [[nodiscard]] std::span<const OperationTally> tallies() const { return tallies_; }
  [[nodiscard]] std::uint64_t seed() const { return seed_; }

 private:
  static JournalEntry in_words(const Call& call, const Names& names) {
    return {.at = call.at,
            .operation = names.text(call.operation),
            .principal = names.text(call.principal),
            .account = names.text(call.account),
            .detection = names.text(call.detection),
            .code = names.text(call.code),
            .site = names.text(call.site),
            .event = call.event,
            .status = call.status,
            .outcome = call.outcome,
            .attempt = call.attempt};
  }

  std::vector<JournalEntry> entries_;
  std::vector<OperationTally> tallies_;
  std::uint64_t total_;
  std::uint64_t seed_;
};

namespace detail {

/// `text` with spaces, before or behind it, up to `width`.
inline void append_column(std::string& out, std::string_view text, std::size_t width, bool right) {
  const std::size_t spaces = text.size() < width ? width - text.size() : 0;
  if (right) out.append(spaces, ' ');
  out += text;
  if (!right) out.append(spaces, ' ');
}

}  // namespace detail

/// A table of the tallies, and the last calls, a line each.
[[nodiscard]] inline std::string to_text(const Calls& calls, std::size_t calls_shown_max = 5) {
  if (calls.total() == 0) return "no calls\n";
  std::string out;
  const auto row = [&out](std::string_view operation, const auto&... numbers) {
    out += "  ";
    detail::append_column(out, operation, 32, false);
    (detail::append_column(out, numbers, 10, true), ...);
    out += '\n';
  };
  row("operation", "attempts", "ok", "throttled", "errors");
  for (const OperationTally& tally : calls.tallies()) {
    row(tally.operation, std::to_string(tally.attempts), std::to_string(tally.ok),
        std::to_string(tally.throttled), std::to_string(tally.errors));
  }
  const std::size_t shown = std::min(calls_shown_max, calls.size());
  if (shown == 0) return out;
  out += "the last " + std::to_string(shown) + " of " + std::to_string(calls.total()) + " calls:\n";
  for (auto entry = calls.end() - static_cast<std::ptrdiff_t>(shown); entry != calls.end(); ++entry) {
    out += "  " + to_text(*entry) + "\n";
  }
  return out;
}

}  // namespace rushhour
