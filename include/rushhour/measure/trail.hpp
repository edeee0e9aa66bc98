/// \file
/// The decisions of a run in short: for each stretch of time a digest of what the services decided in it, and
/// how many calls ended how. Two runs that differ differ first in one of them, and Marks (marks.hpp) tell the
/// call. It keeps no other.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/digest.hpp>
#include <rushhour/journal.hpp>
#include <rushhour/measure/marks.hpp>
#include <rushhour/names.hpp>
#include <rushhour/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour::measure {

/// What happened in one stretch. Empty ones are not kept.
struct Stretch {
  /// How many calls of an operation ended in one way.
  struct Count {
    Name operation{};
    Outcome outcome{};
    std::uint64_t calls{};
  };

  Instant begin{};
  Digest digest{};              ///< of its decisions alone
  std::uint64_t first_event{};  ///< that called in it; 0 when unknown
  std::vector<Count> counts{};  ///< in the order of their first calls
};

class Trail final : public Observer {
 public:
  /// \param start   of the first stretch
  /// \param length  of each, at least 1 ns
  /// `names` is the table of the calls' names, and outlives the trail.
  Trail(const Names& names, Instant start, Duration length) : names_(names), start_(start), length_(length) {
    RUSHHOUR_ASSERT(length > Duration::zero(), "a stretch of a trail takes some time");
  }

  /// Calls come in order of time.
  void on_call(const Call& call) override {
    if (stretches_.empty() || call.at >= end_) begin_stretch(call);
    Stretch& now = stretches_.back();
    now.digest.add(static_cast<std::uint64_t>(call.at.time_since_epoch().count()));
    now.digest.add(call.event << 8 | call.attempt);
    now.digest.add(names_.text(call.operation));
    if (call.code != Name{})
      now.digest.add(names_.text(call.code));  // refusals that differ may share a status
    now.digest.add(std::uint64_t{call.status} << 16 | static_cast<std::uint64_t>(call.outcome));
    const auto found = std::find_if(now.counts.begin(), now.counts.end(), [&](const Stretch::Count& each) {
      return each.operation == call.operation && each.outcome == call.outcome;
    });
    if (found != now.counts.end()) {
      ++found->calls;
    } else {
      now.counts.push_back({call.operation, call.outcome, 1});
    }
    marks_.add(call, [&] { return mix(before_.value() ^ now.digest.value()); });
  }

  [[nodiscard]] Duration length() const { return length_; }
  [[nodiscard]] const std::vector<Stretch>& stretches() const { return stretches_; }
  [[nodiscard]] const Marks& marks() const { return marks_; }

 private:
  /// What comes before the start belongs to the first stretch.
  void begin_stretch(const Call& call) {
    if (!stretches_.empty()) before_.add(stretches_.back().digest.value());
    const auto number = call.at <= start_ ? 0 : (call.at - start_) / length_;
    end_ = start_ + (number + 1) * length_;
    stretches_.push_back({.begin = start_ + number * length_, .first_event = call.event});
  }

  const Names& names_;
  Instant start_;
  Duration length_;
  Instant end_{};
  std::vector<Stretch> stretches_{};
  Digest before_{};  ///< of the stretches before the last
  Marks marks_{};
};

/// `1c9f... from event 7: secretsmanager:GetSecretValue ok 8333, sts:AssumeRole ok 8333`: the digest, the
/// event of the first call, and the counts by name.
[[nodiscard]] inline std::string to_text(const Stretch& stretch, const Names& names) {
  std::vector<std::pair<std::string, std::uint64_t>> rows;
  for (const Stretch::Count& each : stretch.counts) {
    rows.emplace_back(
        std::string{names.text(each.operation)} + ' ' + std::string{rushhour::to_text(each.outcome)},
        each.calls);
  }
  std::sort(rows.begin(), rows.end());
  std::string out = stretch.digest.text() + " from event " + std::to_string(stretch.first_event) + ':';
  const char* separator = " ";
  for (const auto& [what, calls] : rows) {
    out += separator + what + ' ' + std::to_string(calls);
    separator = ", ";
  }
  return out;
}

}  // namespace rushhour::measure
