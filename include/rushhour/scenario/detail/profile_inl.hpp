/// \file
/// Bodies of profile.hpp.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <rushhour/event/recorded.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/random.hpp>
#include <rushhour/scenario/detail/profile_fit.hpp>
#include <rushhour/scenario/detail/profile_text.hpp>
#include <rushhour/scenario/detail/reading.hpp>
#include <rushhour/scenario/profile.hpp>
#include <rushhour/scenario/run.hpp>
#include <rushhour/scenario/scenario.hpp>

namespace rushhour::scenario {

namespace detail {

using event::profile::Sample;

// ---- As a file. ----

RUSHHOUR_INLINE std::string match_text(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& each : names) out += (out.empty() ? "" : ", ") + json_text(each);
  return "{\"event_names\": [" + out + "]}";
}

RUSHHOUR_INLINE std::string detection_text(std::string_view name, std::string_view strategy,
                                           const std::string& match) {
  return "\n    {\"name\": " + json_text(name) + ", \"strategy\": " + json_text(strategy) +
         ", \"match\": " + match + "}";
}

/// \param traffic  the value of `traffic`
RUSHHOUR_INLINE std::string scenario_text(const Profile& profile, const std::string& traffic,
                                          const std::string& detections) {
  const FittedTraffic& fit = profile.traffic;
  Members out{"  "};
  out.add("description", json_text("as a sample of " + std::to_string(fit.events) + " events in " +
                                   rushhour::to_text(fit.duration) + ", their arrivals fitted as " +
                                   std::string{event::profile::name_of(fit.arrivals)}));
  out.add("seed", std::to_string(fit.seed));
  out.add("start", json_text(to_iso8601(fit.start)));
  out.add("duration", json_text(fit.duration));
  out.add("traffic", traffic);
  out.add("fleet", "{\"workers\": 100}");
  out.add("detections", "[" + detections + "\n  ]");
  out.add("world", R"({
    "virustotal": {"key": "public"},
    "latency": {
      "sts": {"uniform": ["40ms", "60ms"]},
      "secretsmanager": {"uniform": ["15ms", "25ms"]},
      "virustotal": {"exponential": {"floor": "80ms", "mean": "120ms"}}
    },
    "retry": {"sts": "legacy", "secretsmanager": "legacy", "virustotal": "none"}
  })");
  out.add("budgets", R"([
    {"expr": "detections.missed == 0", "why": "a rule that fails judges nothing"}
  ])");
  return out.object() + "\n";
}

RUSHHOUR_INLINE std::string guide_text(const Profile& profile) {
  return detection_text("secret-read-enriched", "call_in_rule", match_text(profile.guide_names));
}

// ---- How like it is. ----

RUSHHOUR_INLINE Sample sample_of(event::traffic::Source& source) {
  event::profile::Sampler sampler;
  event::Event event;
  while (source.next(event)) sampler.add(event);
  return sampler.sample();
}

RUSHHOUR_INLINE std::uint64_t read_secrets_of(const Sample& sample, const std::vector<std::string>& names) {
  std::uint64_t sum = 0;
  for (const std::string& each : names) sum += sample.events_named(each);
  return sum;
}

RUSHHOUR_INLINE std::uint64_t peak_minute(const FittedTraffic& fit, std::uint64_t seed) {
  const auto arrivals = event::profile::process_of(fit.arrivals)(
      {.events = fit.events, .start = fit.start, .duration = fit.duration},
      Random{seed}.stream("traffic.arrivals"));
  std::uint64_t peak = 0;
  std::uint64_t here = 0;
  std::int64_t minute = -1;
  while (!arrivals->at_end() && arrivals->peek() != nullptr) {
    const std::int64_t at =
        std::chrono::floor<std::chrono::minutes>(arrivals->next()).time_since_epoch().count();
    here = at == minute ? here + 1 : 1;
    minute = at;
    peak = std::max(peak, here);
  }
  return peak;
}

/// Tries the seeds of one fitted process, and keeps what comes nearest to the sample.
class SeedSearch {
 public:
  static constexpr std::uint64_t seeds_max = 64;
  static constexpr std::int64_t near_per_mille = 50;  ///< that is taken
  static constexpr std::int64_t done_per_mille = 20;  ///< with which no better one is looked for

  SeedSearch(const Sample& sample, Profile profile) : sample_(sample), best_(std::move(profile)) {}

  [[nodiscard]] std::int64_t error() const { return error_; }
  [[nodiscard]] Profile take() { return std::move(best_); }

