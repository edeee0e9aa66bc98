/// \file
/// Bodies of comparison.hpp.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include <rushhour/report/comparison.hpp>

namespace rushhour::report {

namespace detail {

/// What was decided in a stretch, without the digest, which is for programs.
inline std::string_view shown_decisions(std::string_view decisions) {
  if (decisions.empty()) return "no call";
  return decisions.substr(decisions.find(' ') + 1);
}

inline void append_divergence(std::string& out, const scenario::Divergence& divergence) {
  out += "  the runs part in the stretch from " + divergence.begin + '\n';
  out.append("    before  ").append(shown_decisions(divergence.before)) += '\n';
  out.append("    now     ").append(shown_decisions(divergence.after)) += '\n';
}

inline void append_changes(std::string& out, const scenario::Comparison& comparison, std::size_t most) {
  const std::size_t shown = std::min(most, comparison.changes.size());
  std::size_t widest = 0;
  for (std::size_t i = 0; i < shown; ++i) widest = std::max(widest, comparison.changes[i].name.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const scenario::Change& change = comparison.changes[i];
    out += "  " + change.name + std::string(widest - change.name.size(), ' ') + "  " + change.before +
           " -> " + change.after + '\n';
  }
  const std::size_t rest = comparison.changes.size() - shown;
  if (rest > 0) out += "  and " + std::to_string(rest) + " numbers more: the two files differ in them\n";
}

}  // namespace detail

RUSHHOUR_INLINE std::string text(const scenario::Comparison& comparison,
                                 const ComparisonTextOptions& options) {
  using Kind = scenario::Comparison::Kind;
  std::string out = "baseline " + std::string{options.baseline} + ": ";
  const std::string accept = "  to accept: rushhour check " + std::string{options.scenario} + " --accept\n";
  switch (comparison.kind) {
    case Kind::identical:
      return out + "identical\n";
    case Kind::incomparable:
      return out + "incomparable, for it was made with another scenario\n" + accept;
    case Kind::changed:
      break;
  }
  out += "changed, " + std::to_string(comparison.changes.size()) +
         (comparison.changes.size() == 1 ? " number\n" : " numbers\n");
  if (comparison.divergence) detail::append_divergence(out, *comparison.divergence);
  detail::append_changes(out, comparison, options.changes_max);
  return out + accept;
}

}  // namespace rushhour::report
