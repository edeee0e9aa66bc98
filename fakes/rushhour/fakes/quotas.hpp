/// \file
/// The quotas of one service: which group of operations a call counts in, and one limiter for each account
/// (or key) and group. Several accounts may share one more quota, as the keys of a VirusTotal group do. Rates
/// and algorithms are data: limit/profiles.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/config.hpp>
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
    own.rows = std::make_unique<Rows>(std::move(rows));
    own.owned.clear();
    forget_slots();
  }
  /// Charges this account's calls to another, which stands for a group, as well: a call passes only where
  /// both admit it. The other shares with nobody itself.
  void share(Name account, Name with) {
    RUSHHOUR_ASSERT(account != with && !shares(with), "a group of accounts belongs to no other");
    account_of(with);
    Account& own = account_of(account);
    own.shared_with = with;
    own.shares = true;
    forget_slots();
  }
  /// Charges this account's calls to no group any more.
  void unshare(Name account) {
    account_of(account).shares = false;
    forget_slots();
  }
  /// Takes back what assign() and share() said, and fills every limiter again.
  void forget_accounts() { accounts_.clear(); }
  /// Calls of this operation are charged to nobody from now on.
  void exempt(const api::Operation& operation) {
    free_ |= std::uint64_t{1} << operation.index;
    forget_slots();
  }
  [[nodiscard]] bool charges(const api::Operation& operation) const {
    return (free_ >> operation.index & 1) == 0;
  }
  /// Fills every limiter again.
  void reset() {
    for (Account& account : accounts_) account.owned.clear();
    forget_slots();
  }

  /// Charges the call, now or, without `charges`, by charge(); false: a limiter refused it.
  [[nodiscard]] bool admit(Name account, const api::Operation& operation, Instant now, bool charges = true) {
    const Slot& slot = slot_of(account, operation);
    if (slot.shared != nullptr || !charges) [[unlikely]]
      return admit_all(slot, now, charges);
    return slot.limiter == nullptr || slot.limiter->try_acquire(now);
  }
  /// Charges the call that was admitted at this instant without.
  void charge(Name account, const api::Operation& operation, Instant now) {
    const Slot& slot = slot_of(account, operation);
    if (slot.limiter != nullptr) slot.limiter->charge(now);
    if (slot.shared != nullptr) slot.shared->charge(now);
  }

  /// The limiter of its own that a call of this account is charged to, made when first asked for; null: none
  /// applies.
  [[nodiscard]] limit::Limiter* find(Name account, const api::Operation& operation) {
    return slot_of(account, operation).limiter;
  }

  /// The rows that apply to an operation of this account, one for each limit; its own first, then those that
  /// it shares.
  [[nodiscard]] std::vector<limit::Profile> rows_for(Name account, const api::Operation& operation) const {
    std::vector<limit::Profile> out = own_rows_for(account, operation);
    if (const auto group = group_of(account)) {
      const auto shared = own_rows_for(*group, operation);
      out.insert(out.end(), shared.begin(), shared.end());
    }
    return out;
  }
  /// Those of its own only: what its calls alone use up.
  [[nodiscard]] std::vector<limit::Profile> own_rows_for(Name account,
                                                         const api::Operation& operation) const {
    const Rows& rows = index(account) < accounts_.size() && accounts_[index(account)].rows != nullptr
                           ? *accounts_[index(account)].rows
                           : rows_;
    const auto group = charges(operation)
                           ? limit::profiles::find(api::to_text(service_), operation.name, rows)
                           : std::nullopt;
    if (!group) return {};
    const auto applying = limit::profiles::group(*group, rows);
    return {applying.begin(), applying.end()};
  }
  /// Shows every limiter that a call has reached or find() has asked for: `visit(account, row, limiter)`,
  /// where the row is the first of its group. By account in the order of their names' ids.
  template <class Visit>
  void for_each(Visit visit) const {
    for (std::size_t i = 0; i < accounts_.size(); ++i) {
      const Rows& rows = accounts_[i].rows != nullptr ? *accounts_[i].rows : rows_;
      for (const auto& [group, limiter] : accounts_[i].owned) {
        visit(Name{static_cast<std::uint32_t>(i)}, rows[group], *limiter);
      }
    }
  }
  /// Whose quota this account's calls are charged to as well; nothing: nobody's.
  [[nodiscard]] std::optional<Name> group_of(Name account) const {
    if (!shares(account)) return std::nullopt;
    return accounts_[index(account)].shared_with;
  }

 private:
  struct Slot {
    limit::Limiter* limiter{};
    limit::Limiter* shared{};  ///< null: with nobody
    bool looked_up{};
  };
  struct Account {
    std::unique_ptr<Rows> rows{};                                                  ///< null: as everyone
    std::vector<Slot> limiters{};                                                  ///< by operation
    std::vector<std::pair<std::size_t, std::unique_ptr<limit::Limiter>>> owned{};  ///< by group
    Name shared_with{};
    bool shares{};
  };
  static constexpr std::size_t operations_max = 64;

  Account& account_of(Name account) {
    if (index(account) >= accounts_.size()) accounts_.resize(index(account) + 1);
    return accounts_[index(account)];
  }
  [[nodiscard]] bool shares(Name account) const {
    return index(account) < accounts_.size() && accounts_[index(account)].shares;
  }

  /// Slots point at limiters, their own account's and perhaps another's.
  void forget_slots() {
    for (Account& account : accounts_) account.limiters.clear();
  }
  Slot& slot_of(Name account, const api::Operation& operation) {
    Account& own = account_of(account);
    if (own.limiters.empty()) own.limiters.assign(operations_max, {});
    Slot& slot = own.limiters[operation.index];
    if (!slot.looked_up) look_up(own, operation, slot);
    return slot;
  }
  void look_up(Account& own, const api::Operation& operation, Slot& slot) {
    slot.looked_up = true;
    slot.limiter = limiter_of(own, operation);
    if (own.shares) slot.shared = limiter_of(accounts_[index(own.shared_with)], operation);
  }
  limit::Limiter* limiter_of(Account& own, const api::Operation& operation) {
    const Rows& rows = own.rows != nullptr ? *own.rows : rows_;
    const auto group = charges(operation)
                           ? limit::profiles::find(api::to_text(service_), operation.name, rows)
                           : std::nullopt;
    if (!group) return nullptr;
    for (const auto& [known, limiter] : own.owned) {
      if (known == *group) return limiter.get();
    }
    own.owned.emplace_back(*group, limit::profiles::make(*group, rows));
    return own.owned.back().second.get();
  }
  /// As limit::Composite does: all or none are charged, and all hear of a refusal.
  static bool admit_all(const Slot& slot, Instant now, bool charges) {
    const std::array<limit::Limiter*, 2> limiters{slot.limiter, slot.shared};
    bool admits = true;
    for (limit::Limiter* each : limiters) admits = (each == nullptr || each->admits(now)) && admits;
    for (limit::Limiter* each : limiters) {
      if (each == nullptr) continue;
      if (!admits) each->refused(now);
      if (admits && charges) each->charge(now);
    }
    return admits;
  }

  api::Service service_;
  Rows rows_;
  std::uint64_t free_{};  ///< a bit for each operation that is charged to nobody
  std::vector<Account> accounts_;
};

}  // namespace rushhour::fakes
