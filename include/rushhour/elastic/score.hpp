/// \file
/// Detections of the first time held against the truth: which firsts they told, when, which they missed and
/// why, and what they told besides. It sees what the detections see and decides nothing for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/detect/first_seen.hpp>
#include <rushhour/elastic/execution.hpp>
#include <rushhour/elastic/new_terms.hpp>
#include <rushhour/elastic/schedule.hpp>
#include <rushhour/elastic/truth.hpp>
#include <rushhour/histogram.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/time.hpp>

namespace rushhour::elastic {

/// How far a document gets with a rule.
enum class Passage : std::uint8_t {
  matches,        ///< the executor sees it
  filtered,       ///< the query does not match
  excepted,       ///< an exception takes it out
  without_terms,  ///< a field of the terms is missing
};

/// Why a first was missed or told late, or why an alert tells of none.
enum class Cause : std::uint8_t {
  filter,            ///< the query does not match the document
  exception,         ///< an exception takes it out
  missing_field,     ///< one of the fields of the terms is not there
  max_signals,       ///< more new terms than a run may alert of
  gap,               ///< no run looked at its time
  late_arrival,      ///< it, or what came before it, arrived after the runs that look at its time
  history_window,    ///< the rule remembers for longer than the truth does
  coarser_terms,     ///< the rule saw its terms with something that the truth tells apart
  tie,               ///< exactly at the start of a look-back; or several documents of one instant
  shorter_window,    ///< the rule forgets sooner than the truth
  finer_terms,       ///< the rule tells apart what is one to the truth
  outside_the_truth  ///< the truth is not about such documents
};

[[nodiscard]] std::string_view to_text(Cause cause);
/// What to do about it, in a sentence.
[[nodiscard]] std::string_view advice(Cause cause);

enum class FindingKind : std::uint8_t { missed, late, duplicate, not_truly_new };

[[nodiscard]] std::string_view to_text(FindingKind kind);

/// What went wrong in one way, and how often.
struct Finding {
  struct Example {
    std::uint64_t document{};
    Instant time{};
    std::string terms{};  ///< as people read them; empty when the rule saw none
  };

  FindingKind kind{};
  Cause cause{};
  std::uint64_t count{};
  std::vector<Example> examples{};  ///< the first three
};

/// How one detection did.
struct Scored {
  std::string detection{};
  std::uint64_t firsts{};         ///< truly the first time
  std::uint64_t found{};          ///< of these, told
  std::uint64_t late{};           ///< of these, not by the first run that could have told
  std::uint64_t alerts{};         ///< = found + duplicates + not_truly_new
  std::uint64_t duplicates{};     ///< told again
  std::uint64_t not_truly_new{};  ///< of nothing new
  Histogram delay{};              ///< from the event to the alert, of those found
  detect::FirstSeenCosts costs{};

  [[nodiscard]] std::uint64_t missed() const { return firsts - found; }
  /// found / firsts; nothing without firsts.
  [[nodiscard]] std::optional<Ratio> recall() const {
    return firsts == 0 ? std::nullopt : std::optional{Ratio{found, firsts}};
  }
  /// found / alerts; nothing without alerts.
  [[nodiscard]] std::optional<Ratio> precision() const {
    return alerts == 0 ? std::nullopt : std::optional{Ratio{found, alerts}};
  }
};

struct ScoreOptions {
  Instant since{};        ///< firsts before it do not count, nor alerts of what arrived before: history
  Duration look_back{};   ///< of the rule
  Duration on_time{};     ///< an alert later than this after the arrival of its first is late
  Duration remembered{};  ///< how long after its arrival a document may still be alerted of
};

/// The score of one rule, and of any number of other detections of the same terms.
class Score {
 public:
  struct Document {
    std::uint64_t id{};
    Instant time{};       ///< when it happened
    Instant rule_time{};  ///< what the rule's ranges look at
    Instant arrival{};    ///< when the detections can first see it
    Passage passage{};
    std::optional<Truth::Term> truth{};  ///< nothing: not what the truth is about
    bool is_first{};                     ///< Truth::see() said so
  };

