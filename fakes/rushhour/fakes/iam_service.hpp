/// \file
/// IAM as a service: the operations that set an account up over HTTP, each under the caller's own
/// permissions. What exists is principal_store.hpp's business, and who may do what iam.hpp's; this asks them,
/// and words the answers as IAM does.
///
/// Sources: botocore 1.29 (codes and statuses), error texts recorded in public issues (REC, beside each text
/// in the bodies), "IAM and AWS STS quotas" (DOC). Left out: access keys' last use, versions of managed
/// policies beyond v1, service-linked roles, instance profiles, passwords and devices.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/iam.hpp>
#include <rushhour/aws/context_values.hpp>
#include <rushhour/fakes/detail/iam_service_requests.hpp>
#include <rushhour/fakes/iam.hpp>
#include <rushhour/fakes/service.hpp>

namespace rushhour::fakes {

/// IAM is global: it has no quota here (its own is not published), and signatures are for us-east-1.
class IamService final : public Service {
 public:
  IamService(Ledger& ledger, Faults& faults, Iam& iam)
      : Service(api::Service::iam, ledger, faults, dialect(), behaviours(), Quotas{api::Service::iam}),
        iam_(iam) {}

  // ---- The pipeline's questions ----

  /// Names have their characters, and tags their keys once.
  template <api::IsOperation Op>
  [[nodiscard]] std::optional<Failure> check(const Op& request) const {
    return detail::check_iam_request(request);
  }
  /// Of the operation, and of tagging where what is made has tags.
  template <api::IsOperation Op>
  [[nodiscard]] bool authorize(const Op& request, const Caller& caller, Instant now, Failure& failure) {
    static const std::string action = "iam:" + std::string{Op::operation_name};
    const IamTarget target = target_of(request, caller);
    const detail::IamRequestContext<Op> context{request, target};
    if (!authorize_on({action, target, &context}, caller, now, failure)) return false;
    constexpr std::string_view tagging = detail::tagging_action<Op>();
    if constexpr (!tagging.empty()) {
      return request.tags.empty() || authorize_on({tagging, target, &context}, caller, now, failure);
    }
    return true;
  }

  // ---- Operations: detail/iam_service_roles_inl.hpp, _users_, _groups_, _policies_ ----

  template <class Op>
  using Answer = Result<typename Op::Output>;

  Answer<api::iam::CreateRole> on(const api::iam::CreateRole&, const Caller&, Instant now);
  Answer<api::iam::GetRole> on(const api::iam::GetRole&, const Caller&, Instant now);
  Answer<api::iam::ListRoles> on(const api::iam::ListRoles&, const Caller&, Instant now);
  Answer<api::iam::DeleteRole> on(const api::iam::DeleteRole&, const Caller&, Instant now);
  Answer<api::iam::UpdateRole> on(const api::iam::UpdateRole&, const Caller&, Instant now);
  Answer<api::iam::UpdateAssumeRolePolicy> on(const api::iam::UpdateAssumeRolePolicy&, const Caller&,
                                              Instant now);
  Answer<api::iam::TagRole> on(const api::iam::TagRole&, const Caller&, Instant now);
  Answer<api::iam::UntagRole> on(const api::iam::UntagRole&, const Caller&, Instant now);
  Answer<api::iam::ListRoleTags> on(const api::iam::ListRoleTags&, const Caller&, Instant now);

  Answer<api::iam::CreateUser> on(const api::iam::CreateUser&, const Caller&, Instant now);
  Answer<api::iam::GetUser> on(const api::iam::GetUser&, const Caller&, Instant now);
  Answer<api::iam::ListUsers> on(const api::iam::ListUsers&, const Caller&, Instant now);
  Answer<api::iam::DeleteUser> on(const api::iam::DeleteUser&, const Caller&, Instant now);
  Answer<api::iam::CreateAccessKey> on(const api::iam::CreateAccessKey&, const Caller&, Instant now);
  Answer<api::iam::UpdateAccessKey> on(const api::iam::UpdateAccessKey&, const Caller&, Instant now);
  Answer<api::iam::ListAccessKeys> on(const api::iam::ListAccessKeys&, const Caller&, Instant now);
  Answer<api::iam::DeleteAccessKey> on(const api::iam::DeleteAccessKey&, const Caller&, Instant now);

