/// \file
/// The limits that real services publish, as rows of data with their sources, and the limiters made from
/// them. It keeps no limiter itself: a service makes one per account or key and group, and charges it.
///
///     // No group: the call is charged to nothing. One limiter for each account and Region.
///     if (const auto group = profiles::find("sts", "AssumeRole")) limiter = profiles::make(*group);
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/limit/composite.hpp>
#include <rushhour/limit/fixed_window.hpp>
#include <rushhour/limit/gcra.hpp>
#include <rushhour/limit/limiter.hpp>
#include <rushhour/limit/overdraft_bucket.hpp>
#include <rushhour/limit/sliding_counter.hpp>
#include <rushhour/limit/sliding_log.hpp>
#include <rushhour/limit/token_bucket.hpp>
#include <rushhour/time.hpp>

namespace rushhour::limit {

/// How well a number is known.
enum class Evidence : std::uint8_t {
  recorded,     ///< seen from the real service
  documented,   ///< the service's own documentation says so
  from_memory,  ///< not verified
  choice        ///< unpublished: chosen here, or given by the user
};

/// `REC`, `DOC`, `MEM`, `CHOICE`.
[[nodiscard]] constexpr std::string_view to_text(Evidence evidence) {
  constexpr std::array<std::string_view, 4> texts{"REC", "DOC", "MEM", "CHOICE"};
  return texts[static_cast<std::size_t>(evidence)];
}

/// One limit. Rows of one service and group follow each other and apply together, to all operations that the
/// first of them covers. The texts are views: rows made at run time take theirs from where they outlive the
/// row.
struct Profile {
  std::string_view service{};     ///< `sts`
  std::string_view group{};       ///< what is charged together, unique within the service: `secret-read`
  std::string_view operations{};  ///< with a space between; `*`: every call that the service charges at all
  std::string_view scope{};       ///< whose quota it is: `account and Region`
  std::uint64_t limit{};          ///< calls per window
  Duration window{};
  bool calendar_month{};  ///< the UTC calendar month instead of `window`; only for fixed_window
  std::uint64_t burst{};  ///< calls that may come at once, for buckets; 0: as many as `limit`
  Duration lag{};         ///< how long an empty bucket may be overdrawn; only for overdraft_bucket
  bool rejected_count{};  ///< refused calls count as well, for windows
  /// Calls already counted in the window that holds `used_at`, at most `limit`; only for fixed_window.
  std::uint64_t used{};
  Instant used_at{};
  std::unique_ptr<Limiter> (*make)(const Profile&){};  ///< the algorithm: one of those in `profiles`
  std::string_view source{};
  Evidence evidence{Evidence::choice};
};

namespace profiles {

// ---- Algorithms: what a row's `make` may be. ----

[[nodiscard]] inline std::unique_ptr<Limiter> token_bucket(const Profile& row) {
  return std::make_unique<TokenBucket>(
      TokenBucketOptions{.limit = row.limit, .window = row.window, .burst = row.burst});
}
[[nodiscard]] inline std::unique_ptr<Limiter> discrete_token_bucket(const Profile& row) {
  return std::make_unique<DiscreteTokenBucket>(
      TokenBucketOptions{.limit = row.limit, .window = row.window, .burst = row.burst});
}
[[nodiscard]] inline std::unique_ptr<Limiter> gcra(const Profile& row) {
  return std::make_unique<Gcra>(GcraOptions{.limit = row.limit, .window = row.window, .burst = row.burst});
}
[[nodiscard]] inline std::unique_ptr<Limiter> overdraft_bucket(const Profile& row) {
  return std::make_unique<OverdraftBucket>(
      OverdraftBucketOptions{.limit = row.limit, .window = row.window, .burst = row.burst, .lag = row.lag});
}
[[nodiscard]] inline std::unique_ptr<Limiter> fixed_window(const Profile& row) {
  return std::make_unique<FixedWindow>(FixedWindowOptions{.limit = row.limit,
                                                          .window = row.window,
                                                          .calendar_month = row.calendar_month,
                                                          .rejected_count = row.rejected_count,
                                                          .used = row.used,
                                                          .used_at = row.used_at});
}
[[nodiscard]] inline std::unique_ptr<Limiter> sliding_log(const Profile& row) {
  return std::make_unique<SlidingLog>(
      SlidingLogOptions{.limit = row.limit, .window = row.window, .rejected_count = row.rejected_count});
}
[[nodiscard]] inline std::unique_ptr<Limiter> sliding_counter(const Profile& row) {
  return std::make_unique<SlidingCounter>(
      SlidingCounterOptions{.limit = row.limit, .window = row.window, .rejected_count = row.rejected_count});
}

// ---- The rows. A new limit is one row. ----

namespace detail {

inline constexpr std::string_view sts_page =
    "IAM User Guide, STS request quotas: 600/s shared by the first six operations; calls without a signature "
    "and service principals consume nothing. The three newer ones count by choice, the stricter reading. "
    "Refilled every second: AWS Security Blog, How to monitor and query IAM resources at scale, part 2. "
    "Burst unpublished: the rate, by choice";
inline constexpr std::string_view secrets_page =
    "Secrets Manager User Guide, reference_limits. Algorithm and burst unpublished: as STS, by choice";
inline constexpr std::string_view secrets_page_2022 =
    "Secrets Manager User Guide, reference_limits as of 2022-08-03. Algorithm and burst unpublished: as "
    "STS, by choice";
inline constexpr std::string_view virustotal_minute =
    "VirusTotal, Public vs Premium API: 4 requests/min. Whether it slides, and whether refused calls count, "
    "is unpublished: slides, no, by choice";
inline constexpr std::string_view virustotal_day =
    "VirusTotal, Public vs Premium API: 500 requests/day; Consumption quotas: resets at 00:00 UTC. Whether "
    "refused calls count is unpublished: no, by choice";
inline constexpr std::string_view virustotal_month =
    "VirusTotal web interface, 15.5 K/month, quoted in wtfis issues 26 and 32; Consumption quotas: resets "
    "at 00:00 UTC on the 1st. Whether refused calls count is unpublished: no, by choice";
inline constexpr std::string_view virustotal_contract =
    "given by the user: a premium key's limits are in its contract";

/// A quota of AWS: so many calls a second for an account in a Region, in a bucket refilled every second.
/// Calls across accounts are charged to the caller's account, for both services.
[[nodiscard]] constexpr Profile aws_row(std::string_view service, std::string_view group,
                                        std::string_view operations, std::uint64_t limit_per_second,
                                        std::string_view source) {
  return {.service = service,
          .group = group,
          .operations = operations,
          .scope = "the caller's account and Region",
          .limit = limit_per_second,
          .window = std::chrono::seconds{1},
          .make = discrete_token_bucket,
          .source = source,
          .evidence = Evidence::documented};
}

}  // namespace detail

/// All published limits, services in order of their names. A group's index is that of its first row.
inline constexpr auto published = std::to_array<Profile>({
    // clang-format off
    detail::aws_row("secretsmanager", "secret-read",
                    "DescribeSecret GetSecretValue", 10'000,
                    detail::secrets_page),
    detail::aws_row("secretsmanager", "batch-read",
                    "BatchGetSecretValue", 100,
                    detail::secrets_page),
    detail::aws_row("secretsmanager", "resource-policy",
                    "DeleteResourcePolicy GetResourcePolicy PutResourcePolicy "
                    "ValidateResourcePolicy", 50,
                    detail::secrets_page),
    detail::aws_row("secretsmanager", "secret-write",
                    "PutSecretValue RemoveRegionsFromReplication ReplicateSecretToRegions "
                    "StopReplicationToReplica UpdateSecret UpdateSecretVersionStage", 50,
                    detail::secrets_page),
    detail::aws_row("secretsmanager", "restore",
                    "RestoreSecret", 50,
                    detail::secrets_page),
    detail::aws_row("secretsmanager", "rotation",
                    "CancelRotateSecret RotateSecret", 50,
                    detail::secrets_page),
    detail::aws_row("secretsmanager", "tags",
                    "TagResource UntagResource", 50,
                    detail::secrets_page),
    detail::aws_row("secretsmanager", "create",
                    "CreateSecret", 50,
                    detail::secrets_page_2022),
    detail::aws_row("secretsmanager", "delete",
                    "DeleteSecret", 50,
                    detail::secrets_page_2022),
    detail::aws_row("secretsmanager", "random-password",
                    "GetRandomPassword", 50,
                    detail::secrets_page_2022),
    detail::aws_row("secretsmanager", "lists",
                    "ListSecretVersionIds ListSecrets", 50,
                    detail::secrets_page_2022),
    detail::aws_row("sts", "requests",
                    "AssumeRole DecodeAuthorizationMessage GetAccessKeyInfo GetCallerIdentity "
                    "GetFederationToken GetSessionToken AssumeRoot GetDelegatedAccessToken "
                    "GetWebIdentityToken", 600,
                    detail::sts_page),
    // clang-format on
    Profile{.service = "virustotal",
            .group = "public",
            .operations = "*",
            .scope = "API key",
            .limit = 4,
            .window = std::chrono::minutes{1},
            .make = sliding_log,
            .source = detail::virustotal_minute,
            .evidence = Evidence::documented},
    Profile{.service = "virustotal",
            .group = "public",
            .operations = "*",
            .scope = "API key",
            .limit = 500,
            .window = std::chrono::days{1},
            .make = fixed_window,
            .source = detail::virustotal_day,
            .evidence = Evidence::documented},
    Profile{.service = "virustotal",
            .group = "public",
            .operations = "*",
            .scope = "API key",
            .limit = 15'500,
            .window = std::chrono::days{31},
            .calendar_month = true,
            .make = fixed_window,
            .source = detail::virustotal_month,
            .evidence = Evidence::documented},
});

// ---- Asking them. `rows` are all of the published ones, or those of a service, perhaps changed. ----

/// Whether the row covers the operation.
[[nodiscard]] constexpr bool covers(const Profile& row, std::string_view operation) {
  if (row.operations == "*") return true;
  for (std::string_view rest = row.operations; !rest.empty();) {
    const std::size_t space = std::min(rest.find(' '), rest.size());
    if (rest.substr(0, space) == operation) return true;
    rest.remove_prefix(std::min(space + 1, rest.size()));
  }
  return false;
}

/// The group that a call is charged to: the index of its first row. Nothing: the call is charged to none.
[[nodiscard]] constexpr std::optional<std::size_t> find(std::string_view service, std::string_view operation,
                                                        std::span<const Profile> rows = published) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].service == service && covers(rows[i], operation)) return i;
  }
  return std::nullopt;
}