  void search() {
    constexpr std::uint64_t arrivals_max = 64'000'000;
    constexpr std::uint64_t looked_at_max = 4'000'000;
    const FittedTraffic& fit = best_.traffic;
    const std::uint64_t events = std::max<std::uint64_t>(fit.events, 1);
    // A pass looks at every event, after it has made a table of each population.
    const std::uint64_t cost = events + fit.users + fit.addresses + fit.private_addresses.value_or(0) +
                               fit.ipv6_addresses.value_or(0) + (fit.secrets ? fit.secrets->count : 0);
    const bool random = event::profile::is_random(fit.arrivals);
    const std::uint64_t seeds = std::clamp<std::uint64_t>(arrivals_max / events, 4, seeds_max);
    std::uint64_t passes = std::clamp<std::uint64_t>(looked_at_max / cost, 2, seeds_max);
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      const std::uint64_t peak = random || seed == 1 ? peak_minute(best_.traffic, seed) : best_.peaks.first;
      best_.peaks = {seed == 1 ? peak : std::min(best_.peaks.first, peak),
                     std::max(best_.peaks.second, peak)};
      best_.seeds_tried = seed;
      // Without a full pass where the peak alone is too far off already.
      if (error_ <= done_per_mille || passes == 0 || off(sample_.peak_minute(), peak) >= error_) continue;
      --passes;
      look(seed);
      if (!random && error_ <= done_per_mille) return;
    }
  }

 private:
  /// What one event makes counts for nothing: small samples have no smaller step.
  [[nodiscard]] static std::int64_t off(std::uint64_t sample, std::uint64_t fitted) {
    const std::uint64_t apart = sample > fitted ? sample - fitted : fitted - sample;
    if (apart == 0) return 0;
    return std::abs(FitError{{}, sample, fitted}.per_mille());
  }
  void look(std::uint64_t seed) {
    Profile candidate = best_;
    candidate.traffic.seed = seed;
    const std::string text = scenario_text(candidate, traffic_text(candidate.traffic), guide_text(candidate));
    const Scenario scenario = parse_scenario(text, "profile.json");
    event::traffic::SyntheticCloudTrail source{scenario.synthetic, Random{seed}};
    const Sample fitted = sample_of(source);
    const std::vector<std::string>& names = candidate.guide_names;
    candidate.errors = {
        {"peak minute", sample_.peak_minute(), fitted.peak_minute()},
        {"distinct addresses", sample_.distinct_addresses(), fitted.distinct_addresses()},
        {"reads of secrets", read_secrets_of(sample_, names), read_secrets_of(fitted, names)}};
    std::int64_t worst = 0;
    for (const FitError& each : candidate.errors) worst = std::max(worst, off(each.sample, each.fitted));
    candidate.errors.push_back({"distinct users", sample_.users.distinct(), fitted.users.distinct()});
    candidate.errors.push_back({"distinct sessions", session_names(sample_), session_names(fitted)});
    candidate.errors.push_back({"distinct secrets", sample_.secrets.distinct(), fitted.secrets.distinct()});
    if (worst >= error_) return;
    error_ = worst;
    best_ = std::move(candidate);
  }
  [[nodiscard]] static std::uint64_t session_names(const Sample& sample) {
    std::uint64_t sum = 0;
    for (const event::profile::RoleSessions& each : sample.sessions) sum += each.names;
    return sum;
  }

  const Sample& sample_;
  Profile best_;
  std::int64_t error_ = INT64_MAX;
};

/// The calls of each operation, by its name.
RUSHHOUR_INLINE std::vector<std::pair<std::string, std::uint64_t>> calls_of(const std::string& text) {
  const std::unique_ptr<Run> run = scenario::run(parse_scenario(text, "profile.json"));
  std::vector<std::pair<std::string, std::uint64_t>> out;
  for (const api::Operation* operation : all_operations()) {
    const measure::Meter* const meter = run->meters->find(api::to_text(*operation));
    if (meter != nullptr) out.emplace_back(api::to_text(*operation), meter->counts.calls);
  }
  return out;
}

}  // namespace detail

RUSHHOUR_INLINE std::optional<Instant> delivery_stamp(std::string_view file_name) {
  constexpr std::string_view form = "_20260302T1405Z_";
  for (std::size_t at = 0; at + form.size() <= file_name.size(); ++at) {
    const std::string_view part = file_name.substr(at, form.size());
    bool fits = true;
    for (std::size_t i = 0; i < form.size(); ++i) {
      const bool digit = part[i] >= '0' && part[i] <= '9';
      const bool wants_digit = form[i] >= '0' && form[i] <= '9';
      fits = fits && (wants_digit ? digit : part[i] == form[i]);
    }
    if (!fits) continue;
    const auto piece = [&](std::size_t from, std::size_t length) {
      return std::string{part.substr(from, length)};
    };
    return parse_iso8601(piece(1, 4) + '-' + piece(5, 2) + '-' + piece(7, 2) + 'T' + piece(10, 2) + ':' +
                         piece(12, 2) + ":00Z");
  }
  return std::nullopt;
}

