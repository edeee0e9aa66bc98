/// \file
/// What the fake of VirusTotal knows of addresses, domains, URLs and files: reports derived from a seed for
/// whatever is asked for, changed where a test or a state file says so, and grown by what is submitted. It
/// answers no requests and charges nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/address.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/config.hpp>
#include <rushhour/fakes/text_map.hpp>
#include <rushhour/fakes/virustotal_options.hpp>
#include <rushhour/random.hpp>

namespace rushhour::fakes {

/// What a test says of one object; the fake answers so from now on.
///
///     virustotal.address("203.0.113.7").malicious(12).tags({"tor"});
///     virustotal.domain("example.com").change([](auto& report) { report.registrar = "Mine"; });
template <class Report>
class VirusTotalOverride {
 public:
  struct Held {
    Report report{};
    bool is_unknown{};
  };
  explicit VirusTotalOverride(Held& held) : held_(held) {}

  /// So many engines call it malicious. The sum stays what it was: others change their minds, those first
  /// that called it harmless.
  VirusTotalOverride& malicious(std::int64_t engines) {
    return set(&decltype(held_.report.last_analysis_stats)::malicious, engines);
  }
  VirusTotalOverride& suspicious(std::int64_t engines) {
    return set(&decltype(held_.report.last_analysis_stats)::suspicious, engines);
  }
  /// No engine says anything against it.
  VirusTotalOverride& clean() { return malicious(0).suspicious(0); }
  VirusTotalOverride& stats(decltype(Report::last_analysis_stats) stats) {
    held_.report.last_analysis_stats = stats;
    return *this;
  }
  VirusTotalOverride& reputation(std::int64_t value) {
    held_.report.reputation = value;
    return *this;
  }
  VirusTotalOverride& tags(std::vector<std::string> values) {
    if constexpr (requires { held_.report.tags; }) {
      held_.report.tags = std::move(values);
    } else {
      held_.report.tag.reset();
      if (!values.empty()) held_.report.tag = std::move(values.front());
    }
    return *this;
  }
  /// Whatever else the report holds: `.change([](api::virustotal::FileReport& file) { file.size = 68; })`.
  template <class Change>
  VirusTotalOverride& change(Change&& change) {
    std::forward<Change>(change)(held_.report);
    return *this;
  }
  /// The service has not heard of it: 404, until it is submitted. Addresses are always known.
  VirusTotalOverride& unknown() {
    held_.is_unknown = true;
    return *this;
  }
  /// It has, again.
  VirusTotalOverride& known() {
    held_.is_unknown = false;
    return *this;
  }
  [[nodiscard]] const Report& report() const { return held_.report; }

 private:
  template <class Stats>
  VirusTotalOverride& set(std::int64_t Stats::*category, std::int64_t engines) {
    RUSHHOUR_ASSERT(engines >= 0, "a number of engines is not negative");
    Stats& stats = held_.report.last_analysis_stats;
    std::int64_t missing = engines - std::exchange(stats.*category, engines);
    for (std::int64_t Stats::*other : {&Stats::harmless, &Stats::undetected}) {
      const std::int64_t left = stats.*other > missing ? stats.*other - missing : 0;
      missing -= stats.*other - left;
      stats.*other = left;
    }
    return *this;
  }

  Held& held_;
};

/// A file by its three hashes, in lower-case hex.
struct FileIdentity {
  std::string sha256{};
  std::string sha1{};
  std::string md5{};
};

class VirusTotalObjects {
 public:
  VirusTotalObjects(Random random, const VirusTotalOptions& options)
      : addresses_(random.stream("virustotal.report")),
        domains_(random.stream("virustotal.domain")),
        urls_(random.stream("virustotal.url")),
        files_(random.stream("virustotal.file")),
        details_(random.stream("virustotal.details")),
        options_(options) {}

  // ---- Reports; nothing where there is none. Ids may come in any form that the service takes. ----

