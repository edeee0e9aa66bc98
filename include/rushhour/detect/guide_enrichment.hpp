/// \file
/// The enrichment of Panther's guide, call for call: assume a role, read an API key from Secrets Manager, ask
/// VirusTotal about the source address. What can be saved of that is thrifty_enrichment.hpp's business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/detect/context.hpp>
#include <rushhour/detect/homed_cache.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour::detect {

/// Temporary credentials are used until shortly before they expire: the call that uses them, its retries
/// included, should still find them good, by a clock that is as far off as AWS tolerates in a signature, 5
/// minutes (aws/sigv4.hpp). botocore renews its own 15 to 10 minutes before (botocore 1.43.11,
/// credentials.py), but knows nothing of those that a helper module keeps.
inline constexpr Duration credentials_renewal_margin = std::chrono::minutes{5};

struct CredentialsCacheOptions {
  CacheHome home{};
};

struct SecretCacheOptions {
  CacheHome home{};
  std::optional<Duration> ttl{};  ///< nothing: as long as the credentials that fetched it
};

struct VerdictCacheOptions {
  CacheHome home{};
  Duration ttl{std::chrono::hours{1}};
  std::size_t entries_max{10'000};  ///< at least 1
  /// How long VirusTotal's refusals are kept, so that a used-up quota is not asked again for each event;
  /// usually shorter than `ttl`. Nothing: only reports are kept.
  std::optional<Duration> failure_ttl{};
};

/// Where the enrichment reads its key, with the defaults of fakes::World, and what it does to call less.
struct EnrichmentOptions {
  std::string role_arn{};
  std::string role_session_name{"AssumeRoleSession1"};
  std::string secret_id{"panther-secrets/virus-total"};
  std::string region{};  ///< where the secret is; empty: where the detection runs

  std::optional<CredentialsCacheOptions> credentials_cache{};
  std::optional<SecretCacheOptions> secret_cache{};
  std::optional<VerdictCacheOptions> verdict_cache{};
  /// Asks only about addresses that classify_address() calls public: not about private ones, names of
  /// services, or events without any. Nor is the key fetched then.
  bool skip_private{};
  /// VirusTotal calls of a container in any hour, of all its detections with such a budget for the same key;
  /// beyond them the alert goes out unenriched. 0: never a call.
  std::optional<std::uint64_t> calls_per_hour{};

  /// Whether every look-up makes the guide's three calls.
  [[nodiscard]] bool calls_always() const {
    return !credentials_cache && !secret_cache && !verdict_cache && !skip_private && !calls_per_hour;
  }
};

/// The guide's two helper functions and its look-up, call for call: what caches and budgets the options name
/// are not for it.
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
    auto secrets = context.secretsmanager(std::move(credentials), options_.region);
    return secrets(api::secretsmanager::GetSecretValue{.secret_id = options_.secret_id})
        .value()
        .secret_string;
  }

  /// The report's attributes. A failure of VirusTotal is a value here, as in the guide: `requests` raises
  /// nothing for a 429, whose body has no `data`.
  [[nodiscard]] Result<api::virustotal::IpAddressReport> look_up(const event::Event& event,
                                                                 Context& context) const {
    auto virustotal = context.virustotal(stored_secret(aws_credentials(context), context));
    return virustotal(api::virustotal::GetIpAddress{.ip = std::string{asked_for(event.udm("source_ip"))}});
  }

  /// Python formats a missing address as None, and so asks for it.
  [[nodiscard]] static std::string_view asked_for(const event::Value& source) {
    return source.text_or("None");
  }

  [[nodiscard]] const EnrichmentOptions& options() const { return options_; }

 private:
  EnrichmentOptions options_;
};

}  // namespace rushhour::detect
