/// \file
/// The fake of VirusTotal's API v3: IP address reports derived from the address and a seed, keys with their
/// three quotas, groups of keys that share one more, and the error answers as recorded. Spec: virustotal.md;
/// what VirusTotal does not publish is an option here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/address.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/fakes/service.hpp>
#include <rushhour/fakes/text_map.hpp>
#include <rushhour/random.hpp>

namespace rushhour::fakes {

struct VirusTotalKey {
  std::string key{};   ///< as the `x-apikey` header carries it; empty: one drawn from the seed and the name
  std::string name{};  ///< what reports and journals call it; never the key itself
  std::vector<limit::Profile> quota{limit::profiles::virustotal_public()};
  std::string group{};                     ///< whose quota its calls use up as well; empty: none
  limit::profiles::VirusTotalUsed used{};  ///< when the world starts

  /// Whether its quota is a public key's, whatever the numbers say.
  [[nodiscard]] bool is_public() const { return !quota.empty() && quota.front().group == "public"; }
  /// What VirusTotal's terms say of the use of such a key, for a report to print; empty for a premium key.
  /// DOC: docs.virustotal.com/reference/getting-started (v3: no commercial products or services) and
  /// docs.virustotal.com/v2.0/reference/public-vs-private-api (v2: nor business workflows).
  [[nodiscard]] std::string_view terms() const {
    if (!is_public()) return {};
    return "VirusTotal's public API must not be used in commercial products, services or business workflows: "
           "a "
           "public key is for trying things out, production needs a premium one";
  }
};

/// Keys whose calls use up one quota together. DOC: VirusTotal, Consumption quotas: user and group both
/// count.
struct VirusTotalGroup {
  std::string name{};
  std::vector<limit::Profile> quota{limit::profiles::virustotal_public()};
  limit::profiles::VirusTotalUsed used{};  ///< when the world starts
};

/// What VirusTotal does not publish, with the defaults that spec tag CHOICE gives.
struct VirusTotalOptions {
  /// When the world starts: reports carry dates from the year before it, and quotas that were used before it
  /// were used until then.
  Instant report_date{};
};

class VirusTotal final : public Service {
 public:
  VirusTotal(Ledger& ledger, Faults& faults, Random random, VirusTotalOptions options = {})
      : Service(api::Service::virustotal, ledger, faults, dialect(), behaviours(),
                Quotas{api::Service::virustotal}),
        reports_(random.stream("virustotal.report")),
        drawn_keys_(random.stream("virustotal.keys")),
        options_(options) {}

  /// Its group exists. A key of the same name is replaced, one of the same text now has this name.
  void add_key(VirusTotalKey key);
  /// Before the keys that belong to it.
  void add_group(VirusTotalGroup group);
  /// In the order in which they were added.
  [[nodiscard]] const std::vector<VirusTotalKey>& keys() const { return known_keys_; }
  /// By name; null: there is none. Good until the next add_key().
  [[nodiscard]] const VirusTotalKey* find_key(std::string_view name) const;

  /// Fixes what the engines say of an address from now on: `set_verdict("203.0.113.7", {.malicious = 12})`.
  void set_verdict(std::string_view address, api::virustotal::AnalysisStats stats) {
    verdicts_.insert_or_assign(canonical(address), stats);
  }
  /// Fixes the whole report of an address.
  void set_report(api::virustotal::IpAddressReport report) {
    std::string address = canonical(report.address);
    fixed_.insert_or_assign(std::move(address), std::move(report));
  }

  /// The report that the fake would answer, without quota or key; nothing when the address is not one.
  [[nodiscard]] std::optional<api::virustotal::IpAddressReport> report(std::string_view address) const;

  [[nodiscard]] Result<api::virustotal::IpAddressReport> on(const api::virustotal::GetIpAddress& request,
                                                            const Caller&, Instant) {
    note_subject(classify_address(request.ip));
    if (auto found = report(request.ip)) return std::move(*found);
    if (request.ip.empty()) {
      return Failure{.outcome = Outcome::not_found,
                     .status = 404,
                     .code = "NotFoundError",
                     .message = "Resource not found."};
    }
    // [CHOICE] the code is recorded for domains; the text for addresses is not known.
    return Failure{.outcome = Outcome::invalid,
                   .status = 400,
                   .code = "InvalidArgumentError",
                   .message = "\"" + request.ip + "\" is not a valid IP address"};
  }

 private:
  static Dialect dialect() {
    // [REC] 2020-09-30: the same body whichever of the three quotas it was, and no Retry-After.
    return {.throttled = {.outcome = Outcome::throttled,
                          .status = 429,
                          .code = "QuotaExceededError",
                          .message = "Quota exceeded"},
            .validation_code = "BadRequestError"};
  }
  static std::span<const Behaviour> behaviours() {
    static constexpr auto rows =
        behaviours_of<VirusTotal>(api::OperationsOf<api::Service::virustotal>::Type{});
    return rows;
  }
  friend class Service;

  bool authenticate(const Arrival& arrival, Instant /*now*/, Caller& caller) override {
    const auto* presented = std::get_if<api::ApiKey>(&arrival.identity);
    if (presented == nullptr || presented->key.empty()) {
      arrival.failure = {.outcome = Outcome::denied,
                         .status = 401,
                         .code = "AuthenticationRequiredError",
                         .message = "X-Apikey header is missing"};
      return false;
    }
    const auto known = keys_.find(presented->key);
    if (known == keys_.end()) {
      arrival.failure = {.outcome = Outcome::denied,
                         .status = 401,
                         .code = "WrongCredentialsError",
                         .message = "Wrong API key"};
      return false;
    }
    caller.principal = caller.account = known->second;
    return true;
  }

  static std::string canonical(std::string_view address);
  [[nodiscard]] api::virustotal::IpAddressReport derive(std::string_view address, AddressClass kind) const;

  /// Keys and groups have names of their own each, and quotas are found by one name.
  [[nodiscard]] Name account_of_group(std::string_view name) {
    return ledger().names().intern("group:" + std::string{name});
  }

  Stream reports_;
  Stream drawn_keys_;
  VirusTotalOptions options_;
  TextMap<Name> keys_;
  std::vector<VirusTotalKey> known_keys_;
  std::vector<std::string> groups_;
  TextMap<api::virustotal::AnalysisStats> verdicts_;
  TextMap<api::virustotal::IpAddressReport> fixed_;
};

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/virustotal_inl.hpp>
#endif
