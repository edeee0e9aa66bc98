/// \file
/// What a run's calls and computing come to in money, at prices that the scenario declares. It knows no price
/// of its own: prices change, differ by Region and contract, and a wrong one is worse than none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario {

/// Prices in one currency, as a scenario's `"prices"` gives them; what it leaves out is not priced. For
/// comparison (aws.amazon.com pricing pages as quoted by third parties, so verify before use): Secrets
/// Manager 0.05 USD for 10,000 calls and 0.40 USD for a secret a month, Lambda on x86 0.0000166667 USD a
/// GB-second and 0.20 USD for a million requests, DynamoDB on demand 0.125 USD for a million read request
/// units and 0.625 USD for a million write request units; calls to STS are free.
struct Prices {
  std::string currency{"USD"};
  std::optional<Ratio> secretsmanager_10k_calls{};
  std::optional<Ratio> secret_month{};      ///< of one secret
  std::optional<Ratio> lambda_gb_second{};  ///< one second of 1,024 MB
  std::optional<Ratio> lambda_million_requests{};
  std::optional<Ratio> virustotal_month{};         ///< of the contract, however many calls are made, if any
  std::optional<Ratio> dynamodb_million_reads{};   ///< read request units, on demand
  std::optional<Ratio> dynamodb_million_writes{};  ///< write request units, on demand
};

/// What was used, in the units that are billed.
struct Consumption {
  Duration length{};                     ///< of the run, for what is paid by the month
  std::uint64_t secretsmanager_calls{};  ///< attempts that no limit refused
  std::uint64_t secrets{};
  std::uint64_t lambda_requests{};
  std::uint64_t lambda_billed_ms{};
  std::uint32_t lambda_memory_mb{};
  std::uint64_t virustotal_calls{};
  std::uint64_t dynamodb_read_halves{};   ///< half read request units: an eventually consistent read is one
  std::uint64_t dynamodb_write_halves{};  ///< half write request units
};

/// One line of the bill, or of what would be on it.
struct CostLine {
  std::string name{};  ///< `billed.secretsmanager.calls` is a quantity, `cost.secretsmanager.calls` a charge
  Ratio amount{};      ///< money is rounded to the nearest billionth
  std::string unit{};  ///< the currency, `calls`, `requests`, `GB-seconds` or `units`
  std::string how{};   ///< how it was computed, in words

  friend bool operator==(const CostLine&, const CostLine&) = default;
};

/// A month is 30 days, and what is paid by the month is charged for the length of the run.
inline constexpr Duration billing_month = std::chrono::days{30};

/// First the quantities, without those of what was not used at all; then for each declared price what it
/// makes of them, 0 included, and their sum, `cost.total`.
///
/// \code
///   cost(Prices{.secretsmanager_10k_calls = Ratio{5, 100}}, {.secretsmanager_calls = 1'000'000});
///   // billed.secretsmanager.calls: 1,000,000 calls, attempts that no limit refused
///   // cost.secretsmanager.calls: 5 USD, 1,000,000 calls x 0.05 USD / 10,000
///   // cost.total: 5 USD, the sum of the above
/// \endcode
[[nodiscard]] std::vector<CostLine> cost(const std::optional<Prices>& prices, const Consumption& used);

/// The names of all charges that the prices make, known before a run: for budgets such as `cost.total <= 5`.
[[nodiscard]] std::vector<std::string> cost_names(const std::optional<Prices>& prices);

/// A ratio as a decimal that is exact up to `decimals_max` digits and rounded there: `0.0000166667`, `5`.
/// Thousands are grouped: `1,000,000`.
[[nodiscard]] std::string amount_text(Ratio amount, unsigned decimals_max = 12);

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/cost_inl.hpp>
#endif
