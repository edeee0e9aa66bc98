/// \file
/// What a run did to the services: calls, attempts, throttles and errors per operation, service, account and
/// detection, their peaks, and how close they came to each limit. It listens to the world's ledger; what
/// detections made of the answers is in sim/outcomes.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <rushhour/address.hpp>
#include <rushhour/config.hpp>
#include <rushhour/journal.hpp>
#include <rushhour/limit/profiles.hpp>
#include <rushhour/measure/exhaustion.hpp>
#include <rushhour/measure/meter.hpp>
#include <rushhour/measure/windows.hpp>
#include <rushhour/names.hpp>
#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::measure {

/// All calls of one operation, on one account's quota, by one line in one function of one detection. Every
/// number of the run is a sum of cells.
struct Cell {
  Name operation{};
  Name account{};    ///< empty: the caller was never authenticated, so nobody's quota was charged
  Name detection{};  ///< empty when unknown
  Function function{};
  Name site{};  ///< empty when unknown
  Counts counts{};
  /// Look-ups that a key was charged for, by the kind of address: only those of public addresses can be
  /// answered.
  std::array<std::uint64_t, address_class_count> subjects{};
};

/// The limits of an account, or those that several keys of VirusTotal share, as a group.
struct Limits {
  Name account{};  ///< who is charged: the caller's account or key, or the group
  std::vector<limit::Profile> rows{};
};

/// What an account was asked for under the limits that apply together to a group of operations: every attempt
/// that came as far as the limiter, refused ones included. A group of keys has one of its own, which hears of
/// the calls of them all.
struct Charge {
  Name account{};                      ///< as in Limits
  std::vector<limit::Profile> rows{};  ///< the limits
  std::vector<Name> operations{};      ///< of the group, those that were called
  Windows attempts{};  ///< knows the limits of its window sizes, and how often they were exceeded
  std::vector<Exhaustion> exhaustions{};  ///< one for each row of a UTC day or month
};

/// Whose part in an operation or service: all, or that of one account, or of one detection.
struct Part {
  std::string_view account{};  ///< for VirusTotal the name of the key
  std::string_view detection{};
};

/// The meters of a run. It listens while it lives, and costs a call a few nanoseconds: a call is counted in
/// its cell only, and the cells are folded into the meters that contain them when the second ends.
class Meters final : public Observer {
 public:
  /// Everybody whom an account's call of an operation is charged to, the account and the group that it is in:
  /// at most charged_max. Asked once for each pair.
  using LimitsOf = std::function<std::vector<Limits>(Name operation, Name account)>;
  static constexpr std::size_t charged_max = 2;

  /// `names` is the table of the calls' names. Without `limits_of` nothing is known of limits.
  explicit Meters(Names& names, LimitsOf limits_of = {}) : names_(names), limits_of_(std::move(limits_of)) {}

  /// Calls come in order of time.
  void on_call(const Call& call) override {
    if (call.at >= second_end_ || call.at < last_at_) next_second(call.at);
    last_at_ = call.at;
    State& state = state_of(call);
    if (!state.touched) {
      state.touched = true;
      touched_.push_back(&state);
    }
    ++state.pending.outcomes[static_cast<std::size_t>(call.outcome)];
    state.pending.calls += call.attempt <= 1 ? 1 : 0;
    for (Sliding* sliding : state.sliding) sliding->add(call.at);
    const bool refused = call.outcome == Outcome::throttled;
    if (refused) state.throttles.add(call.at);
    if (!refused && call.account != Name{}) ++state.cell.subjects[static_cast<std::size_t>(call.subject)];
    for (Charge* charge : state.charges) {
      if (charge == nullptr) break;
      for (Exhaustion& exhaustion : charge->exhaustions) {
        if (!refused || exhaustion.row().rejected_count) exhaustion.add(call.at);
      }
    }
  }

  /// The meter of an operation (`sts:AssumeRole`) or a service (`sts`), or of one account's or one
  /// detection's part in it, not of both at once (that is in cells()). Null when there was no such call.
  [[nodiscard]] const Meter* find(std::string_view name, Part part = {}) const {
    fold();
    const std::string_view who = part.account.empty() ? part.detection : part.account;
    const auto what = names_.find(name);
    const auto whose = names_.find(who);
    if (!what || !whose) return nullptr;
    const Side side = !part.account.empty()     ? Side::account
                      : !part.detection.empty() ? Side::detection
                                                : Side::all;
    const auto found = by_key_.find({*what, side, *whose});
    return found == by_key_.end() ? nullptr : found->second;
  }

  /// All cells, in the order of their first calls.
  [[nodiscard]] std::vector<const Cell*> cells() const {
    fold();
    std::vector<const Cell*> out;
    out.reserve(states_.size());
    for (const State& state : states_) out.push_back(&state.cell);
    return out;
  }

  /// All limits that were charged, in the order of their first calls.
  [[nodiscard]] const std::deque<Charge>& charges() const {
    fold();
    return charges_;
  }

