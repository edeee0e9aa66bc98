/// \file
/// What the conformance tables are made of: a behaviour is a row with its source, asked for on every way in
/// (typed calls, HTTP messages in memory, a socket), and must give the same answer, journal and digest on
/// all. A table is one file beside this; README.md lists all rows.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "scene.hpp"

namespace rushhour::fakes::conformance {

/// No failure: the last call of a row went well.
inline const Failure fine{.outcome = Outcome::ok};

template <class T>
[[nodiscard]] Failure outcome(const Result<T>& result) {
  return result.ok() ? fine : result.failure();
}

/// A row's way to look at an answer: the call went well, and this is what it said.
[[nodiscard]] inline Failure answer(std::string text) {
  return {.outcome = Outcome::ok, .message = std::move(text)};
}
/// The whole answer as AWS JSON, or the failure.
template <api::IsOperation Op>
[[nodiscard]] Failure answer_json(const Result<typename Op::Output>& result) {
  if (!result.ok()) return result.failure();
  std::string text;
  aws::append_json(text, api::operation_of<Op>.output, &*result);
  return answer(std::move(text));
}

struct Behaviour {
  std::string_view name;
  std::string_view source;  ///< spec tag and page
  Failure expected;
  Failure (*act)(Scene& scene);
  void (*arrange)(PantherWorldOptions& options) = [](PantherWorldOptions&) {};
};

inline void PrintTo(const Behaviour& behaviour, std::ostream* out) {
  *out << behaviour.name << " [" << behaviour.source << "]";
}

/// A quota of `limit` a second for what the published rows cover.
template <class Fake>
void limit_to(Fake& fake, std::string_view service, std::uint64_t limit) {
  auto rows = limit::profiles::of(service);
  for (limit::Profile& row : rows) row.limit = limit;
  fake.quotas().replace(std::move(rows));
}

/// What a row left behind.
struct Ending {
  Failure last{};
  std::string transcript{};
  std::string journal{};
  std::string digest{};
};

[[nodiscard]] inline Ending run(const Behaviour& behaviour, Way way) {
  PantherWorldOptions options;
  behaviour.arrange(options);
  Scene scene{way, std::move(options)};
  const Failure last = behaviour.act(scene);
  return {last, scene.transcript, scene.journal(), scene.inside()->world.ledger.digest().text()};
}

class Conformance : public testing::TestWithParam<std::tuple<Behaviour, Way>> {};

TEST_P(Conformance, IsTheSameOnEveryWayIn) {
  const auto& [behaviour, way] = GetParam();
  const Ending seen = run(behaviour, way);
  EXPECT_EQ(seen.last, behaviour.expected)
      << "saw:      " << rushhour::to_text(seen.last)
      << "\nexpected: " << rushhour::to_text(behaviour.expected) << "\nsource: " << behaviour.source;
  if (way == Way::direct) return;
  const Ending direct = run(behaviour, Way::direct);
  EXPECT_EQ(seen.transcript, direct.transcript);
  EXPECT_EQ(seen.journal, direct.journal);
  EXPECT_EQ(seen.digest, direct.digest);
}

/// The row's name and way, for INSTANTIATE_TEST_SUITE_P.
inline std::string row_name(const testing::TestParamInfo<std::tuple<Behaviour, Way>>& row) {
  return std::string{std::get<0>(row.param).name} + "_" + std::string{to_text(std::get<1>(row.param))};
}
/// A table on all three ways in.
[[nodiscard]] inline auto on_every_way(std::vector<Behaviour> table) {
  return testing::Combine(testing::ValuesIn(std::move(table)),
                          testing::Values(Way::direct, Way::memory, Way::wire));
}

}  // namespace rushhour::fakes::conformance