/// A file at a time: only so it is known which event is of which file.
RUSHHOUR_INLINE RecordedSample read_sample(const std::vector<std::filesystem::path>& paths) {
  const event::RecordedSource all{paths, {.on_damage = event::OnDamage::count}};
  RecordedSample out;
  event::profile::Sampler sampler;
  for (const std::filesystem::path& file : all.files()) {
    const std::optional<Instant> delivered = delivery_stamp(file.filename().string());
    event::RecordedSource source{file, {.on_damage = event::OnDamage::count, .model = std::nullopt}};
    for (event::Event event; source.next(event);) sampler.add(event, delivered);
    ++out.files;
    if (delivered) ++out.stamped;
    out.damaged += source.damage_count();
  }
  out.sample = sampler.sample();
  if (out.sample.events() == 0) {
    throw InputError({.file = paths.front().string(),
                      .expected = "at least one CloudTrail record with an eventTime",
                      .seen = std::to_string(out.files) + " files without one"});
  }
  if (out.sample.span() > detail::duration_max - std::chrono::days{1} || out.sample.seconds.front() < 0) {
    throw InputError({.file = paths.front().string(),
                      .expected = "events within 363 days, after 1970",
                      .seen = "a first event at " +
                              to_iso8601(Instant{std::chrono::seconds{out.sample.seconds.front()}}) +
                              " and a last " + rushhour::to_text(out.sample.span()) + " later",
                      .advice = "name the files of some hours"});
  }
  return out;
}

RUSHHOUR_INLINE Profile fit_profile(const event::profile::Sample& sample) {
  Profile plain{.traffic = detail::fit_traffic(sample)};
  for (const std::string_view name : detail::reads_of_secrets) {
    if (sample.events_named(name) > 0) plain.guide_names.emplace_back(name);
  }
  if (plain.guide_names.empty()) plain.guide_names.emplace_back(detail::reads_of_secrets.front());
  plain.tried = event::profile::arrival_fits(sample);
  std::optional<Profile> best;
  std::int64_t least = INT64_MAX;
  for (const event::profile::ArrivalFit& fit : plain.tried) {
    Profile candidate = plain;
    candidate.traffic.arrivals = fit;
    detail::set_times(sample, candidate.traffic);
    detail::SeedSearch search{sample, std::move(candidate)};
    search.search();
    if (best && search.error() >= least) continue;
    least = search.error();
    best = search.take();
    if (least <= detail::SeedSearch::near_per_mille) break;
  }
  return std::move(*best);
}

RUSHHOUR_INLINE std::string profile_scenario(const Profile& profile, const std::vector<MatchedRule>& rules) {
  std::string detections;
  for (const MatchedRule& rule : rules) {
    if (rule.matches == 0) continue;
    const Ratio share{rule.matches, profile.traffic.events};
    detections += (detections.empty() ? "" : ",") +
                  detail::detection_text(rule.name, "alert_context_only",
                                         "{\"share\": " + detail::json_text(share) + "}");
  }
  if (detections.empty()) detections = detail::guide_text(profile);
  return detail::scenario_text(profile, detail::traffic_text(profile.traffic), detections);
}

RUSHHOUR_INLINE std::vector<FitError> call_errors(const Profile& profile,
                                                  const std::vector<std::filesystem::path>& paths) {
  std::string files;
  for (const std::filesystem::path& path : paths) {
    files += (files.empty() ? "" : ", ") + detail::json_text(std::filesystem::absolute(path).string());
  }
  std::string recorded = "{\"recorded\": [" + files + "]";
  if (profile.traffic.files) recorded += ", \"delivery\": " + detail::delivery_text(*profile.traffic.files);
  const std::string guide = detail::guide_text(profile);
  const auto replayed = detail::calls_of(detail::scenario_text(profile, recorded + "}", guide));
  const auto fitted =
      detail::calls_of(detail::scenario_text(profile, detail::traffic_text(profile.traffic), guide));
  std::vector<FitError> out;
  const auto add = [&](const std::string& operation, std::uint64_t FitError::*which, std::uint64_t calls) {
    const std::string what = operation + " calls";
    auto found = std::ranges::find(out, what, &FitError::what);
    if (found == out.end()) found = out.insert(out.end(), FitError{.what = what});
    (*found).*which = calls;
  };
  for (const auto& [operation, calls] : replayed) add(operation, &FitError::sample, calls);
  for (const auto& [operation, calls] : fitted) add(operation, &FitError::fitted, calls);
  return out;
}

}  // namespace rushhour::scenario
