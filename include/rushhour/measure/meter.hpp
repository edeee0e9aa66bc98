/// \file
/// The numbers of one operation, or of a service, or of somebody's part in it. A meter is told counts second
/// by second; meters.hpp holds them all and hears the calls.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <rushhour/measure/series.hpp>
#include <rushhour/measure/sliding.hpp>
#include <rushhour/measure/windows.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour::measure {

/// Attempts by what became of them, and how many of them were first ones.
struct Counts {
  std::uint64_t calls{};  ///< logical calls: first attempts
  std::array<std::uint64_t, outcome_count> outcomes{};

  [[nodiscard]] std::uint64_t of(Outcome outcome) const {
    return outcomes[static_cast<std::size_t>(outcome)];
  }
  [[nodiscard]] std::uint64_t attempts() const {
    std::uint64_t sum = 0;
    for (const std::uint64_t each : outcomes) sum += each;
    return sum;
  }
  /// Attempts that no limit refused.
  [[nodiscard]] std::uint64_t accepted() const { return attempts() - of(Outcome::throttled); }
  /// Neither ok nor throttled.
  [[nodiscard]] std::uint64_t errors() const { return accepted() - of(Outcome::ok); }
  /// Attempts beyond the first of their call.
  [[nodiscard]] std::uint64_t wasted() const { return attempts() - calls; }
  /// Attempts per logical call; nothing without calls.
  [[nodiscard]] std::optional<Ratio> amplification() const {
    if (calls == 0) return std::nullopt;
    return Ratio{attempts(), calls};
  }

  void add(const Counts& other) {
    calls += other.calls;
    for (std::size_t i = 0; i < outcome_count; ++i) outcomes[i] += other.outcomes[i];
  }
  friend bool operator==(const Counts&, const Counts&) = default;
};

/// The first and last instant of something that may never have happened.
struct Span {
  std::optional<Instant> first{};
  std::optional<Instant> last{};

  void add(Instant at) {
    if (!first || at < *first) first = at;
    if (!last || at > *last) last = at;
  }
  void add(const Span& other) {
    if (other.first) add(*other.first);
    if (other.last) add(*other.last);
  }
};

/// Seconds of the UTC clock in which something happened, and the longest run of them without a gap.
class Seconds {
 public:
  /// `second` since the epoch; never before an earlier one.
  void add(std::int64_t second) {
    if (second == last_) return;
    ++count_;
    run_ = second == last_ + 1 ? run_ + 1 : 1;
    longest_ = std::max(longest_, run_);
    last_ = second;
  }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t longest_run() const { return longest_; }

 private:
  std::uint64_t count_{};
  std::uint64_t run_{};
  std::uint64_t longest_{};
  std::int64_t last_{-2};  ///< no second of the epoch follows it
};

/// Attempts are HTTP requests; a call is an attempt and its retries. The numbers conserve every attempt:
///
///     attempts = accepted + throttled,  accepted = ok + errors,  attempts = calls + wasted
struct Meter {
  Windows calls{};      ///< logical calls: first attempts
  Windows attempts{};   ///< all attempts
  Windows accepted{};   ///< attempts that no limit refused
  Windows throttled{};  ///< attempts that a limit refused
  Windows goodput{};    ///< logical calls that were answered, when they were
  Counts counts{};
  std::uint64_t ok{};
  std::uint64_t errors{};  ///< neither ok nor throttled
  std::optional<Instant> first_throttle{};
  std::optional<Instant> last_throttle{};
  Seconds seconds_throttled{};       ///< in which a limit refused something
  std::optional<Sliding> sliding{};  ///< of attempts: for operations and services, and VirusTotal's keys
  std::optional<Series> series{};    ///< for operations and services

  /// What happened in one second since the epoch, or more of it.
  void add(std::int64_t second, const Counts& added, const Span& throttles) {
    const std::uint64_t refused = added.of(Outcome::throttled);
    const std::uint64_t good = added.of(Outcome::ok);
    attempts.add(second, added.attempts());
    if (added.calls > 0) calls.add(second, added.calls);
    if (added.accepted() > 0) accepted.add(second, added.accepted());
    if (good > 0) goodput.add(second, good);
    if (refused > 0) {
      throttled.add(second, refused);
      seconds_throttled.add(second);
      if (!first_throttle || *throttles.first < *first_throttle) first_throttle = throttles.first;
      if (!last_throttle || *throttles.last > *last_throttle) last_throttle = throttles.last;
    }
    counts.add(added);
    ok += good;
    errors += added.errors();
    if (series) {
      series->add(second,
                  {.attempts = added.attempts(), .throttled = refused, .calls = added.calls, .ok = good});
    }
  }

  /// Attempts per logical call; nothing without calls.
  [[nodiscard]] std::optional<Ratio> amplification() const { return counts.amplification(); }
  /// Attempts beyond the first of their call.
  [[nodiscard]] std::uint64_t wasted() const { return counts.wasted(); }
};

}  // namespace rushhour::measure
