/// \file
/// What a run came to, exactly, kept in a file beside the scenario and compared with a later run. The same
/// scenario, seed and code give the same numbers, so a comparison needs no tolerance: whatever differs was
/// changed by somebody, who accepts it or mends it. It runs nothing.
///
/// The file is `baselines/NAME.lock.json` beside the scenario: sorted, a number a line, to be read in review.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/measure/marks.hpp>
#include <rushhour/scenario/callers.hpp>
#include <rushhour/scenario/run.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario {

/// A number by the name that budgets give it, `sts.attempts.total`, and its exact value: `500000`, or `3/10`.
struct BaselineNumber {
  std::string name{};
  std::string value{};

  friend bool operator==(const BaselineNumber&, const BaselineNumber&) = default;
};

/// What was decided in one stretch of the run, as measure::to_text(Stretch) says it.
struct BaselineStretch {
  std::string begin{};  ///< ISO 8601
  std::string decisions{};

  friend bool operator==(const BaselineStretch&, const BaselineStretch&) = default;
};

/// A call at which a run has a sign (measure/marks.hpp).
struct MarkedCall {
  std::uint64_t number{};  ///< among the run's decisions, from 1
  std::uint64_t event{};   ///< 0 when unknown
  std::string at{};        ///< ISO 8601
  std::string operation{};
  std::string outcome{};
};

struct Baseline {
  std::string scenario{};         ///< its name
  std::string scenario_digest{};  ///< of what the file means; 16 hexadecimal digits
  std::uint64_t seed{};
  std::uint64_t events{};
  std::string digest{};                   ///< of every decision
  std::vector<BaselineNumber> numbers{};  ///< those that are not 0, by name
  std::vector<BaselineStretch> trail{};   ///< at most 60 or so, in order of time
  /// Sorted. Nothing in files that were written before there were callers. Where a line only has moved, the
  /// runs are the same.
  std::optional<std::vector<Caller>> callers{};
  std::optional<measure::Signs> signs{};  ///< of the decisions; nothing in such files, too
  std::vector<MarkedCall> marked{};       ///< of a run at hand; no file has them
};

/// What there is to keep of a run that was made with RunOptions::keep_trail.
[[nodiscard]] Baseline baseline_of(const Run& run);

/// JSON text: `"format": "rushhour.baseline/1"`.
[[nodiscard]] std::string to_json(const Baseline& baseline);

/// \throws InputError when the file cannot be read or is no such baseline.
[[nodiscard]] Baseline read_baseline(const std::string& path);
/// The same from text; `file` is what messages call it.
[[nodiscard]] Baseline parse_baseline(std::string_view text, std::string file);

/// `FOLDER/baselines/NAME.lock.json` of the scenario FOLDER/NAME.json; in `folder` when that is not empty.
[[nodiscard]] std::string baseline_path(const std::string& scenario_file, const std::string& folder = {});

/// For RunOptions::baseline: what the budgets of a scenario that say `baseline` compare with.
[[nodiscard]] BaselineLookup baseline_numbers(const Baseline& baseline);
/// The same of the file baseline_path(). Empty when no budget says `baseline`, or there is no such file: the
/// run then says where it is missed. \throws InputError as read_baseline() does of a file that is there.
[[nodiscard]] BaselineLookup baseline_numbers(const Scenario& scenario, const std::string& folder = {});

/// A number of one run that the other has otherwise, or has not: `0` stands for both.
struct Change {
  std::string name{};
  std::string before{};
  std::string after{};

  friend bool operator==(const Change&, const Change&) = default;
};

/// The first stretch of time in which the two decided differently. Nothing was decided in it where a text is
/// empty.
struct Divergence {
  std::string begin{};  ///< ISO 8601
  std::string before{};
  std::string after{};
  /// The decisions at which they part; nothing when one of them has no signs.
  std::optional<measure::Parting> parting{};
  std::optional<MarkedCall> last_same{};  ///< of the later run; nothing at its begin, or when it has no calls
  std::optional<MarkedCall> first_other{};  ///< of the later run: no later than this the two have parted
};

struct Comparison {
  enum class Kind : std::uint8_t {
    identical,
    changed,
    incomparable  ///< another scenario, so that differences say nothing
  };

  Kind kind{};
  std::vector<Change> changes{};        ///< the greatest factor first; a seed or number of events before all
  std::vector<CallerChange> callers{};  ///< the greatest increase first
  std::optional<Divergence> divergence{};
};

[[nodiscard]] Comparison compare(const Baseline& before, const Baseline& after);

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/baseline_inl.hpp>
#endif