/// The rows of the group that begins at `index`.
[[nodiscard]] constexpr std::span<const Profile> group(std::size_t index,
                                                       std::span<const Profile> rows = published) {
  RUSHHOUR_ASSERT(index < rows.size(), "no such group");
  std::size_t end = index + 1;
  while (end < rows.size() && rows[end].service == rows[index].service &&
         rows[end].group == rows[index].group)
    ++end;
  return rows.subspan(index, end - index);
}

/// A fresh limiter for one account or key: the row's own, or where several rows apply all of theirs together.
[[nodiscard]] inline std::unique_ptr<Limiter> make(std::size_t index,
                                                   std::span<const Profile> rows = published) {
  const std::span<const Profile> applying = group(index, rows);
  if (applying.size() == 1) return applying.front().make(applying.front());
  std::vector<std::unique_ptr<Limiter>> parts;
  for (const Profile& row : applying) parts.push_back(row.make(row));
  return std::make_unique<Composite>(std::move(parts));
}

// ---- Changing them. ----

/// A copy of one service's published rows, to change: `auto rows = profiles::of("sts"); rows[0].burst =
/// 1'200;`
[[nodiscard]] inline std::vector<Profile> of(std::string_view service) {
  std::vector<Profile> rows;
  std::copy_if(published.begin(), published.end(), std::back_inserter(rows),
               [service](const Profile& row) { return row.service == service; });
  return rows;
}

