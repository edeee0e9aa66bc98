#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/api/virustotal/identifiers.hpp>
#include <rushhour/fakes/detail/virustotal_fiction.hpp>
#include <rushhour/fakes/virustotal_objects.hpp>

namespace rushhour::fakes {

namespace detail {

/// Counters of an object's stream below which single facts are drawn; whether it is known at all.
inline constexpr std::uint64_t known_counter = 40;

/// What engines say of a file: three in ten are malicious, to most engines.
[[nodiscard]] inline api::virustotal::FileAnalysisStats derived_file_stats(Stream file, bool is_malicious) {
  constexpr std::int64_t engines = 74;
  api::virustotal::FileAnalysisStats stats;
  if (is_malicious) stats.malicious = 20 + static_cast<std::int64_t>(uniform_below(file.at(1), 40));
  stats.type_unsupported = 2 + static_cast<std::int64_t>(uniform_below(file.at(2), 8));
  stats.timeout = static_cast<std::int64_t>(uniform_below(file.at(3), 2));
  stats.undetected = engines - stats.malicious - stats.type_unsupported - stats.timeout;
  return stats;
}

template <class Report>
[[nodiscard]] std::optional<Report> held_report(
    const TextMap<typename VirusTotalOverride<Report>::Held>& overrides, std::string_view id, bool& found) {
  const auto held = overrides.find(id);
  found = held != overrides.end();
  if (!found || held->second.is_unknown) return std::nullopt;
  return held->second.report;
}

}  // namespace detail

// ---- Addresses ----

RUSHHOUR_INLINE std::optional<api::virustotal::IpAddressReport> VirusTotalObjects::address(
    std::string_view text) const {
  const AddressClass kind = classify_address(text);
  if (kind == AddressClass::service_name || kind == AddressClass::missing ||
      kind == AddressClass::malformed) {
    return std::nullopt;
  }
  const std::string id = canonical_address(text).value_or(std::string{text});
  if (!fixed_addresses_.empty()) {  // an address is asked for a million times: not even a hash for nothing
    const auto fixed = fixed_addresses_.find(id);
    if (fixed != fixed_addresses_.end()) return fixed->second.report;
  }
  if (auto known = detail::well_known(id)) return known;
  return derive_address(id, kind);
}

RUSHHOUR_INLINE Instant VirusTotalObjects::days_ago(Stream draws, std::uint64_t counter,
                                                    std::uint64_t days) const {
  const auto seconds = static_cast<std::int64_t>(uniform_below(draws.at(counter), days * 86'400));
  return std::chrono::floor<std::chrono::seconds>(options_.report_date) - std::chrono::seconds{seconds};
}

RUSHHOUR_INLINE api::virustotal::IpAddressReport VirusTotalObjects::derive_address(std::string_view id,
                                                                                   AddressClass kind) const {
  const Stream draws = addresses_.part(hash(id));
  api::virustotal::IpAddressReport report;
  report.address = std::string{id};
  report.last_analysis_date = days_ago(draws, 3, 30);
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
  if (const auto ipv4 = parse_ipv4(id)) {
    report.network = address_text(*ipv4 & 0xffff0000U) + "/16";
  } else if (auto ipv6 = parse_ipv6(id)) {
    std::fill(ipv6->begin() + 4, ipv6->end(), std::uint8_t{0});
    report.network = address_text(*ipv6) + "/32";
  }
  report.last_analysis_stats = detail::derived_stats(draws);
  report.whois_date = days_ago(draws, 5, 365);
  report.reputation = -report.last_analysis_stats.malicious;
  report.votes_harmless = static_cast<std::int64_t>(uniform_below(draws.at(6), 4));
  report.votes_malicious = report.last_analysis_stats.malicious / 3;
  return report;
}

RUSHHOUR_INLINE VirusTotalOverride<api::virustotal::IpAddressReport> VirusTotalObjects::change_address(
    std::string_view text) {
  auto report = address(text);
  RUSHHOUR_ASSERT(report.has_value(), "an address is IPv4 or IPv6, and nothing else");
  std::string id = report->address;
  return VirusTotalOverride<api::virustotal::IpAddressReport>{
      fixed_addresses_.try_emplace(std::move(id), std::move(*report)).first->second};
}

// ---- Domains ----

RUSHHOUR_INLINE std::optional<api::virustotal::DomainReport> VirusTotalObjects::domain(
    std::string_view name) const {
  const auto id = api::virustotal::canonical_domain(name);
  if (!id) return std::nullopt;
  bool found = false;
  auto report = detail::held_report<api::virustotal::DomainReport>(fixed_domains_, *id, found);
  const bool is_known =
      found ? report.has_value()
            : chance(domains_.part(hash(*id)).at(detail::known_counter), options_.known_domains);
  if (is_known) return found ? std::move(report) : derive_domain(*id);
  if (!options_.unknown_domains_are_sparse) return std::nullopt;
  return api::virustotal::DomainReport{.domain = *id, .last_modification_date = options_.report_date};
}

RUSHHOUR_INLINE api::virustotal::DomainReport VirusTotalObjects::derive_domain(std::string_view name) const {
  const Stream draws = domains_.part(hash(name));
  api::virustotal::DomainReport report;
  report.domain = std::string{name};
  report.registrar = std::string{detail::pick(detail::registrars, draws.at(4))};
  report.tld = std::string{name.substr(name.rfind('.') + 1)};
  report.last_modification_date = days_ago(draws, 3, 30);
  report.last_analysis_date = report.last_modification_date;
  report.whois_date = days_ago(draws, 5, 365);
  report.last_update_date = days_ago(draws, 6, 365);
  report.creation_date = days_ago(draws, 7, 5'000) - std::chrono::days{365};
  report.last_analysis_stats = detail::derived_stats(draws);
  report.reputation = -report.last_analysis_stats.malicious;
  report.total_votes = {.harmless = static_cast<std::int64_t>(uniform_below(draws.at(8), 4)),
                        .malicious = report.last_analysis_stats.malicious / 3};
  return report;
}

RUSHHOUR_INLINE VirusTotalOverride<api::virustotal::DomainReport> VirusTotalObjects::change_domain(
    std::string_view name) {
  const auto id = api::virustotal::canonical_domain(name);
  RUSHHOUR_ASSERT(id.has_value(), "a domain has two labels or more, and an end that the Internet has");
  return VirusTotalOverride<api::virustotal::DomainReport>{
      fixed_domains_.try_emplace(*id, derive_domain(*id)).first->second};
}

// ---- URLs ----

RUSHHOUR_INLINE std::optional<std::string> VirusTotalObjects::url_of(std::string_view id) const {
  if (api::virustotal::hash_kind(id) == api::virustotal::HashKind::sha256) {
    const auto known = urls_by_id_.find(api::virustotal::lower_case(id));
    if (known == urls_by_id_.end()) return std::nullopt;
    return known->second;
  }
  const auto url = api::virustotal::url_of_id(id);
  return url ? api::virustotal::canonical_url(*url) : std::nullopt;
}

RUSHHOUR_INLINE std::string VirusTotalObjects::remember_url(const std::string& canonical) {
  std::string id = api::virustotal::sha256_text(canonical);
  if (urls_by_id_.size() < options_.identities_max) urls_by_id_.try_emplace(id, canonical);
  return id;
}

RUSHHOUR_INLINE std::optional<api::virustotal::UrlReport> VirusTotalObjects::url(std::string_view id) {
  const auto canonical = url_of(id);
  if (!canonical) return std::nullopt;
  bool found = false;
  auto report = detail::held_report<api::virustotal::UrlReport>(fixed_urls_, *canonical, found);
  if (!found && chance(urls_.part(hash(*canonical)).at(detail::known_counter), options_.known_urls)) {
    report = derive_url(*canonical);
  }
  if (report) remember_url(*canonical);
  return report;
}

RUSHHOUR_INLINE api::virustotal::UrlReport VirusTotalObjects::derive_url(const std::string& canonical) const {
  const Stream draws = urls_.part(hash(canonical));
  api::virustotal::UrlReport report;
  report.id = api::virustotal::sha256_text(canonical);
  report.url = canonical;
  report.last_analysis_stats = detail::derived_stats(draws);
  report.last_submission_date = days_ago(draws, 3, 30);
  report.last_analysis_date = report.last_submission_date;
  report.first_submission_date =
      report.last_submission_date - (options_.report_date - days_ago(draws, 4, 900));
  report.times_submitted = 1 + static_cast<std::int64_t>(uniform_below(draws.at(5), 40));
  report.last_final_url = canonical;
  report.last_http_response_code = uniform_below(draws.at(6), 10) == 0 ? 404 : 200;
  report.title = std::string{detail::pick(detail::host_words, draws.at(7))};
  report.reputation = -report.last_analysis_stats.malicious;
  report.total_votes = {.harmless = static_cast<std::int64_t>(uniform_below(draws.at(8), 3)),
                        .malicious = report.last_analysis_stats.malicious / 3};
  return report;
}

RUSHHOUR_INLINE VirusTotalOverride<api::virustotal::UrlReport> VirusTotalObjects::change_url(
    std::string_view url) {
  const auto canonical = api::virustotal::canonical_url(url);
  RUSHHOUR_ASSERT(canonical.has_value(), "a URL is of http, https or ftp and has a host");
  remember_url(*canonical);
  return VirusTotalOverride<api::virustotal::UrlReport>{
      fixed_urls_.try_emplace(*canonical, derive_url(*canonical)).first->second};
}

RUSHHOUR_INLINE VirusTotalOverride<api::virustotal::UrlReport> VirusTotalObjects::submit_url(
    const std::string& canonical) {
  const bool is_new = !url(api::virustotal::url_id(canonical)).has_value();
  auto changed = change_url(canonical).known();
  return changed.change([&](api::virustotal::UrlReport& report) {
    if (!is_new) return;
    report.times_submitted = 0;
    report.total_votes = {};
  });
}

// ---- Files ----

RUSHHOUR_INLINE std::optional<FileIdentity> VirusTotalObjects::identity_of(std::string_view hash_text) const {
  const api::virustotal::HashKind kind = api::virustotal::hash_kind(hash_text);
  if (kind == api::virustotal::HashKind::none) return std::nullopt;
  const std::string given = api::virustotal::lower_case(hash_text);
  if (const auto known = files_by_hash_.find(given); known != files_by_hash_.end()) return known->second;
  const Stream draws = files_.part(hash(given)).part(1);
  FileIdentity identity{.sha256 = detail::drawn_hex(draws, 0, 64),
                        .sha1 = detail::drawn_hex(draws, 4, 40),
                        .md5 = detail::drawn_hex(draws, 7, 32)};
  if (given == detail::eicar_sha256 || given == detail::eicar_sha1 || given == detail::eicar_md5) {
    return FileIdentity{.sha256 = std::string{detail::eicar_sha256},
                        .sha1 = std::string{detail::eicar_sha1},
                        .md5 = std::string{detail::eicar_md5}};
  }
  (kind == api::virustotal::HashKind::sha256 ? identity.sha256
   : kind == api::virustotal::HashKind::sha1 ? identity.sha1
                                             : identity.md5) = given;
  return identity;
}

RUSHHOUR_INLINE void VirusTotalObjects::remember_file(const FileIdentity& identity) {
  if (files_by_hash_.size() >= 3 * options_.identities_max) return;
  for (const std::string* hash : {&identity.sha256, &identity.sha1, &identity.md5}) {
    files_by_hash_.try_emplace(*hash, identity);
  }
}

RUSHHOUR_INLINE std::optional<api::virustotal::FileReport> VirusTotalObjects::file(
    std::string_view hash_text) {
  const auto identity = identity_of(hash_text);
  if (!identity) return std::nullopt;
  bool found = false;
  auto report = detail::held_report<api::virustotal::FileReport>(fixed_files_, identity->sha256, found);
  const bool is_eicar = identity->sha256 == detail::eicar_sha256;
  if (!found && (is_eicar || chance(files_.part(hash(identity->sha256)).at(detail::known_counter),
                                    options_.known_files))) {
    report = derive_file(*identity);
  }
  if (report) remember_file(*identity);
  return report;
}

RUSHHOUR_INLINE api::virustotal::FileReport VirusTotalObjects::derive_file(
    const FileIdentity& identity) const {
  const Stream draws = files_.part(hash(identity.sha256));
  const bool is_eicar = identity.sha256 == detail::eicar_sha256;
  const bool is_malicious = is_eicar || uniform_below(draws.at(0), 10) < 3;
  const detail::FileType& type = detail::pick(detail::file_types, draws.at(4));
  api::virustotal::FileReport report{.sha256 = identity.sha256, .sha1 = identity.sha1, .md5 = identity.md5};
  report.size = is_eicar ? 68 : 200 + static_cast<std::int64_t>(uniform_below(draws.at(5), 4'000'000));
  report.type_description = is_eicar ? "Powershell" : std::string{type.description};
  report.type_tag = is_eicar ? "powershell" : std::string{type.tag};
  report.type_extension = is_eicar ? "ps1" : std::string{type.extension};
  std::string name = is_eicar ? "eicar.com-1" : std::string{detail::pick(detail::host_words, draws.at(6))};
  if (!is_eicar) {
    name += '.';
    name += type.extension;
  }
  report.meaningful_name = name;
  report.names = {std::move(name)};
  report.last_analysis_stats = detail::derived_file_stats(draws, is_malicious);
  report.last_submission_date = days_ago(draws, 7, 30);
  report.last_analysis_date = report.last_submission_date;
  report.first_submission_date =
      report.last_submission_date - (options_.report_date - days_ago(draws, 8, 2'000));
  report.times_submitted = 1 + static_cast<std::int64_t>(uniform_below(draws.at(9), 50));
  report.unique_sources = 1 + report.times_submitted / 2;
  report.reputation = is_malicious ? -report.last_analysis_stats.malicious : 0;
  report.total_votes.malicious = is_malicious ? report.last_analysis_stats.malicious / 10 : 0;
  report.tags = {*report.type_tag};
  if (is_malicious) {
    report.threat_label.suggested =
        is_eicar ? "virus.eicar/test" : std::string{detail::pick(detail::threat_labels, draws.at(10))};
  }
  return report;
}

RUSHHOUR_INLINE VirusTotalOverride<api::virustotal::FileReport> VirusTotalObjects::submit_file(
    const FileIdentity& identity, std::int64_t size) {
  remember_file(identity);
  const bool is_new = !file(identity.sha256).has_value();
  auto changed = change_file(identity.sha256).known();
  return changed.change([&](api::virustotal::FileReport& report) {
    if (size >= 0) report.size = size;
    if (!is_new) return;
    report.names.clear();
    report.meaningful_name.reset();
    report.times_submitted = 0;
    report.total_votes = {};
  });
}

RUSHHOUR_INLINE VirusTotalOverride<api::virustotal::FileReport> VirusTotalObjects::change_file(
    std::string_view hash_text) {
  const auto identity = identity_of(hash_text);
  RUSHHOUR_ASSERT(identity.has_value(), "a file's hash is MD5, SHA-1 or SHA-256 in hex");
  remember_file(*identity);
  return VirusTotalOverride<api::virustotal::FileReport>{
      fixed_files_.try_emplace(identity->sha256, derive_file(*identity)).first->second};
}

}  // namespace rushhour::fakes
