// `rushhour profile`: a scenario that is like a sample of the user's own CloudTrail, and how like it is.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/address.hpp>
#include <rushhour/event/profile/arrival_fit.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/report/detail/words.hpp>
#include <rushhour/scenario/detail/words.hpp>
#include <rushhour/scenario/profile.hpp>
#include <rushhour/scenario/scenario.hpp>

#include "commands.hpp"
#include "files.hpp"
#include "profile.hpp"

namespace rushhour::cli {

namespace {

using report::detail::grouped;
using scenario::FitError;
using scenario::Profile;
using scenario::RecordedSample;

/// In 80 columns, the label only before the first.
void line(std::string_view label, const std::string& text) {
  constexpr std::size_t column = 15;
  std::string out = report::detail::wrapped(text, std::string(column, ' '));
  out.replace(0, label.size(), label);
  std::fputs(out.c_str(), stdout);
}

/// `1 file`, `2 files`.
std::string counted(std::uint64_t number, std::string_view what) {
  return grouped(number) + " " + std::string{what} + (number == 1 ? "" : "s");
}

/// `12.3 %` of a share of events.
std::string percent(std::uint64_t part, std::uint64_t whole) {
  const std::uint64_t tenths = whole == 0 ? 0 : (part * 2'000 + whole) / (2 * whole);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

/// To a tenth; dispersions are estimates.
std::string tenths(double value) {
  char out[32];
  std::snprintf(out, sizeof out, "%.1f", value);
  return out;
}

void print_sample(const RecordedSample& recorded) {
  const event::profile::Sample& sample = recorded.sample;
  line("sample", grouped(sample.events()) + " events of " + counted(recorded.files, "file") + ", " +
                     to_text(sample.span()) + " from the first to the last");
  if (recorded.damaged > 0) line("", grouped(recorded.damaged) + " damaged records passed over");
  line("dispersion", tenths(event::profile::dispersion_in(sample, 1)) + " in 1 s, " +
                         tenths(event::profile::dispersion_in(sample, 10)) + " in 10 s, " +
                         tenths(event::profile::dispersion_in(sample, 60)) +
                         " in 60 s; 1 is chance, 0 is even");
  std::string classes;
  for (std::size_t i = 0; i < sample.classes.size(); ++i) {
    if (sample.classes[i] == 0) continue;
    classes += (classes.empty() ? "" : ", ") + std::string{to_text(static_cast<AddressClass>(i))} + " " +
               percent(sample.classes[i], sample.events());
  }
  line("sources", classes);
  line("callers", grouped(sample.users.distinct()) + ", of them " + grouped(sample.roles) + " roles");
  if (sample.other_names > 0) {
    line("other names", percent(sample.other_names, sample.events()) +
                            " of the events have eventNames that synthetic traffic does not know: "
                            "DescribeInstances stands for them");
  }
}

std::string joined_names(const std::vector<event::profile::ArrivalFit>& fits) {
  std::string out;
  for (const auto& fit : fits) out += (out.empty() ? "" : ", ") + std::string{event::profile::name_of(fit)};
  return out;
}

/// \param arrivals  the process in words
void print_fit(const Profile& profile, const std::string& arrivals) {
  const scenario::FittedTraffic& fit = profile.traffic;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(fit.duration).count();
  const Ratio rate{fit.events * 3'600, static_cast<std::uint64_t>(seconds)};
  line("rate", grouped(rate.of(1)) + " an hour, " + to_text(fit.duration));
  line("arrivals", arrivals + "; of those that pass their tests: " + joined_names(profile.tried));
  if (event::profile::is_random(fit.arrivals)) {
    line("", "seed " + std::to_string(fit.seed) + " of " + grouped(profile.seeds_tried) +
                 ": peak minutes by seed are " + grouped(profile.peaks.first) + " to " +
                 grouped(profile.peaks.second));
  }
  using scenario::detail::decimal_text;
  line("Zipf's law", "users " + decimal_text(fit.user_exponent) + " of " + grouped(fit.users) +
                         ", addresses " + decimal_text(fit.address_exponent) + " of " +
                         grouped(fit.addresses));
  if (fit.session_names) line("session names", grouped(*fit.session_names) + " for each role");
}

void print_delivery(const RecordedSample& recorded, const Profile& profile) {
  if (profile.traffic.files) {
    const event::traffic::LatenessQuantiles& late = profile.traffic.files->lateness;
    line("delivery lag", "p50 " + to_text(late.p50) + ", p99 " + to_text(late.p99) + ", max " +
                             to_text(late.max) + ", by the minute in the files' names");
  } else {
    line("delivery lag", "not knowable: " + grouped(recorded.files - recorded.stamped) + " of " +
                             grouped(recorded.files) +
                             " files have names that tell no time of delivery, as CloudTrail's own do "
                             "(..._20260302T1405Z_...); events arrive as they happen");
  }
  const std::uint64_t behind = recorded.sample.behind;
  if (behind == 0) return;
  line("order",
       grouped(behind) +
           " events stand behind later ones. The fit is to event times; a replay of these files lets "
           "each arrive with the later one before it");
}

/// `-1.2 %`.
std::string signed_percent(std::int64_t per_mille) {
  const std::int64_t size = std::abs(per_mille);
  return std::string{per_mille < 0   ? "-"
                     : per_mille > 0 ? "+"
                                     : ""} +
         std::to_string(size / 10) + "." + std::to_string(size % 10) + " %";
}

void print_errors(const std::vector<FitError>& errors) {
  std::printf("\n%-44s %12s %12s %9s\n", "error of the fit", "sample", "fitted", "error");
  for (const FitError& each : errors) {
    std::printf("%-44s %12s %12s %9s\n", each.what.c_str(), grouped(each.sample).c_str(),
                grouped(each.fitted).c_str(), signed_percent(each.per_mille()).c_str());
  }
}

void print_rules(const std::vector<scenario::MatchedRule>& rules, std::uint64_t events) {
  std::uint64_t silent = 0;
  for (const scenario::MatchedRule& rule : rules) {
    if (rule.matches == 0) {
      ++silent;
    } else {
      line("match share",
           percent(rule.matches, events) + ", " + grouped(rule.matches) + " events: " + rule.name);
    }
  }
  if (silent == 0) return;
  line("",
       counted(silent, "rule") + (silent == 1 ? " matches" : " match") + " nothing of the sample; left out");
}

}  // namespace

int profile(const ProfileCommand& command) {
  const std::vector<std::filesystem::path> paths(command.events.begin(), command.events.end());
  const RecordedSample recorded = scenario::read_sample(paths);
  const Profile profile = scenario::fit_profile(recorded.sample);
  std::vector<scenario::MatchedRule> rules;
  if (!command.rules.empty()) rules = matched_rules(command.rules, command.events);
  const std::string text =
      "// Written by `rushhour profile`. Its numbers are those of a sample; nothing else of it is here.\n" +
      scenario::profile_scenario(profile, rules);
  // Read before it is written: what a run refuses is not written.
  const std::string words = scenario::parse_scenario(text, command.output).arrivals.text;
  std::vector<FitError> errors = profile.errors;
  for (FitError& each : scenario::call_errors(profile, paths)) errors.push_back(std::move(each));
  write_file(command.output, text);
  print_sample(recorded);
  print_fit(profile, words);
  print_delivery(recorded, profile);
  print_rules(rules, recorded.sample.events());
  print_errors(errors);
  std::printf("\n%s written; next: rushhour run %s\n", command.output.c_str(), command.output.c_str());
  return exit_ok;
}

}  // namespace rushhour::cli