  Answer<api::iam::CreateGroup> on(const api::iam::CreateGroup&, const Caller&, Instant now);
  Answer<api::iam::DeleteGroup> on(const api::iam::DeleteGroup&, const Caller&, Instant now);
  Answer<api::iam::AddUserToGroup> on(const api::iam::AddUserToGroup&, const Caller&, Instant now);
  Answer<api::iam::RemoveUserFromGroup> on(const api::iam::RemoveUserFromGroup&, const Caller&, Instant now);

  Answer<api::iam::CreatePolicy> on(const api::iam::CreatePolicy&, const Caller&, Instant now);
  Answer<api::iam::GetPolicy> on(const api::iam::GetPolicy&, const Caller&, Instant now);
  Answer<api::iam::GetPolicyVersion> on(const api::iam::GetPolicyVersion&, const Caller&, Instant now);
  Answer<api::iam::ListPolicies> on(const api::iam::ListPolicies&, const Caller&, Instant now);
  Answer<api::iam::DeletePolicy> on(const api::iam::DeletePolicy&, const Caller&, Instant now);

  /// What roles, users and groups have in common: their policies, inline and attached, and boundaries.
  template <api::IsOperation Op>
    requires detail::IsOnPolicies<Op>
  Answer<Op> on(const Op& request, const Caller& caller, Instant /*now*/) {
    const Result<Owner> owner = owner_of(request, caller);
    if (!owner) return owner.failure();
    typename Op::Output out{};
    if (auto failure = on_policies(request, *owner, out)) return std::move(*failure);
    return out;
  }

 private:
  using IamTarget = detail::IamTarget;
  using Refusal = std::optional<Failure>;

  /// What an operation needs a permission for.
  struct Access {
    std::string_view action{};
    const IamTarget& target;
    const aws::ContextSource* context{};
  };
  /// Whose policies an operation is about.
  struct Owner {
    std::string arn{};
    std::string account{};
    std::string_view kind{};  ///< `role`, `user`, `group`
    std::string name{};
    const PolicyList* policies{};
    std::string boundary_arn{};
  };

  static Dialect dialect() {
    return {.throttled = {.outcome = Outcome::throttled,
                          .status = 400,
                          .code = "Throttling",
                          .message = "Rate exceeded"},
            .validation_code = "ValidationError"};
  }
  static std::span<const Behaviour> behaviours() {
    static constexpr auto rows = behaviours_of<IamService>(api::OperationsOf<api::Service::iam>::Type{});
    return rows;
  }
  friend class Service;

  bool authenticate(const Arrival& arrival, Instant now, Caller& caller) override {
    return iam_.authenticate(arrival, now, caller, Iam::query_errors());
  }
  [[nodiscard]] bool authorize_on(const Access& access, const Caller& caller, Instant now, Failure& failure);

  template <class Op>
  [[nodiscard]] IamTarget target_of(const Op& request, const Caller& caller);
  [[nodiscard]] IamTarget target_of_user(std::string_view name, const Caller& caller);
  [[nodiscard]] IamTarget target_of_role(std::string_view name, const Caller& caller);
  [[nodiscard]] IamTarget target_of_policy(const std::string& arn, bool is_read, const Caller& caller);

