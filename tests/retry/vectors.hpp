/// \file
/// For the tests of retry policies: what the real clients were seen to do
/// (tests/conformance/retry_vectors.json), and calls that fail as often as one likes.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

#include <nlohmann/json.hpp>

#include <rushhour/ratio.hpp>
#include <rushhour/result.hpp>
#include <rushhour/retry/policy.hpp>
#include <rushhour/time.hpp>

namespace rushhour::retry::testing {

inline const Failure throttling{
    .outcome = Outcome::throttled, .status = 400, .code = "Throttling", .message = "Rate exceeded"};
inline const Failure unavailable{
    .outcome = Outcome::server_error, .status = 503, .code = "ServiceUnavailable"};
inline const Failure reset{.outcome = Outcome::reset};
inline const Failure timeout{.outcome = Outcome::timeout};

[[nodiscard]] inline nlohmann::json vectors() {
#if defined(RUSHHOUR_CONFORMANCE_DIR)
  const std::filesystem::path folder{RUSHHOUR_CONFORMANCE_DIR};
#else
  const std::filesystem::path folder =
      std::filesystem::path{__FILE__}.parent_path().parent_path() / "conformance";
#endif
  std::ifstream file{folder / "retry_vectors.json"};
  if (!file) throw std::runtime_error("cannot open " + (folder / "retry_vectors.json").string());
  return nlohmann::json::parse(file);
}

/// Published numbers are decimals of at most three places.
[[nodiscard]] inline Ratio thousandths(const nlohmann::json& value) {
  return {static_cast<std::uint64_t>(std::llround(value.get<double>() * 1000)), 1000};
}
[[nodiscard]] inline std::vector<Duration> delays(const nlohmann::json& seconds) {
  std::vector<Duration> out;
  for (const nlohmann::json& value : seconds)
    out.emplace_back(std::chrono::milliseconds{thousandths(value).numerator});
  return out;
}

/// The delays of a call whose every attempt fails with `failure`, under the random sequence of the vectors.
[[nodiscard]] inline std::vector<Duration> delays_of(Policy& policy, const Failure& failure) {
  const nlohmann::json sequence = vectors().at("random_sequence");
  std::vector<Duration> out;
  for (unsigned attempts = 1;; ++attempts) {
    const std::uint64_t bits = bits_of(thousandths(sequence.at(attempts - 1)));
    const auto delay = policy.before_retry(failure, attempts, Instant{}, bits);
    if (!delay) return out;
    out.push_back(*delay);
  }
}

/// What a total outage does to a client whose calls come one after another.
struct Outage {
  unsigned retries{};
  unsigned first_refused{};  ///< the number, from 0, of the first call that got fewer retries than it may
};

/// 400 calls whose every attempt fails.
[[nodiscard]] inline Outage outage(Policy& policy, const Failure& failure) {
  constexpr unsigned calls = 400;
  Outage out{.first_refused = calls};
  for (unsigned call = 0; call < calls; ++call) {
    unsigned attempts = 1;
    while (policy.before_retry(failure, attempts, Instant{}, 0)) ++attempts;
    out.retries += attempts - 1;
    if (attempts < policy.max_attempts() && out.first_refused == calls) out.first_refused = call;
  }
  return out;
}

}  // namespace rushhour::retry::testing
