#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/detail/hex.hpp>
#include <rushhour/fakes/virustotal.hpp>

namespace rushhour::fakes {

namespace detail {

/// Networks that derived reports speak of: a made-up choice of real owners, so that reports look alike.
struct Owner {
  std::int64_t asn;
  std::string_view name;
  std::string_view country;
  std::string_view continent;
  std::string_view registry;
};
inline constexpr std::array<Owner, 12> owners{
    {{16509, "AMAZON-02", "US", "NA", "ARIN"},
     {14618, "AMAZON-AES", "US", "NA", "ARIN"},
     {15169, "GOOGLE", "US", "NA", "ARIN"},
     {8075, "MICROSOFT-CORP-MSN-AS-BLOCK", "US", "NA", "ARIN"},
     {13335, "CLOUDFLARENET", "US", "NA", "ARIN"},
     {24940, "Hetzner Online GmbH", "DE", "EU", "RIPE NCC"},
     {16276, "OVH SAS", "FR", "EU", "RIPE NCC"},
     {3320, "Deutsche Telekom AG", "DE", "EU", "RIPE NCC"},
     {4134, "Chinanet", "CN", "AS", "APNIC"},
     {9009, "M247 Europe SRL", "RO", "EU", "RIPE NCC"},
     {14061, "DIGITALOCEAN-ASN", "US", "NA", "ARIN"},
     {28573, "Claro NXT Telecomunicacoes Ltda", "BR", "SA", "LACNIC"}}};

/// Engines that have an opinion on a derived address.
inline constexpr std::int64_t engines_asked = 91;

/// What the engines say of an address: nine in ten are clean, the rest a little or very malicious.
RUSHHOUR_INLINE api::virustotal::AnalysisStats derived_stats(Stream address) {
  api::virustotal::AnalysisStats stats;
  const std::uint64_t kind = uniform_below(address.at(0), 100);
  if (kind >= 97) {
    stats.malicious = 5 + static_cast<std::int64_t>(uniform_below(address.at(1), 15));
  } else if (kind >= 90) {
    stats.malicious = 1 + static_cast<std::int64_t>(uniform_below(address.at(1), 3));
  }
  stats.suspicious = kind >= 95 ? 1 : 0;
  stats.undetected = 18 + static_cast<std::int64_t>(uniform_below(address.at(2), 14));
  stats.harmless = engines_asked - stats.malicious - stats.suspicious - stats.undetected;
  return stats;
}

/// The answer that the user's own document shows for this address.
RUSHHOUR_INLINE std::optional<api::virustotal::IpAddressReport> well_known(std::string_view address) {
  if (address != "35.216.199.51") return std::nullopt;
  return api::virustotal::IpAddressReport{.address = "35.216.199.51",
                                          .asn = 15169,
                                          .as_owner = "GOOGLE",
                                          .country = "CH",
                                          .network = "35.216.0.0/15",
                                          .regional_internet_registry = "RIPE NCC",
                                          .last_analysis_stats = {.harmless = 64,
                                                                  .malicious = 1,
                                                                  .suspicious = 0,
                                                                  .undetected = 23,
                                                                  .timeout = 0},
                                          .last_analysis_date = Instant{std::chrono::seconds{1687579849}},
                                          .whois_date = Instant{std::chrono::seconds{1687579885}}};
}

}  // namespace detail

RUSHHOUR_INLINE void VirusTotal::add_key(VirusTotalKey key) {
  if (key.key.empty()) {
    const Stream digits = drawn_keys_.part(hash(key.name));
    for (std::uint64_t i = 0; i < 4; ++i) rushhour::detail::append_hex(key.key, digits.at(i));
  }
  const Name name = ledger().names().intern(key.name);
  limit::profiles::already_used(key.quota, key.used, options_.report_date);
  quotas().assign(name, key.quota);
  if (!key.group.empty()) {
    RUSHHOUR_ASSERT(std::find(groups_.begin(), groups_.end(), key.group) != groups_.end(),
                    "a key's group is added before it");
    quotas().share(name, account_of_group(key.group));
  }
  const auto same = std::find_if(known_keys_.begin(), known_keys_.end(),
                                 [&](const VirusTotalKey& known) { return known.name == key.name; });
  if (same != known_keys_.end()) {
    keys_.erase(same->key);
    known_keys_.erase(same);
  }
  keys_.insert_or_assign(key.key, name);
  known_keys_.push_back(std::move(key));
}

RUSHHOUR_INLINE void VirusTotal::add_group(VirusTotalGroup group) {
  limit::profiles::already_used(group.quota, group.used, options_.report_date);
  quotas().assign(account_of_group(group.name), std::move(group.quota));
  groups_.push_back(std::move(group.name));
}

RUSHHOUR_INLINE const VirusTotalKey* VirusTotal::find_key(std::string_view name) const {
  const auto found = std::find_if(known_keys_.begin(), known_keys_.end(),
                                  [name](const VirusTotalKey& known) { return known.name == name; });
  return found == known_keys_.end() ? nullptr : &*found;
}

RUSHHOUR_INLINE std::string VirusTotal::canonical(std::string_view address) {
  return canonical_address(address).value_or(std::string{address});
}

RUSHHOUR_INLINE std::optional<api::virustotal::IpAddressReport> VirusTotal::report(
    std::string_view address) const {
  const AddressClass kind = classify_address(address);
  if (kind == AddressClass::service_name || kind == AddressClass::missing ||
      kind == AddressClass::malformed) {
    return std::nullopt;
  }
  const std::string id = canonical(address);
  if (const auto fixed = fixed_.find(id); fixed != fixed_.end()) return fixed->second;
  auto known = detail::well_known(id);
  api::virustotal::IpAddressReport report = known ? std::move(*known) : derive(id, kind);
  if (const auto verdict = verdicts_.find(id); verdict != verdicts_.end())
    report.last_analysis_stats = verdict->second;
  return report;
}

RUSHHOUR_INLINE api::virustotal::IpAddressReport VirusTotal::derive(std::string_view address,
                                                                    AddressClass kind) const {
  const Stream draws = reports_.part(hash(address));
  api::virustotal::IpAddressReport report;
  report.address = std::string{address};
  const auto days_ago = [&](std::uint64_t counter, std::uint64_t days) {
    const auto seconds = static_cast<std::int64_t>(uniform_below(draws.at(counter), days * 86'400));
    return std::chrono::floor<std::chrono::seconds>(options_.report_date) - std::chrono::seconds{seconds};
  };
  report.last_analysis_date = days_ago(3, 30);
  if (kind != AddressClass::public_ipv4 && kind != AddressClass::public_ipv6) {
    // 200 with a clean report, which costs quota: the trap (spec virustotal.md 3; counts [3P], tags
    // [CHOICE]).
    report.last_analysis_stats = {
        .harmless = 55, .malicious = 0, .suspicious = 0, .undetected = 36, .timeout = 0};
    report.tag = kind == AddressClass::private_ipv4 ? "private" : "reserved";
    return report;
  }
  const detail::Owner& owner = detail::owners[uniform_below(draws.at(4), detail::owners.size())];
  report.asn = owner.asn;
  report.as_owner = std::string{owner.name};
  report.country = std::string{owner.country};
  report.continent = std::string{owner.continent};
  report.regional_internet_registry = std::string{owner.registry};
  if (const auto ipv4 = parse_ipv4(address)) {
    report.network = address_text(*ipv4 & 0xffff0000U) + "/16";
  } else if (auto ipv6 = parse_ipv6(address)) {
    std::fill(ipv6->begin() + 4, ipv6->end(), std::uint8_t{0});
    report.network = address_text(*ipv6) + "/32";
  }
  report.last_analysis_stats = detail::derived_stats(draws);
  report.whois_date = days_ago(5, 365);
  report.reputation = -report.last_analysis_stats.malicious;
  report.votes_harmless = static_cast<std::int64_t>(uniform_below(draws.at(6), 4));
  report.votes_malicious = report.last_analysis_stats.malicious / 3;
  return report;
}

}  // namespace rushhour::fakes
