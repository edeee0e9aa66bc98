/// \file
/// Several limits on the same calls: a call passes only when all of them admit it. It knows no limit of its
/// own.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/limit/limiter.hpp>
#include <rushhour/time.hpp>

namespace rushhour::limit {

struct CompositeOptions {
  /// A call that one limiter refuses is charged to those that would have admitted it. By default none is
  /// charged, except those whose own option `rejected_count` is set.
  bool charge_others{};
};

/// All of its parts, or nothing.
class Composite final : public Limiter {
 public:
  /// At least one part, none of them null.
  explicit Composite(std::vector<std::unique_ptr<Limiter>> parts, CompositeOptions options = {})
      : parts_(std::move(parts)), options_(options) {
    RUSHHOUR_ASSERT(!parts_.empty(), "a composite has parts");
    for (const auto& part : parts_) RUSHHOUR_ASSERT(part != nullptr, "a part is a limiter");
  }
  Composite(const Composite& other) : Limiter(other), options_(other.options_) {
    for (const auto& part : other.parts_) parts_.push_back(part->clone());
  }
  Composite(Composite&&) = default;
  Composite& operator=(Composite other) {
    std::swap(parts_, other.parts_);
    std::swap(options_, other.options_);
    return *this;
  }
  ~Composite() override = default;

  /// `Composite::of(SlidingLog{{.limit = 4}}, FixedWindow{{.limit = 500, .window = std::chrono::hours{24}}})`
  template <std::derived_from<Limiter>... Parts>
  [[nodiscard]] static Composite of(Parts... parts) {
    std::vector<std::unique_ptr<Limiter>> owned;
    (owned.push_back(std::make_unique<Parts>(std::move(parts))), ...);
    return Composite{std::move(owned)};
  }

  [[nodiscard]] bool admits(Instant now) override {
    bool all = true;
    for (const auto& part : parts_) all = part->admits(now) && all;
    return all;
  }
  void charge(Instant now) override {
    for (const auto& part : parts_) part->charge(now);
  }
  void refused(Instant now) override {
    for (const auto& part : parts_) {
      if (options_.charge_others && part->admits(now)) {
        part->charge(now);
        part->release(now);  // what is refused is over at once
      } else {
        part->refused(now);
      }
    }
  }

  void release(Instant now) override {
    for (const auto& part : parts_) part->release(now);
  }

  /// In the order in which they were given.
  [[nodiscard]] std::span<const std::unique_ptr<Limiter>> parts() const { return parts_; }
  [[nodiscard]] std::vector<Rate> rates() const override {
    std::vector<Rate> all;
    for (const auto& part : parts_) {
      for (const Rate& rate : part->rates()) all.push_back(rate);
    }
    return all;
  }
  [[nodiscard]] std::uint64_t remaining(Instant now) const override {
    std::uint64_t least = UINT64_MAX;
    for (const auto& part : parts_) least = std::min(least, part->remaining(now));
    return least;
  }
  [[nodiscard]] std::vector<Level> levels(Instant now) const override {
    std::vector<Level> all;
    for (const auto& part : parts_) {
      for (const Level& level : part->levels(now)) all.push_back(level);
    }
    return all;
  }
  /// The latest of the parts': what admits a call goes on doing so while none is charged.
  [[nodiscard]] Instant next_admission(Instant now) const override {
    Instant latest = now;
    for (const auto& part : parts_) latest = std::max(latest, part->next_admission(now));
    return latest;
  }
  [[nodiscard]] std::unique_ptr<Limiter> clone() const override { return std::make_unique<Composite>(*this); }

 private:
  std::vector<std::unique_ptr<Limiter>> parts_;
  CompositeOptions options_;
};

}  // namespace rushhour::limit
