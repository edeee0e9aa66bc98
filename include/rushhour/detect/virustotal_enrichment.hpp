/// \file
/// The enrichment that Panther's guide describes, as a native detection: assume a role, read an API key from
/// Secrets Manager, ask VirusTotal about the source address. Where in the rule it happens is the strategy,
/// and the whole difference between 1,500,000 calls an hour and 60,000.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/api/virustotal_json.hpp>
#include <rushhour/detect/alert.hpp>
#include <rushhour/detect/context.hpp>
#include <rushhour/detect/match.hpp>
#include <rushhour/event/event.hpp>

namespace rushhour::detect {

/// Where the enrichment reads its key. The defaults are those of fakes::World.
struct EnrichmentOptions {
  std::string role_arn{};
  std::string role_session_name{"AssumeRoleSession1"};
  std::string secret_id{"panther-secrets/virus-total"};
};

/// The guide's two helper functions and its look-up, call for call.
class VirusTotalEnrichment {
 public:
  explicit VirusTotalEnrichment(EnrichmentOptions options) : options_(std::move(options)) {}

  /// Temporary credentials of the role that may read the secret. Throws api::Error when STS refuses.
  [[nodiscard]] api::sts::Credentials aws_credentials(Context& context) const {
    auto sts = context.sts();
    return sts(api::sts::AssumeRole{.role_arn = options_.role_arn,
                                    .role_session_name = options_.role_session_name})
        .value()
        .credentials;
  }

  /// The secret's text. Throws api::Error when Secrets Manager refuses.
  [[nodiscard]] std::string stored_secret(api::sts::Credentials credentials, Context& context) const {
    auto secrets = context.secretsmanager(std::move(credentials));
    return secrets(api::secretsmanager::GetSecretValue{.secret_id = options_.secret_id})
        .value()
        .secret_string;
  }

  /// The report's attributes. A failure of VirusTotal is a value here, as in the guide: `requests` raises
  /// nothing for a 429, whose body has no `data`.
  [[nodiscard]] Result<api::virustotal::IpAddressReport> look_up(const event::Event& event,
                                                                 Context& context) const {
    auto virustotal = context.virustotal(stored_secret(aws_credentials(context), context));
    // Python formats a missing address as None, and so asks for it.
    const std::string_view address = event.udm("source_ip").text_or("None");
    return virustotal(api::virustotal::GetIpAddress{.ip = std::string{address}});
  }

 private:
  EnrichmentOptions options_;
};

enum class Strategy : std::uint8_t {
  call_in_rule,        ///< every event that concerns the rule is enriched before it decides
  alert_context_only,  ///< only an event that matched is enriched
};

/// A detection on an exact part of the events that enriches them with VirusTotal.
class VirusTotalDetection {
 public:
  struct Options {
    std::string name{};
    Strategy strategy{};
    Match match;
    EnrichmentOptions enrichment{};
  };

  explicit VirusTotalDetection(Options options)
      : options_(std::move(options)), enrichment_(options_.enrichment) {}

  [[nodiscard]] std::string_view name() const { return options_.name; }

  [[nodiscard]] Verdict rule(const event::Event& event, Context& context) {
    report_.reset();
    if (!options_.match(event)) return false;
    if (options_.strategy == Strategy::call_in_rule) {
      auto report = enrichment_.look_up(event, context);
      if (!report) return report.failure();
      report_ = std::move(*report);
    }
    return true;
  }

  [[nodiscard]] AlertContext alert_context(const event::Event& event, Context& context) {
    if (!report_) {
      auto report = enrichment_.look_up(event, context);
      // The guide's deep_get(response, "data", "attributes") yields None, which is no mapping.
      if (!report) return AlertContext::error("alert_context returned None: " + to_text(report.failure()));
      report_ = std::move(*report);
    }
    std::string attributes;
    api::virustotal::append_attributes(attributes, *report_);
    return AlertContext::mapping(std::move(attributes));
  }

 private:
  Options options_;
  VirusTotalEnrichment enrichment_;
  std::optional<api::virustotal::IpAddressReport> report_{};
};

}  // namespace rushhour::detect
