#pragma once

#include <algorithm>
#include <limits>
#include <string_view>

#include <rushhour/detail/wide.hpp>
#include <rushhour/scenario/cost.hpp>

namespace rushhour::scenario {

namespace detail {

/// numerator / denominator to the nearest 10^-decimals, in those units. Saturates at 64 bits.
RUSHHOUR_INLINE std::uint64_t scaled(rushhour::detail::uint128 numerator,
                                     rushhour::detail::uint128 denominator, unsigned decimals) {
  using rushhour::detail::uint128;
  constexpr uint128 limit = std::numeric_limits<std::uint64_t>::max();
  uint128 whole = numerator / denominator;
  uint128 rest = numerator % denominator;
  for (unsigned i = 0; i < decimals && whole <= limit; ++i) {
    whole = whole * 10 + rest * 10 / denominator;
    rest = rest * 10 % denominator;
  }
  if (rest * 2 >= denominator) ++whole;
  return static_cast<std::uint64_t>(std::min(whole, limit));
}

/// Money is counted in billionths: a request costs 200 of them, and 64 bits hold 18,000 million of the
/// currency.
inline constexpr unsigned money_decimals = 9;
inline constexpr std::uint64_t money_unit = 1'000'000'000;

RUSHHOUR_INLINE std::uint64_t billionths(Ratio quantity, Ratio price) {
  using rushhour::detail::uint128;
  const Ratio a = Ratio{quantity.numerator, price.denominator}.reduced();
  const Ratio b = Ratio{price.numerator, quantity.denominator}.reduced();
  return scaled(static_cast<uint128>(a.numerator) * b.numerator,
                static_cast<uint128>(a.denominator) * b.denominator, money_decimals);
}

/// Collects the lines, and their sum.
class Bill {
 public:
  explicit Bill(const std::optional<Prices>& prices) : prices_(prices) {}

  void quantity(std::string_view name, Ratio amount, std::string_view unit, std::string how) {
    if (amount.numerator == 0) return;
    lines_.push_back({std::string{name}, amount.reduced(), std::string{unit}, std::move(how)});
  }
  /// `price` is for `per` units of `amount`.
  void charge(std::string_view name, Ratio amount, std::string_view unit, std::optional<Ratio> Prices::*price,
              std::uint64_t per) {
    if (!prices_ || !((*prices_).*price)) return;
    const Ratio each = *((*prices_).*price);
    // The divisor joins the quantity: 10,000 calls are at most 2^64 / 10,000 of what is paid for.
    const Ratio paid_for = Ratio{amount.numerator, amount.denominator * per}.reduced();
    const std::uint64_t money = billionths(paid_for, each);
    total_ = money > std::numeric_limits<std::uint64_t>::max() - total_
                 ? std::numeric_limits<std::uint64_t>::max()
                 : total_ + money;
    charges_.push_back({"cost." + std::string{name}, Ratio{money, money_unit}.reduced(), prices_->currency,
                        amount_text(amount) + " " + std::string{unit} + " x " + amount_text(each) + " " +
                            prices_->currency + (per == 1 ? "" : " / " + amount_text({per, 1}))});
  }
  [[nodiscard]] std::vector<CostLine> take() {
    lines_.insert(lines_.end(), charges_.begin(), charges_.end());
    if (!charges_.empty()) {
      lines_.push_back(
          {"cost.total", Ratio{total_, money_unit}.reduced(), prices_->currency, "the sum of the above"});
    }
    return std::move(lines_);
  }

 private:
  const std::optional<Prices>& prices_;
  std::vector<CostLine> lines_;
  std::vector<CostLine> charges_;
  std::uint64_t total_ = 0;
};

/// Which part of a month the run took, to the second.
RUSHHOUR_INLINE Ratio months(Duration length, std::uint64_t count) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(length).count();
  const auto month = std::chrono::floor<std::chrono::seconds>(billing_month).count();
  return Ratio{static_cast<std::uint64_t>(std::max<std::int64_t>(seconds, 0)) * count,
               static_cast<std::uint64_t>(month)}
      .reduced();
}

}  // namespace detail

