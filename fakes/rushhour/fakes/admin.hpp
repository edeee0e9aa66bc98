/// \file
/// Steering a served world over HTTP, for tests in other languages: its journal and CloudTrail, its clock,
/// and starting afresh. All else goes on to the service behind it. None of it costs quota or reaches the
/// journal.
///
///     GET  /_rushhour/journal?limit=20      the last calls, newest last; 100 unless said otherwise
///     GET  /_rushhour/cloudtrail?limit=20&account=111122223333   the last records, newest last, in the
///                                           member `Records` as in CloudTrail's files; of all accounts
///                                           unless one is named
///     GET  /_rushhour/clock                 {"now":"2026-03-02T14:00:00.000Z"}
///     POST /_rushhour/clock {"advance":"1h"}   the same, an hour later
///     GET  /_rushhour/principals            fresh credentials of the world's principals, by name
///     POST /_rushhour/reset                 empties the journal and CloudTrail, fills the quotas, removes
///                                           the faults; what exists stays
///
/// A mistake answers 4xx with `{"error":{"message":...,"expected":...,"saw":...}}`.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/fakes/cloudtrail_log.hpp>
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
  /// Null: no records are told. It outlives the admin.
  CloudTrailLog* trail{};
};

class Admin final : public http::Service {
 public:
  using Options = AdminOptions;

  /// `world` and `inner` outlive it.
  Admin(World& world, http::Service& inner, Options options = {})
      : world_(world), inner_(inner), options_(std::move(options)) {}

  [[nodiscard]] http::Response handle(const http::Request& request, http::Gate& gate) override;

  static constexpr std::string_view path = "/_rushhour/";

 private:
  http::Response journal(const http::Request& request, http::Gate& gate);
  http::Response cloudtrail(const http::Request& request, http::Gate& gate);
  http::Response clock(const http::Request& request, http::Gate& gate);
  http::Response advance(const http::Request& request, http::Gate& gate);
  http::Response principals(const http::Request& request, http::Gate& gate);
  http::Response reset(const http::Request& request, http::Gate& gate);

  World& world_;
  http::Service& inner_;
  Options options_;
};

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/admin_inl.hpp>
#endif
