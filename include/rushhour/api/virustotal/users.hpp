/// \file
/// A user, and what is left of its quotas. Free of quota [CHOICE], and of no name in VirusTotal's own
/// api_usage.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/api/virustotal/route.hpp>
#include <rushhour/api/virustotal/shapes.hpp>

namespace rushhour::api::virustotal {

/// `GET /api/v3/users/{id}`: by name, or by the API key itself.
struct GetUser {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "users";
  static constexpr bool read_only = true;

  std::string id{};

  using Output = Document;
};

/// `GET /api/v3/users/{id}/overall_quotas`: hourly, daily and monthly, of the user and its group.
struct GetOverallQuotas {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "overall_quotas";
  static constexpr bool read_only = true;

  std::string id{};

  using Output = Document;
};

/// `GET /api/v3/users/{id}/api_usage`: answers by day and endpoint, of at most 30 days.
struct GetApiUsage {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "api_usage";
  static constexpr bool read_only = true;

  std::string id{};
  std::string start_date{};  ///< `20260302`; 30 days unless given
  std::string end_date{};    ///< `20260331`; today unless given

  using Output = Document;
};

/// `GET /api/v3/groups/{id}`.
struct GetGroup {
  static constexpr Service service = Service::virustotal;
  static constexpr std::string_view operation_name = "groups";
  static constexpr bool read_only = true;

  std::string id{};

  using Output = Document;
};

template <>
struct Routed<GetUser> {
  using Op = GetUser;
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view path = "/users/{}";
  static constexpr std::array fields{field<&Op::id>("id", Place::path)};
};

template <>
struct Routed<GetOverallQuotas> {
  using Op = GetOverallQuotas;
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view path = "/users/{}/overall_quotas";
  static constexpr std::array fields{field<&Op::id>("id", Place::path)};
};

template <>
struct Routed<GetApiUsage> {
  using Op = GetApiUsage;
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view path = "/users/{}/api_usage";
  static constexpr std::array fields{field<&Op::id>("id", Place::path),
                                     field<&Op::start_date>("start_date", Place::query),
                                     field<&Op::end_date>("end_date", Place::query)};
};

template <>
struct Routed<GetGroup> {
  using Op = GetGroup;
  static constexpr std::string_view method = "GET";
  static constexpr std::string_view path = "/groups/{}";
  static constexpr std::array fields{field<&Op::id>("id", Place::path)};
};

}  // namespace rushhour::api::virustotal
