/// \file
/// The guide's enrichment by an author who minds the quotas: caches for credentials, secret and verdicts, no
/// question about addresses that are not public, a budget of calls. Each is an option and works alone or with
/// the others.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <rushhour/address.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/detect/call_log.hpp>
#include <rushhour/detect/context.hpp>
#include <rushhour/detect/guide_enrichment.hpp>
#include <rushhour/detect/homed_cache.hpp>
#include <rushhour/detect/strategy_counts.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour::detect {

/// Why nobody was asked: `private_ipv4` and the other classes of addresses, `call budget`, `not in the lookup
/// table`.
struct Skipped {
  std::string_view why{};
};

/// What came of the wish to know an address: a report, VirusTotal's refusal, or no question at all.
using Enriched = std::variant<api::virustotal::IpAddressReport, Failure, Skipped>;

class ThriftyEnrichment {
 public:
  /// \param owner   the detection's name
  /// \param counts  null: not counted; otherwise it outlives this object
  ThriftyEnrichment(const VirusTotalEnrichment& guide, std::string_view owner, StrategyCounts* counts)
      : guide_(guide), counts_(counts) {
    const EnrichmentOptions& options = guide_.options();
    role_ = options.role_arn + " as " + options.role_session_name;
    secret_ = options.secret_id + " in " + options.region + " by " + role_;
    calls_module_ = "virustotal calls with " + secret_;
    if (options.credentials_cache) {
      credentials_.emplace(Of<api::sts::Credentials>{
          .home = options.credentials_cache->home, .name = "credentials", .owner = std::string{owner}});
    }
    if (options.secret_cache) {
      secrets_.emplace(Of<std::string>{
          .home = options.secret_cache->home, .name = "secrets", .owner = std::string{owner}});
    }
    if (options.verdict_cache) {
      verdicts_.emplace(Of<Answer>{.home = options.verdict_cache->home,
                                   .name = "virustotal verdicts with " + secret_,
                                   .owner = std::string{owner},
                                   .entries_max = options.verdict_cache->entries_max});
    }
  }

  /// Throws api::Error when STS or Secrets Manager refuse; what they refused is not cached.
  [[nodiscard]] Enriched look_up(const event::Event& event, Context& context) {
    const event::Value source = event.udm("source_ip");
    if (const std::optional<Skipped> skipped = skip(source)) return *skipped;
    const std::string_view address = VirusTotalEnrichment::asked_for(source);
    if (verdicts_) {
      if (const Answer* known = verdicts_->find(address, context, counts(&StrategyCounts::verdicts)))
        return enriched(*known);
    }
    if (is_over_budget(context)) return Skipped{"call budget"};
    return ask(address, context);
  }

  /// The key to VirusTotal, out of the cache or by up to two calls.
  [[nodiscard]] std::string api_key(Context& context) {
    if (secrets_) {
      if (const std::string* known = secrets_->find(secret_, context, counts(&StrategyCounts::secret)))
        return *known;
    }
    api::sts::Credentials credentials = aws_credentials(context);
    const Instant credentials_end = end_of(credentials);
    std::string secret = guide_.stored_secret(std::move(credentials), context);
    if (secrets_) {
      const std::optional<Duration> ttl = guide_.options().secret_cache->ttl;
      secrets_->insert(secret_, secret, ttl ? context.clock().now() + *ttl : credentials_end, context);
    }
    return secret;
  }

  /// Whether the options say not to ask about this source address, and why.
  [[nodiscard]] std::optional<Skipped> skip(const event::Value& source) const {
    if (!guide_.options().skip_private) return std::nullopt;
    const AddressClass kind = classify_address(source.text_or(""));
    if (kind == AddressClass::public_ipv4 || kind == AddressClass::public_ipv6) return std::nullopt;
    if (counts_ != nullptr) ++counts_->skipped_private;
    return Skipped{to_text(kind)};
  }

 private:
  using Answer = Result<api::virustotal::IpAddressReport>;
  template <class Value>
  using Of = typename HomedCache<Value>::Options;

  [[nodiscard]] static Instant end_of(const api::sts::Credentials& credentials) {
    return credentials.expiration - credentials_renewal_margin;
  }
  [[nodiscard]] static Enriched enriched(const Answer& answer) {
    if (!answer) return std::move(answer).failure();
    return *answer;
  }

  [[nodiscard]] bool is_over_budget(Context& context) const {
    const std::optional<std::uint64_t> limit = guide_.options().calls_per_hour;
    if (!limit || calls(context).admits(*limit, context.clock().now())) return false;
    if (counts_ != nullptr) ++counts_->over_budget;
    return true;
  }

  [[nodiscard]] api::sts::Credentials aws_credentials(Context& context) {
    if (!credentials_) return guide_.aws_credentials(context);
    if (const auto* known = credentials_->find(role_, context, counts(&StrategyCounts::credentials)))
      return *known;
    api::sts::Credentials fresh = guide_.aws_credentials(context);
    credentials_->insert(role_, fresh, end_of(fresh), context);
    return fresh;
  }

  [[nodiscard]] Enriched ask(std::string_view address, Context& context) {
    auto virustotal = context.virustotal(api_key(context));
    if (guide_.options().calls_per_hour) calls(context).add(context.clock().now());
    const Answer answer = virustotal(api::virustotal::GetIpAddress{.ip = std::string{address}});
    if (verdicts_) keep(address, answer, context);
    return enriched(answer);
  }

  void keep(std::string_view address, const Answer& answer, Context& context) {
    const VerdictCacheOptions& options = *guide_.options().verdict_cache;
    if (answer.outcome() == Outcome::cancelled) return;  // nothing answered: the simulation ended
    const std::optional<Duration> ttl = answer.ok() ? options.ttl : options.failure_ttl;
    if (ttl) verdicts_->insert(address, answer, context.clock().now() + *ttl, context);
  }

  [[nodiscard]] CacheCounts* counts(CacheCounts StrategyCounts::*of) const {
    return counts_ == nullptr ? nullptr : &(counts_->*of);
  }
  [[nodiscard]] CallLog& calls(Context& context) const {
    return context.helpers().module<CallLog>(calls_module_);
  }

  VirusTotalEnrichment guide_;
  StrategyCounts* counts_;
  std::string role_{};    ///< the keys in the caches: who assumes what,
  std::string secret_{};  ///< and who reads which
  std::string calls_module_{};
  std::optional<HomedCache<api::sts::Credentials>> credentials_{};
  std::optional<HomedCache<std::string>> secrets_{};
  std::optional<HomedCache<Answer>> verdicts_{};
};

}  // namespace rushhour::detect
