/// \file
/// First seen by two scheduled searches and a lookup between them, as Splunk's ESCU writes it: one search
/// alerts of values that the lookup does not know, another one adds to the lookup what was seen. Neither
/// knows when the other runs. The searches' own language is not read: this is what they all do.
///
/// Window: `retention`, from the last sighting that an update saw. Warm-up: `learning`, from the oldest value
/// of the lookup, which the first update fills from `initial`. Late documents: by the time of their event;
/// what arrives after the detection search that looks at its time is missed, and may still reach the lookup.
/// Cap: none that counts. Cost a document: none; each run is one search.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/detect/detail/key_set.hpp>
#include <rushhour/detect/first_seen.hpp>
#include <rushhour/time.hpp>

namespace rushhour::detect {

/// A search that runs every so often, over [run - earliest, run - latest).
struct SearchTimes {
  Instant first{};  ///< and every `interval` from then on; what is due before time is first told does not run
  Duration interval{};
  Duration earliest{};
  Duration latest{};
};

/// The numbers are those of ESCU (splunk/security_content, read 2026).
struct LookupSearchOptions {
  /// [REC deployments/00_default_ttp.yml: at minute 0, -70m@m to -10m@m]
  SearchTimes detection{.interval = std::chrono::hours{1},
                        .earliest = std::chrono::minutes{70},
                        .latest = std::chrono::minutes{10}};
  /// [REC deployments/00_default_baseline.yml: at 00:10, -1450m@m to -10m@m]
  SearchTimes update{.first = Instant{std::chrono::minutes{10}},
                     .interval = std::chrono::hours{24},
                     .earliest = std::chrono::minutes{1450},
                     .latest = std::chrono::minutes{10}};
  /// How far back the first update looks, which fills the lookup [CHOICE: as long as it remembers].
  Duration initial{std::chrono::days{90}};
  /// A value whose first sighting in the lookup is younger is still new, cut to the hour [REC
  /// relative_time(now(), "-24h@h")]: so updates may come before detections. Each run that finds it alerts.
  Duration still_new{std::chrono::hours{24}};
  /// Updates drop what was last seen before, cut to the day [REC ..._forget_window.yml: -90d@d].
  Duration retention{std::chrono::days{90}};
  /// No alerts before the lookup reaches back this far, cut to the day [REC enough_data, -7d@d].
  Duration learning{std::chrono::days{7}};
  /// Whether the detection learns from the lookup's rows of the values that it found if there is enough data,
  /// as ESCU's do [REC eventstats max(enough_data)]: a run that finds new values only alerts of none.
  bool asks_known_values{true};
  /// After an alert a value is silent for this long (alert.suppress). ESCU has none [REC].
  Duration throttle{};
};

class LookupSearch final : public FirstSeen {
 public:
  using Options = LookupSearchOptions;

  explicit LookupSearch(Options options = {})
      : options_(options), next_detection_(options.detection.first), next_update_(options.update.first) {
    for (const SearchTimes& times : {options_.detection, options_.update}) {
      RUSHHOUR_ASSERT(times.interval > Duration::zero(), "a search runs every so often");
      RUSHHOUR_ASSERT(times.earliest > times.latest, "a search looks at a range of time");
    }
  }

  void see(const Sighting& sighting) override {
    const auto found = values_of_.find(sighting.key);
    const auto place =
        found != values_of_.end()
            ? found
            : values_of_.emplace(sighting.key, static_cast<std::uint32_t>(values_.size())).first;
    if (place->second == values_.size()) values_.push_back({.key = place->first});
    const Event event{.time = sighting.time, .document = sighting.document, .value = place->second};
    if (event.time >= next_detection_ - options_.detection.earliest) to_detect_.push_back(event);
    if (event.time >= next_update_ - update_reach()) to_learn_.push_back(event);
  }

  /// A run finds what arrived before it. When both are due, the detection goes first: the update writes the
  /// lookup at its end.
  void advance(Instant now) override {
    if (!is_begun_) begin(now);
    while (std::min(next_detection_, next_update_) <= now) {
      if (next_detection_ <= next_update_) {
        detect();
      } else {
        update();
      }
    }
  }

  [[nodiscard]] std::vector<FirstSeenAlert> take_alerts() override { return std::exchange(alerts_, {}); }
  /// Bytes are those of the lookup's rows: the value and two instants each.
  [[nodiscard]] FirstSeenCosts costs() const override { return costs_; }

 private:
  static constexpr Instant never = Instant::min();

