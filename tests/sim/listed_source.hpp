/// \file
/// Events at instants that a test lists, with nothing in them.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include <rushhour/event/arena.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/traffic/source.hpp>
#include <rushhour/event/value.hpp>
#include <rushhour/time.hpp>

namespace rushhour::sim {

class ListedSource : public event::traffic::Source {
 public:
  explicit ListedSource(std::vector<Instant> arrivals) : arrivals_(std::move(arrivals)) {}

  [[nodiscard]] const Instant* peek() override {
    return given_ == arrivals_.size() ? nullptr : &arrivals_[given_];
  }
  [[nodiscard]] bool next(event::Event& into) override {
    const Instant* const arrival = peek();
    if (arrival == nullptr) return false;
    ++given_;
    into.assign({.id = given_, .arrival = *arrival, .time = *arrival}, event::Value{}, arena_);
    return true;
  }
  [[nodiscard]] std::uint64_t size_hint() const override { return arrivals_.size(); }

 private:
  std::vector<Instant> arrivals_;
  std::uint64_t given_ = 0;
  event::Arena arena_;
};

/// The same events, which can be made again from their keys.
class RecallingSource final : public ListedSource {
 public:
  using ListedSource::ListedSource;
  [[nodiscard]] bool recalls() const override { return true; }
  [[nodiscard]] bool next_key(event::traffic::EventKey& into) override {
    event::Event made;
    if (!next(made)) return false;
    into = {.id = made.id(), .arrival = made.arrival(), .time = made.time()};
    return true;
  }
  void recall(const event::traffic::EventKey& key, event::Event& into) override {
    into.assign({.id = key.id, .arrival = key.arrival, .time = key.time}, event::Value{}, recalled_);
  }

 private:
  event::Arena recalled_;
};

}  // namespace rushhour::sim
