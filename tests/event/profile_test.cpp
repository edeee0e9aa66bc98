#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/event/profile/arrival_fit.hpp>
#include <rushhour/event/profile/sample.hpp>
#include <rushhour/event/profile/zipf_fit.hpp>
#include <rushhour/event/traffic/synthetic_cloudtrail.hpp>

namespace rushhour::event::profile {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const Instant start = *parse_iso8601("2026-03-02T14:00:00Z");

// ---- Populations. ----

Tally drawn(std::uint32_t count, Ratio exponent, std::uint64_t draws) {
  const AliasTable table = AliasTable::of_zipf(count, exponent);
  const Stream stream = Random{11}.stream("test.draws");
  std::map<std::uint32_t, std::uint64_t> counts;
  for (std::uint64_t i = 0; i < draws; ++i) ++counts[table(stream.at(i))];
  Tally out;
  for (const auto& [rank, number] : counts) out.counts.push_back(number);
  std::ranges::sort(out.counts, std::greater{});
  return out;
}

struct Population {
  std::uint32_t count;
  Ratio exponent;
};
class ZipfFits : public testing::TestWithParam<Population> {};

TEST_P(ZipfFits, FindThePopulationThatWasDrawnFrom) {
  const auto [count, exponent] = GetParam();
  const Tally tally = drawn(count, exponent, 40'000);
  const ZipfFit fit = fit_zipf(tally);
  // Near 0 the exponent hardly shows: the chance that two draws meet grows with its square.
  EXPECT_NEAR(fit.exponent.to_double(), exponent.to_double(), exponent.numerator == 0 ? 0.25 : 0.06);
  const detail::ZipfMoments moments = detail::zipf_moments(fit.count, fit.exponent.to_double(), 40'000);
  EXPECT_NEAR(moments.distinct, static_cast<double>(tally.distinct()), 1 + 0.01 * moments.distinct);
  EXPECT_NEAR(std::log(fit.count), std::log(count), 0.5);
}

INSTANTIATE_TEST_SUITE_P(Shapes, ZipfFits,
                         testing::Values(Population{1, {0, 1}}, Population{8, {0, 1}}, Population{50, {1, 1}},
                                         Population{5'000, {1, 2}}, Population{10'000, {11, 10}},
                                         Population{100'000, {6, 5}}, Population{200'000, {0, 1}}),
                         [](const auto& shape) { return "Of" + std::to_string(shape.param.count); });

/// Oracle O14 (spec of the simulation, 4.1): distinct ones of a hundred thousand in a million draws.
TEST(ZipfFit, AgreesWithTheClosedForm) {
  EXPECT_NEAR(detail::zipf_moments(100'000, 1, 1e6).distinct, 80'736.72, 80);
  EXPECT_NEAR(detail::zipf_moments(100'000, 1.2, 1e6).distinct, 46'520.61, 50);
  EXPECT_NEAR(detail::zipf_moments(1'000'000, 0.8, 1e6).distinct, 391'074.2, 400);
}

TEST(ZipfFit, OfFewEventsStaysWithinItsBounds) {
  EXPECT_EQ(fit_zipf({}).count, 1U);
  EXPECT_EQ(fit_zipf({{1}}).count, 1U);
  EXPECT_EQ(fit_zipf({{5}}).count, 1U);
  const ZipfFit all_different = fit_zipf({std::vector<std::uint64_t>(20, 1)});
  EXPECT_LE(all_different.count, population_max);
  EXPECT_GT(all_different.count, 20U);
}

TEST(SessionNames, AreAsManyAsEvenDrawsWouldShow) {
  std::vector<RoleSessions> roles;
  for (const std::uint64_t events : {5U, 40U, 400U}) {
    // 12 names: of 5 draws 4.2 are distinct, of 40 draws 11.6.
    roles.push_back(
        {events, static_cast<std::uint64_t>(std::lround(12 * (1 - std::pow(11.0 / 12, events))))});
  }
  EXPECT_NEAR(fit_session_names(roles), 12, 1);
}

// ---- Arrivals. ----

Sample sample_of(const traffic::ArrivalProcess& process, std::uint64_t events, Duration duration) {
  const auto arrivals =
      process({.events = events, .start = start, .duration = duration}, Random{3}.stream("test.arrivals"));
  Sample out;
  while (arrivals->peek() != nullptr) {
    out.seconds.push_back(
        std::chrono::floor<std::chrono::seconds>(arrivals->next()).time_since_epoch().count());
  }
  return out;
}

TEST(ArrivalFits, OfEvenSpacingAreConstant) {
  EXPECT_EQ(name_of(arrival_fits(sample_of(traffic::constant_arrivals(), 20'000, 1h)).front()), "constant");
  EXPECT_EQ(name_of(arrival_fits(sample_of(traffic::constant_arrivals(), 500, 2h)).front()), "constant");
}

TEST(ArrivalFits, OfIndependentEventsArePoisson) {
  for (const std::uint64_t events : {200U, 5'000U, 300'000U}) {
    EXPECT_EQ(name_of(arrival_fits(sample_of(traffic::poisson_arrivals(), events, 1h)).front()), "poisson")
        << events;
  }
}

TEST(ArrivalFits, OfOneBurstKnowWhenItWasAndHowStrong) {
  const traffic::BurstOptions truth{.from = 20min, .lasting = 5min, .factor = {10, 1}};
  const std::vector<ArrivalFit> fits = arrival_fits(sample_of(traffic::burst_arrivals(truth), 40'000, 1h));
  const auto* const fit = std::get_if<traffic::BurstOptions>(&fits.front());
  ASSERT_NE(fit, nullptr) << name_of(fits.front());
  EXPECT_NEAR(static_cast<double>((fit->from - truth.from) / 1s), 0, 2);
  EXPECT_NEAR(static_cast<double>((fit->lasting - truth.lasting) / 1s), 0, 2);
  EXPECT_NEAR(fit->factor.to_double(), 10, 0.3);
}

TEST(ArrivalFits, OfADayKnowItsPeak) {
  const traffic::DiurnalOptions truth{.peak_to_trough = {3, 1}, .peak = 15h};
  const std::vector<ArrivalFit> fits =
      arrival_fits(sample_of(traffic::diurnal_arrivals(truth), 100'000, 24h));
  const auto* const fit = std::get_if<traffic::DiurnalOptions>(&fits.front());
  ASSERT_NE(fit, nullptr) << name_of(fits.front());
  EXPECT_NEAR(fit->peak_to_trough.to_double(), 3, 0.25);
  EXPECT_NEAR(static_cast<double>(fit->peak / 1min), 15 * 60, 20);
}

TEST(ArrivalFits, OfCalmAndBurstsKnowRatesAndLengths) {
  const traffic::MmppOptions truth{.calm_to_burst = {1, 20}, .calm = 60s, .burst = 10s};
  const std::vector<ArrivalFit> fits = arrival_fits(sample_of(traffic::bursty_arrivals(truth), 200'000, 4h));
  const auto* const fit = std::get_if<traffic::MmppOptions>(&fits.front());
  ASSERT_NE(fit, nullptr) << name_of(fits.front());
  EXPECT_NEAR(fit->calm_to_burst.to_double(), 0.05, 0.005);
  // About 200 bursts: the mean of so many exponential lengths is off by 7 percent.
  EXPECT_NEAR(static_cast<double>(fit->calm / 1ms), 60'000, 13'000);
  EXPECT_NEAR(static_cast<double>(fit->burst / 1ms), 10'000, 2'200);
}

TEST(ArrivalFits, EndWithTheShapeOfTheSample) {
  const Sample sample = sample_of(traffic::poisson_arrivals(), 5'000, 3h);
  const std::vector<ArrivalFit> fits = arrival_fits(sample);
  const auto& shape = std::get<ShapeFit>(fits.back());
  EXPECT_EQ(shape.stretch, 10s);
  std::uint64_t sum = 0;
  for (const std::uint64_t each : shape.weights) sum += each;
  EXPECT_EQ(sum, sample.events());
  EXPECT_GE(shape.weights.size() * 10, static_cast<std::size_t>(sample.span() / 1s));
}

TEST(ArrivalFits, OfOneEventOrOneSecondAreTheirShape) {
  for (const std::size_t events : {1U, 30U}) {
    Sample sample;
    sample.seconds.assign(events, start.time_since_epoch() / 1s);
    const std::vector<ArrivalFit> fits = arrival_fits(sample);
    EXPECT_EQ(name_of(fits.front()), "shape");
    EXPECT_EQ(std::get<ShapeFit>(fits.back()).weights, std::vector<std::uint64_t>{events});
  }
}

/// Oracle O20 (spec of the simulation, 4.1).
TEST(TwoStates, HaveTheDispersionOfTheClosedForm) {
  // Rates and changes a second; the form for windows is the same with any unit.
  const TwoStates states{.rate = {50, 1'000}, .leave = {1.0 / 60, 1.0 / 10}};
  EXPECT_NEAR(states.dispersion(1), 573.57, 0.01);
  EXPECT_NEAR(states.dispersion(10), 4'181.08, 0.01);
  EXPECT_NEAR(states.dispersion(60), 8'745.99, 0.01);
}

// ---- What a sample keeps. ----

TEST(Sampler, CountsWhatSyntheticTrafficWasMadeOf) {
  traffic::SyntheticCloudTrail source{
      {.events = 20'000,
       .start = start,
       .users = 40,
       .user_exponent = {0, 1},
       .session_names = 5,
       .addresses = 100,
       .address_exponent = {0, 1},
       .secrets = 9,
       .sources = {.private_ipv4 = {1, 4}, .public_ipv6 = {1, 4}, .service_name = {1, 8}, .missing = {1, 8}}},
      Random{5}};
  Sampler sampler;
  for (Event event; source.next(event);) sampler.add(event, event.time() + 2min);
  const Sample sample = sampler.sample();
  EXPECT_EQ(sample.events(), 20'000U);
  EXPECT_EQ(sample.span(), 1h);
  EXPECT_EQ(sample.peak_minute(), 334U);
  EXPECT_EQ(sample.behind, 0U);
  EXPECT_EQ(sample.distinct_addresses(), 300U);
  EXPECT_NEAR(static_cast<double>(sample.classes[static_cast<std::size_t>(AddressClass::missing)]), 2'500,
              200);
  EXPECT_EQ(sample.users.distinct(), 40U);
  EXPECT_EQ(sample.sessions.size(), sample.roles);
  for (const RoleSessions& role : sample.sessions) EXPECT_EQ(role.names, 5U);
  EXPECT_EQ(sample.secrets.distinct(), 9U);
  EXPECT_NEAR(static_cast<double>(sample.events_named("GetSecretValue")), 800, 110);
  EXPECT_EQ(sample.other_names, 0U);
  EXPECT_EQ(sample.lateness.front(), 2min);
  EXPECT_EQ(sample.lateness.size(), 20'000U);
}

}  // namespace
}  // namespace rushhour::event::profile
