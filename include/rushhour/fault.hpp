/// \file
/// Faults on purpose: a share of a service's calls answered with an error, a broken connection or nothing at
/// all. The service pipeline asks before anything else; limits and permissions are not faults.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/random.hpp>
#include <rushhour/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour {

/// One kind of trouble. `Fault{.service = "sts", .share = {1, 100}, .failure = {Outcome::server_error, 503}}`
struct Fault {
  std::string service{};    ///< `sts`, `secretsmanager`, `virustotal`
  std::string operation{};  ///< empty: every operation of the service
  Ratio share{1, 1};        ///< of the calls in its time
  Failure failure{};        ///< what the client gets; status 0 with Outcome::reset or timeout: no answer.
                            ///< Outcome::ok: the call is served, only later
  Duration delay{};         ///< what is added to the time that the answer takes
  Instant from{};           ///< first instant at which it strikes
  Duration lasting{Duration::max()};  ///< how long from then on
};

/// The faults of a world. The first that strikes wins; each has its own random stream, so adding one before
/// or after another changes no other, unless both are for the same operation.
class Faults {
 public:
  explicit Faults(Random random) : random_(random) {}

  /// The number by which remove() knows the fault, from 1.
  std::uint64_t add(Fault fault) {
    std::uint64_t same = 0;
    for (const Entry& entry : entries_) {
      if (entry.fault.service == fault.service && entry.fault.operation == fault.operation) ++same;
    }
    const Stream stream = random_.stream("fault." + fault.service + "." + fault.operation).part(same);
    entries_.push_back({std::move(fault), stream, ++added_});
    return added_;
  }
  /// False: no fault has this number.
  bool remove(std::uint64_t number) {
    return std::erase_if(entries_, [number](const Entry& entry) { return entry.number == number; }) != 0;
  }
  void clear() { entries_.clear(); }
  /// Shows every fault, in the order in which they strike: `visit(number, fault)`.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Entry& entry : entries_) visit(entry.number, entry.fault);
  }
  [[nodiscard]] bool empty() const { return entries_.empty(); }

  /// What strikes the `count`th call of the world, or null.
  [[nodiscard]] const Fault* strike(std::string_view service, std::string_view operation, Instant now,
                                    std::uint64_t count) const {
    for (const Entry& entry : entries_) {
      const Fault& fault = entry.fault;
      if (fault.service != service || (!fault.operation.empty() && fault.operation != operation)) continue;
      if (now < fault.from || now - fault.from >= fault.lasting) continue;
      if (chance(entry.stream.at(count), fault.share)) return &fault;
    }
    return nullptr;
  }

 private:
  struct Entry {
    Fault fault;
    Stream stream;
    std::uint64_t number;
  };
  Random random_;
  std::uint64_t added_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace rushhour
