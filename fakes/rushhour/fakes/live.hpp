/// \file
/// Calls per second of the last two minutes, by service and how they ended: what the page of a served world
/// draws. It listens to the ledger and keeps a fixed number of counters, however many calls come; single
/// calls are the journal's business.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/fakes/ledger.hpp>
#include <rushhour/journal.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

class Live final : public Observer {
 public:
  /// Of which it tells; the second that is under way is the last of them.
  static constexpr std::size_t seconds = 120;

  /// Calls of one service in one second of the world's clock.
  struct Second {
    std::uint64_t ok{};
    std::uint64_t throttled{};
    std::uint64_t failed{};  ///< in any other way

    friend bool operator==(const Second&, const Second&) = default;
  };

  /// `ledger` outlives it.
  explicit Live(Ledger& ledger) : ledger_(ledger) { ledger_.listen(*this); }
  ~Live() override { ledger_.unlisten(*this); }

  void on_call(const Call& call) override {
    const std::int64_t second = second_of(call.at);
    Row& row = rows_[static_cast<std::size_t>(service_of(call.operation))];
    Slot& slot = row.slots[static_cast<std::size_t>(second) % slot_count];
    if (slot.second != second) slot = {.second = second};
    for (Second* each : {&slot.counts, &row.total}) {
      ++(call.outcome == Outcome::ok          ? each->ok
         : call.outcome == Outcome::throttled ? each->throttled
                                              : each->failed);
    }
  }

  /// The last two minutes before the end of the second that `now` is in, oldest first.
  [[nodiscard]] std::array<Second, seconds> series(api::Service service, Instant now) const {
    std::array<Second, seconds> out{};
    const Row& row = rows_[static_cast<std::size_t>(service)];
    const std::int64_t last = second_of(now);
    for (std::size_t i = 0; i < seconds; ++i) {
      const std::int64_t second = last - static_cast<std::int64_t>(seconds - 1 - i);
      const Slot& slot = row.slots[static_cast<std::size_t>(second) % slot_count];
      if (slot.second == second) out[i] = slot.counts;
    }
    return out;
  }
  /// Since the start or the last clear().
  [[nodiscard]] Second total(api::Service service) const {
    return rows_[static_cast<std::size_t>(service)].total;
  }
  void clear() { rows_ = {}; }

 private:
  static constexpr std::size_t slot_count = 128;  // at least `seconds`; a power of two divides quickly
  struct Slot {
    std::int64_t second{-1};
    Second counts{};
  };
  struct Row {
    std::array<Slot, slot_count> slots{};
    Second total{};
  };

  static std::int64_t second_of(Instant instant) {
    return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
  }
  /// By the word before the colon of `sts:AssumeRole`, looked at once for each operation.
  [[nodiscard]] api::Service service_of(Name operation) {
    if (index(operation) >= services_.size()) services_.resize(index(operation) + 1, unknown);
    std::uint8_t& known = services_[index(operation)];
    if (known == unknown) {
      const std::string_view text = ledger_.names().text(operation);
      known = 0;
      for (std::size_t i = 0; i < api::service_count; ++i) {
        const std::string_view service = api::to_text(static_cast<api::Service>(i));
        if (text.starts_with(service) && text.substr(service.size()).starts_with(':'))
          known = static_cast<std::uint8_t>(i);
      }
    }
    return static_cast<api::Service>(known);
  }
  static constexpr std::uint8_t unknown = 255;

  Ledger& ledger_;
  std::array<Row, api::service_count> rows_{};
  std::vector<std::uint8_t> services_{};
};

}  // namespace rushhour::fakes
