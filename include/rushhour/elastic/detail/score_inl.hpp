/// \file
/// Bodies of score.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <rushhour/elastic/score.hpp>
#include <rushhour/elastic/term_key.hpp>

namespace rushhour::elastic {

namespace detail {

struct CauseWords {
  std::string_view text;
  std::string_view advice;
};

/// In the order of Cause.
inline constexpr std::array<CauseWords, 12> cause_words{{
    {"filter", "the query does not match the document: widen it, or the truth is about too much"},
    {"exception", "an exception of the rule matches the document: narrow it"},
    {"missing field", "a field of new_terms_fields is not in the document: choose one that every caller has"},
    {"max_signals",
     "a run found more new terms than it may alert of: choose terms that do not grow with "
     "sessions, or raise max_signals"},
    {"gap", "no run looked at its time: lengthen the look-back, or fill the gap by a manual run"},
    {"late arrival",
     "it arrived after the runs that look at its time: use event.ingested, or a longer "
     "look-back"},
    {"history window", "the rule still remembers its terms: shorten history_window_start"},
    {"coarser terms than the truth",
     "the rule had seen its terms with something else: add the field that "
     "tells them apart"},
    {"tie", "documents of one instant, or one at the very start of a look-back: let look-backs overlap"},
    {"window shorter than the truth", "the rule had forgotten: lengthen history_window_start"},
    {"finer terms than the truth", "the rule takes for new what only has a new name: choose coarser terms"},
    {"outside the truth", "the truth does not count such documents: narrow the query, or widen the truth"},
}};

}  // namespace detail

RUSHHOUR_INLINE std::string_view to_text(Cause cause) {
  return detail::cause_words[static_cast<std::size_t>(cause)].text;
}

RUSHHOUR_INLINE std::string_view advice(Cause cause) {
  return detail::cause_words[static_cast<std::size_t>(cause)].advice;
}

RUSHHOUR_INLINE std::string_view to_text(FindingKind kind) {
  constexpr std::array<std::string_view, 4> texts{"missed", "late", "duplicate", "not truly new"};
  return texts[static_cast<std::size_t>(kind)];
}

RUSHHOUR_INLINE const Score::Seen& Score::at(std::uint64_t document) const {
  RUSHHOUR_ASSERT(document > forgotten_ && document - forgotten_ <= documents_.size(),
                  "alerts are of documents seen not longer ago than ScoreOptions::remembered");
  return documents_[document - forgotten_ - 1];
}

RUSHHOUR_INLINE void Score::forget(Instant now) {
  while (!documents_.empty() && documents_.front().arrival < now - options_.remembered) {
    documents_.pop_front();
    ++forgotten_;
  }
}

RUSHHOUR_INLINE std::uint64_t Score::see(const Document& document, std::span<const std::string> keys) {
  forget(document.arrival);
  if (document.is_first && document.time >= options_.since) watch(document, keys);
  if (document.passage != Passage::matches) return 0;
  Seen seen{.id = document.id, .time = document.time, .arrival = document.arrival, .truth = document.truth};
  for (const std::string& key : keys) {
    const auto [latest, is_first] = latest_.try_emplace(detail::fingerprint(key));
    seen.is_key_known = seen.is_key_known || !is_first;
    if (is_first || latest->second.time <= document.time)
      latest->second = {.time = document.time, .truth = document.truth};
  }
  documents_.push_back(seen);
  return forgotten_ + documents_.size();
}

RUSHHOUR_INLINE void Score::watch(const Document& document, std::span<const std::string> keys) {
  Watched watched{.passage = document.passage, .rule_time = document.rule_time, .arrival = document.arrival};
  if (!keys.empty()) {
    watched.key = keys.front();
    const auto latest = latest_.find(detail::fingerprint(watched.key));
    if (latest != latest_.end()) watched.previous = latest->second;
    watched_of_[watched.key].push_back(document.id);
    active_.push_back(document.id);
  }
  watched_.insert_or_assign(document.id, std::move(watched));
}

RUSHHOUR_INLINE void Score::judged(Instant started, const Tuple& tuple, const Judged& judged) {
  const auto events = watched_of_.find(std::string{judged.terms});
  if (events == watched_of_.end()) return;
  for (const std::uint64_t event : events->second) {
    Watched& watched = watched_.at(event);
    if (watched.arrival > started || watched.rule_time < tuple.from || watched.rule_time > tuple.to) continue;
    watched.judged_in = runs_ + 1;
    const bool is_known = judged.verdict == Verdict::known;
    const bool is_at_start = is_known && detail::to_ms(watched.rule_time) == detail::to_ms(tuple.from);
    watched.is_at_start = watched.is_at_start || is_at_start;
    watched.is_known = watched.is_known || (is_known && !is_at_start);
    watched.is_cut = watched.is_cut || judged.verdict == Verdict::cut;
    const bool is_told = judged.verdict == Verdict::created || judged.verdict == Verdict::duplicate;
    watched.is_alerted = watched.is_alerted || is_told;
  }
}

RUSHHOUR_INLINE void Score::ran(const RunPlan& plan, const Execution& execution) {
  ++runs_;
  const Instant from = plan.tuples.front().from;
  if (plan.gap > Duration::zero()) gaps_.emplace_back(from - plan.gap, from);
  std::erase_if(active_, [&](std::uint64_t event) {
    Watched& watched = watched_.at(event);
    const auto covers = [&](const Tuple& tuple) {
      return watched.rule_time >= tuple.from && watched.rule_time <= tuple.to;
    };
    const bool is_covered = watched.arrival <= execution.started && std::ranges::any_of(plan.tuples, covers);
    watched.is_covered = watched.is_covered || is_covered;
    // What a search that is cut short has not come to.
    if (is_covered && execution.truncated && watched.judged_in != runs_) watched.is_cut = true;
    return watched.rule_time < from && watched.arrival < from;
  });
}

RUSHHOUR_INLINE void Score::alert(std::size_t detection, const detect::FirstSeenAlert& alert) {
  if (alerts_.size() <= detection) alerts_.resize(detection + 1);
  const Seen& seen = at(alert.document);
  if (seen.arrival < options_.since) return;
  alerts_[detection].push_back({.id = seen.id,
                                .time = seen.time,
                                .at = alert.at,
                                .truth = seen.truth,
                                .key = alert.key,
                                .is_key_known = seen.is_key_known});
}

/// Each alert by what it tells of. The first of a use that began in time tells of its first.
RUSHHOUR_INLINE std::vector<Score::Sorted> Score::sort(const std::vector<Alert>& alerts) const {
  std::vector<Sorted> out;
  out.reserve(alerts.size());
  std::unordered_map<const TrueFirst*, std::vector<const Alert*>> told;
  for (const Alert& alert : alerts) {
    const TrueFirst* const use = alert.truth ? truth_.use(*alert.truth, alert.time) : nullptr;
    if (use == nullptr) {
      out.push_back({Kind::not_truly_new, Cause::outside_the_truth, nullptr});
      continue;
    }
    std::vector<const Alert*>& earlier = told[use];
    if (use->time < options_.since || !earlier.empty()) {
      out.push_back(sort_another(alert, *use, earlier));
    } else {
      const auto watched = watched_.find(use->document);
      const Instant arrival = watched == watched_.end() ? use->time : watched->second.arrival;
      const bool is_late = alert.at - arrival > options_.on_time;
      out.push_back({is_late ? Kind::late : Kind::found, is_late ? cause_of_delay(*use) : Cause{}, use});
    }
    earlier.push_back(&alert);
  }
  return out;
}

/// An alert about something that began before, or has been told.
RUSHHOUR_INLINE Score::Sorted Score::sort_another(const Alert& alert, const TrueFirst& use,
                                                  const std::vector<const Alert*>& earlier) const {
  for (const Alert* const other : earlier) {
    if (other->key != alert.key) continue;
    const Duration apart = std::max(alert.time - other->time, other->time - alert.time);
    if (apart > options_.look_back) continue;
    return {Kind::duplicate, apart < std::chrono::seconds{1} ? Cause::tie : Cause::late_arrival, &use};
  }
  return {Kind::not_truly_new, alert.is_key_known ? Cause::shorter_window : Cause::finer_terms, &use};
}

RUSHHOUR_INLINE Cause Score::cause_of_miss(const Truth::Term& term, const TrueFirst& first) const {
  const auto found = watched_.find(first.document);
  RUSHHOUR_ASSERT(found != watched_.end(), "every first was seen, and watched from then on");
  const Watched& watched = found->second;
  switch (watched.passage) {
    case Passage::filtered:
      return Cause::filter;
    case Passage::excepted:
      return Cause::exception;
    case Passage::without_terms:
      return Cause::missing_field;
    case Passage::matches:
      break;
  }
  if (watched.is_alerted) return Cause::coarser_terms;  // for another document
  if (watched.is_cut) return Cause::max_signals;
  if (watched.is_known) {
    const std::optional<Latest>& previous = watched.previous;
    if (!previous) return Cause::late_arrival;
    if (previous->truth != term) return Cause::coarser_terms;
    return first.time - previous->time > truth_.window() ? Cause::history_window : Cause::late_arrival;
  }
  if (watched.is_at_start) return Cause::tie;
  const auto holds = [&](const std::pair<Instant, Instant>& gap) {
    return gap.first <= watched.rule_time && watched.rule_time < gap.second;
  };
  const bool is_in_time = watched.arrival - watched.rule_time <= options_.on_time;
  if (!watched.is_covered && (is_in_time || std::ranges::any_of(gaps_, holds))) return Cause::gap;
  return Cause::late_arrival;
}

RUSHHOUR_INLINE Cause Score::cause_of_delay(const TrueFirst& first) const {
  const auto found = watched_.find(first.document);
  if (found == watched_.end()) return Cause::late_arrival;
  const Watched& watched = found->second;
  if (watched.passage == Passage::filtered) return Cause::filter;
  if (watched.passage == Passage::excepted) return Cause::exception;
  if (watched.passage == Passage::without_terms) return Cause::missing_field;
  if (watched.is_cut) return Cause::max_signals;
  return watched.is_known ? Cause::history_window : Cause::gap;
}

RUSHHOUR_INLINE Scored Score::scored(std::size_t detection, std::string name) const {
  Scored out{.detection = std::move(name), .firsts = truth_.firsts(options_.since).size()};
  if (detection >= alerts_.size()) return out;
  const std::vector<Alert>& alerts = alerts_[detection];
  const std::vector<Sorted> sorted = sort(alerts);
  out.alerts = alerts.size();
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const Kind kind = sorted[i].kind;
    out.duplicates += kind == Kind::duplicate;
    out.not_truly_new += kind == Kind::not_truly_new;
    out.late += kind == Kind::late;
    if (kind != Kind::found && kind != Kind::late) continue;
    ++out.found;
    out.delay.add(alerts[i].at - sorted[i].use->time);
  }
  return out;
}

