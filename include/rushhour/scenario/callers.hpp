/// \file
/// Who calls which operation in a run, how often and from which line, and who calls otherwise in another run:
/// what a changed baseline names. Numbers are of functions; lines only tell where to look, for they move with
/// every edit of their file.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <rushhour/journal.hpp>
#include <rushhour/measure/meters.hpp>
#include <rushhour/names.hpp>

namespace rushhour::scenario {

/// One line that calls an operation in one function of a detection.
struct Caller {
  std::string detection{};  ///< empty when unknown
  std::string function{};   ///< likewise
  std::string operation{};  ///< `sts:AssumeRole`
  std::string site{};       ///< a Site's text (site.hpp); empty when unknown
  std::uint64_t calls{};    ///< retries not counted

  friend bool operator==(const Caller&, const Caller&) = default;
};

/// The calls of one line, in each of two runs.
struct SiteChange {
  std::string site{};  ///< a Site's text; empty when unknown
  std::uint64_t before{};
  std::uint64_t after{};

  friend bool operator==(const SiteChange&, const SiteChange&) = default;
};

/// One function of a detection that calls an operation more often than it did, or less.
struct CallerChange {
  std::string detection{};
  std::string function{};
  std::string operation{};
  std::uint64_t before{};
  std::uint64_t after{};
  /// Its lines with other numbers of calls, the greatest increase first. A line that has moved is none of
  /// them: of the lines that only one of the runs has, two with as many calls are taken for one.
  std::vector<SiteChange> sites{};

  friend bool operator==(const CallerChange&, const CallerChange&) = default;
};

/// Sorted by detection, function, operation and line.
[[nodiscard]] inline std::vector<Caller> callers_of(const measure::Meters& meters, const Names& names) {
  std::map<std::tuple<std::string, std::string, std::string, std::string>, std::uint64_t> rows;
  for (const measure::Cell* cell : meters.cells()) {
    rows[{std::string{names.text(cell->detection)}, std::string{to_text(cell->function)},
          std::string{names.text(cell->operation)}, std::string{names.text(cell->site)}}] +=
        cell->counts.calls;
  }
  std::vector<Caller> out;
  for (const auto& [key, calls] : rows) {
    const auto& [detection, function, operation, site] = key;
    out.push_back({detection, function, operation, site, calls});
  }
  return out;
}

namespace detail {

/// The calls of each line of one function.
using CallsBySite = std::map<std::string, std::uint64_t>;

/// Drops what is the same in both, and pairs of lines that are one line which has moved.
inline void drop_equal_sites(CallsBySite& before, CallsBySite& after) {
  std::erase_if(before, [&](const auto& entry) {
    const auto found = after.find(entry.first);
    if (found == after.end() || found->second != entry.second) return false;
    after.erase(found);
    return true;
  });
  std::erase_if(before, [&](const auto& entry) {
    if (after.contains(entry.first)) return false;
    const auto moved = std::find_if(after.begin(), after.end(), [&](const auto& other) {
      return other.second == entry.second && !before.contains(other.first);
    });
    if (moved == after.end()) return false;
    after.erase(moved);
    return true;
  });
}

template <class T>
bool increases_more(const T& a, const T& b) {
  const auto increase = [](const T& of) {
    return static_cast<std::int64_t>(of.after) - static_cast<std::int64_t>(of.before);
  };
  return increase(a) > increase(b);
}

inline std::vector<SiteChange> changed_sites(CallsBySite before, CallsBySite after) {
  drop_equal_sites(before, after);
  std::map<std::string, SiteChange> rows;
  for (const auto& [site, calls] : before) rows[site] = {site, calls, 0};
  for (const auto& [site, calls] : after) {
    SiteChange& row = rows[site];
    row.site = site;
    row.after = calls;
  }
  std::vector<SiteChange> out;
  for (auto& [site, change] : rows) out.push_back(std::move(change));
  std::stable_sort(out.begin(), out.end(), increases_more<SiteChange>);
  return out;
}

}  // namespace detail

/// Functions whose calls of an operation are more or fewer, the greatest increase first; where only lines
/// differ, nothing.
[[nodiscard]] inline std::vector<CallerChange> changed_callers(const std::vector<Caller>& before,
                                                               const std::vector<Caller>& after) {
  struct Both {
    detail::CallsBySite before{};
    detail::CallsBySite after{};
  };
  std::map<std::tuple<std::string, std::string, std::string>, Both> rows;
  for (const Caller& each : before)
    rows[{each.detection, each.function, each.operation}].before[each.site] += each.calls;
  for (const Caller& each : after)
    rows[{each.detection, each.function, each.operation}].after[each.site] += each.calls;
  const auto sum = [](const detail::CallsBySite& of) {
    std::uint64_t out = 0;
    for (const auto& [site, calls] : of) out += calls;
    return out;
  };
  std::vector<CallerChange> out;
  for (auto& [key, both] : rows) {
    const auto& [detection, function, operation] = key;
    CallerChange change{.detection = detection,
                        .function = function,
                        .operation = operation,
                        .before = sum(both.before),
                        .after = sum(both.after)};
    if (change.before == change.after) continue;
    change.sites = detail::changed_sites(std::move(both.before), std::move(both.after));
    out.push_back(std::move(change));
  }
  std::stable_sort(out.begin(), out.end(), detail::increases_more<CallerChange>);
  return out;
}

}  // namespace rushhour::scenario
