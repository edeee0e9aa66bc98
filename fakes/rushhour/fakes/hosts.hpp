/// \file
/// Which hosts of the real world the fakes answer for: what http::Interceptor lets in. What a Host says about
/// a request is front_door.hpp's business.
///
/// Sources: AWS General Reference, "Service endpoints" (`sts.eu-west-1.amazonaws.com`, FIPS, dual stack); AWS
/// PrivateLink Guide; spec virustotal.md 1.
#pragma once

#include <string_view>

#include <rushhour/fakes/detail/front_door_hosts.hpp>
#include <rushhour/http/message.hpp>

namespace rushhour::fakes {

/// STS, global and of a Region; Secrets Manager and DynamoDB of a Region; IAM; with `-fips`, in all
/// partitions, and as endpoints of a VPC; and www.virustotal.com. `host` without a port.
[[nodiscard]] constexpr bool is_served_host(std::string_view host) {
  if (http::equals_ignoring_case(host, "www.virustotal.com")) return true;
  std::string_view domain = host;
  const bool is_aws = detail::take_suffix(domain, ".amazonaws.com") ||
                      detail::take_suffix(domain, ".amazonaws.com.cn") ||
                      detail::take_suffix(domain, ".api.aws");
  if (!is_aws) return false;
  const detail::HostName name = detail::read_host(host);
  if (!name.service) return false;
  if (name.is_global) return detail::has_global_endpoint(*name.service);
  std::string_view region = name.region;
  static_cast<void>(detail::take_suffix(region, ".vpce"));
  return detail::is_region(region);
}

}  // namespace rushhour::fakes