/// What the pages of Secrets Manager leave open.
struct SecretsManagerOptions {
  /// ListSecrets has 100 a second of its own, as a page later than that of 2022 may say: from memory. Unless
  /// set, the stricter reading: 50 together with ListSecretVersionIds.
  bool lists_apart{};
};

[[nodiscard]] inline std::vector<Profile> secretsmanager(SecretsManagerOptions options = {}) {
  std::vector<Profile> rows = of("secretsmanager");
  if (!options.lists_apart) return rows;
  const auto lists =
      std::find_if(rows.begin(), rows.end(), [](const Profile& row) { return row.group == "lists"; });
  lists->operations = "ListSecretVersionIds";
  lists->evidence = Evidence::from_memory;
  Profile secrets = *lists;
  secrets.group = "list-secrets";
  secrets.operations = "ListSecrets";
  secrets.limit = 100;
  rows.push_back(secrets);
  return rows;
}

/// What VirusTotal does not publish.
struct VirusTotalOptions {
  bool minute_aligned{};  ///< the minute limit counts whole minutes instead of the last 60 seconds
  bool rejected_count{};  ///< refused calls use up all three limits
};

/// The rows of a public key: 4 a minute, 500 a UTC day, 15,500 a UTC month.
[[nodiscard]] inline std::vector<Profile> virustotal_public(VirusTotalOptions options = {}) {
  std::vector<Profile> rows = of("virustotal");
  if (options.minute_aligned) rows.front().make = fixed_window;
  for (Profile& row : rows) row.rejected_count = options.rejected_count;
  return rows;
}

