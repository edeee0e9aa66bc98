/// \file
/// What all fakes of a world write to: names, journal, digest, and whoever listens. It decides nothing.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/endpoint.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/digest.hpp>
#include <rushhour/fakes/caller.hpp>
#include <rushhour/journal.hpp>
#include <rushhour/names.hpp>
#include <rushhour/site.hpp>

namespace rushhour::fakes {

class Ledger {
 public:
  /// \param journal_capacity  calls kept; 0 keeps tallies only
  /// \param home_region       of callers that name none
  explicit Ledger(std::size_t journal_capacity, std::string_view home_region = {})
      : journal_(journal_capacity), home_region_(names_.intern(home_region)) {}

  [[nodiscard]] Names& names() { return names_; }
  [[nodiscard]] const Names& names() const { return names_; }
  [[nodiscard]] const Journal& journal() const { return journal_; }
  /// Of every decision since the start or the last clear().
  [[nodiscard]] const Digest& digest() const { return digest_; }
  [[nodiscard]] std::uint64_t calls() const { return journal_.total(); }
  [[nodiscard]] Name home_region() const { return home_region_; }
  [[nodiscard]] Name region_name(std::string_view region) {
    return region.empty() ? home_region_ : names_.intern(region);
  }
  /// Whose quota a call is charged to: of the caller's account in its Region. In the world's own Region that
  /// is the account itself, so that reports and scenarios which know only one Region need not name it.
  [[nodiscard]] Name quota_account(Name account, Name region) {
    if (region == home_region_ || account == Name{}) return account;
    return names_.intern(std::string{names_.text(account)} + "/" + std::string{names_.text(region)});
  }

  /// The interned `sts:AssumeRole`.
  [[nodiscard]] Name name_of(const api::Operation& operation) {
    Name& name = operations_[static_cast<std::size_t>(operation.service)][operation.index];
    if (name == Name{}) name = names_.intern(to_text(operation));
    return name;
  }

  /// The source line that a call comes from.
  [[nodiscard]] Name site_of(const api::Attribution& attribution) {
    return attribution.site != Name{} ? attribution.site : sites_.of(attribution.where);
  }

  /// The observer hears of every call from now on; it outlives the ledger or is told off before.
  void listen(Observer& observer) { observers_.push_back(&observer); }
  void unlisten(Observer& observer) { std::erase(observers_, &observer); }

  void record(const Call& call) {
    digest_.add(static_cast<std::uint64_t>(call.at.time_since_epoch().count()));
    digest_.add(call.event << 8 | call.attempt);
    digest_.add(hash_of(call.operation));
    if (call.code != Name{}) digest_.add(hash_of(call.code));  // refusals that differ may share a status
    digest_.add(std::uint64_t{call.status} << 16 | static_cast<std::uint64_t>(call.outcome));
    journal_.append(call);
    for (Observer* observer : observers_) observer->on_call(call);
  }

  void clear() {
    journal_.clear();
    digest_ = {};
  }

 private:
  /// Of the text, since a name's number depends on what else was named before, and by whom.
  [[nodiscard]] std::uint64_t hash_of(Name name) {
    if (index(name) >= hashes_.size()) hashes_.resize(index(name) + 1);
    std::uint64_t& known = hashes_[index(name)];
    if (known == 0) known = hash(names_.text(name));
    return known;
  }

  Names names_;
  Sites sites_{names_};
  Journal journal_;
  Digest digest_;
  std::vector<std::uint64_t> hashes_;
  std::vector<Observer*> observers_;
  Name home_region_;
  std::array<std::array<Name, 64>, api::service_count> operations_{};
};

}  // namespace rushhour::fakes
