/// \file
/// What `serve` and `exec` share: the world that they serve, its clock, and its server.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include <rushhour/aws/sigv4.hpp>
#include <rushhour/fakes/admin.hpp>
#include <rushhour/fakes/cloudtrail_files.hpp>
#include <rushhour/fakes/cloudtrail_log.hpp>
#include <rushhour/fakes/front_door.hpp>
#include <rushhour/fakes/stubs.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/http/server.hpp>
#include <rushhour/http/service.hpp>
#include <rushhour/scenario/state.hpp>
#include <rushhour/time.hpp>

#include "commands.hpp"

namespace rushhour::cli {

using Json = nlohmann::ordered_json;

/// The wall clock or a still one, either of which can be advanced. Both begin at wall time.
class ServiceClock {
 public:
  explicit ServiceClock(bool is_virtual) : still_(real_.now()), is_virtual_(is_virtual) {}
  [[nodiscard]] const Clock& get() const {
    if (is_virtual_) return still_;
    return real_;
  }
  void advance(Duration length) { is_virtual_ ? still_.advance(length) : real_.advance(length); }

 private:
  RealClock real_;
  VirtualClock still_;
  bool is_virtual_;
};

/// A world to serve: the guide's, and what the command line adds to it.
struct Served {
  /// `options` are those of the guide's world before the command line has its say: its start, and its seed
  /// and Region unless they are the command's own.
  Served(const ServeCommand& command, Instant now, fakes::PantherWorldOptions options = {});

  /// Who can call, by name: credentials that are valid for 12 hours from `now`, and the keys of the state's
  /// users by their ARNs.
  [[nodiscard]] Json principals(Instant now);
  /// What the control interface may do with it. `clock` outlives the interface.
  [[nodiscard]] fakes::AdminOptions admin_options(ServiceClock& clock);
  [[nodiscard]] Json announcement(std::uint16_t port, Json first_principals) const;
  /// Makes the world what it was at first: that of the guide or the scenario, with the state and the
  /// administrator. Inside the gate.
  void begin_anew();

  fakes::PantherWorld panther;
  fakes::Stubs stubs{};
  fakes::FrontDoor door{panther.world, {.stubs = &stubs}};
  fakes::CloudTrailLog trail{panther.world};
  std::string stranger_arn{};
  scenario::LoadedState state{};
  std::string admin_arn{};  ///< empty: none
  aws::Credentials admin_key{};
  std::optional<fakes::CloudTrailFiles> files{};

 private:
  /// What is in the guide's world beside the guide.
  void add_to_guide();

  const ServeCommand command_;
  const Instant begin_;
  std::optional<scenario::Document> state_file_{};
};

/// What the servers hand on: the front door has limits of its own, and takes larger files than requests.
inline constexpr std::size_t body_size_max = fakes::FrontDoorOptions{}.upload_size_max;

/// On the command's port. \throws InputError when it is not to be had.
[[nodiscard]] std::unique_ptr<http::Server> listen(http::Service& service, const ServiceClock& clock,
                                                   std::uint16_t port);

}  // namespace rushhour::cli