  Score(const Truth& truth, ScoreOptions options) : truth_(truth), options_(options) {}

  /// A document arrives, with its terms when it matches. Gives the number under which the detections shall
  /// see it: counted from 1 in order of arrival, which Event::id() is not.
  std::uint64_t see(const Document& document, std::span<const std::string> keys);

  /// What the rule's run that began at `started` makes of a term, see NewTerms::Listener.
  void judged(Instant started, const Tuple& tuple, const Judged& judged);
  /// A run of the rule is over.
  void ran(const RunPlan& plan, const Execution& execution);

  /// Alerts of detection 0, which is the rule, or of another.
  void alert(std::size_t detection, const detect::FirstSeenAlert& alert);

  /// The event of a document that may still be alerted of.
  [[nodiscard]] std::uint64_t event_of(std::uint64_t document) const { return at(document).id; }

  [[nodiscard]] Scored scored(std::size_t detection, std::string name) const;
  /// Of the rule: what it missed, told late, twice or in vain, in order of kind and cause.
  [[nodiscard]] std::vector<Finding> findings() const;
  /// Of the rule: when each of Scored::alerts was written, and when each of Scored::missed() arrived.
  [[nodiscard]] std::vector<Instant> alerted_at() const;
  [[nodiscard]] std::vector<Instant> missed_at() const;

 private:
  /// A document in the memory of what may be alerted of.
  struct Seen {
    std::uint64_t id{};
    Instant time{};
    Instant arrival{};
    std::optional<Truth::Term> truth{};
    bool is_key_known{};  ///< its term was seen before it, however long ago
  };
  /// The latest document of a term of the rule.
  struct Latest {
    Instant time{};
    std::optional<Truth::Term> truth{};
  };
  /// What the rule made of a document that is first, as far as was known when it came.
  struct Watched {
    Passage passage{};
    Instant rule_time{};
    Instant arrival{};
    std::string key{};
    std::optional<Latest> previous{};  ///< of its term
    bool is_alerted{};                 ///< its term, perhaps for another document
    bool is_cut{};
    bool is_known{};
    bool is_at_start{};  ///< of a look-back
    bool is_covered{};
    std::uint64_t judged_in{};  ///< the run that judged it last
  };
  struct Alert {
    std::uint64_t id{};
    Instant time{};
    Instant at{};
    std::optional<Truth::Term> truth{};
    std::string key{};
    bool is_key_known{};
  };
  enum class Kind : std::uint8_t { found, late, duplicate, not_truly_new };
  struct Sorted {
    Kind kind{};
    Cause cause{};           ///< but of those found in time
    const TrueFirst* use{};  ///< that it is about
  };

  [[nodiscard]] const Seen& at(std::uint64_t document) const;
  void forget(Instant now);
  void watch(const Document& document, std::span<const std::string> keys);
  [[nodiscard]] Cause cause_of_miss(const Truth::Term& term, const TrueFirst& first) const;
  [[nodiscard]] Cause cause_of_delay(const TrueFirst& first) const;
  [[nodiscard]] std::vector<Sorted> sort(const std::vector<Alert>& alerts) const;
  [[nodiscard]] Sorted sort_another(const Alert& alert, const TrueFirst& use,
                                    const std::vector<const Alert*>& earlier) const;

  const Truth& truth_;
  ScoreOptions options_;
  std::deque<Seen> documents_{};
  std::uint64_t forgotten_{};  ///< documents before those that are kept
  std::unordered_map<Truth::Term, Latest, detail::FingerprintHash> latest_{};  ///< by the rule's term
  std::unordered_map<std::uint64_t, Watched> watched_{};                       ///< by event
  std::unordered_map<std::string, std::vector<std::uint64_t>> watched_of_{};   ///< events by term
  std::vector<std::uint64_t> active_{};  ///< watched events that runs may still look at
  std::vector<std::pair<Instant, Instant>> gaps_{};
  std::uint64_t runs_{};
  std::vector<std::vector<Alert>> alerts_{};  ///< of each detection
};

}  // namespace rushhour::elastic

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/elastic/detail/score_inl.hpp>
#endif