 private:
  enum class Side : std::uint8_t { all, account, detection };
  using Key = std::tuple<Name, Side, Name>;

  struct State {
    Cell cell{};
    Counts pending{};                            ///< of the second at hand
    Span throttles{};                            ///< likewise
    bool touched{};                              ///< the second at hand holds something of it
    std::array<Charge*, charged_max> charges{};  ///< null from where there are no more
    std::vector<Meter*> meters{};
    std::vector<Sliding*> sliding{};  ///< of those meters that have one

    [[nodiscard]] bool is_of(const Call& call) const {
      return cell.operation == call.operation && cell.account == call.account &&
             cell.detection == call.detection && cell.function == call.function && cell.site == call.site;
    }
  };

  void next_second(Instant at) {
    RUSHHOUR_ASSERT(at >= last_at_, "counts come in order of time");
    fold();
    second_ = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()).count();
    second_end_ = Instant{std::chrono::seconds{second_ + 1}};
  }

  /// Moves what is pending into the meters. Reading does it too: what a meter says is never behind.
  void fold() const {
    for (State* state : touched_) {
      for (Meter* meter : state->meters) meter->add(second_, state->pending, state->throttles);
      for (Charge* charge : state->charges) {
        if (charge != nullptr) charge->attempts.add(second_, state->pending.attempts());
      }
      state->cell.counts.add(state->pending);
      state->pending = {};
      state->throttles = {};
      state->touched = false;
    }
    touched_.clear();
  }

  /// A detection mostly calls an operation again from the same place; else a table tells.
  [[nodiscard]] State& state_of(const Call& call) {
    const std::size_t operation = index(call.operation);
    const std::size_t detection = index(call.detection);
    if (operation < last_of_.size() && detection < last_of_[operation].size()) {
      State* const last = last_of_[operation][detection];
      if (last != nullptr && last->is_of(call)) return *last;
    }
    return look_up(call);
  }
  State& look_up(const Call& call);
  void open(State& state);
  void split(Meter& shared, const std::vector<Key>& from);
  [[nodiscard]] std::vector<Key> keys_of(const Cell& cell) const;
  void trim(Meter& shared) const;
  [[nodiscard]] bool wants_sliding(const Key& key) const;
  [[nodiscard]] static bool wants_series(const Key& key) { return std::get<Side>(key) == Side::all; }
  void connect(State& state);
  [[nodiscard]] std::array<Charge*, charged_max> charges_of(const Cell& cell);
  [[nodiscard]] Charge& charge_of(Limits limits);
  void grow();

  /// Of a Call or a Cell.
  template <class Of>
  [[nodiscard]] static std::uint64_t hash_of(const Of& of) {
    const std::uint64_t who = std::uint64_t{index(of.account)} << 32 | index(of.detection);
    const std::uint64_t what =
        std::uint64_t{index(of.operation)} << 8 | static_cast<std::uint64_t>(of.function);
    return mix(mix(mix(who) ^ what) ^ index(of.site));
  }

  Names& names_;
  LimitsOf limits_of_;
  std::int64_t second_{};  ///< at hand, since the epoch
  Instant second_end_{Instant::min()};
  Instant last_at_{Instant::min()};
  mutable std::vector<State*> touched_;
  std::vector<std::vector<State*>> last_of_;  ///< by operation and detection
  std::vector<State*> table_;                 ///< by hash, open addressing, a power of two long
  std::deque<State> states_;                  // deques: the addresses of their elements stay
  std::deque<Meter> meters_;
  std::deque<Charge> charges_;
  std::map<Key, Meter*> by_key_;
};

inline Meters::State& Meters::look_up(const Call& call) {
  if ((states_.size() + 1) * 2 > table_.size()) grow();
  const std::size_t mask = table_.size() - 1;
  std::size_t at = hash_of(call) & mask;
  while (table_[at] != nullptr && !table_[at]->is_of(call)) at = (at + 1) & mask;
  if (table_[at] == nullptr) {
    State& state = states_.emplace_back();
    state.cell = {.operation = call.operation,
                  .account = call.account,
                  .detection = call.detection,
                  .function = call.function,
                  .site = call.site};
    open(state);
    table_[at] = &state;
  }
  last_of_.resize(std::max<std::size_t>(last_of_.size(), index(call.operation) + 1));
  std::vector<State*>& last = last_of_[index(call.operation)];
  last.resize(std::max<std::size_t>(last.size(), index(call.detection) + 1));
  return *(last[index(call.detection)] = table_[at]);
}

/// At least twice as many places as cells, so that a search ends soon.
inline void Meters::grow() {
  table_.assign(std::max<std::size_t>(table_.size() * 2, 64), nullptr);
  const std::size_t mask = table_.size() - 1;
  for (State& state : states_) {
    std::size_t at = hash_of(state.cell) & mask;
    while (table_[at] != nullptr) at = (at + 1) & mask;
    table_[at] = &state;
  }
}

