/// \file
/// The bodies of tier_proof.hpp. They declare nothing of their own.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/calls.hpp>
#include <rushhour/digest.hpp>
#include <rushhour/fakes/front_door.hpp>
#include <rushhour/fakes/role_credentials.hpp>
#include <rushhour/panther/tier_proof.hpp>
#include <rushhour/panther/virtual_time.hpp>

namespace rushhour::panther {

namespace detail {

/// repr() without what each answer has of its own: ids of requests, and the headers that carry them.
inline std::string comparable(const Object& value) {
  constexpr const char* source = R"python(
def comparable(value):
    if isinstance(value, dict):
        return {key: comparable(held) for key, held in value.items() if key != "ResponseMetadata"}
    if type(value) in (list, tuple):
        return type(value)(comparable(held) for held in value)
    return value
)python";
  const Object names = Object::steal(PyDict_New());
  checked(PyDict_SetItemString(names.get(), "__builtins__", PyEval_GetBuiltins()));
  const Object code = Object::steal(Py_CompileString(source, "<rushhour tier proof>", Py_file_input));
  static_cast<void>(Object::steal(PyEval_EvalCode(code.get(), names.get(), names.get())));
  const Object made =
      Object::steal(PyObject_CallOneArg(PyDict_GetItemString(names.get(), "comparable"), value.get()));
  return utf8(Object::steal(PyObject_Repr(made.get())).get());
}

inline std::string in_words(const JournalEntry& call) {
  return std::string{call.operation} + " " + std::string{to_text(call.outcome)} + ", attempt " +
         std::to_string(call.attempt);
}

/// Where the tiers may differ without a cause: a delay of back-off is a whole number of nanoseconds here and
/// a floating-point number of seconds in Python.
inline constexpr Duration negligible = std::chrono::microseconds{10};

/// A difference between two whole numbers, if there is one.
inline void compare_counts(std::vector<std::string>& out, std::string_view tier, std::string_view what,
                           std::uint64_t here, std::uint64_t at_api) {
  if (here == at_api) return;
  out.push_back(std::string{tier} + ": " + std::to_string(here) + " " + std::string{what} +
                "; at the API level " + std::to_string(at_api));
}

}  // namespace detail

RUSHHOUR_INLINE std::vector<std::string> differences(const TierResult& api, const TierResult& other) {
  std::vector<std::string> out;
  const std::string tier{to_text(other.tier)};
  if (api.result != other.result)
    out.push_back(tier + ": it comes to " + other.result + "; at the API level to " + api.result);
  const std::size_t calls = std::max(api.calls.size(), other.calls.size());
  for (std::size_t i = 0; i < calls; ++i) {
    const std::string here = i < other.calls.size() ? other.calls[i] : "missing";
    const std::string there = i < api.calls.size() ? api.calls[i] : "missing";
    if (here == there) continue;
    out.push_back(tier + ": call " + std::to_string(i + 1) + " is " + here + "; at the API level it is " +
                  there);
    break;  // what follows from one difference is no other
  }
  detail::compare_counts(out, tier, "calls in all, retries included", other.calls.size(), api.calls.size());
  detail::compare_counts(out, tier, "calls, retries not counted", other.logical_calls, api.logical_calls);
  detail::compare_counts(out, tier, "clients made", other.clients_made, api.clients_made);
  if (std::chrono::abs(api.lasted - other.lasted) > detail::negligible) {
    out.push_back(tier + ": it takes " + rushhour::to_text(other.lasted) + "; at the API level " +
                  rushhour::to_text(api.lasted));
  }
  return out;
}

RUSHHOUR_INLINE TierComparison TierProof::compare(PythonHost& host, Instant at, std::uint64_t event,
                                                  const Evaluate& evaluate) {
  struct Restore {
    Clients& clients;
    ClientRoute route;
    ~Restore() { clients.set_route(route); }
  } const restore{clients_, clients_.route()};
  TierComparison out;
  for (const ClientTier tier : {ClientTier::api, ClientTier::http, ClientTier::wire}) {
    if (tier == ClientTier::wire && !options_.serve) continue;
    out.tiers.push_back(run(host, tier, at, event, evaluate));
    if (tier == ClientTier::api) continue;
    for (std::string& difference : panther::differences(out.tiers.front(), out.tiers.back()))
      out.differences.push_back(std::move(difference));
  }
  return out;
}

RUSHHOUR_INLINE TierResult TierProof::run(PythonHost& host, ClientTier tier, Instant at, std::uint64_t event,
                                          const Evaluate& evaluate) {
  const std::unique_ptr<fakes::PantherWorld> panther = options_.make_world();
  fakes::World& world = panther->world;
  VirtualClock clock{at};
  fakes::RoleCredentials credentials{world.iam, panther->engine_role_arn, "panther-rules-engine"};
  std::array<std::unique_ptr<retry::Policy>, api::service_count> policies;
  detect::RetryPolicies pointers{};
  for (std::size_t i = 0; i < policies.size(); ++i) {
    policies[i] = options_.make_policy(static_cast<api::Service>(i));
    pointers[i] = policies[i].get();
  }
  api::Session session{
      .endpoint = &world,
      .clock = &clock,
      .latencies = &options_.latencies,
      .timeouts = &options_.timeouts,
      .attribution = {.detection = world.ledger.names().intern(options_.detection), .event = event},
      .random = options_.events.part(event).part(hash(options_.detection))};
  detect::Context context{session, credentials, pointers,
                          options_.clients_per_call ? &options_.make_policy : nullptr};

  fakes::FrontDoor door{world};
  const std::unique_ptr<ServedPort> served =
      tier == ClientTier::wire ? options_.serve(door, clock) : std::unique_ptr<ServedPort>{};
  clients_.set_route({.tier = tier,
                      .world = &world,
                      .port = served ? served->port() : std::uint16_t{},
                      .folder = clients_.route().folder});
  TierResult out{.tier = tier};
  {
    const VirtualTime time{clock};
    PythonThread thread{host};
    thread.set_context(&context);
    const Inside inside{thread};
    try {
      out.result = detail::comparable(evaluate(tier));
    } catch (const PythonError& error) {
      out.result = error.what();
    }
  }
  const Calls calls = world.calls();
  for (const JournalEntry& call : calls) out.calls.push_back(detail::in_words(call));
  out.clients_made = session.clients_made;
  out.logical_calls = session.logical_calls;
  out.lasted = clock.now() - at;
  return out;
}

}  // namespace rushhour::panther
