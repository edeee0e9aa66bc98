/// \file
/// The quotas of one service: which group of operations a call counts in, and one limiter for each account
/// (or key) and group. Rates and algorithms are data: limit/profiles.hpp.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/limit/limiter.hpp>
#include <rushhour/limit/profiles.hpp>
#include <rushhour/names.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

class Quotas {
 public:
  using Rows = std::vector<limit::Profile>;

  /// \param rows  what every account gets unless assign() says otherwise; empty: no limit at all
  explicit Quotas(api::Service service, Rows rows = {}) : service_(service), rows_(std::move(rows)) {}

  /// Gives every account these limits, full again.
  void replace(Rows rows) {
    rows_ = std::move(rows);
    reset();
  }
  /// Gives one account or key limits of its own, full again.
  void assign(Name account, Rows rows) {
    Account& own = account_of(account);
    own = {.rows = std::make_unique<Rows>(std::move(rows))};
  }
  /// Fills every limiter again.
  void reset() {
    for (Account& account : accounts_) account.limiters.clear();
  }

  /// Charges the call; false: a limiter refused it.
  [[nodiscard]] bool admit(Name account, const api::Operation& operation, Instant now) {
    limit::Limiter* limiter = find(account, operation);
    return limiter == nullptr || limiter->try_acquire(now);
  }

  /// The limiter that a call of this account is charged to, made when first asked for; null: none applies.
  [[nodiscard]] limit::Limiter* find(Name account, const api::Operation& operation) {
    Account& own = account_of(account);
    if (own.limiters.empty()) prepare(own);
    Slot& slot = own.limiters[operation.index];
    if (!slot.looked_up) look_up(own, operation, slot);
    return slot.limiter;
  }

  /// The rows that apply to an operation of this account, one for each limit.
  [[nodiscard]] std::vector<limit::Profile> rows_for(Name account, const api::Operation& operation) const {
    const Rows& rows = index(account) < accounts_.size() && accounts_[index(account)].rows != nullptr
                           ? *accounts_[index(account)].rows
                           : rows_;
    const auto group = limit::profiles::find(api::to_text(service_), operation.name, rows);
    if (!group) return {};
    const auto applying = limit::profiles::group(*group, rows);
    return {applying.begin(), applying.end()};
  }

 private:
  struct Slot {
    limit::Limiter* limiter{};
    bool looked_up{};
  };
  struct Account {
    std::unique_ptr<Rows> rows{};                                                  ///< null: as everyone
    std::vector<Slot> limiters{};                                                  ///< by operation
    std::vector<std::pair<std::size_t, std::unique_ptr<limit::Limiter>>> owned{};  ///< by group
  };
  static constexpr std::size_t operations_max = 64;

  Account& account_of(Name account) {
    if (index(account) >= accounts_.size()) accounts_.resize(index(account) + 1);
    return accounts_[index(account)];
  }
  static void prepare(Account& own) {
    own.limiters.assign(operations_max, {});
    own.owned.clear();
  }
  void look_up(Account& own, const api::Operation& operation, Slot& slot) {
    slot.looked_up = true;
    const Rows& rows = own.rows != nullptr ? *own.rows : rows_;
    const auto group = limit::profiles::find(api::to_text(service_), operation.name, rows);
    if (!group) return;
    for (const auto& [known, limiter] : own.owned) {
      if (known == *group) slot.limiter = limiter.get();
    }
    if (slot.limiter != nullptr) return;
    own.owned.emplace_back(*group, limit::profiles::make(*group, rows));
    slot.limiter = own.owned.back().second.get();
  }

  api::Service service_;
  Rows rows_;
  std::vector<Account> accounts_;
};

}  // namespace rushhour::fakes
