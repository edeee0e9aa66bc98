/// \file
/// Bodies of comparison.hpp.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include <rushhour/report/comparison.hpp>
#include <rushhour/report/detail/words.hpp>

namespace rushhour::report {

namespace detail {

/// What was decided in a stretch, without the digest, which is for programs.
inline std::string_view shown_decisions(std::string_view decisions) {
  if (decisions.empty()) return "no call";
  return decisions.substr(decisions.find(' ') + 1);
}

/// `call 17 (event 6, 2026-03-02T14:00:00.064Z)`
inline std::string text_of(const scenario::MarkedCall& call) {
  std::string out = "call " + grouped(call.number) + " (";
  if (call.event != 0) out += "event " + std::to_string(call.event) + ", ";
  return out + call.at + ")";
}

/// Where the runs part, as exactly as the signs of the decisions tell.
inline std::string parting_text(const scenario::Divergence& divergence) {
  const measure::Parting& parting = *divergence.parting;
  const auto call = [](const std::optional<scenario::MarkedCall>& marked, std::uint64_t number) {
    return marked ? text_of(*marked) : "call " + grouped(number);
  };
  if (!parting.no_later)
    return "the runs part after " + call(divergence.last_same, parting.same) + ", which is the same in both";
  if (!parting.is_exact()) {
    return "the runs part after " + call(divergence.last_same, parting.same) + " and no later than " +
           call(divergence.first_other, *parting.no_later);
  }
  std::string out = "the runs part at " + call(divergence.first_other, *parting.no_later);
  if (const auto& now = divergence.first_other) return out + ", now " + now->operation + " " + now->outcome;
  return out + ", which only one of them makes";
}

inline void append_divergence(std::string& out, const scenario::Divergence& divergence) {
  if (divergence.parting) out += wrapped(parting_text(divergence), "  ");
  out += divergence.parting ? "  decided in the stretch from " : "  the runs part in the stretch from ";
  out += divergence.begin + '\n';
  out.append("    before  ").append(shown_decisions(divergence.before)) += '\n';
  out.append("    now     ").append(shown_decisions(divergence.after)) += '\n';
}

/// A line for each source line that calls more or less than before.
inline void append_callers(std::string& out, const scenario::Comparison& comparison, std::size_t most) {
  std::size_t lines = 0;
  for (const scenario::CallerChange& caller : comparison.callers) {
    std::string who = caller.detection.empty() ? "an unknown caller" : caller.detection;
    if (!caller.function.empty()) who += " in " + caller.function + "()";
    who += " calls " + caller.operation + ": " + grouped(caller.before) + " -> " + grouped(caller.after);
    if (lines++ < most) out += wrapped(who, "  ");
    for (const scenario::SiteChange& site : caller.sites) {
      if (site.site.empty()) continue;
      if (lines++ < most)
        out +=
            wrapped("at " + site.site + ": " + grouped(site.before) + " -> " + grouped(site.after), "    ");
    }
  }
  if (lines > most) out += "  and " + std::to_string(lines - most) + " lines more of who calls otherwise\n";
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
  detail::append_callers(out, comparison, options.callers_max);
  detail::append_changes(out, comparison, options.changes_max);
  return out + accept;
}

}  // namespace rushhour::report
