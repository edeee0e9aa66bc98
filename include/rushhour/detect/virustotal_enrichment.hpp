/// \file
/// The enrichment that Panther's guide describes, as a native detection. Where in the rule it happens is the
/// strategy, and the whole difference between 1,500,000 calls an hour and 60,000; what it saves of these
/// calls is in its options. How the calls are made is in guide_enrichment.hpp and thrifty_enrichment.hpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <rushhour/api/virustotal.hpp>
#include <rushhour/api/virustotal_json.hpp>
#include <rushhour/detect/alert.hpp>
#include <rushhour/detect/context.hpp>
#include <rushhour/detect/dedup_keys.hpp>
#include <rushhour/detect/guide_enrichment.hpp>
#include <rushhour/detect/lookup_table.hpp>
#include <rushhour/detect/match.hpp>
#include <rushhour/detect/strategy_counts.hpp>
#include <rushhour/detect/thrifty_enrichment.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour::detect {

enum class Strategy : std::uint8_t {
  call_in_rule,        ///< every event that concerns the rule is enriched before it decides
  alert_context_only,  ///< only an event that matched is enriched
  lookup_table         ///< an event that matched is enriched from a table; nobody is called
};

/// How the rule's code takes the report out of VirusTotal's answer. An error answer has no `data`.
enum class DataAccess : std::uint8_t {
  /// `deep_get(response, "data", "attributes")`, the guide's: None. alert_context() then returns no mapping,
  /// and a
  /// rule() that hands None on no bool, which the engine takes for an error as well (spec panther.md 1.2).
  deep_get,
  /// `response["data"]["attributes"]`: KeyError, a rule error in rule() and `{"_error": "KeyError('data')"}`
  /// in
  /// alert_context().
  index
};

/// A detection on an exact part of the events that enriches them with VirusTotal.
class VirusTotalDetection {
 public:
  struct Options {
    std::string name{};
    Strategy strategy{};
    Match match;
    EnrichmentOptions enrichment{};
    DataAccess data{};
    LookupTable::Options table{};  ///< for Strategy::lookup_table
    std::string title{};           ///< empty: the detection's name
    /// Names of event::Event::udm() or dotted paths whose values make the dedup string. Empty: the title when
    /// there is one, else the engine's default.
    std::vector<std::string> dedup{};
    StrategyCounts* counts{};  ///< null: not counted; otherwise it outlives the detection
  };

  explicit VirusTotalDetection(Options options)
      : options_(std::move(options)), enrichment_(options_.enrichment), dedup_(options_.dedup) {
    if (options_.strategy == Strategy::lookup_table) table_.emplace(options_.table);
    if (!options_.enrichment.calls_always()) thrifty_.emplace(enrichment_, options_.name, options_.counts);
  }

  [[nodiscard]] std::string_view name() const { return options_.name; }

  [[nodiscard]] Verdict rule(const event::Event& event, Context& context) {
    report_.reset();
    if (!options_.match(event)) return false;
    if (thrifty_) return thrifty_rule(event, context);
    if (options_.strategy == Strategy::call_in_rule) {
      auto report = enrichment_.look_up(event, context);
      if (!report) {
        if (raises_key_error(report.failure())) return raised_from(report.failure());
        return std::move(report).failure();
      }
      report_ = std::move(*report);
    }
    return true;
  }

  [[nodiscard]] std::string title(const event::Event& /*event*/, Context& /*context*/) const {
    return options_.title.empty() ? options_.name : options_.title;
  }

  /// Empty, so that the engine takes its default, without keys and title or when all that the keys name is
  /// missing.
  [[nodiscard]] std::string dedup(const event::Event& event, Context& /*context*/) const {
    return options_.dedup.empty() ? options_.title : dedup_(event);
  }

