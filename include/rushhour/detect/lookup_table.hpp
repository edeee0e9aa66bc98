/// \file
/// Panther's alternative to calls: a Lookup Table, which enriches events from rows that were loaded before.
/// It costs no call, knows only a part of the addresses, and what it knows is as old as its last refresh. How
/// the rows are fetched is not modelled.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include <rushhour/api/virustotal.hpp>
#include <rushhour/config.hpp>
#include <rushhour/digest.hpp>
#include <rushhour/random.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/time.hpp>

namespace rushhour::detect {

/// "The majority of enrichment use cases can be achieved using custom or built-in Lookup Tables" (Panther's
/// guide "Using AWS Secrets Manager with Panther Detections"). Rows are uploaded or synced from S3 by a
/// schedule [MEM].
class LookupTable {
 public:
  struct Options {
    /// Of the addresses, by a hash: an address is in the table always or never, and a larger share includes
    /// what a smaller one does.
    Ratio coverage{1, 1};
    /// From one refresh to the next, longer than 0; in step with 1970-01-01T00:00:00Z, so "24h" is at
    /// midnight UTC.
    Duration refresh{std::chrono::hours{24}};
    Stream stream{0};  ///< decides which addresses are covered
    /// The row of an address; nothing: the table has none, whatever the coverage. Without it rows are empty.
    std::function<std::optional<api::virustotal::IpAddressReport>(std::string_view)> report{};
  };

  explicit LookupTable(Options options) : options_(std::move(options)) {
    RUSHHOUR_ASSERT(options_.refresh > Duration::zero(), "a table is refreshed after some time");
  }

  [[nodiscard]] bool covers(std::string_view address) const {
    return chance(options_.stream.at(hash(address)), options_.coverage);
  }
  /// The last refresh that was over at `now`.
  [[nodiscard]] Instant refreshed(Instant now) const {
    const std::int64_t length = options_.refresh.count();
    const std::int64_t since = now.time_since_epoch().count() % length;
    return now - Duration{since < 0 ? since + length : since};
  }
  [[nodiscard]] bool has_rows() const { return options_.report != nullptr; }
  /// Only when has_rows().
  [[nodiscard]] std::optional<api::virustotal::IpAddressReport> row(std::string_view address) const {
    return options_.report(address);
  }

 private:
  Options options_;
};

}  // namespace rushhour::detect
