#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <rushhour/fakes/admin.hpp>
#include <rushhour/fakes/detail/admin_answers.hpp>
#include <rushhour/fakes/detail/control_lists.hpp>
#include <rushhour/fault.hpp>

namespace rushhour::fakes {

namespace detail {

/// Each call walks over all of them.
inline constexpr std::size_t faults_max = 1'000;

}  // namespace detail

RUSHHOUR_INLINE http::Response Admin::faults(const http::Request& /*request*/, http::Gate& gate) {
  const http::Gate::Entry entry = gate.enter();
  const std::vector<std::string> list = detail::faults_json(world_.faults);
  return detail::admin_answer(
      detail::JsonObject{}.integer("count", list.size()).raw("faults", detail::json_lines(list)));
}

RUSHHOUR_INLINE http::Response Admin::add_faults(const http::Request& request, http::Gate& gate) {
  if (options_.read.faults == nullptr)
    return detail::admin_lacks("this world reads no faults", request.path());
  try {
    const http::Gate::Entry entry = gate.enter();
    std::vector<Fault> faults = options_.read.faults(request.body, entry.now);
    std::size_t count = faults.size();
    world_.faults.for_each([&count](std::uint64_t, const Fault&) { ++count; });
    if (count > detail::faults_max) {
      return detail::admin_refusal({.status = 409,
                                    .message = "there are too many faults",
                                    .expected = "at most " + std::to_string(detail::faults_max),
                                    .saw = std::to_string(count)});
    }
    std::vector<std::uint64_t> ids;
    for (Fault& fault : faults) ids.push_back(world_.faults.add(std::move(fault)));
    return detail::added(ids);
  } catch (const InputError& error) {
    return detail::admin_refusal(error);
  }
}

RUSHHOUR_INLINE http::Response Admin::remove_faults(const http::Request& /*request*/, http::Gate& gate) {
  const http::Gate::Entry entry = gate.enter();
  const std::size_t count = detail::faults_json(world_.faults).size();
  world_.faults.clear();
  return detail::removed(count);
}

RUSHHOUR_INLINE http::Response Admin::remove_fault(const http::Request& request, http::Gate& gate) {
  const http::Gate::Entry entry = gate.enter();
  const auto id = detail::number_in(request);
  if (id && world_.faults.remove(*id)) return detail::removed(1);
  return detail::admin_refusal({.status = 404,
                                .message = "there is no such fault",
                                .expected = "the id of a fault that GET /_rushhour/faults lists",
                                .saw = request.path()});
}

}  // namespace rushhour::fakes
