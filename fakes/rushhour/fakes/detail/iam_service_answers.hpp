/// \file
/// The words and forms of IAM's answers: refusals with their recorded texts, documents as they are sent back,
/// and lists in pages. Used by iam_service.hpp's bodies only.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/iam.hpp>
#include <rushhour/detail/base64.hpp>
#include <rushhour/fakes/detail/iam_service_requests.hpp>
#include <rushhour/fakes/principals.hpp>
#include <rushhour/http/message.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes::detail {

// ---- Refusals: code and status from botocore's model ----

[[nodiscard]] inline Failure no_such_entity(std::string message) {
  return {
      .outcome = Outcome::not_found, .status = 404, .code = "NoSuchEntity", .message = std::move(message)};
}
/// `The role with name Reader cannot be found.` [REC terraform-provider-aws#9278, aws-cli#6139]
[[nodiscard]] inline Failure not_found_by_name(std::string_view kind, std::string_view name) {
  return no_such_entity("The " + std::string{kind} + " with name " + std::string{name} + " cannot be found.");
}
[[nodiscard]] inline Failure entity_already_exists(std::string message) {
  return {.outcome = Outcome::invalid,
          .status = 409,
          .code = "EntityAlreadyExists",
          .message = std::move(message)};
}
/// `Role with name Reader already exists.` [REC terraform-aws-ecs#363]
[[nodiscard]] inline Failure exists_by_name(std::string_view kind, std::string_view name) {
  return entity_already_exists(std::string{kind} + " with name " + std::string{name} + " already exists.");
}
[[nodiscard]] inline Failure delete_conflict(std::string message) {
  return {
      .outcome = Outcome::invalid, .status = 409, .code = "DeleteConflict", .message = std::move(message)};
}
/// [REC ansible#22832] `must detach all policies first`, [REC analytics-platform#33] `must delete policies
/// first`, [REC terraform#29147] `must remove users from group first`
[[nodiscard]] inline Failure cannot_delete_before(std::string_view what) {
  return delete_conflict("Cannot delete entity, must " + std::string{what} + " first.");
}
[[nodiscard]] inline Failure iam_limit_exceeded(std::string message) {
  return {.outcome = Outcome::invalid, .status = 409, .code = "LimitExceeded", .message = std::move(message)};
}
/// `Cannot exceed quota for AccessKeysPerUser: 2` [REC s3-credentials#64]
[[nodiscard]] inline Failure quota_exceeded(std::string_view quota, std::size_t limit) {
  return iam_limit_exceeded("Cannot exceed quota for " + std::string{quota} + ": " + std::to_string(limit));
}
[[nodiscard]] inline Failure invalid_input(std::string message) {
  return {.outcome = Outcome::invalid, .status = 400, .code = "InvalidInput", .message = std::move(message)};
}

// ---- Policy documents ----

/// How IAM words what the compiler of policies found. The first row whose text the compiler's begins with.
struct DocumentMistake {
  std::string_view expected{};
  std::string_view text{};
};
inline constexpr auto document_mistakes = std::to_array<DocumentMistake>({
    // [REC terraform-provider-aws#10419]
    {"no Principal: an identity policy", "Policy document should not specify a principal."},
    {"no Resource: a trust policy", "Has prohibited field Resource"},       // [REC external-dns#3085]
    {"a member \"Resource\"", "Policy statement must contain resources."},  // [REC aws-health-aware#1]
    {"a member \"Action\"", "Policy statement must contain actions."},      // MEM
    {"a member \"Principal\"", "Missing required field Principal"},         // [REC S3-Uploads#191]
    {"a policy document in JSON", "This policy contains invalid Json"},     // [REC graylog-plugin-aws#22]
});

