/// \file
/// Who may call the fake of VirusTotal, and how it behaves where the real service's behaviour is not known:
/// keys, groups, and one switch for each such choice. The fake itself is virustotal.hpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/limit/profiles.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

struct VirusTotalKey {
  std::string key{};   ///< as the `x-apikey` header carries it; empty: one drawn from the seed and the name
  std::string name{};  ///< what reports and journals call it; never the key itself
  std::vector<limit::Profile> quota{limit::profiles::virustotal_public()};
  std::string group{};                     ///< whose quota its calls use up as well; empty: none
  limit::profiles::VirusTotalUsed used{};  ///< when the world starts
  bool is_active{true};                    ///< otherwise 401 UserNotActiveError

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

/// Whether answers are compressed by gzip, to clients that take it (`Accept-Encoding: gzip`).
enum class VirusTotalCompression : std::uint8_t {
  none,         ///< to nobody [CHOICE]
  gzip_agents,  ///< to those whose User-Agent has "gzip" in it, as vt-py and vt-go say VirusTotal does [SRC]
  any_agent     ///< to all of them
};

/// What VirusTotal does not publish, with the defaults that spec tag CHOICE gives (spec virustotal.md). How
/// windows of quotas slide, and whether refused calls count, are options of the limits themselves
/// (limit/profiles.hpp: virustotal_public, virustotal_premium).
struct VirusTotalOptions {
  /// When the world starts: reports carry dates from the years before it, and quotas that were used before it
  /// were used until then.
  Instant report_date{};

  // ---- What costs quota (spec 2.2). Calls refused with 401 never do. ----

  bool failures_cost_quota{true};        ///< answers 400, 403, 404 and 409: a look-up was made
  bool submissions_cost_quota{false};    ///< POST /urls, /files and /{collection}/{id}/analyse
  bool account_calls_cost_quota{false};  ///< users, their quotas and usage, groups
  bool upload_urls_cost_quota{false};    ///< free by DOC (VirusTotal staff, vt-py#140)

  // ---- What exists ----

  /// Shares of all valid domains, URLs and files that the service has heard of. What it has not is 404 until
  /// it is submitted; tests and state files name single ones (VirusTotal::domain("x.com").unknown()).
  Ratio known_domains{1, 1};
  Ratio known_urls{1, 1};
  Ratio known_files{1, 1};
  /// A domain that it has not heard of answers 200 with hardly any attributes, instead of 404.
  bool unknown_domains_are_sparse{false};
  /// URLs and files whose ids and hashes are kept, so that one is found by all of them. Of what comes after,
  /// only the id that it was asked by is known.
  std::size_t identities_max{100'000};

  // ---- Analyses, on the clock ----

  Duration queued_for{std::chrono::seconds{10}};   ///< then it is in progress
  Duration analysed_in{std::chrono::seconds{60}};  ///< from submission to completion; at least queued_for
  Duration upload_url_valid_for{std::chrono::hours{1}};
  std::size_t upload_urls_max{10'000};  ///< open at a time; the oldest goes
  std::size_t analyses_max{100'000};    ///< remembered; the oldest goes

  // ---- Requests and answers ----

  std::int64_t page_limit_max{40};  ///< of collections; REC: more gives 40 (subfinder#1718)
  std::int64_t intelligence_limit_max{300};
  bool large_limits_are_refused{false};         ///< 400 instead of the greatest page
  bool has_counts{true};                        ///< `meta.count` in collections, as since 2022 [REC]
  bool public_keys_search_intelligence{false};  ///< otherwise 403 ForbiddenError
  bool takes_bare_objects{false};  ///< bodies without `data` around them, as an early XSOAR sends; else 400
  bool tells_wrong_keys{false};    ///< `Wrong API key: KEY`, as recorded in 2020, instead of `Wrong API key`
  bool domain_errors_have_bytes{false};  ///< `b'x' is not a valid domain pattern` [3P 2026]
  /// A Retry-After on 429; zero: none, as recorded.
  Duration retry_after{};
  /// Done by servers (http/server.hpp): bodies in memory are plain. State files say it too
  /// (VirusTotal::set_compression).
  VirusTotalCompression compression{};
  /// 429 as well. VirusTotal's came plain, to clients that had asked for gzip (vt-go#35).
  bool compresses_quota_errors{false};
};

}  // namespace rushhour::fakes
