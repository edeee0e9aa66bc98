/// \file
/// VirusTotal's API v3 as a table of routes: one row for each operation, made of what stands beside its
/// struct (virustotal/route.hpp). Read by the client that writes requests and by the fake that reads them.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/api/virustotal/route.hpp>
#include <rushhour/api/virustotal_json.hpp>

namespace rushhour::api::virustotal {

namespace detail {

template <class Op>
constexpr Route route_of() {
  Route route{.operation = &operation_of<Op>,
              .method = Routed<Op>::method,
              .collection = {},
              .path = Routed<Op>::path,
              .selector = {},
              .object_type = {},
              .fields = {},
              .append_answer =
                  [](std::string& out, const void* output) {
                    virustotal::append_answer(out, *static_cast<const typename Op::Output*>(output));
                  },
              .read_answer =
                  [](std::string_view text, void* output) {
                    return virustotal::read_answer(text, *static_cast<typename Op::Output*>(output));
                  }};
  if constexpr (requires { Routed<Op>::collection; }) route.collection = Routed<Op>::collection;
  if constexpr (requires { Routed<Op>::selector; }) route.selector = Routed<Op>::selector;
  if constexpr (requires { Routed<Op>::object_type; }) route.object_type = Routed<Op>::object_type;
  if constexpr (requires { Routed<Op>::fields; }) route.fields = Routed<Op>::fields;
  return route;
}

template <class... Ops>
constexpr std::array<Route, sizeof...(Ops)> routes_of(Operations<Ops...> /*operations*/) {
  return {route_of<Ops>()...};
}

}  // namespace detail

/// In the dense order of the operations.
inline constexpr auto routes = detail::routes_of(OperationsOf<Service::virustotal>::Type{});

}  // namespace rushhour::api::virustotal
