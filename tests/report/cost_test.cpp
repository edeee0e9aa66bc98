#include <rushhour/scenario/cost.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/scenario/detail/read_prices.hpp>
#include <rushhour/scenario/document.hpp>

namespace rushhour::scenario {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

Prices prices_of(std::string_view text) {
  const Document document = parse_document(text, "x.json");
  return detail::read_prices(Reader{document});
}

std::string mistake_in(std::string_view text) {
  try {
    static_cast<void>(prices_of(text));
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

const CostLine* find(const std::vector<CostLine>& lines, std::string_view name) {
  for (const CostLine& line : lines) {
    if (line.name == name) return &line;
  }
  return nullptr;
}

/// One a key, as the brochures had them.
const Prices list_prices{.secretsmanager_10k_calls = Ratio{5, 100},
                         .secret_month = Ratio{4, 10},
                         .lambda_gb_second = Ratio{166'667, 10'000'000'000},
                         .lambda_million_requests = Ratio{2, 10},
                         .virustotal_month = Ratio{720, 1}};

// simulation.md 3: "1M events/h with one GetSecretValue per event = $5.00/h".
TEST(Cost, OfAMillionSecretReadsIsFiveDollars) {
  const auto lines = cost(list_prices, {.length = 1h, .secretsmanager_calls = 1'000'000});
  const CostLine* line = find(lines, "cost.secretsmanager.calls");
  ASSERT_NE(line, nullptr);
  EXPECT_EQ(line->amount, (Ratio{5, 1}));
  EXPECT_EQ(line->unit, "USD");
  EXPECT_EQ(line->how, "1,000,000 calls x 0.05 USD / 10,000");
}

// "1 GB x 50 ms x 1M = 50,000 GB-s = $0.83/h of waiting".
TEST(Cost, OfFiftyThousandGigabyteSecondsIsEightyThreeCents) {
  const auto lines =
      cost(list_prices, {.length = 1h, .lambda_billed_ms = 50'000'000, .lambda_memory_mb = 1'024});
  ASSERT_NE(find(lines, "billed.lambda.gb_seconds"), nullptr);
  EXPECT_EQ(find(lines, "billed.lambda.gb_seconds")->amount, (Ratio{50'000, 1}));
  ASSERT_NE(find(lines, "cost.lambda.gb_seconds"), nullptr);
  EXPECT_EQ(find(lines, "cost.lambda.gb_seconds")->amount, (Ratio{833'335, 1'000'000}));
  EXPECT_EQ(find(lines, "cost.lambda.gb_seconds")->how, "50,000 GB-seconds x 0.0000166667 USD");
}

TEST(Cost, CountsMemoryInGigabytesOf1024) {
  const auto lines = cost({}, {.lambda_billed_ms = 1'500, .lambda_memory_mb = 512});
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].amount, (Ratio{3, 4}));
  EXPECT_EQ(lines[0].how, "1,500 ms billed x 512 MB / 1,024 MB");
}

TEST(Cost, KnowsNoMoneyWithoutPrices) {
  const auto lines = cost({}, {.length = 1h,
                               .secretsmanager_calls = 7,
                               .secrets = 1,
                               .lambda_requests = 3,
                               .lambda_billed_ms = 10,
                               .lambda_memory_mb = 1'024,
                               .virustotal_calls = 7});
  ASSERT_EQ(lines.size(), 3U);
  for (const CostLine& line : lines) EXPECT_THAT(line.name, testing::StartsWith("billed."));
}

TEST(Cost, OfWhatWasNotUsedIsNothing) {
  for (const CostLine& line : cost(list_prices, {.length = 1h})) {
    EXPECT_THAT(line.name, testing::StartsWith("cost."));
    EXPECT_EQ(line.amount, (Ratio{0, 1})) << line.name;
  }
}

TEST(Cost, HasNoPriceOfItsOwn) {
  const auto undeclared = cost(Prices{.lambda_gb_second = Ratio{1, 1'000}}, {.secretsmanager_calls = 10});
  ASSERT_EQ(undeclared.size(), 3U);
  EXPECT_EQ(undeclared[1].name, "cost.lambda.gb_seconds");
  EXPECT_EQ(undeclared[2].name, "cost.total");
  EXPECT_EQ(undeclared[0].name, "billed.secretsmanager.calls");
}

TEST(Cost, ChargesWhatIsPaidByTheMonthForTheLengthOfTheRun) {
  const auto lines =
      cost(list_prices, {.length = 1h, .secretsmanager_calls = 1, .secrets = 2, .virustotal_calls = 1});
  ASSERT_NE(find(lines, "cost.virustotal.contract"), nullptr);
  EXPECT_EQ(find(lines, "cost.virustotal.contract")->amount, (Ratio{1, 1})) << "720 a month of 720 hours";
  ASSERT_NE(find(lines, "cost.secretsmanager.secrets"), nullptr);
  EXPECT_EQ(find(lines, "cost.secretsmanager.secrets")->amount, (Ratio{1'111'111, 1'000'000'000}))
      << "2 x 0.40 / 720, to the nearest billionth";
}

TEST(Cost, NamesEachChargeBeforeTheRun) {
  EXPECT_TRUE(cost_names({}).empty());
  std::vector<std::string> charged;
  for (const CostLine& line : cost(list_prices, {})) {
    if (line.unit == "USD") charged.push_back(line.name);
  }
  EXPECT_EQ(cost_names(list_prices), charged);
  EXPECT_EQ(cost_names(Prices{.secret_month = Ratio{1, 1}}),
            (std::vector<std::string>{"cost.secretsmanager.secrets", "cost.total"}));
}

TEST(Cost, EndsWithTheSum) {
  const auto lines = cost(list_prices, {.secretsmanager_calls = 10'000, .lambda_requests = 1'000'000});
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines.back().name, "cost.total");
  EXPECT_EQ(lines.back().amount, (Ratio{25, 100}));
}

TEST(Cost, SurvivesWhatNobodyCanPay) {
  constexpr std::uint64_t many = 1'000'000'000'000'000'000;
  const auto lines =
      cost(Prices{.secretsmanager_10k_calls = Ratio{1'000, 1}, .virustotal_month = Ratio{1'000, 1}},
           {.length = 24h * 364, .secretsmanager_calls = many, .virustotal_calls = many});
  EXPECT_EQ(lines.back().amount, (Ratio{18'446'744'073'709'551'615U, 1'000'000'000})) << "it saturates";
}

TEST(AmountText, IsExactWhereItCanBe) {
  EXPECT_EQ(amount_text({166'667, 10'000'000'000}), "0.0000166667");
  EXPECT_EQ(amount_text({5, 1}), "5");
  EXPECT_EQ(amount_text({0, 1}), "0");
  EXPECT_EQ(amount_text({1'234'567, 1'000}), "1,234.567");
  EXPECT_EQ(amount_text({1'000'000, 1}), "1,000,000");
  EXPECT_EQ(amount_text({1, 3}, 4), "0.3333");
  EXPECT_EQ(amount_text({2, 3}, 4), "0.6667");
  EXPECT_EQ(amount_text({99'999, 100'000}, 2), "1");
  EXPECT_EQ(amount_text({18'446'744'073'709'551'615U, 1}), "18,446,744,073,709,551,615");
}

TEST(Prices, AreReadAsExactDecimals) {
  const Prices prices =
      prices_of(R"({"currency": "EUR", "secretsmanager_10k_calls": 0.05, "secret_month": 0.40,
      "lambda_gb_second": 0.0000166667, "lambda_million_requests": 0.20, "virustotal_month": 5000})");
  EXPECT_EQ(prices.currency, "EUR");
  EXPECT_EQ(prices.secretsmanager_10k_calls, (Ratio{1, 20}));
  EXPECT_EQ(prices.secret_month, (Ratio{2, 5}));
  EXPECT_EQ(prices.lambda_gb_second, (Ratio{166'667, 10'000'000'000}));
  EXPECT_EQ(prices.lambda_million_requests, (Ratio{1, 5}));
  EXPECT_EQ(prices.virustotal_month, (Ratio{5'000, 1}));
}

TEST(Prices, AreDollarsAndUnknownUnlessGiven) {
  const Prices prices = prices_of(R"({"secret_month": 0})");
  EXPECT_EQ(prices.currency, "USD");
  EXPECT_EQ(prices.secret_month, (Ratio{0, 1}));
  EXPECT_FALSE(prices.lambda_gb_second);
}

TEST(Prices, RefuseWhatIsNoPrice) {
  EXPECT_THAT(mistake_in("{}"), HasSubstr("expected at least one price"));
  EXPECT_THAT(mistake_in(R"({"currency": "dollars", "secret_month": 1})"),
              HasSubstr("three capital letters"));
  EXPECT_THAT(mistake_in(R"({"secret_month": -1})"), HasSubstr("a ratio from 0 to 1000000"));
  EXPECT_THAT(mistake_in(R"({"lambda_gb_second": 1.5})"), HasSubstr("from 0 to 1"));
  EXPECT_THAT(mistake_in(R"({"secrets_month": 1})"), HasSubstr("did you mean \"secret_month\"?"));
}

}  // namespace
}  // namespace rushhour::scenario