  [[nodiscard]] std::string_view account_of(const Caller& caller) {
    return ledger().names().text(caller.account);
  }
  [[nodiscard]] Result<const Principal*> role(std::string_view name, const Caller& caller);
  [[nodiscard]] Result<const Principal*> user(std::string_view name, const Caller& caller);
  /// The caller itself where no name is given.
  [[nodiscard]] Result<const Principal*> user(const std::optional<std::string>& name, const Caller& caller);
  [[nodiscard]] Result<const Group*> group(std::string_view name, const Caller& caller);
  /// The access key, if it is that user's.
  [[nodiscard]] Result<const AccessKey*> key_of(const Principal& user, const std::string& access_key_id);
  /// A managed policy that can be attached, or be a boundary; `what` begins the refusal.
  [[nodiscard]] Refusal check_attachable(const std::string& policy_arn, std::string_view account,
                                         std::string_view what) const;
  [[nodiscard]] Refusal check_boundary(const std::optional<std::string>& policy_arn, const Caller& caller);

  template <class Op>
  [[nodiscard]] Result<Owner> owner_of(const Op& request, const Caller& caller);
  [[nodiscard]] static Owner owner_of(const Principal& principal);

  // One row for each verb; each overload takes the roles', users' and groups' operation.
  template <detail::PutsPolicy Op>
  [[nodiscard]] Refusal on_policies(const Op& request, const Owner& owner, typename Op::Output&) {
    return put_policy(owner, request.policy_name, request.policy_document);
  }
  template <detail::GetsPolicy Op>
  [[nodiscard]] Refusal on_policies(const Op& request, const Owner& owner, typename Op::Output& out);
  template <detail::DeletesPolicy Op>
  [[nodiscard]] Refusal on_policies(const Op& request, const Owner& owner, typename Op::Output&) {
    return delete_policy(owner, request.policy_name);
  }
  template <detail::ListsPolicies Op>
  [[nodiscard]] Refusal on_policies(const Op& request, const Owner& owner, typename Op::Output& out);
  template <detail::AttachesPolicy Op>
  [[nodiscard]] Refusal on_policies(const Op& request, const Owner& owner, typename Op::Output&) {
    return attach_policy(owner, request.policy_arn);
  }
  template <detail::DetachesPolicy Op>
  [[nodiscard]] Refusal on_policies(const Op& request, const Owner& owner, typename Op::Output&) {
    return detach_policy(owner, request.policy_arn);
  }
  template <detail::ListsAttached Op>
  [[nodiscard]] Refusal on_policies(const Op& request, const Owner& owner, typename Op::Output& out);
  template <detail::PutsBoundary Op>
  [[nodiscard]] Refusal on_policies(const Op& request, const Owner& owner, typename Op::Output&) {
    return put_boundary(owner, request.permissions_boundary);
  }
  template <detail::DeletesBoundary Op>
  [[nodiscard]] Refusal on_policies(const Op&, const Owner& owner, typename Op::Output&) {
    return delete_boundary(owner);
  }

  [[nodiscard]] Refusal put_policy(const Owner& owner, const std::string& name, const std::string& document);
  [[nodiscard]] Refusal delete_policy(const Owner& owner, const std::string& name);
  [[nodiscard]] Refusal attach_policy(const Owner& owner, const std::string& policy_arn);
  [[nodiscard]] Refusal detach_policy(const Owner& owner, const std::string& policy_arn);
  [[nodiscard]] Refusal put_boundary(const Owner& owner, const std::string& policy_arn);
  [[nodiscard]] Refusal delete_boundary(const Owner& owner);
  [[nodiscard]] std::vector<api::iam::AttachedPolicy> attached_to(const Owner& owner,
                                                                  std::string_view path_prefix) const;
  [[nodiscard]] api::iam::Policy policy_of(const ManagedPolicy& policy) const;

  Iam& iam_;
};

}  // namespace rushhour::fakes

#include <rushhour/fakes/detail/iam_service_targets.hpp>

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/iam_service_groups_inl.hpp>
#include <rushhour/fakes/detail/iam_service_policies_inl.hpp>
#include <rushhour/fakes/detail/iam_service_roles_inl.hpp>
#include <rushhour/fakes/detail/iam_service_users_inl.hpp>
#endif