RUSHHOUR_INLINE std::string amount_text(Ratio amount, unsigned decimals_max) {
  RUSHHOUR_ASSERT(decimals_max >= 1 && decimals_max < 19, "64 bits hold 18 decimals");
  const Ratio fraction{amount.numerator % amount.denominator, amount.denominator};
  std::string decimals =
      std::to_string(detail::scaled(fraction.numerator, fraction.denominator, decimals_max));
  if (decimals.size() <= decimals_max) decimals.insert(0, decimals_max + 1 - decimals.size(), '0');
  const auto carry = static_cast<std::uint64_t>(decimals[0] - '0');
  decimals.erase(decimals.find_last_not_of('0') + 1);
  std::string digits = std::to_string(amount.numerator / amount.denominator + carry);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return decimals.size() <= 1 ? digits : digits + "." + decimals.substr(1);
}

RUSHHOUR_INLINE std::vector<std::string> cost_names(const std::optional<Prices>& prices) {
  std::vector<std::string> out;
  if (!prices) return out;
  const auto add = [&](const std::optional<Ratio>& price, std::string_view name) {
    if (price) out.push_back("cost." + std::string{name});
  };
  add(prices->secretsmanager_10k_calls, "secretsmanager.calls");
  add(prices->secret_month, "secretsmanager.secrets");
  add(prices->lambda_gb_second, "lambda.gb_seconds");
  add(prices->lambda_million_requests, "lambda.requests");
  add(prices->virustotal_month, "virustotal.contract");
  add(prices->dynamodb_million_reads, "dynamodb.reads");
  add(prices->dynamodb_million_writes, "dynamodb.writes");
  if (!out.empty()) out.emplace_back("cost.total");
  return out;
}

RUSHHOUR_INLINE std::vector<CostLine> cost(const std::optional<Prices>& prices, const Consumption& used) {
  const Ratio secrets_calls{used.secretsmanager_calls, 1};
  const Ratio requests{used.lambda_requests, 1};
  const Ratio seconds = Ratio{used.lambda_billed_ms, 1'000}.reduced();
  const Ratio memory = Ratio{used.lambda_memory_mb, 1'024}.reduced();  // GB
  const Ratio gb_seconds =
      Ratio{seconds.numerator * memory.numerator, seconds.denominator * memory.denominator}.reduced();
  detail::Bill bill{prices};
  bill.quantity("billed.secretsmanager.calls", secrets_calls, "calls", "attempts that no limit refused");
  bill.quantity("billed.lambda.requests", requests, "requests", "invocations");
  bill.quantity("billed.lambda.gb_seconds", gb_seconds, "GB-seconds",
                amount_text({used.lambda_billed_ms, 1}) + " ms billed x " +
                    std::to_string(used.lambda_memory_mb) + " MB / 1,024 MB");
  bill.quantity("billed.dynamodb.reads", {used.dynamodb_read_halves, 2}, "units", "read request units");
  bill.quantity("billed.dynamodb.writes", {used.dynamodb_write_halves, 2}, "units", "write request units");
  bill.charge("secretsmanager.calls", secrets_calls, "calls", &Prices::secretsmanager_10k_calls, 10'000);
  bill.charge("secretsmanager.secrets", detail::months(used.length, used.secrets), "months of a secret",
              &Prices::secret_month, 1);
  bill.charge("lambda.gb_seconds", gb_seconds, "GB-seconds", &Prices::lambda_gb_second, 1);
  bill.charge("lambda.requests", requests, "requests", &Prices::lambda_million_requests, 1'000'000);
  bill.charge("virustotal.contract", detail::months(used.length, used.virustotal_calls > 0 ? 1 : 0),
              "months of the contract", &Prices::virustotal_month, 1);
  bill.charge("dynamodb.reads", Ratio{used.dynamodb_read_halves, 2}.reduced(), "units",
              &Prices::dynamodb_million_reads, 1'000'000);
  bill.charge("dynamodb.writes", Ratio{used.dynamodb_write_halves, 2}.reduced(), "units",
              &Prices::dynamodb_million_writes, 1'000'000);
  return bill.take();
}

}  // namespace rushhour::scenario
