/// \file
/// What IAM's operations have in common by their members: which verb they are, whether their names and tags
/// have the form, and which condition keys they bring. Used by iam_service.hpp only.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <rushhour/api/iam.hpp>
#include <rushhour/aws/arn.hpp>
#include <rushhour/aws/context_values.hpp>
#include <rushhour/fakes/principals.hpp>
#include <rushhour/http/message.hpp>
#include <rushhour/result.hpp>

namespace rushhour::fakes::detail {

// ---- Verbs on the policies of roles, users and groups: one operation of each ----

template <class Op, class... Ops>
inline constexpr bool is_one_of = (std::is_same_v<Op, Ops> || ...);

template <class Op>
concept PutsPolicy =
    is_one_of<Op, api::iam::PutRolePolicy, api::iam::PutUserPolicy, api::iam::PutGroupPolicy>;
template <class Op>
concept GetsPolicy = is_one_of<Op, api::iam::GetRolePolicy, api::iam::GetUserPolicy>;
template <class Op>
concept ListsPolicies = is_one_of<Op, api::iam::ListRolePolicies, api::iam::ListUserPolicies>;
template <class Op>
concept DeletesPolicy =
    is_one_of<Op, api::iam::DeleteRolePolicy, api::iam::DeleteUserPolicy, api::iam::DeleteGroupPolicy>;
template <class Op>
concept AttachesPolicy =
    is_one_of<Op, api::iam::AttachRolePolicy, api::iam::AttachUserPolicy, api::iam::AttachGroupPolicy>;
template <class Op>
concept DetachesPolicy =
    is_one_of<Op, api::iam::DetachRolePolicy, api::iam::DetachUserPolicy, api::iam::DetachGroupPolicy>;
template <class Op>
concept ListsAttached = is_one_of<Op, api::iam::ListAttachedRolePolicies, api::iam::ListAttachedUserPolicies>;
template <class Op>
concept PutsBoundary =
    is_one_of<Op, api::iam::PutRolePermissionsBoundary, api::iam::PutUserPermissionsBoundary>;
template <class Op>
concept DeletesBoundary =
    is_one_of<Op, api::iam::DeleteRolePermissionsBoundary, api::iam::DeleteUserPermissionsBoundary>;
template <class Op>
concept IsOnPolicies =
    PutsPolicy<Op> || GetsPolicy<Op> || ListsPolicies<Op> || DeletesPolicy<Op> || AttachesPolicy<Op> ||
    DetachesPolicy<Op> || ListsAttached<Op> || PutsBoundary<Op> || DeletesBoundary<Op>;

/// What an operation that makes something with tags needs besides (Service Authorization Reference, IAM).
template <class Op>
[[nodiscard]] constexpr std::string_view tagging_action() {
  if constexpr (std::is_same_v<Op, api::iam::CreateRole>) return "iam:TagRole";
  if constexpr (std::is_same_v<Op, api::iam::CreateUser>) return "iam:TagUser";
  if constexpr (std::is_same_v<Op, api::iam::CreatePolicy>) return "iam:TagPolicy";
  return {};
}

// ---- Form ----

[[nodiscard]] inline Failure invalid_iam_value(std::string message) {
  return {
      .outcome = Outcome::invalid, .status = 400, .code = "ValidationError", .message = std::move(message)};
}

/// [REC: rosa, karpenter] IAM's own words in place of the pattern's.
[[nodiscard]] inline std::optional<Failure> check_iam_name(std::string_view member, const std::string& name) {
  if (api::iam::is_name(name)) return std::nullopt;
  return invalid_iam_value(
      "The specified value for " + std::string{member} +
      " is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-");
}
[[nodiscard]] inline std::optional<Failure> check_iam_name(std::string_view member,
                                                           const std::optional<std::string>& name) {
  return name ? check_iam_name(member, *name) : std::nullopt;
}

/// [MEM] both texts; the rules are DOC ("Tags for IAM resources": `aws:` is reserved, keys differ in more
/// than case).
[[nodiscard]] inline std::optional<Failure> check_iam_tags(const std::vector<api::iam::Tag>& tags) {
  const auto refusal = [](const char* message) {
    return Failure{.outcome = Outcome::invalid, .status = 400, .code = "InvalidInput", .message = message};
  };
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (http::equals_ignoring_case(std::string_view{tags[i].key}.substr(0, 4), "aws:")) {
      return refusal("Tag keys starting with 'aws:' are reserved for system use.");
    }
    for (std::size_t k = 0; k < i; ++k) {
      if (http::equals_ignoring_case(tags[i].key, tags[k].key)) {
        return refusal("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
      }
    }
  }
  return std::nullopt;
}

template <class Op>
[[nodiscard]] std::optional<Failure> check_iam_request(const Op& request) {
  std::optional<Failure> wrong;
  if constexpr (requires { request.role_name; }) wrong = check_iam_name("roleName", request.role_name);
  if constexpr (requires { request.group_name; }) {
    if (!wrong) wrong = check_iam_name("groupName", request.group_name);
  }
  if constexpr (requires { request.user_name; }) {
    if (!wrong) wrong = check_iam_name("userName", request.user_name);
  }
  if constexpr (requires { request.policy_name; }) {
    if (!wrong) wrong = check_iam_name("policyName", request.policy_name);
  }
  if constexpr (requires { request.tags; }) {
    if (!wrong) wrong = check_iam_tags(request.tags);
  }
  return wrong;
}

// ---- What is asked about, and its condition keys ----

[[nodiscard]] inline std::string group_arn(std::string_view account, std::string_view path,
                                           std::string_view name) {
  return aws::detail::joined({"arn:aws:iam::", account, ":group", path, name});
}
[[nodiscard]] inline std::string managed_policy_arn(std::string_view account, std::string_view path,
                                                    std::string_view name) {
  return aws::detail::joined({"arn:aws:iam::", account, ":policy", path, name});
}

/// What an operation is about, as policies see it and as a refusal names it.
struct IamTarget {
  std::string arn{};    ///< that policies are asked about
  std::string shown{};  ///< `role Reader`, or an ARN
  std::string boundary_arn{};
  std::string account{};              ///< whose it is; empty: the caller's
  const std::vector<IamTag>* tags{};  ///< null: it does not exist, or has none
};

/// Keys of "Actions, resources, and condition keys for AWS Identity and Access Management" (DOC).
template <class Op>
class IamRequestContext final : public aws::ContextSource {
 public:
  IamRequestContext(const Op& request, const IamTarget& target) : request_(request), target_(target) {}

