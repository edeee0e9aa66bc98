/// \file
/// Bodies of threshold_rule.hpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/elastic/detail/term_table.hpp>
#include <rushhour/elastic/term_key.hpp>
#include <rushhour/elastic/threshold_rule.hpp>
#include <rushhour/event/arena.hpp>
#include <rushhour/event/value.hpp>

namespace rushhour::elastic {

namespace detail {

/// What tells an alert from others of its run: the values of its group, sorted as texts.
[[nodiscard]] inline std::string group_id(std::string_view group) {
  event::Arena arena;
  const std::vector<event::Value> values = terms_of(group, arena);
  std::vector<std::string> texts;
  texts.reserve(values.size());
  for (const event::Value& value : values) {
    texts.push_back(value.is_text() ? std::string{*value.as_text()} : event::to_json(value));
  }
  std::ranges::sort(texts);
  std::string out;
  for (const std::string& text : texts) {
    if (&text != texts.data()) out += ',';
    out += text;
  }
  return out;
}

}  // namespace detail

RUSHHOUR_INLINE void ThresholdRule::see(Instant time, std::uint64_t document,
                                        std::span<const std::string> groups,
                                        std::span<const std::string> counted) {
  const std::int64_t ms = detail::to_ms(time);
  if (ms < kept_since_ms_ || groups.empty()) return;
  Document& added = documents_.emplace_back(Document{.ms = ms, .number = document});
  for (const std::string& group : groups) added.groups.push_back(terms_.use(group));
  for (const std::string& value : counted) added.counted.push_back(terms_.use(value));
}

/// Forgets the documents that no range will reach any more.
RUSHHOUR_INLINE void ThresholdRule::keep_since(std::int64_t ms) {
  if (ms <= kept_since_ms_) return;
  kept_since_ms_ = ms;
  std::erase_if(documents_, [&](const Document& document) {
    if (document.ms >= ms) return false;
    for (const std::uint32_t group : document.groups) terms_.drop(group);
    for (const std::uint32_t value : document.counted) terms_.drop(value);
    return true;
  });
}

/// It is in a group that has alerted since its time: the whole document is filtered out, with what other
/// groups it may be in.
RUSHHOUR_INLINE bool ThresholdRule::is_alerted(const Document& document) const {
  return std::ranges::any_of(document.groups, [&](std::uint32_t group) {
    const auto alerted = alerted_ms_.find(terms_.text(group));
    return alerted != alerted_ms_.end() && document.ms <= alerted->second;
  });
}

RUSHHOUR_INLINE ThresholdRule::Groups ThresholdRule::collect(std::int64_t from, std::int64_t to) const {
  Groups out;
  for (const Document& document : documents_) {
    if (document.ms < from || document.ms > to || is_alerted(document)) continue;
    for (const std::uint32_t each : document.groups) {
      Group& group = out[terms_.text(each)];
      ++group.documents;
      if (document.ms > group.newest_ms) {
        group.newest_ms = document.ms;
        group.newest = document.number;
      }
      if (options_.cardinality) group.counted.insert(document.counted.begin(), document.counted.end());
    }
  }
  return out;
}

RUSHHOUR_INLINE void ThresholdRule::search(const Tuple& tuple, std::set<std::string>& written,
                                           Execution& into) {
  const std::int64_t from = detail::to_ms(tuple.from);
  // Of what alerted before the range, nothing is remembered: a document exactly at its start counts again.
  std::erase_if(alerted_ms_, [from](const auto& entry) { return entry.second <= from; });
  const Groups groups = collect(from, detail::to_ms(tuple.to));

  const bool has_fields = !groups.contains(std::string_view{});
  std::vector<Groups::const_iterator> enough;
  std::size_t place = 0;
  ++into.searches;
  for (auto group = groups.begin(); group != groups.end(); ++group) {
    if (is_enough(group->second)) enough.push_back(group);
    // Pages end with an empty one, or with what is more than enough.
    const bool ends_page = ++place % options_.page == 0 || place == groups.size();
    if (!ends_page || !has_fields) continue;
    if (enough.size() > options_.max_signals) break;
    ++into.searches;
  }
  if (enough.size() > options_.max_signals) {
    into.truncated = true;
    enough.resize(options_.max_signals);
  }
  if (!enough.empty()) ++into.searches;  // for the alerts that are there already
  for (const auto& group : enough) {
    if (!written.insert(detail::group_id(group->first)).second) continue;
    into.alerts.push_back({.document = group->second.newest, .terms = std::string{group->first}});
    std::int64_t& alerted_ms = alerted_ms_[std::string{group->first}];
    alerted_ms = group->second.newest_ms;
  }
}

RUSHHOUR_INLINE void ThresholdRule::run(std::span<const Tuple> tuples, Execution& into) {
  std::set<std::string> written;  // by this run
  for (const Tuple& tuple : tuples) {
    keep_since(std::min(detail::to_ms(tuple.from), detail::to_ms(tuples.back().to - options_.reach)));
    search(tuple, written, into);
  }
}

}  // namespace rushhour::elastic