RUSHHOUR_INLINE std::vector<Instant> Score::alerted_at() const {
  std::vector<Instant> out;
  if (alerts_.empty()) return out;
  for (const Alert& alert : alerts_.front()) out.push_back(alert.at);
  return out;
}

RUSHHOUR_INLINE std::vector<Instant> Score::missed_at() const {
  std::unordered_set<const TrueFirst*> is_found;
  if (!alerts_.empty()) {
    for (const Sorted& each : sort(alerts_.front())) {
      if (each.kind == Kind::found || each.kind == Kind::late) is_found.insert(each.use);
    }
  }
  std::vector<Instant> out;
  const auto firsts = truth_.firsts(options_.since);
  for (const auto& [term, first] : firsts) {
    if (is_found.contains(truth_.use(term, first.time))) continue;
    const auto watched = watched_.find(first.document);
    out.push_back(watched == watched_.end() ? first.time : watched->second.arrival);
  }
  return out;
}

RUSHHOUR_INLINE std::vector<Finding> Score::findings() const {
  std::map<std::pair<FindingKind, Cause>, Finding> found;
  const auto add = [&](FindingKind kind, Cause cause, Finding::Example example) {
    Finding& finding = found[{kind, cause}];
    finding.kind = kind;
    finding.cause = cause;
    if (finding.count++ < 3) finding.examples.push_back(std::move(example));
  };
  const std::vector<Alert> none;
  const std::vector<Alert>& alerts = alerts_.empty() ? none : alerts_.front();
  const std::vector<Sorted> sorted = sort(alerts);
  std::unordered_map<const TrueFirst*, bool> is_told;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (sorted[i].use != nullptr) is_told[sorted[i].use] = true;
    if (sorted[i].kind == Kind::found) continue;
    constexpr std::array kinds{FindingKind::missed, FindingKind::late, FindingKind::duplicate,
                               FindingKind::not_truly_new};
    add(kinds[static_cast<std::size_t>(sorted[i].kind)], sorted[i].cause,
        {.document = alerts[i].id, .time = alerts[i].time, .terms = terms_text(alerts[i].key)});
  }
  const auto firsts = truth_.firsts(options_.since);
  for (const auto& [term, first] : firsts) {
    if (is_told.contains(truth_.use(term, first.time))) continue;
    const auto watched = watched_.find(first.document);
    add(FindingKind::missed, cause_of_miss(term, first),
        {.document = first.document,
         .time = first.time,
         .terms = watched == watched_.end() ? "" : terms_text(watched->second.key)});
  }
  std::vector<Finding> out;
  for (auto& [key, finding] : found) out.push_back(std::move(finding));
  return out;
}

}  // namespace rushhour::elastic
