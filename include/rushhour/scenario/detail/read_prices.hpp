/// \file
/// Reads a scenario's prices.
#pragma once

#include <algorithm>
#include <array>
#include <utility>

#include <rushhour/scenario/cost.hpp>
#include <rushhour/scenario/reader.hpp>

namespace rushhour::scenario::detail {

/// A key of `"prices"`, what it sets, and how much it may be: so little that no bill leaves 64 bits.
struct PriceKey {
  std::string_view key;
  std::optional<Ratio> Prices::*price;
  Ratio max;
};
inline constexpr std::array<PriceKey, 7> price_keys{{
    {"secretsmanager_10k_calls", &Prices::secretsmanager_10k_calls, {1'000, 1}},
    {"secret_month", &Prices::secret_month, {1'000'000, 1}},
    {"lambda_gb_second", &Prices::lambda_gb_second, {1, 1}},
    {"lambda_million_requests", &Prices::lambda_million_requests, {1'000, 1}},
    {"virustotal_month", &Prices::virustotal_month, {100'000'000, 1}},
    {"dynamodb_million_reads", &Prices::dynamodb_million_reads, {1'000, 1}},
    {"dynamodb_million_writes", &Prices::dynamodb_million_writes, {1'000, 1}},
}};

/// `{"currency": "USD", "secretsmanager_10k_calls": 0.05, "lambda_gb_second": 0.0000166667}`: decimals, read
/// exactly.
inline Prices read_prices(Reader reader) {
  Prices prices;
  if (const auto currency = reader.find("currency")) {
    prices.currency = currency->text();
    const bool letters = std::all_of(prices.currency.begin(), prices.currency.end(),
                                     [](char c) { return c >= 'A' && c <= 'Z'; });
    if (prices.currency.size() != 3 || !letters)
      currency->fail("a currency of three capital letters, such as \"USD\"");
  }
  bool any = false;
  for (const PriceKey& each : price_keys) {
    const auto value = reader.find(each.key);
    if (!value) continue;
    prices.*each.price = value->ratio({.max = each.max});
    any = true;
  }
  reader.done();
  if (!any) reader.value().fail("at least one price", "leave \"prices\" away to see quantities only");
  return prices;
}

}  // namespace rushhour::scenario::detail
