/// \file
/// Whom and what each of IAM's operations is about: templates of IamService over the members of the request.
/// Included by iam_service.hpp, and on its own nothing.
#pragma once

#include <rushhour/aws/arn.hpp>
#include <rushhour/fakes/detail/iam_service_answers.hpp>
#include <rushhour/fakes/iam_service.hpp>

namespace rushhour::fakes {

// How a refusal names what it is about [REC]: what is made, and lists of roles and users, by ARN
// (serverless-components/backend#10); else `role X`, `user X` (aws-cdk#27067, rancher-on-aws-workshop#28);
// `policy path /` (aws-sdk, recorded since 2015).
template <class Op>
detail::IamTarget IamService::target_of(const Op& request, const Caller& caller) {
  const std::string_view account = account_of(caller);
  if constexpr (std::is_same_v<Op, api::iam::ListPolicies>) {
    return {.arn = "*", .shown = "policy path " + request.path_prefix.value_or("/")};
  } else if constexpr (std::is_same_v<Op, api::iam::ListRoles>) {
    std::string arn =
        aws::role_arn({.account = account, .path = request.path_prefix ? *request.path_prefix : "/"});
    return {.arn = arn, .shown = arn};
  } else if constexpr (std::is_same_v<Op, api::iam::ListUsers>) {
    std::string arn =
        aws::user_arn({.account = account, .path = request.path_prefix ? *request.path_prefix : "/"});
    return {.arn = arn, .shown = arn};
  } else if constexpr (requires { request.path; }) {
    const std::string path = request.path.value_or("/");
    if constexpr (requires { request.role_name; }) {
      std::string arn = aws::role_arn({.account = account, .name = request.role_name, .path = path});
      return {.arn = arn, .shown = arn};
    } else if constexpr (requires { request.user_name; }) {
      std::string arn = aws::user_arn({.account = account, .name = request.user_name, .path = path});
      return {.arn = arn, .shown = arn};
    } else if constexpr (requires { request.group_name; }) {
      std::string arn = detail::group_arn(account, path, request.group_name);
      return {.arn = arn, .shown = arn};
    } else {
      return {.arn = detail::managed_policy_arn(account, path, request.policy_name),
              .shown = "policy " + request.policy_name};
    }
  } else if constexpr (requires { request.role_name; }) {
    return target_of_role(request.role_name, caller);
  } else if constexpr (requires { request.group_name; }) {
    const Group* const found = iam_.find_group(account, request.group_name);
    return {.arn = found != nullptr ? found->arn : detail::group_arn(account, "/", request.group_name),
            .shown = "group " + request.group_name};
  } else if constexpr (requires { *request.user_name; }) {
    return target_of_user(request.user_name ? *request.user_name : iam_.principal(caller).name, caller);
  } else if constexpr (requires { request.user_name; }) {
    return target_of_user(request.user_name, caller);
  } else {
    return target_of_policy(request.policy_arn, Op::read_only, caller);
  }
}

template <class Op>
Result<IamService::Owner> IamService::owner_of(const Op& request, const Caller& caller) {
  if constexpr (requires { request.role_name; }) {
    const auto found = role(request.role_name, caller);
    if (!found) return found.failure();
    return owner_of(**found);
  } else if constexpr (requires { request.user_name; }) {
    const auto found = user(std::string_view{request.user_name}, caller);
    if (!found) return found.failure();
    return owner_of(**found);
  } else {
    const auto found = group(request.group_name, caller);
    if (!found) return found.failure();
    return Owner{.arn = (*found)->arn,
                 .account = (*found)->account_id,
                 .kind = "group",
                 .name = (*found)->name,
                 .policies = &(*found)->own};
  }
}

template <detail::GetsPolicy Op>
IamService::Refusal IamService::on_policies(const Op& request, const Owner& owner, typename Op::Output& out) {
  const PolicyDocument* const found = iam_.find_inline_policy(owner.arn, request.policy_name);
  if (found == nullptr) {
    return detail::not_found_by_name(std::string{owner.kind} + " policy", request.policy_name);
  }
  if constexpr (requires { out.role_name; }) {
    out.role_name = owner.name;
  } else {
    out.user_name = owner.name;
  }
  out.policy_name = found->name;
  out.policy_document = detail::encoded_document(found->text);
  return std::nullopt;
}

template <detail::ListsPolicies Op>
IamService::Refusal IamService::on_policies(const Op& request, const Owner& owner, typename Op::Output& out) {
  for (const PolicyDocument& policy : owner.policies->inline_policies)
    out.policy_names.push_back(policy.name);
  const auto key = [](const std::string& name) -> const std::string& { return name; };
  return detail::cut_page(request, key, out.policy_names, out);
}

template <detail::ListsAttached Op>
IamService::Refusal IamService::on_policies(const Op& request, const Owner& owner, typename Op::Output& out) {
  out.attached_policies = attached_to(owner, request.path_prefix ? *request.path_prefix : "/");
  const auto key = [](const api::iam::AttachedPolicy& policy) -> const std::string& {
    return policy.policy_arn;
  };
  return detail::cut_page(request, key, out.attached_policies, out);
}

}  // namespace rushhour::fakes