  struct Event {
    Instant time{};
    std::uint64_t document{};
    std::uint32_t value{};
  };
  struct Value {
    std::string_view key{};
    // Its row in the lookup, if it has one:
    Instant first{never};
    Instant last{never};
    // Of the detection search at hand:
    std::uint64_t run{};
    Instant found{};  ///< earliest in the range
    std::uint64_t document{};
    Instant silent_until{never};

    [[nodiscard]] bool is_in_lookup() const { return last != never; }
  };

  [[nodiscard]] Duration update_reach() const {
    return is_filled_ ? options_.update.earliest : std::max(options_.initial, options_.update.earliest);
  }
  [[nodiscard]] static std::size_t row_bytes(std::string_view key) {
    return key.size() + 2 * sizeof(Instant);
  }

  void begin(Instant now) {
    is_begun_ = true;
    const auto skip = [now](Instant& next, Duration interval) {
      if (next < now) next += (now - next + interval - Duration{1}) / interval * interval;
    };
    skip(next_detection_, options_.detection.interval);
    skip(next_update_, options_.update.interval);
  }

  /// The values in the range of this run, each with its earliest event, in the order of their texts.
  std::vector<std::uint32_t> find_values() {
    const Instant from = next_detection_ - options_.detection.earliest;
    const Instant to = next_detection_ - options_.detection.latest;
    std::vector<std::uint32_t> found;
    for (const Event& event : to_detect_) {
      if (event.time < from || event.time >= to) continue;
      Value& value = values_[event.value];
      if (value.run != runs_) {
        value.run = runs_;
        found.push_back(event.value);
      } else if (event.time >= value.found) {
        continue;
      }
      value.found = event.time;
      value.document = event.document;
    }
    std::ranges::sort(found, {}, [&](std::uint32_t value) { return values_[value].key; });
    return found;
  }

  void detect() {
    ++runs_;
    ++costs_.reads;
    const std::vector<std::uint32_t> found = find_values();
    const auto is_known = [&](std::uint32_t value) { return values_[value].is_in_lookup(); };
    const bool may_alert =
        has_enough_data_ && (!options_.asks_known_values || std::ranges::any_of(found, is_known));
    const Instant old_before = std::chrono::floor<std::chrono::hours>(next_detection_ - options_.still_new);
    for (const std::uint32_t each : found) {
      Value& value = values_[each];
      const bool is_new = !value.is_in_lookup() || value.first > old_before;
      if (!may_alert || !is_new || next_detection_ < value.silent_until) continue;
      value.silent_until = next_detection_ + options_.throttle;
      alerts_.push_back({.document = value.document, .key = std::string{value.key}, .at = next_detection_});
    }
    next_detection_ += options_.detection.interval;
    drop_before(to_detect_, next_detection_ - options_.detection.earliest);
  }

  void update() {
    ++costs_.reads;
    ++costs_.writes;
    const Instant from = next_update_ - update_reach();
    const Instant to = next_update_ - options_.update.latest;
    for (const Event& event : to_learn_) {
      if (event.time < from || event.time >= to) continue;
      Value& value = values_[event.value];
      value.first = value.is_in_lookup() ? std::min(value.first, event.time) : event.time;
      value.last = std::max(value.last, event.time);
    }
    const Instant kept_since = std::chrono::floor<std::chrono::days>(next_update_ - options_.retention);
    Instant oldest = Instant::max();
    costs_.bytes = 0;
    for (Value& value : values_) {
      if (!value.is_in_lookup()) continue;
      if (value.last <= kept_since) {
        value.first = value.last = never;
        continue;
      }
      oldest = std::min(oldest, value.first);
      costs_.bytes += row_bytes(value.key);
    }
    costs_.bytes_max = std::max(costs_.bytes_max, costs_.bytes);
    has_enough_data_ = oldest <= std::chrono::floor<std::chrono::days>(next_update_ - options_.learning);
    is_filled_ = true;
    next_update_ += options_.update.interval;
    drop_before(to_learn_, next_update_ - update_reach());
  }

  static void drop_before(std::vector<Event>& events, Instant from) {
    std::erase_if(events, [from](const Event& event) { return event.time < from; });
  }

  Options options_;
  Instant next_detection_;
  Instant next_update_;
  bool is_begun_{};
  bool is_filled_{};  ///< the first update has run
  bool has_enough_data_{};
  std::uint64_t runs_{};
  detail::KeyMap<std::uint32_t> values_of_{};
  std::vector<Value> values_{};
  std::vector<Event> to_detect_{};  ///< not older than the next search may look
  std::vector<Event> to_learn_{};
  std::vector<FirstSeenAlert> alerts_{};
  FirstSeenCosts costs_{};
};

}  // namespace rushhour::detect