  [[nodiscard]] std::optional<api::virustotal::IpAddressReport> address(std::string_view text) const;
  [[nodiscard]] std::optional<api::virustotal::DomainReport> domain(std::string_view name) const;
  [[nodiscard]] std::optional<api::virustotal::UrlReport> url(std::string_view id);
  [[nodiscard]] std::optional<api::virustotal::FileReport> file(std::string_view hash);

  // ---- Overrides: made of what is there, a pattern's mistakes are broken contracts ----

  [[nodiscard]] VirusTotalOverride<api::virustotal::IpAddressReport> change_address(std::string_view text);
  [[nodiscard]] VirusTotalOverride<api::virustotal::DomainReport> change_domain(std::string_view name);
  /// \param url  itself, not its id
  [[nodiscard]] VirusTotalOverride<api::virustotal::UrlReport> change_url(std::string_view url);
  [[nodiscard]] VirusTotalOverride<api::virustotal::FileReport> change_file(std::string_view hash);

  // ---- What is beside a report's attributes: certificates, WHOIS, DNS and so on. Pure: any thread. ----

  [[nodiscard]] std::string beside(const api::virustotal::IpAddressReport& report) const;
  [[nodiscard]] std::string beside(const api::virustotal::DomainReport& report) const;
  [[nodiscard]] std::string beside(const api::virustotal::UrlReport& report) const;
  [[nodiscard]] std::string beside(const api::virustotal::FileReport& report) const;

  // ---- Identities ----

  /// The canonical URL that an id stands for, in either form; nothing when it was never heard of.
  [[nodiscard]] std::optional<std::string> url_of(std::string_view id) const;
  /// The id of a canonical URL, from now on known by it.
  std::string remember_url(const std::string& canonical);
  /// From now on one file, by whichever hash.
  void remember_file(const FileIdentity& identity);
  /// Of a file by one of its hashes; nothing when it is none.
  [[nodiscard]] std::optional<FileIdentity> identity_of(std::string_view hash) const;

  /// Forgets what was changed, and whose ids are whose.
  void clear() {
    fixed_addresses_.clear();
    fixed_domains_.clear();
    fixed_urls_.clear();
    fixed_files_.clear();
    urls_by_id_.clear();
    files_by_hash_.clear();
  }

  // ---- What was submitted is known from the end of its analysis on ----

  /// The report to bring up to date. One that is new has times_submitted 0.
  [[nodiscard]] VirusTotalOverride<api::virustotal::UrlReport> submit_url(const std::string& canonical);
  /// \param size  in bytes; negative: as before
  [[nodiscard]] VirusTotalOverride<api::virustotal::FileReport> submit_file(const FileIdentity& identity,
                                                                            std::int64_t size);

 private:
  template <class Report>
  using Overrides = TextMap<typename VirusTotalOverride<Report>::Held>;

  [[nodiscard]] api::virustotal::IpAddressReport derive_address(std::string_view id, AddressClass kind) const;
  [[nodiscard]] api::virustotal::DomainReport derive_domain(std::string_view name) const;
  [[nodiscard]] api::virustotal::UrlReport derive_url(const std::string& canonical) const;
  [[nodiscard]] api::virustotal::FileReport derive_file(const FileIdentity& identity) const;
  [[nodiscard]] Instant days_ago(Stream draws, std::uint64_t counter, std::uint64_t days) const;

  Stream addresses_;
  Stream domains_;
  Stream urls_;
  Stream files_;
  Stream details_;
  VirusTotalOptions options_;
  Overrides<api::virustotal::IpAddressReport> fixed_addresses_;
  Overrides<api::virustotal::DomainReport> fixed_domains_;
  Overrides<api::virustotal::UrlReport> fixed_urls_;    ///< by canonical URL
  Overrides<api::virustotal::FileReport> fixed_files_;  ///< by SHA-256
  TextMap<std::string> urls_by_id_;                     ///< SHA-256 to canonical URL
  TextMap<FileIdentity> files_by_hash_;                 ///< by whichever hash
};

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/virustotal_beside_inl.hpp>
#include <rushhour/fakes/detail/virustotal_objects_inl.hpp>
#endif
