/// \file
/// The ledger of what was lost: each detection that judged nothing or alerted without its context, and why.
/// It counts all, and keeps the first entries to show.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/client.hpp>
#include <rushhour/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour::sim {

/// What became of a detection that should have been intact.
enum class LossKind : std::uint8_t {
  degraded,       ///< the alert went out, without its context
  missed,         ///< rule() could not decide
  dead_lettered,  ///< the event was given up after too many receives
  unserved        ///< no worker ever finished the event
};
inline constexpr std::size_t loss_kind_count = 4;
[[nodiscard]] constexpr std::string_view to_text(LossKind kind) {
  constexpr std::array<std::string_view, loss_kind_count> texts{"degraded", "missed", "dead_lettered",
                                                                "unserved"};
  return texts[static_cast<std::size_t>(kind)];
}

/// Why: the last call that failed while the rule looked at the event. Without one, nothing that the rule
/// called failed.
using Cause = api::FailedCall;

/// All losses of one kind, of one detection, with one cause.
struct LossRow {
  std::size_t detection{};  ///< its place in the run's list
  LossKind kind{};
  Cause cause{};
  std::uint64_t count{};
  std::uint64_t first_event{};
  Instant first_at{};
  std::string first_error{};  ///< as the engine stores it
};

struct LossEntry {
  std::uint64_t event{};
  Instant at{};
  std::size_t row{};
};

class Losses {
 public:
  static constexpr std::size_t entries_max = 1'000;

  /// \param error  makes the error's text; called for the first loss of a row only
  template <class Error>
  void add(std::size_t detection, LossKind kind, const Cause& cause, std::uint64_t event, Instant at,
           const Error& error) {
    const std::size_t row = row_of(detection, kind, cause);
    LossRow& found = rows_[row];
    if (found.count++ == 0) {
      found.first_event = event;
      found.first_at = at;
      found.first_error = error();
    }
    if (entries_.size() < entries_max) entries_.push_back({event, at, row});
  }

  [[nodiscard]] bool knows(std::size_t detection, LossKind kind, const Cause& cause) const {
    return find(detection, kind, cause) != rows_.end();
  }
  /// In the order of their first loss.
  [[nodiscard]] const std::vector<LossRow>& rows() const { return rows_; }
  /// The first 1,000 losses.
  [[nodiscard]] const std::vector<LossEntry>& entries() const { return entries_; }
  [[nodiscard]] std::uint64_t count(LossKind kind) const {
    std::uint64_t sum = 0;
    for (const LossRow& row : rows_) sum += row.kind == kind ? row.count : 0;
    return sum;
  }
  /// Of one kind, where the last failed call had this outcome.
  [[nodiscard]] std::uint64_t count(LossKind kind, Outcome outcome) const {
    std::uint64_t sum = 0;
    for (const LossRow& row : rows_) sum += row.kind == kind && row.cause.outcome == outcome ? row.count : 0;
    return sum;
  }

 private:
  [[nodiscard]] std::vector<LossRow>::const_iterator find(std::size_t detection, LossKind kind,
                                                          const Cause& cause) const {
    return std::find_if(rows_.begin(), rows_.end(), [&](const LossRow& row) {
      return row.detection == detection && row.kind == kind && row.cause == cause;
    });
  }
  [[nodiscard]] std::size_t row_of(std::size_t detection, LossKind kind, const Cause& cause) {
    const auto found = find(detection, kind, cause);
    if (found != rows_.end()) return static_cast<std::size_t>(found - rows_.begin());
    rows_.push_back({.detection = detection, .kind = kind, .cause = cause});
    return rows_.size() - 1;
  }

  std::vector<LossRow> rows_;
  std::vector<LossEntry> entries_;
};

}  // namespace rushhour::sim
