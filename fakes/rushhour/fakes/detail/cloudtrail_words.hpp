/// \file
/// What records of AWS CloudTrail say in words of their own, whoever writes them: cloudtrail.hpp, which
/// derives records from a simulation's calls, and cloudtrail_log.hpp, which writes whole ones. Spec:
/// aws.md 5.
#pragma once

#include <string>
#include <string_view>

#include <rushhour/api/operation.hpp>
#include <rushhour/fakes/iam.hpp>
#include <rushhour/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes::detail {

/// eventVersion of 2024 [REC].
[[nodiscard]] constexpr std::string_view trail_version(api::Service service) {
  return service == api::Service::sts ? "1.08" : "1.09";
}

/// errorCode as records have it, which is not always as answers do: throttled calls [MEM], and refusals of
/// Secrets Manager as in Panther's sample.
[[nodiscard]] constexpr std::string_view trail_error_code(Outcome outcome, std::string_view code) {
  if (outcome == Outcome::throttled) return "ThrottlingException";
  return code == "AccessDeniedException" ? "AccessDenied" : code;
}

/// Whether a code says that nobody is known to have called: such calls are in nobody's trail.
[[nodiscard]] inline bool fails_authentication(std::string_view code) {
  for (const Iam::AuthenticationErrors* errors : {&Iam::query_errors(), &Iam::json_errors()}) {
    for (const Failure* failure :
         {&errors->missing, &errors->malformed, &errors->unknown_key, &errors->expired, &errors->mismatch}) {
      if (failure->code == code) return true;
    }
  }
  return false;
}

/// Instants in requestParameters and responseElements are texts of Java, whose comma behind the year came
/// with JDK 9: STS has it [REC 2024], IAM [REC 2024] and Secrets Manager [DOC 2018] have none.
[[nodiscard]] constexpr bool trail_dates_have_comma(api::Service service) {
  return service == api::Service::sts;
}

/// `Jul 30, 2024, 9:46:15 PM`, or `Aug 1, 2024 1:33:28 PM` without the comma.
[[nodiscard]] inline std::string trail_date(Instant instant, bool has_comma) {
  static constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const rushhour::detail::CivilTime time = rushhour::detail::civil(instant);
  const std::int64_t hour = time.second_of_day / 3600;
  std::string out{months.substr((time.month - 1) * 3, 3)};
  out += ' ';
  out += std::to_string(time.day);
  out += ", ";
  out += std::to_string(time.year);
  out += has_comma ? ", " : " ";
  out += std::to_string(hour % 12 == 0 ? 12 : hour % 12);
  out += ':';
  rushhour::detail::append_digits(out, static_cast<std::uint64_t>(time.second_of_day / 60 % 60), 2);
  out += ':';
  rushhour::detail::append_digits(out, static_cast<std::uint64_t>(time.second_of_day % 60), 2);
  out += hour < 12 ? " AM" : " PM";
  return out;
}

}  // namespace rushhour::fakes::detail
