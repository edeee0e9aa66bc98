/// \file
/// The calls of a run as curves: what each service was asked, refused and answered in each stretch, how full
/// the buckets of its limits were, and what was left of the quotas of days and months. It reads limiters and
/// decides nothing; totals and peaks are in meters.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/config.hpp>
#include <rushhour/journal.hpp>
#include <rushhour/limit/composite.hpp>
#include <rushhour/limit/limiter.hpp>
#include <rushhour/limit/profiles.hpp>
#include <rushhour/measure/exhaustion.hpp>
#include <rushhour/measure/timeline_rows.hpp>
#include <rushhour/names.hpp>
#include <rushhour/time.hpp>

namespace rushhour::measure {

/// A limiter that a call is charged to, and the rows that it is made of, in their order.
struct Charged {
  const limit::Limiter* limiter{};
  std::vector<limit::Profile> rows{};
};

/// Writes into the rows of a timeline while it listens to the ledger.
///
/// **Tokens** are asked for at each call that is charged to somebody, once it has been: a bucket is never
/// emptier than after a call. A bucket is what a limit per second or minute leaves: what remains of it as
/// thousandths of what fits in. In a stretch without a call a bucket is as the last call has left it, until
/// it has had the time to fill up.
///
/// **Quotas** are the limits of a UTC day or month, which have no tokens: they are counted as the report
/// counts them (exhaustion.hpp), and what is left is taken at the end of each stretch.
class CallCurves final : public Observer {
 public:
  /// Everybody whom an account's call of an operation is charged to. Asked once for each pair; the limiters
  /// stay where they are as long as this listens.
  using ChargedTo = std::function<std::vector<Charged>(Name operation, Name account)>;

  /// All outlive it.
  CallCurves(TimelineRows& rows, const Names& names, ChargedTo charged_to)
      : rows_(rows), names_(names), charged_to_(std::move(charged_to)), quotas_settled_(rows.begin()) {}

  /// Calls come in order of time.
  void on_call(const Call& call) override {
    Operation& operation = operation_of(call.operation);
    if (operation.service == no_service) return;
    TimelineRow::AtService& row = rows_.now(call.at).services[operation.service];
    const bool refused = call.outcome == Outcome::throttled;
    row.calls += call.attempt <= 1 ? 1 : 0;
    ++row.attempts;
    row.throttled += refused ? 1 : 0;
    row.ok += call.outcome == Outcome::ok ? 1 : 0;
    if (call.account == Name{}) return;  // nobody is charged
    Account& account = account_of(operation, call);
    if (!account.buckets.empty()) ask(account, operation.service, row, call.at);
    if (!account.quotas.empty()) count(account, refused, call.at);
  }

  /// The run is over: says of all rows that there are what only calls would have said.
  void finish() {
    for (std::size_t service = 0; service < fills_.size(); ++service) {
      if (fills_[service].asked_at) carry_tokens(service, rows_.size());
    }
    settle_quotas(rows_.size());
  }

 private:
  static constexpr std::size_t no_service = api::detection_service_count;
  static constexpr std::uint64_t full = 1'000;

  /// One limit per second or minute.
  struct Bucket {
    const limit::Limiter* limiter{};
    std::uint64_t size{};
    Duration refill{};    ///< how long it takes at most to fill up
    Duration mark{};      ///< it is filled at multiples of this; 0: all the time
    Instant next_mark{};  ///< after the last call

    /// When it is full again after a call.
    [[nodiscard]] Instant full_at(Instant at) {
      if (mark == Duration::zero()) return at + refill;
      if (at >= next_mark) [[unlikely]]
        next_mark = Instant{(at.time_since_epoch() / mark + 1) * mark};
      return next_mark + refill - mark;
    }
  };
  struct Account {
    Name name{};
    std::vector<Bucket*> buckets{};
    std::vector<Exhaustion*> quotas{};  ///< of days and months
  };
  struct Operation {
    std::size_t service{no_service};
    bool looked_up{};
    Account* last{};  ///< that called it
    std::vector<Account*> accounts{};
  };
  /// How the buckets of a service were left.
  struct Fill {
    std::optional<Instant> asked_at{};  ///< at the last call
    Instant row_end{Instant::min()};    ///< of the row that it was in
    std::uint64_t level{full};          ///< after it
    Instant full_at{Instant::min()};    ///< when all buckets that were asked are full again
  };
  struct Quota {
    const limit::Limiter* limiter{};
    Exhaustion used;
  };

