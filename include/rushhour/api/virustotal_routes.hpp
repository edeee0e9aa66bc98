/// \file
/// VirusTotal's API v3 as routes: VirusTotal is REST, so an operation is a method, a path and a JSON answer
/// rather than a table of members. One row each, read by the client that writes requests and by the fake that
/// reads them.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/api/virustotal.hpp>
#include <rushhour/api/virustotal_json.hpp>

namespace rushhour::api::virustotal {

inline constexpr std::string_view host = "www.virustotal.com";
inline constexpr std::string_view base_path = "/api/v3";

/// An operation on one object, whose id is the last segment of the path.
struct Route {
  const Operation* operation;
  std::string_view method;                      ///< `GET`
  std::string_view path;                        ///< after base_path, up to the id: `/ip_addresses/`
  std::string_view (*id)(const void* input);    ///< not yet percent-encoded
  void (*set_id)(void* input, std::string id);  ///< decoded
  void (*append_answer)(std::string& out, const void* output);
  bool (*read_answer)(std::string_view text, void* output);  ///< false: the text is no such answer
};

/// In the dense order of the operations.
inline constexpr std::array<Route, OperationsOf<Service::virustotal>::Type::count> routes{{
    {.operation = &operation_of<GetIpAddress>,
     .method = "GET",
     .path = "/ip_addresses/",
     .id = [](const void* input) -> std::string_view { return static_cast<const GetIpAddress*>(input)->ip; },
     .set_id = [](void* input, std::string id) { static_cast<GetIpAddress*>(input)->ip = std::move(id); },
     .append_answer =
         [](std::string& out, const void* output) {
           append_answer(out, *static_cast<const IpAddressReport*>(output));
         },
     .read_answer =
         [](std::string_view text, void* output) {
           auto report = virustotal::read_answer(text);
           if (report) *static_cast<IpAddressReport*>(output) = std::move(*report);
           return report.has_value();
         }},
}};

}  // namespace rushhour::api::virustotal
