/// \file
/// Steering a served world over HTTP, for tests in other languages: its journal and CloudTrail, its clock,
/// stubs, faults, keys and limits, and starting afresh; and a page at `/` for whoever looks on. All else goes
/// on to the service behind it. None of it costs quota or reaches the journal. fakes/README.md shows each
/// with an example.
///
///     GET  /                                the page, for a browser
///     GET  /_rushhour/journal?limit=20      the last calls, newest last; 100 unless said otherwise
///     GET  /_rushhour/journal/count?outcome=throttled   how many of the calls that are kept
///     GET, POST, DELETE /_rushhour/stubs    and DELETE /_rushhour/stubs/ID, GET /_rushhour/stubs/misses
///     GET, POST, DELETE /_rushhour/faults   and DELETE /_rushhour/faults/ID
///     GET, POST /_rushhour/keys             and PUT, DELETE /_rushhour/keys/NAME: VirusTotal's
///     POST /_rushhour/verdicts              what VirusTotal says of an address
///     GET  /_rushhour/limits                every limiter that a call has reached, and what is left of it
///     GET  /_rushhour/live                  what the page draws
///     GET  /_rushhour/cloudtrail?limit=20&account=111122223333   the last records, newest last, in the
///                                           member `Records` as in CloudTrail's files; of all accounts
///                                           unless one is named
///     GET  /_rushhour/clock                 {"now":"2026-03-02T14:00:00.000Z"}
///     POST /_rushhour/clock {"advance":"1h"}   the same, an hour later
///     GET  /_rushhour/principals            fresh credentials of the world's principals, by name
///     POST /_rushhour/reset                 empties the journal and CloudTrail, fills the quotas, removes
///                                           faults and stubs; what exists stays
///     POST /_rushhour/reset?state=initial   and what exists is what existed when the world began
///
/// A mistake answers 4xx with `{"error":{"message":...,"expected":...,"saw":...}}`, and where a body cannot
/// be read also with `where`, a JSON pointer, line and column, and perhaps `advice`.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/fakes/cloudtrail_log.hpp>
#include <rushhour/fakes/control.hpp>
#include <rushhour/fakes/live.hpp>
#include <rushhour/fakes/stubs.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/http/service.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

struct AdminOptions {
  /// Moves the clock that the gate reads; called inside the gate. Empty: the clock cannot be moved from here.
  std::function<void(Duration)> advance{};
  /// The principals and fresh credentials for them, as a JSON object; called inside the gate. Empty: none are
  /// told.
  std::function<std::string(Instant now)> principals{};
  /// Makes the world as it began (World::begin_anew); called inside the gate. Empty: it cannot be asked for.
  std::function<void()> begin_anew{};
  /// Null: no records are told. It outlives the admin.
  CloudTrailLog* trail{};
  /// Those of the door behind it (FrontDoorOptions::stubs); null: there are none. They outlive the admin.
  Stubs* stubs{};
  /// scenario::control_readers(); without one of them nothing can be posted there.
  ControlReaders read{};
};

class Admin final : public http::Service {
 public:
  using Options = AdminOptions;

  /// `world` and `inner` outlive it.
  Admin(World& world, http::Service& inner, Options options = {})
      : world_(world), inner_(inner), options_(std::move(options)), live_(world.ledger) {}

  [[nodiscard]] http::Response handle(const http::Request& request, http::Gate& gate) override;
  /// As the service behind it words it.
  [[nodiscard]] http::Response refuse(const http::Request& request, http::Gate& gate,
                                      http::Unfit why) override {
    return inner_.refuse(request, gate, why);
  }

  static constexpr std::string_view path = "/_rushhour/";

 private:
  http::Response route(const http::Request& request, http::Gate& gate);
  http::Response page(const http::Request& request, http::Gate& gate);
  http::Response live(const http::Request& request, http::Gate& gate);
  http::Response journal(const http::Request& request, http::Gate& gate);
  http::Response journal_count(const http::Request& request, http::Gate& gate);
  http::Response stubs(const http::Request& request, http::Gate& gate);
  http::Response add_stubs(const http::Request& request, http::Gate& gate);
  http::Response remove_stubs(const http::Request& request, http::Gate& gate);
  http::Response remove_stub(const http::Request& request, http::Gate& gate);
  http::Response stub_misses(const http::Request& request, http::Gate& gate);
  http::Response faults(const http::Request& request, http::Gate& gate);
  http::Response add_faults(const http::Request& request, http::Gate& gate);
  http::Response remove_faults(const http::Request& request, http::Gate& gate);
  http::Response remove_fault(const http::Request& request, http::Gate& gate);
  http::Response keys(const http::Request& request, http::Gate& gate);
  http::Response add_key(const http::Request& request, http::Gate& gate);
  http::Response set_key(const http::Request& request, http::Gate& gate);
  http::Response remove_key(const http::Request& request, http::Gate& gate);
  http::Response add_verdict(const http::Request& request, http::Gate& gate);
  http::Response limits(const http::Request& request, http::Gate& gate);
  http::Response cloudtrail(const http::Request& request, http::Gate& gate);
  http::Response clock(const http::Request& request, http::Gate& gate);
  http::Response advance(const http::Request& request, http::Gate& gate);
  http::Response principals(const http::Request& request, http::Gate& gate);
  http::Response reset(const http::Request& request, http::Gate& gate);

  World& world_;
  http::Service& inner_;
  Options options_;
  Live live_;
};

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/admin_inl.hpp>
#include <rushhour/fakes/detail/control_faults_inl.hpp>
#include <rushhour/fakes/detail/control_journal_inl.hpp>
#include <rushhour/fakes/detail/control_keys_inl.hpp>
#include <rushhour/fakes/detail/control_live_inl.hpp>
#include <rushhour/fakes/detail/control_stubs_inl.hpp>
#endif
