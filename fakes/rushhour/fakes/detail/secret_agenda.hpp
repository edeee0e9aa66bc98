/// \file
/// What Secrets Manager has still to do by itself, in the order of time: rotations, replications, deletions.
/// It does nothing of it: secrets_manager.hpp does, when a call comes that could notice.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include <rushhour/time.hpp>

namespace rushhour::fakes::detail {

struct SecretTask {
  enum class Kind : std::uint8_t {
    rotate,     ///< the version `about`, which is AWSPENDING
    test,       ///< of a rotation that was not to begin at once
    scheduled,  ///< a rotation, if `at` is still when the secret's is due
    replicate,  ///< to the Region `about`
    tell,       ///< the event `about` of each version
    remove      ///< a secret, if `at` is still when it is to be gone
  };
  Kind kind{};
  std::string arn{};
  std::string about{};
  bool overwrites{};
};

/// In the order of time, and at one instant in the order in which it was added.
class SecretAgenda {
 public:
  struct Entry {
    Instant at{};
    SecretTask task{};
  };

  /// When there is something to do; for ever while somebody is at it, whose own calls must not begin again.
  [[nodiscard]] Instant due() const { return due_; }

  void add(Instant at, SecretTask task) {
    tasks_.emplace(at, std::move(task));
    if (!is_busy_) due_ = tasks_.begin()->first;
  }
  /// The first task that is due by `now`.
  [[nodiscard]] std::optional<Entry> take(Instant now) {
    if (tasks_.empty() || tasks_.begin()->first > now) return std::nullopt;
    auto node = tasks_.extract(tasks_.begin());
    return Entry{.at = node.key(), .task = std::move(node.mapped())};
  }

  /// Not while somebody is at it.
  void clear() {
    tasks_.clear();
    due_ = Instant::max();
  }

  /// While it lives, nothing else is due.
  class Work {
   public:
    explicit Work(SecretAgenda& agenda) : agenda_(agenda) {
      agenda_.is_busy_ = true;
      agenda_.due_ = Instant::max();
    }
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;
    ~Work() {
      agenda_.is_busy_ = false;
      if (!agenda_.tasks_.empty()) agenda_.due_ = agenda_.tasks_.begin()->first;
    }

   private:
    SecretAgenda& agenda_;
  };

 private:
  std::multimap<Instant, SecretTask> tasks_;
  Instant due_{Instant::max()};
  bool is_busy_{};
};

}  // namespace rushhour::fakes::detail
