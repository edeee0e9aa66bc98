/// \file
/// What a Host header says about a request: the service, and the Region or that it is a global endpoint. Used
/// by front_door.hpp only. Nothing is refused here: a host of another form says nothing.
///
/// Sources: AWS General Reference, "Service endpoints" (`sts.eu-west-1.amazonaws.com`, FIPS, dual stack); AWS
/// PrivateLink Guide, "Access AWS services through AWS PrivateLink"
/// (`vpce-....sts.eu-west-1.vpce.amazonaws.com`).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include <rushhour/api/operation.hpp>
#include <rushhour/http/message.hpp>

namespace rushhour::fakes::detail {

/// The Region that signatures name at the endpoints of all of a partition: sts.amazonaws.com,
/// iam.amazonaws.com (IAM User Guide, "Manage AWS STS in an AWS Region").
inline constexpr std::string_view global_region = "us-east-1";

struct HostName {
  std::optional<api::Service> service{};
  std::string_view region{};  ///< empty: it names none
  bool is_global{};           ///< the one endpoint of all Regions
  /// STS's, whose calls are charged apart from those of any Region (aws/global_endpoint.hpp).
  [[nodiscard]] constexpr bool is_sts_global() const {
    return is_global && service == api::Service::sts && region == global_region;
  }
};

[[nodiscard]] constexpr bool starts_ignoring_case(std::string_view text, std::string_view prefix) {
  return http::equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}
[[nodiscard]] constexpr bool take_suffix(std::string_view& text, std::string_view suffix) {
  if (text.size() < suffix.size() ||
      !http::equals_ignoring_case(text.substr(text.size() - suffix.size()), suffix)) {
    return false;
  }
  text.remove_suffix(suffix.size());
  return true;
}
[[nodiscard]] constexpr bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!starts_ignoring_case(text, prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// Whether a text has the form of a Region's name: `us-east-1`, `us-gov-west-1`, `eusc-de-east-1`.
/// Which Regions there are AWS changes; botocore's endpoints.json has such a pattern for each partition.
[[nodiscard]] constexpr bool is_region(std::string_view text) {
  constexpr auto count = [](std::string_view part, char first, char last) {
    std::size_t size = 0;
    while (size < part.size() && part[size] >= first && part[size] <= last) ++size;
    return size;
  };
  if (text.size() > 24) return false;
  std::size_t words = 0;
  while (true) {
    const std::size_t letters = count(text, 'a', 'z');
    if (letters < 2 || (words == 0 && letters > 4) || letters == text.size() || text[letters] != '-') break;
    text.remove_prefix(letters + 1);
    ++words;
  }
  const std::size_t digits = count(text, '0', '9');
  return (words == 2 || words == 3) && digits == text.size() && (digits == 1 || digits == 2);
}

/// Whether one endpoint of the service serves all Regions.
[[nodiscard]] constexpr bool has_global_endpoint(api::Service service) {
  return service == api::Service::sts || service == api::Service::iam;
}

/// `111122223333.ddb.us-east-1`, where SDKs that know the account send DynamoDB's requests to (Amazon
/// DynamoDB Developer Guide, "SDK support for account-based endpoints").
inline constexpr std::size_t account_digits = 12;
[[nodiscard]] constexpr bool is_account_endpoint(std::string_view host) {
  return host.find_first_not_of("0123456789") == account_digits &&
         host.substr(account_digits).starts_with(".ddb.");
}

/// Reads `sts.eu-west-1.amazonaws.com:443`.
[[nodiscard]] constexpr HostName read_host(std::string_view host) {
  using Row = std::pair<std::string_view, api::Service>;
  constexpr std::array<Row, 5> rows{Row{"sts", api::Service::sts}, Row{"iam", api::Service::iam},
                                    Row{"secretsmanager", api::Service::secretsmanager},
                                    Row{"dynamodb", api::Service::dynamodb},
                                    Row{"ddb", api::Service::dynamodb}};
  host = host.substr(0, host.find(':'));
  const bool is_aws = take_suffix(host, ".amazonaws.com") || take_suffix(host, ".amazonaws.com.cn") ||
                      take_suffix(host, ".api.aws");
  if (is_aws && take_suffix(host, ".vpce") && starts_ignoring_case(host, "vpce-")) {
    host.remove_prefix(host.find('.') == std::string_view::npos ? host.size() : host.find('.') + 1);
  }
  if (is_aws && is_account_endpoint(host)) host.remove_prefix(account_digits + 1);
  for (const auto& [name, service] : rows) {
    std::string_view rest = host;
    if (!take_prefix(rest, name)) continue;
    static_cast<void>(take_prefix(rest, "-fips"));
    if (!is_aws) return rest.starts_with('.') ? HostName{.service = service} : HostName{};  // `sts.localhost`
    if (rest.empty()) return {.service = service, .region = global_region, .is_global = true};
    if (rest == ".us-gov") return {.service = service, .region = "us-gov-west-1", .is_global = true};
    if (rest.starts_with('.')) return {.service = service, .region = rest.substr(1)};
  }
  return {};
}

}  // namespace rushhour::fakes::detail