/// What a premium key's contract says, in calls; 0: there is no such limit. At least one is not 0.
struct VirusTotalLimits {
  std::uint64_t minute{};
  std::uint64_t day{};
  std::uint64_t month{};
};

[[nodiscard]] inline std::vector<Profile> virustotal_premium(VirusTotalLimits limits,
                                                             VirusTotalOptions options = {}) {
  std::vector<Profile> rows = virustotal_public(options);
  const std::array<std::uint64_t, 3> numbers{limits.minute, limits.day, limits.month};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].group = "premium";
    rows[i].limit = numbers[i];
    rows[i].source = detail::virustotal_contract;
    rows[i].evidence = Evidence::choice;
  }
  std::erase_if(rows, [](const Profile& row) { return row.limit == 0; });
  RUSHHOUR_ASSERT(!rows.empty(), "a premium key has at least one limit");
  return rows;
}

/// How many of a VirusTotal key's calls are gone already, as its `overall_quotas` say: in the UTC day, and in
/// the UTC month. At most the limits.
struct VirusTotalUsed {
  std::uint64_t day{};
  std::uint64_t month{};  ///< the day's calls are among the month's: less than `day` counts as `day`
};

/// Makes each key with these rows begin with that much used in the day and the month that hold `at`. A limit
/// that the rows do not have is not used up, and the minute's begins unused.
///
///     auto rows = profiles::virustotal_public();
///     profiles::already_used(rows, {.day = 120}, start);  // 380 calls are left of the day
inline void already_used(std::vector<Profile>& rows, VirusTotalUsed used, Instant at) {
  for (Profile& row : rows) {
    const bool day = !row.calendar_month && row.window == std::chrono::days{1};
    if (row.service != "virustotal" || row.make != fixed_window || !(day || row.calendar_month)) continue;
    row.used = day ? used.day : std::max(used.day, used.month);
    row.used_at = at;
  }
}

}  // namespace profiles
}  // namespace rushhour::limit