  void add_to(aws::ContextValues& values) const override {
    if constexpr (requires { request_.tags; }) {
      for (const api::iam::Tag& tag : request_.tags) {
        values.add_named("aws:RequestTag/" + tag.key, tag.value);
        values.add("aws:TagKeys", tag.key);
      }
    }
    if constexpr (requires { request_.tag_keys; }) {
      for (const std::string& key : request_.tag_keys) values.add("aws:TagKeys", key);
    }
    if constexpr (AttachesPolicy<Op> || DetachesPolicy<Op>) values.add("iam:PolicyARN", request_.policy_arn);
    add_boundary(values);
    if (target_.tags == nullptr) return;
    for (const IamTag& tag : *target_.tags) {
      values.add_named("aws:ResourceTag/" + tag.key, tag.value);
      values.add_named("iam:ResourceTag/" + tag.key, tag.value);
    }
  }

 private:
  /// The boundary that is to be set; where none is, the one that there is.
  void add_boundary(aws::ContextValues& values) const {
    if constexpr (PutsBoundary<Op>) {
      values.add("iam:PermissionsBoundary", request_.permissions_boundary);
    } else if constexpr (requires { *request_.permissions_boundary; }) {
      if (request_.permissions_boundary) {
        values.add("iam:PermissionsBoundary", *request_.permissions_boundary);
      }
    } else if (!target_.boundary_arn.empty()) {
      values.add("iam:PermissionsBoundary", target_.boundary_arn);
    }
  }

  const Op& request_;
  const IamTarget& target_;
};

}  // namespace rushhour::fakes::detail