/// What the cell is a part of.
inline std::vector<Meters::Key> Meters::keys_of(const Cell& cell) const {
  const std::string_view text = names_.text(cell.operation);
  std::vector<Key> out;
  for (const Name what : {cell.operation, *names_.find(text.substr(0, text.find(':')))}) {
    out.emplace_back(what, Side::all, Name{});
    if (cell.account != Name{}) out.emplace_back(what, Side::account, cell.account);
    if (cell.detection != Name{}) out.emplace_back(what, Side::detection, cell.detection);
  }
  return out;
}

/// A key of VirusTotal has a limit that slides; those of AWS accounts are refilled by the second.
inline bool Meters::wants_sliding(const Key& key) const {
  const auto [what, side, whose] = key;
  return side == Side::all || (side == Side::account && names_.text(what).starts_with("virustotal"));
}

/// Keys that so far were parts of the same calls share a meter: the service with its only operation, the
/// detection with the account. A new cell that is a part of some of them only makes them differ.
inline void Meters::open(State& state) {
  const std::string_view text = names_.text(state.cell.operation);
  names_.intern(text.substr(0, text.find(':')));
  const std::vector<Key> keys = keys_of(state.cell);
  Meter* fresh = nullptr;
  for (const Key& key : keys) {
    if (by_key_.contains(key)) continue;
    if (fresh == nullptr) fresh = &meters_.emplace_back();
    by_key_[key] = fresh;
    if (wants_sliding(key) && !fresh->sliding) fresh->sliding.emplace();
    if (wants_series(key) && !fresh->series) fresh->series.emplace();
  }
  for (const Key& key : keys) split(*by_key_.at(key), keys);
  for (State& each : states_) connect(each);
  state.charges = charges_of(state.cell);
}

/// Gives those of the keys that share this meter one of their own, a copy, unless they are all that share it.
inline void Meters::split(Meter& shared, const std::vector<Key>& from) {
  const auto leaves = [&](const Key& key) { return std::find(from.begin(), from.end(), key) != from.end(); };
  const bool all = std::all_of(by_key_.begin(), by_key_.end(), [&](const auto& entry) {
    return entry.second != &shared || leaves(entry.first);
  });
  if (all) return;
  Meter& own = meters_.emplace_back(shared);
  for (auto& [key, meter] : by_key_) {
    if (meter == &shared && leaves(key)) meter = &own;
  }
  trim(shared);
  trim(own);
}

/// Drops what none of the keys that share the meter asks for.
inline void Meters::trim(Meter& shared) const {
  const auto none = [&](const auto& wants) {
    return std::none_of(by_key_.begin(), by_key_.end(),
                        [&](const auto& entry) { return entry.second == &shared && wants(entry.first); });
  };
  if (none([this](const Key& key) { return wants_sliding(key); })) shared.sliding.reset();
  if (none([](const Key& key) { return wants_series(key); })) shared.series.reset();
}

/// Looks up again which meters the cell is a part of.
inline void Meters::connect(State& state) {
  state.meters.clear();
  state.sliding.clear();
  for (const Key& key : keys_of(state.cell)) {
    Meter* const meter = by_key_.at(key);
    if (std::find(state.meters.begin(), state.meters.end(), meter) != state.meters.end()) continue;
    state.meters.push_back(meter);
    if (meter->sliding) state.sliding.push_back(&*meter->sliding);
  }
}

/// Where the cell's attempts are charged; all null when nobody's quota is.
inline std::array<Charge*, Meters::charged_max> Meters::charges_of(const Cell& cell) {
  std::array<Charge*, charged_max> out{};
  if (!limits_of_ || cell.account == Name{}) return out;
  std::size_t count = 0;
  for (Limits& limits : limits_of_(cell.operation, cell.account)) {
    if (limits.rows.empty()) continue;
    RUSHHOUR_ASSERT(count < out.size(), "a call is charged to an account and a group");
    Charge& charge = charge_of(std::move(limits));
    if (std::find(charge.operations.begin(), charge.operations.end(), cell.operation) ==
        charge.operations.end()) {
      charge.operations.push_back(cell.operation);
    }
    out[count++] = &charge;
  }
  return out;
}

inline Charge& Meters::charge_of(Limits limits) {
  for (Charge& each : charges_) {
    if (each.account == limits.account && each.rows.front().service == limits.rows.front().service &&
        each.rows.front().group == limits.rows.front().group) {
      return each;
    }
  }
  Charge& made = charges_.emplace_back();
  made.account = limits.account;
  made.rows = std::move(limits.rows);
  for (const limit::Profile& row : made.rows) {
    for (std::size_t size = 0; size < window_sizes.size(); ++size) {
      if (!row.calendar_month && row.window == window_sizes[size]) made.attempts.set_limit(size, row.limit);
    }
    if (row.calendar_month) made.attempts.set_limit(month_window, row.limit);
    if (Exhaustion::applies(row)) made.exhaustions.emplace_back(row);
  }
  return made;
}

}  // namespace rushhour::measure
