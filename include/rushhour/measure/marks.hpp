/// \file
/// A run's decisions as a short text, so that two runs can be laid side by side to see at which call they
/// part: after every so many decisions, a sign that depends on all that were before. It knows no time: what
/// was decided in each stretch of a run is trail.hpp's.
///
/// Signs stand after each of the first 2,048 decisions, and after every n-th of all, where n is the least
/// power of two that makes them 24,576 at most. So the call at which two runs part is known exactly among the
/// first, and within n calls later. Two different pasts have the same sign in one case of 64: as often, the
/// runs have parted one sign earlier.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/journal.hpp>
#include <rushhour/names.hpp>
#include <rushhour/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour::measure {

/// The signs of a run, as text.
struct Signs {
  std::uint64_t decisions{};
  std::uint64_t every{1};  ///< decisions between two signs of `all`
  std::string first{};     ///< after each of the first decisions; empty when `every` is 1
  std::string all{};

  /// After this many decisions, from 1; nothing where no sign stands.
  [[nodiscard]] std::optional<char> after(std::uint64_t count) const {
    if (count == 0) return std::nullopt;
    if (count <= first.size()) return first[count - 1];
    if (count % every != 0 || count / every > all.size()) return std::nullopt;
    return all[count / every - 1];
  }

  friend bool operator==(const Signs&, const Signs&) = default;
};

/// Where two runs part, in decisions from the begin of the run.
struct Parting {
  std::uint64_t same{};                     ///< that many are the same in both
  std::optional<std::uint64_t> no_later{};  ///< this one is another or has another past; nothing: not known

  /// Whether no_later is the first that differs.
  [[nodiscard]] bool is_exact() const { return no_later == same + 1; }
};

/// Nothing when all signs that both have are the same, and so is the number of decisions.
[[nodiscard]] inline std::optional<Parting> parting_of(const Signs& a, const Signs& b) {
  Parting out;
  const std::uint64_t shorter = std::min(a.decisions, b.decisions);
  const std::uint64_t every = std::max(a.every, b.every);
  const auto holds_to = [&](std::uint64_t count) {
    const std::optional<char> sign = a.after(count);
    const std::optional<char> other = b.after(count);
    if (!sign || !other) return true;
    if (*sign == *other) {
      out.same = count;
      return true;
    }
    out.no_later = count;
    return false;
  };
  const auto dense = [](const Signs& of) { return of.every == 1 ? of.all.size() : of.first.size(); };
  const std::uint64_t dense_to = std::min<std::uint64_t>({shorter, dense(a), dense(b)});
  for (std::uint64_t count = 1; count <= dense_to; ++count) {
    if (!holds_to(count)) return out;
  }
  for (std::uint64_t count = dense_to / every * every + every; count <= shorter; count += every) {
    if (!holds_to(count)) return out;
  }
  if (a.decisions == b.decisions) return std::nullopt;
  if (out.same == shorter) out.no_later = shorter + 1;
  return out;
}

/// Puts the signs of a run, and remembers the calls at which they stand: at most 2,048 and 24,576.
class Marks {
 public:
  static constexpr std::size_t first_max = 2'048;
  static constexpr std::size_t all_max = 24'576;

  /// The call before a sign.
  struct Marked {
    std::uint64_t number{};  ///< of the decision, from 1
    std::uint64_t event{};
    Instant at{};
    Name operation{};
    Outcome outcome{};
    char sign{};
  };

  /// \param past  of all decisions up to this one; asked for where a sign stands
  template <class Past>
  void add(const Call& call, const Past& past) {
    ++decisions_;
    const bool is_first = decisions_ <= first_max;
    const bool is_marked = (decisions_ & (every_ - 1)) == 0;
    if (!is_first && !is_marked) return;
    const Marked made{.number = decisions_,
                      .event = call.event,
                      .at = call.at,
                      .operation = call.operation,
                      .outcome = call.outcome,
                      .sign = signs[past() & (signs.size() - 1)]};
    if (is_first) first_.push_back(made);
    if (!is_marked) return;
    all_.push_back(made);
    if (all_.size() > all_max) thin_out();
  }

  [[nodiscard]] Signs signs_of_run() const {
    Signs out{.decisions = decisions_, .every = every_};
    if (every_ > 1) out.first = text_of(first_);
    out.all = text_of(all_);
    return out;
  }

  /// The marked calls, in order.
  [[nodiscard]] std::vector<Marked> calls() const {
    std::vector<Marked> out;
    if (every_ > 1) out = first_;
    for (const Marked& each : all_) {
      if (out.empty() || each.number > out.back().number) out.push_back(each);
    }
    return out;
  }

 private:
  static constexpr std::string_view signs =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  [[nodiscard]] static std::string text_of(const std::vector<Marked>& marked) {
    std::string out;
    out.reserve(marked.size());
    for (const Marked& each : marked) out += each.sign;
    return out;
  }
  /// Every other sign goes.
  void thin_out() {
    every_ *= 2;
    std::erase_if(all_, [this](const Marked& each) { return each.number % every_ != 0; });
  }

  std::uint64_t decisions_{};
  std::uint64_t every_{1};
  std::vector<Marked> first_{};
  std::vector<Marked> all_{};
};

}  // namespace rushhour::measure