  [[nodiscard]] AlertContext alert_context(const event::Event& event, Context& context) {
    if (table_) return table_context(event, context);
    if (thrifty_) return thrifty_context(event, context);
    if (!report_) {
      auto report = enrichment_.look_up(event, context);
      if (!report) return context_of(report.failure());
      report_ = std::move(*report);
    }
    return context_of(*report_);
  }

 private:
  /// With caches, budget or skipping: apart, so that a detection without them keeps its small stack frame.
  [[gnu::noinline]] Verdict thrifty_rule(const event::Event& event, Context& context) {
    enriched_.reset();
    if (options_.strategy != Strategy::call_in_rule) return true;
    enriched_ = thrifty_->look_up(event, context);
    const auto* failure = std::get_if<Failure>(&*enriched_);
    if (failure == nullptr) return true;
    if (raises_key_error(*failure)) return raised_from(*failure);
    return *failure;
  }
  [[gnu::noinline]] AlertContext thrifty_context(const event::Event& event, Context& context) {
    if (!enriched_) enriched_ = thrifty_->look_up(event, context);
    return std::visit([this](const auto& found) { return context_of(found); }, *enriched_);
  }

  [[gnu::noinline]] AlertContext table_context(const event::Event& event, Context& context) {
    const event::Value source = event.udm("source_ip");
    if (thrifty_) {
      if (const std::optional<Skipped> skipped = thrifty_->skip(source)) return context_of(*skipped);
    }
    StrategyCounts uncounted;
    StrategyCounts& counts = options_.counts == nullptr ? uncounted : *options_.counts;
    const std::string_view address = VirusTotalEnrichment::asked_for(source);
    ++counts.lookups;
    std::optional<api::virustotal::IpAddressReport> row;
    const bool is_covered =
        table_->covers(address) && (!table_->has_rows() || (row = table_->row(address)).has_value());
    if (!is_covered) return context_of(Skipped{"not in the lookup table"});

    const Instant now = context.clock().now();
    const Instant refreshed = table_->refreshed(now);
    ++counts.lookups_covered;
    counts.staleness_sum_ns += (now - refreshed).count();
    counts.staleness_max = std::max(counts.staleness_max, now - refreshed);
    std::string json = R"({"as_of":")" + to_iso8601(refreshed) + '"';
    if (row) {
      json += R"(,"attributes":)";
      api::virustotal::append_attributes(json, *row);
    }
    json += '}';
    return AlertContext::mapping(std::move(json));
  }

  [[nodiscard]] static AlertContext context_of(const api::virustotal::IpAddressReport& report) {
    std::string attributes;
    api::virustotal::append_attributes(attributes, report);
    return AlertContext::mapping(std::move(attributes));
  }
  [[nodiscard]] AlertContext context_of(const Failure& failure) const {
    if (raises_key_error(failure)) return AlertContext::error(key_error);
    // The guide's deep_get(response, "data", "attributes") yields None, which is no mapping.
    return AlertContext::error("alert_context returned None: " + to_text(failure));
  }
  [[nodiscard]] static AlertContext context_of(const Skipped& skipped) {
    return AlertContext::skipped(skipped.why);
  }

  /// Without an answer there is nothing to index: `requests` raises an error of its own.
  [[nodiscard]] bool raises_key_error(const Failure& failure) const {
    return options_.data == DataAccess::index && failure.status != 0;
  }
  /// The KeyError that hides the answer's own failure; its outcome stays, for whoever asks what it was.
  [[nodiscard, gnu::noinline]] static Failure raised_from(const Failure& failure) {
    return {.outcome = failure.outcome, .code = std::string{key_error}};
  }
  static constexpr std::string_view key_error = "KeyError('data')";

  Options options_;
  VirusTotalEnrichment enrichment_;
  DedupKeys dedup_;
  std::optional<api::virustotal::IpAddressReport> report_{};
  std::optional<LookupTable> table_{};
  std::optional<ThriftyEnrichment> thrifty_{};
  std::optional<Enriched> enriched_{};  ///< by the thrifty one, for this event
};

}  // namespace rushhour::detect