/// [MEM] the text of all other mistakes.
[[nodiscard]] inline Failure malformed_document(const InputError& error) {
  std::string_view text = "Syntax errors in policy.";
  for (const DocumentMistake& row : document_mistakes) {
    if (!error.mistake().expected.starts_with(row.expected)) continue;
    text = row.text;
    break;
  }
  // A role or user that does not exist: the compiler has IAM's words for it.
  if (error.mistake().advice.starts_with("Invalid principal in policy")) text = error.mistake().advice;
  return {.outcome = Outcome::invalid,
          .status = 400,
          .code = "MalformedPolicyDocument",
          .message = std::string{text}};
}

/// As IAM counts: without white space ("IAM and AWS STS quotas", DOC).
[[nodiscard]] inline std::size_t document_size(std::string_view document) {
  return static_cast<std::size_t>(std::count_if(document.begin(), document.end(), [](char c) {
    return c != ' ' && c != '\t' && c != '\n' && c != '\r';
  }));
}

/// As answers carry a document: percent-encoded (RFC 3986).
[[nodiscard]] inline std::string encoded_document(std::string_view document) {
  std::string out;
  out.reserve(document.size() * 2);
  http::append_percent_encoded(out, document);
  return out;
}

// ---- Shapes ----

/// IAM's dates are whole seconds.
[[nodiscard]] inline Instant to_seconds(Instant instant) {
  return std::chrono::floor<std::chrono::seconds>(instant);
}

[[nodiscard]] inline std::optional<api::iam::AttachedPermissionsBoundary> boundary_of(
    const std::string& policy_arn) {
  if (policy_arn.empty()) return std::nullopt;
  return api::iam::AttachedPermissionsBoundary{.permissions_boundary_type = "PermissionsBoundaryPolicy",
                                               .permissions_boundary_arn = policy_arn};
}

[[nodiscard]] inline std::vector<IamTag> to_tags(const std::vector<api::iam::Tag>& tags) {
  std::vector<IamTag> out;
  for (const api::iam::Tag& tag : tags) out.push_back({tag.key, tag.value});
  return out;
}
[[nodiscard]] inline std::vector<api::iam::Tag> tags_of(const std::vector<IamTag>& tags) {
  std::vector<api::iam::Tag> out;
  for (const IamTag& tag : tags) out.push_back({tag.key, tag.value});
  return out;
}

// ---- Pages ----

/// [CHOICE] A marker is base64 of the operation and of the last item's key, so that one of another list, or
/// of nobody's, is refused; what is made or deleted between two pages shifts nothing.
[[nodiscard]] inline std::string marker_text(std::string_view operation, std::string_view last) {
  std::string out;
  rushhour::detail::append_base64(out, std::string{operation} + "\n" + std::string{last});
  return out;
}
[[nodiscard]] inline std::optional<std::string> read_marker(std::string_view operation,
                                                            std::string_view marker) {
  const auto text = rushhour::detail::decode_base64(marker);
  if (!text || !text->starts_with(std::string{operation} + "\n")) return std::nullopt;
  return text->substr(operation.size() + 1);
}

/// Puts the items into the order of their keys and leaves the page that the request asks for; the answer's
/// marker says where the next begins.
template <class Op, class Item, class Key>
[[nodiscard]] std::optional<Failure> cut_page(const Op& request, Key key, std::vector<Item>& items,
                                              typename Op::Output& out) {
  constexpr std::int64_t items_default = 100;  // DOC: API reference, MaxItems
  std::sort(items.begin(), items.end(), [&](const Item& a, const Item& b) { return key(a) < key(b); });
  if (request.marker) {
    const auto last = read_marker(Op::operation_name, *request.marker);
    if (!last) return invalid_iam_value("Invalid Marker.");  // MEM
    std::erase_if(items, [&](const Item& item) { return !(*last < key(item)); });
  }
  const auto size = static_cast<std::size_t>(request.max_items.value_or(items_default));
  if (items.size() > size) {
    items.resize(size);
    out.is_truncated = true;
    out.marker = marker_text(Op::operation_name, key(items.back()));
  }
  return std::nullopt;
}

}  // namespace rushhour::fakes::detail
