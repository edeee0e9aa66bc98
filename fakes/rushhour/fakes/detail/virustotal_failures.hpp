/// \file
/// The refusals of VirusTotal that more than one operation gives, in its words. It decides nothing.
///
/// Source: docs.virustotal.com/reference/errors and recordings (spec virustotal.md 1.7); where a text is not
/// known, CHOICE.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <rushhour/api/virustotal/shapes.hpp>
#include <rushhour/result.hpp>

namespace rushhour::fakes::detail {

/// [DOC] codes and statuses.
[[nodiscard]] inline Failure bad_request(std::string message) {
  return {
      .outcome = Outcome::invalid, .status = 400, .code = "BadRequestError", .message = std::move(message)};
}
[[nodiscard]] inline Failure invalid_argument(std::string message) {
  return {.outcome = Outcome::invalid,
          .status = 400,
          .code = "InvalidArgumentError",
          .message = std::move(message)};
}
[[nodiscard]] inline Failure unauthorized(std::string_view code, std::string message) {
  return {
      .outcome = Outcome::denied, .status = 401, .code = std::string{code}, .message = std::move(message)};
}
[[nodiscard]] inline Failure forbidden() {
  return {.outcome = Outcome::denied,
          .status = 403,
          .code = "ForbiddenError",
          .message = "You are not authorized to perform the requested operation"};
}
[[nodiscard]] inline Failure not_found(std::string message) {
  return {
      .outcome = Outcome::not_found, .status = 404, .code = "NotFoundError", .message = std::move(message)};
}
/// [REC: vt-py tests] of an unknown path.
[[nodiscard]] inline Failure no_resource() { return not_found("Resource not found."); }
[[nodiscard]] inline Failure already_exists(std::string message) {
  return {.outcome = Outcome::invalid,
          .status = 409,
          .code = "AlreadyExistsError",
          .message = std::move(message)};
}

/// `File "0123" not found` [REC], with the id as it was sent.
[[nodiscard]] inline Failure object_not_found(std::string_view what, std::string_view id) {
  return not_found(std::string{what} + " \"" + std::string{id} + "\" not found");
}
[[nodiscard]] constexpr std::string_view title_of(api::virustotal::Collection collection) {
  constexpr std::string_view texts[api::virustotal::collection_count] = {"IP address", "Domain", "URL",
                                                                         "File"};
  return texts[static_cast<std::size_t>(collection)];
}

}  // namespace rushhour::fakes::detail
