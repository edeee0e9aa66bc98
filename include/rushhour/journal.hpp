/// \file
/// The record of what reached the fakes: one Call per attempt, kept in a bounded ring or only tallied. It
/// measures nothing and decides nothing; whoever wants more listens as an Observer.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include <rushhour/address.hpp>
#include <rushhour/config.hpp>
#include <rushhour/names.hpp>
#include <rushhour/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour {

/// The part of a detection that made a call: Panther's rule functions, in the order in which an engine calls
/// them. Where unique() comes is not documented; last, as its result does in Panther's own tests.
enum class Function : std::uint8_t {
  unknown,
  rule,
  title,
  description,
  reference,
  severity,
  runbook,
  destinations,
  dedup,
  alert_context,
  unique
};
inline constexpr Function last_function = Function::unique;

[[nodiscard]] constexpr std::string_view to_text(Function function) {
  constexpr std::array<std::string_view, 11> texts{"",          "rule",          "title",   "description",
                                                   "reference", "severity",      "runbook", "destinations",
                                                   "dedup",     "alert_context", "unique"};
  return texts[static_cast<std::size_t>(function)];
}

/// One attempt, as the service decided it. Small, because a million-event hour makes millions.
struct Call {
  Instant at{};            ///< when the service decided
  std::uint64_t event{};   ///< the event that the detection was looking at, from 1; 0 when unknown
  Name operation{};        ///< `sts:AssumeRole`
  Name principal{};        ///< the caller: an ARN, or the name of an API key; empty when not authenticated
  Name account{};          ///< the account whose quota it counts against; for VirusTotal the name of the key
  Name detection{};        ///< which detection called; empty when unknown
  Name code{};             ///< error code on the wire; empty when ok
  Name site{};             ///< the source line that called, a Site's text (site.hpp); empty when unknown
  std::uint16_t status{};  ///< HTTP status; 0 when no answer was sent
  Outcome outcome{};
  std::uint8_t attempt{};                       ///< 1 for the first; 0 when the client does not say
  Function function{};                          ///< which part of the detection called
  AddressClass subject{AddressClass::missing};  ///< what kind of address VirusTotal looked up
  bool stubbed{};                               ///< a stub of the test's answered in the service's place
};
static_assert(sizeof(Call) <= 48, "a million-event hour keeps millions of calls: see DESIGN 4");

/// Hears of every call once it is decided.
class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;
  virtual void on_call(const Call& call) = 0;
};

/// Counts per operation and outcome, and the last `capacity` calls. Memory is bounded whatever happens: an
/// unbounded journal is how other fakes collapse after some 600,000 requests.
class Journal {
 public:
  using Tally = std::array<std::uint64_t, outcome_count>;

  /// `capacity` 0 keeps tallies only.
  explicit Journal(std::size_t capacity = 10'000) : capacity_(capacity) {}

  void append(const Call& call) {
    const std::size_t at = index(call.operation);
    if (at >= tallies_.size()) tallies_.resize(at + 1);
    ++tallies_[at][static_cast<std::size_t>(call.outcome)];
    ++total_;
    if (capacity_ == 0) return;
    if (ring_.size() < capacity_) {
      ring_.push_back(call);
    } else {
      ring_[oldest_] = call;
      oldest_ = (oldest_ + 1) % capacity_;
    }
  }

  /// All attempts since the start or the last clear(), kept or not.
  [[nodiscard]] std::uint64_t total() const { return total_; }
  [[nodiscard]] Tally tally(Name operation) const {
    return index(operation) < tallies_.size() ? tallies_[index(operation)] : Tally{};
  }
  [[nodiscard]] std::uint64_t count(Name operation) const {
    std::uint64_t sum = 0;
    for (const std::uint64_t part : tally(operation)) sum += part;
    return sum;
  }
  [[nodiscard]] std::uint64_t count(Name operation, Outcome outcome) const {
    return tally(operation)[static_cast<std::size_t>(outcome)];
  }

  /// The kept calls, oldest first.
  [[nodiscard]] std::vector<Call> calls() const {
    std::vector<Call> out(ring_.begin() + static_cast<std::ptrdiff_t>(oldest_), ring_.end());
    out.insert(out.end(), ring_.begin(), ring_.begin() + static_cast<std::ptrdiff_t>(oldest_));
    return out;
  }
  /// How many calls are kept, and each of them by its place: 0 is the oldest.
  [[nodiscard]] std::size_t kept() const { return ring_.size(); }
  [[nodiscard]] const Call& kept(std::size_t place) const {
    RUSHHOUR_ASSERT(place < ring_.size(), "no such call is kept");
    return ring_[(oldest_ + place) % ring_.size()];
  }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  /// How many calls the ring has dropped.
  [[nodiscard]] std::uint64_t dropped() const { return total_ - ring_.size(); }

  void clear() {
    tallies_.clear();
    ring_.clear();
    oldest_ = 0;
    total_ = 0;
  }

 private:
  std::size_t capacity_;
  std::size_t oldest_ = 0;
  std::uint64_t total_ = 0;
  std::vector<Tally> tallies_;
  std::vector<Call> ring_;
};

}  // namespace rushhour
