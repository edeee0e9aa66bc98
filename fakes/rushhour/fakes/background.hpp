/// \file
/// Who else uses a VirusTotal key: analysts and scripts whose look-ups use its quota up while detections run.
/// It keeps the time of nobody: whoever does asks for the next instant, and makes the call then.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/api/endpoint.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/config.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/names.hpp>
#include <rushhour/random.hpp>
#include <rushhour/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

/// Another user of a key, who tries nothing again.
struct BackgroundConsumer {
  std::string name{};              ///< journalled as the detection `background:<name>`; unlike the others'
  std::string key{};               ///< by its name
  std::uint64_t calls_per_hour{};  ///< 1 to 1,000,000
  bool poisson{};  ///< independent of each other, at that mean rate; else evenly spaced, half a space after
                   ///< the start
};

/// All of a world's.
///
/// \code
///   fakes::Background background{world, {{.name = "analysts", .key = "soc", .calls_per_hour = 60}}, start};
///   while (background.next() < end) {
///     clock.sleep_until(background.next());
///     background.perform();
///   }
/// \endcode
class Background {
 public:
  static constexpr std::uint64_t calls_per_hour_max = 1'000'000;

  /// `world` outlives it and has the keys. Of the calls none is before `start`.
  Background(World& world, std::vector<BackgroundConsumer> consumers, Instant start)
      : world_(world), start_(start) {
    for (BackgroundConsumer& consumer : consumers) {
      RUSHHOUR_ASSERT(consumer.calls_per_hour >= 1 && consumer.calls_per_hour <= calls_per_hour_max,
                      "a background consumer makes 1 to 1,000,000 calls an hour");
      const VirusTotalKey* const key = world.virustotal.find_key(consumer.key);
      RUSHHOUR_ASSERT(key != nullptr, "a background consumer's key is one of the world's");
      Consumer made{.gaps = world.random.stream("background." + consumer.name),
                    .key = api::ApiKey{key->key},
                    .attribution = {.detection = world.ledger.names().intern("background:" + consumer.name),
                                    .attempt = 1},
                    .next = start};
      made.plan = std::move(consumer);
      plan_next(made);
      consumers_.push_back(std::move(made));
    }
    find_next();
  }

  /// When the next call is due; Instant::max(): never, there is nobody. Of calls due at one instant the
  /// consumer that was named first goes first.
  [[nodiscard]] Instant next() const {
    return consumers_.empty() ? Instant::max() : consumers_[earliest_].next;
  }

  /// Makes the call that is due, at next(): the world's time must not be beyond it. Returns its outcome.
  Outcome perform() {
    RUSHHOUR_ASSERT(!consumers_.empty(), "somebody makes calls");
    Consumer& consumer = consumers_[earliest_];
    const api::virustotal::GetIpAddress request{.ip = "8.8.8.8"};
    api::virustotal::GetIpAddress::Output report;
    Failure failure;
    const bool ok = world_.perform({api::operation_of<api::virustotal::GetIpAddress>, &request, &report,
                                    consumer.key, consumer.attribution, failure},
                                   consumer.next);
    ++consumer.made;
    plan_next(consumer);
    find_next();
    return ok ? Outcome::ok : failure.outcome;
  }

 private:
  struct Consumer {
    Stream gaps;
    api::Identity key{};
    api::Attribution attribution{};
    Instant next{};
    std::uint64_t made{};
    BackgroundConsumer plan{};
  };

  void plan_next(Consumer& consumer) const {
    constexpr Duration hour = std::chrono::hours{1};
    const std::uint64_t rate = consumer.plan.calls_per_hour;
    if (consumer.plan.poisson) {
      consumer.next += exponential(consumer.gaps.at(consumer.made), hour / static_cast<std::int64_t>(rate));
      return;
    }
    // From the start each time, so that no rounding adds up.
    const std::uint64_t of_hour = consumer.made % rate;
    const auto within =
        static_cast<std::int64_t>((2 * of_hour + 1) * static_cast<std::uint64_t>(hour.count()) / (2 * rate));
    consumer.next = start_ + hour * static_cast<std::int64_t>(consumer.made / rate) + Duration{within};
  }
  void find_next() {
    earliest_ = 0;
    for (std::size_t i = 1; i < consumers_.size(); ++i) {
      if (consumers_[i].next < consumers_[earliest_].next) earliest_ = i;
    }
  }

  World& world_;
  Instant start_;
  std::vector<Consumer> consumers_;
  std::size_t earliest_ = 0;
};

}  // namespace rushhour::fakes