  Operation& operation_of(Name name) {
    if (index(name) >= operations_.size()) operations_.resize(index(name) + 1);
    Operation& operation = operations_[index(name)];
    if (!operation.looked_up) [[unlikely]] {
      operation.looked_up = true;
      const std::string_view text = names_.text(name);
      for (std::size_t i = 0; i < no_service; ++i) {
        if (text.substr(0, text.find(':')) == api::to_text(static_cast<api::Service>(i)))
          operation.service = i;
      }
    }
    return operation;
  }
  Account& account_of(Operation& operation, const Call& call) {
    if (operation.last != nullptr && operation.last->name == call.account) return *operation.last;
    const auto known = std::find_if(operation.accounts.begin(), operation.accounts.end(),
                                    [&](const Account* account) { return account->name == call.account; });
    operation.last = known == operation.accounts.end() ? &open(operation, call) : *known;
    return *operation.last;
  }
  Account& open(Operation& operation, const Call& call) {
    Account& account = accounts_.emplace_back(Account{.name = call.account});
    operation.accounts.push_back(&account);
    if (!charged_to_) return account;
    for (const Charged& charged : charged_to_(call.operation, call.account)) {
      for (std::size_t i = 0; i < charged.rows.size(); ++i) {
        const auto* const parts = dynamic_cast<const limit::Composite*>(charged.limiter);
        const limit::Limiter* const limiter = parts == nullptr ? charged.limiter : parts->parts()[i].get();
        if (Exhaustion::applies(charged.rows[i])) {
          account.quotas.push_back(&quota_of(limiter, charged.rows[i], call.at));
        } else {
          account.buckets.push_back(&bucket_of(limiter, charged.rows[i]));
        }
      }
    }
    return account;
  }

  // ---- Tokens. ----

  Bucket& bucket_of(const limit::Limiter* limiter, const limit::Profile& row) {
    for (Bucket& known : buckets_) {
      if (known.limiter == limiter) return known;
    }
    const std::uint64_t size = row.burst == 0 ? row.limit : row.burst;
    const auto windows = static_cast<rushhour::detail::int128>((size + row.limit - 1) / row.limit);
    constexpr Duration longest = std::chrono::years{10};
    const auto refill =
        std::min<rushhour::detail::int128>(longest.count(), row.window.count() * windows + row.lag.count());
    const bool at_marks =
        row.make == &limit::profiles::discrete_token_bucket || row.make == &limit::profiles::fixed_window;
    return buckets_.emplace_back(Bucket{.limiter = limiter,
                                        .size = size,
                                        .refill = Duration{static_cast<std::int64_t>(refill)},
                                        .mark = at_marks ? row.window : Duration::zero()});
  }
  void ask(const Account& account, std::size_t service, TimelineRow::AtService& row, Instant at) {
    Fill& fill = fills_[service];
    if (at >= fill.row_end) [[unlikely]] {
      carry_tokens(service, rows_.place_of(at));
      fill.row_end = rows_.begin_of(rows_.place_of(at) + 1);
    }
    fill.asked_at = at;
    fill.level = row.tokens == 0 ? 0 : full;  // emptier than empty it cannot become
    for (Bucket* const bucket : account.buckets) {
      fill.full_at = std::max(fill.full_at, bucket->full_at(at));
      if (fill.level > 0)
        fill.level = std::min(fill.level, bucket->limiter->remaining(at) * full / bucket->size);
    }
    row.tokens = std::min(row.tokens, fill.level);
  }
  /// Says of the rows without a call, from the last one's on, what is known of the buckets.
  void carry_tokens(std::size_t service, std::size_t until) {
    const Fill& fill = fills_[service];
    for (std::size_t place = fill.asked_at ? rows_.place_of(*fill.asked_at) + 1 : 0; place < until; ++place) {
      rows_[place].services[service].tokens = rows_.begin_of(place) >= fill.full_at ? full : fill.level;
    }
  }

  // ---- Quotas of days and months. ----

  Exhaustion& quota_of(const limit::Limiter* limiter, const limit::Profile& row, Instant at) {
    for (Quota& known : quotas_) {
      if (known.limiter == limiter) return known.used;
    }
    settle_quotas(rows_.place_of(at));
    Exhaustion& made = quotas_.emplace_back(Quota{limiter, Exhaustion{row}}).used;
    for (std::size_t place = 0; place < rows_.place_of(at); ++place) note_left(made, place);
    return made;
  }
  void count(const Account& account, bool refused, Instant at) {
    if (at >= quota_row_end_) [[unlikely]] {
      settle_quotas(rows_.place_of(at));
      quota_row_end_ = rows_.begin_of(rows_.place_of(at) + 1);
    }
    for (Exhaustion* const quota : account.quotas) {
      if (!refused || quota->row().rejected_count) quota->add(at);
    }
  }
  /// Says of the rows before this one what was left at their ends.
  void settle_quotas(std::size_t until) {
    for (std::size_t place = rows_.place_of(quotas_settled_); place < until; ++place) {
      rows_[place].quota_day_left = rows_[place].quota_month_left = unsaid;
      for (const Quota& quota : quotas_) note_left(quota.used, place);
    }
    quotas_settled_ = rows_.begin_of(until);
  }
  void note_left(const Exhaustion& quota, std::size_t place) {
    TimelineRow& row = rows_[place];
    const Instant last = rows_.begin_of(place + 1) - Duration{1};
    std::uint64_t& left = quota.row().calendar_month ? row.quota_month_left : row.quota_day_left;
    left = std::min(left, quota.row().limit - quota.used(last));
  }

  TimelineRows& rows_;
  const Names& names_;
  ChargedTo charged_to_;
  std::vector<Operation> operations_{};  ///< by name
  std::deque<Account> accounts_{};       // deques: the addresses of their elements stay
  std::deque<Bucket> buckets_{};
  std::deque<Quota> quotas_{};
  Instant quotas_settled_;                 ///< where the first row begins of which nothing is said yet
  Instant quota_row_end_{Instant::min()};  ///< of the row of the last call that was counted
  std::array<Fill, api::detection_service_count> fills_{};
};

}  // namespace rushhour::measure
