/// \file
/// How long answers take: a distribution per operation, in exact integers. The client's loop waits it out;
/// services decide at the instant at which they are asked.
#pragma once

#include <array>
#include <cstdint>

#include <rushhour/api/operation.hpp>
#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::api {

/// `fixed`: `low`. `uniform`: from `low` to `high`. `exponential`: `low` plus an exponential of mean `high`.
struct Latency {
  enum class Kind : std::uint8_t { fixed, uniform, exponential };
  Kind kind{Kind::fixed};
  Duration low{};
  Duration high{};

  [[nodiscard]] Duration sample(std::uint64_t bits) const {
    switch (kind) {
      case Kind::fixed:
        return low;
      case Kind::uniform:
        return low + Duration{static_cast<std::int64_t>(
                         uniform_below(bits, static_cast<std::uint64_t>((high - low).count()) + 1))};
      case Kind::exponential:
        return low + exponential(bits, high);
    }
    return low;
  }
};

/// The latency of every operation; zero where nothing is set.
class Latencies {
 public:
  void set(Service service, Latency latency) {
    for (Latency& row : rows_[static_cast<std::size_t>(service)]) row = latency;
  }
  void set(const Operation& operation, Latency latency) {
    rows_[static_cast<std::size_t>(operation.service)].at(operation.index) = latency;
  }
  [[nodiscard]] const Latency& of(const Operation& operation) const {
    return rows_[static_cast<std::size_t>(operation.service)][operation.index];
  }

 private:
  static constexpr std::size_t operations_max = 64;  // VirusTotal has 54, the most of all services
  std::array<std::array<Latency, operations_max>, service_count> rows_{};
};

}  // namespace rushhour::api
