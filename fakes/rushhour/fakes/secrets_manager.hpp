/// \file
/// The fake of AWS Secrets Manager: secrets, their versions, staging labels and values, and who may read and
/// change them. Spec: aws.md 2.1, 3. What a secret is and how it is found: secret_store.hpp; permissions are
/// decided with iam.hpp. KMS is not modelled: keys are names, and everybody who may use a secret may use its
/// key, except that the account's default key serves no other account [REC].
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/aws/context_values.hpp>
#include <rushhour/fakes/detail/page_token.hpp>
#include <rushhour/fakes/detail/resource_policy.hpp>
#include <rushhour/fakes/detail/secret_agenda.hpp>
#include <rushhour/fakes/detail/secret_context.hpp>
#include <rushhour/fakes/detail/secret_failures.hpp>
#include <rushhour/fakes/iam.hpp>
#include <rushhour/fakes/rotation.hpp>
#include <rushhour/fakes/secret_store.hpp>
#include <rushhour/fakes/service.hpp>
#include <rushhour/fakes/service_events.hpp>
#include <rushhour/fakes/text_map.hpp>
#include <rushhour/random.hpp>

namespace rushhour::fakes {

/// A secret to put into the fake, with its value as the AWSCURRENT version.
struct NewSecret {
  std::string account{};
  std::string region{};  ///< empty: the fake's own
  std::string name{};
  std::string value{};
  std::string description{};
  std::string kms_key_id{};  ///< empty: the account's default key
  std::vector<api::secretsmanager::Tag> tags{};
};

/// What the real service is not known to do one way or the other, or takes time over. Stricter unless
/// changed.
struct SecretsManagerOptions {
  /// How long a secret that was deleted by force is still there, marked for deletion: below 10 s [REC].
  Duration forced_deletion_length{std::chrono::seconds{10}};
  /// Whether deleting a secret that is marked for deletion already, not by force, sets a new date rather than
  /// failing. Unrecorded.
  bool deletes_twice{};
  /// Whether an ARN of another Region finds its secret there, rather than nothing [MEM].
  bool finds_other_regions{};
  /// Whether each secret of a BatchGetSecretValue counts as a GetSecretValue in the quota of reads; those
  /// that it refuses are errors of the batch. Not stated (spec aws.md 4).
  bool batch_counts_secrets{};
  /// Whether PutSecretValue minds RotationToken: one that is not the running rotation's is refused, and so is
  /// another account that fills the version of a rotation without one. [DOC PutSecretValue] that it is
  /// validated; how, and the texts, are [MEM].
  bool checks_rotation_tokens{true};
  /// Whether deletions are told as service events: StartSecretVersionDelete of each version when a secret is
  /// marked, CancelSecretVersionDelete when it is restored, EndSecretVersionDelete when it is gone. The names
  /// are [DOC], when they come is [MEM].
  bool tells_deletions{true};
  /// How long a new replica is InProgress [MEM]. It takes writes at once from then on.
  Duration replication_length{std::chrono::seconds{5}};
};

class SecretsManager final : public Service {
 public:
  using Options = SecretsManagerOptions;

  /// \param region  where secrets are put unless they say otherwise
  SecretsManager(Ledger& ledger, Faults& faults, Iam& iam, Random random, std::string region)
      : Service(api::Service::secretsmanager, ledger, faults, dialect(), behaviours(),
                Quotas{api::Service::secretsmanager, limit::profiles::of("secretsmanager")}),
        iam_(iam),
        store_(random.stream("secretsmanager.identifiers")),
        pages_(random.stream("secretsmanager.pages")),
        passwords_(random.stream("secretsmanager.passwords")),
        region_(std::move(region)) {}

  Options options{};  ///< may be changed at any time

  // ---- Set-up, without asking anyone ----

  /// Returns the ARN, with its six random characters. A name that exists in the account and Region is
  /// replaced.
  std::string add_secret(NewSecret secret, Instant now);
  /// Gives a secret a new value: it becomes AWSCURRENT, the former value AWSPREVIOUS. False: no such secret.
  bool put_value(std::string_view arn, std::string value, Instant now);
  /// Removes all secrets and rotation functions, and what was still to be done. The same set-up makes the
  /// same secrets again.
  void clear() {
    store_.clear();
    agenda_.clear();
    rotation_functions_.clear();
    passwords_made_ = 0;
  }

  // ---- The pipeline's questions ----

  /// What is wrong with a request whoever sends it, in the order in which AWS finds it [REC]: the form of the
  /// name, the token, and then what the operation itself minds.
  template <api::IsOperation Op>
  [[nodiscard]] std::optional<Failure> check(const Op& request) const {
    if (const std::string* const name = named_by(request)) {
      constexpr bool makes_one = std::is_same_v<Op, api::secretsmanager::CreateSecret>;
      if (auto refusal = check_name(*name, !makes_one)) return refusal;
    }
    if constexpr (requires { request.client_request_token; }) {
      if (!request.client_request_token) {
        constexpr bool rotates = std::is_same_v<Op, api::secretsmanager::RotateSecret>;
        return detail::token_missing(rotates ? "InvalidParameterException" : "InvalidRequestException");
      }
    }
    return check_form(request);
  }
  /// Most operations need the permission of their name, on the secret that they name. Overloads below need
  /// more.
  template <api::IsOperation Op>
  [[nodiscard]] bool authorize(const Op& request, const Caller& caller, Instant now, Failure& failure) {
    static const std::string action = "secretsmanager:" + std::string{Op::operation_name};
    return may(action, request, caller, now, failure);
  }

  // ---- Values and lifecycle ----

  [[nodiscard]] bool authorize(const api::secretsmanager::BatchGetSecretValue& request, const Caller& caller,
                               Instant now, Failure& failure);
  [[nodiscard]] bool authorize(const api::secretsmanager::CreateSecret& request, const Caller& caller,
                               Instant now, Failure& failure);
  [[nodiscard]] bool authorize(const api::secretsmanager::TagResource& request, const Caller& caller,
                               Instant now, Failure& failure);
  [[nodiscard]] bool authorize(const api::secretsmanager::UntagResource& request, const Caller& caller,
                               Instant now, Failure& failure);

  [[nodiscard]] Result<api::secretsmanager::BatchGetSecretValue::Output> on(
      const api::secretsmanager::BatchGetSecretValue& request, const Caller& caller, Instant now);
  [[nodiscard]] Result<api::secretsmanager::CreateSecret::Output> on(
      const api::secretsmanager::CreateSecret& request, const Caller& caller, Instant now);
  [[nodiscard]] Result<api::secretsmanager::DeleteSecret::Output> on(
      const api::secretsmanager::DeleteSecret& request, const Caller& caller, Instant now);
  [[nodiscard]] Result<api::secretsmanager::DescribeSecret::Output> on(
      const api::secretsmanager::DescribeSecret& request, const Caller& caller, Instant now);
  [[nodiscard]] bool on(const api::secretsmanager::GetSecretValue& request, const Caller& caller, Instant now,
                        api::secretsmanager::GetSecretValue::Output& answer, Failure& failure);
  [[nodiscard]] Result<api::secretsmanager::ListSecretVersionIds::Output> on(
      const api::secretsmanager::ListSecretVersionIds& request, const Caller& caller, Instant now);
  [[nodiscard]] Result<api::secretsmanager::PutSecretValue::Output> on(
      const api::secretsmanager::PutSecretValue& request, const Caller& caller, Instant now);
  [[nodiscard]] Result<api::secretsmanager::RestoreSecret::Output> on(
      const api::secretsmanager::RestoreSecret& request, const Caller& caller, Instant now);
  [[nodiscard]] Result<api::secretsmanager::TagResource::Output> on(
      const api::secretsmanager::TagResource& request, const Caller& caller, Instant now);
  [[nodiscard]] Result<api::secretsmanager::UntagResource::Output> on(
      const api::secretsmanager::UntagResource& request, const Caller& caller, Instant now);
  [[nodiscard]] Result<api::secretsmanager::UpdateSecret::Output> on(
      const api::secretsmanager::UpdateSecret& request, const Caller& caller, Instant now);
  [[nodiscard]] Result<api::secretsmanager::UpdateSecretVersionStage::Output> on(
      const api::secretsmanager::UpdateSecretVersionStage& request, const Caller& caller, Instant now);

  // ---- Lists, policies, replicas, rotation ----

  /// What secrets may name as their RotationLambdaARN. Without a role it gets one that may do everything with
  /// the secrets of the function's account. Rotations are asynchronous: the function runs when the next
  /// request comes, whatever it is, or by run_due().
  void add_rotation_function(std::string_view lambda_arn, RotationFunction function,
                             std::string_view role_arn = {});
  /// Rotates, replicates and removes what is due by `now`. A schedule whose windows went by unseen rotates
  /// once.
  void run_due(Instant now);
  using Service::listen;
  using Service::unlisten;
  void listen(ServiceEvents& observer) { event_observers_.push_back(&observer); }
  void unlisten(ServiceEvents& observer) { std::erase(event_observers_, &observer); }

  /// Needs secretsmanager:PutResourcePolicy as well [DOC].
  [[nodiscard]] bool authorize(const api::secretsmanager::ValidateResourcePolicy& request,
                               const Caller& caller, Instant now, Failure& failure);

  [[nodiscard]] Result<api::secretsmanager::CancelRotateSecret::Output> on(
      const api::secretsmanager::CancelRotateSecret& request, const Caller& caller, Instant now);
  [[nodiscard]] Result<api::secretsmanager::DeleteResourcePolicy::Output> on(
      const api::secretsmanager::DeleteResourcePolicy& request, const Caller& caller, Instant now);
  [[nodiscard]] Result<api::secretsmanager::GetRandomPassword::Output> on(
      const api::secretsmanager::GetRandomPassword& request, const Caller& caller, Instant now);
  [[nodiscard]] Result<api::secretsmanager::GetResourcePolicy::Output> on(
      const api::secretsmanager::GetResourcePolicy& request, const Caller& caller, Instant now);
  [[nodiscard]] Result<api::secretsmanager::ListSecrets::Output> on(
      const api::secretsmanager::ListSecrets& request, const Caller& caller, Instant now);
  [[nodiscard]] Result<api::secretsmanager::PutResourcePolicy::Output> on(
      const api::secretsmanager::PutResourcePolicy& request, const Caller& caller, Instant now);
  [[nodiscard]] Result<api::secretsmanager::RemoveRegionsFromReplication::Output> on(
      const api::secretsmanager::RemoveRegionsFromReplication& request, const Caller& caller, Instant now);
  [[nodiscard]] Result<api::secretsmanager::ReplicateSecretToRegions::Output> on(
      const api::secretsmanager::ReplicateSecretToRegions& request, const Caller& caller, Instant now);
  [[nodiscard]] Result<api::secretsmanager::RotateSecret::Output> on(
      const api::secretsmanager::RotateSecret& request, const Caller& caller, Instant now);
  [[nodiscard]] Result<api::secretsmanager::StopReplicationToReplica::Output> on(
      const api::secretsmanager::StopReplicationToReplica& request, const Caller& caller, Instant now);
  [[nodiscard]] Result<api::secretsmanager::ValidateResourcePolicy::Output> on(
      const api::secretsmanager::ValidateResourcePolicy& request, const Caller& caller, Instant now);

 private:
  /// What an operation needs a permission for.
  struct Access {
    std::string_view action{};
    const std::string* sent{};  ///< what names the secret, as sent; null: it is about none
    const Secret* secret{};     ///< null: there is none, or not yet
    const aws::ContextSource* context{};
    const aws::Policy* policy_instead{};  ///< not null: judged as if this were the secret's own policy
  };

  static Dialect dialect();
  static std::span<const Behaviour> behaviours() {
    static constexpr auto rows =
        behaviours_of<SecretsManager>(api::OperationsOf<api::Service::secretsmanager>::Type{});
    return rows;
  }
  friend class Service;

  // ---- What the sections share ----

  /// What a request calls its secret: SecretId, or the Name of one to be made; null: nothing.
  template <class Op>
  [[nodiscard]] static const std::string* named_by(const Op& request) {
    if constexpr (requires { *request.secret_id; }) {  // ValidateResourcePolicy's may be left out
      return request.secret_id ? &*request.secret_id : nullptr;
    } else if constexpr (requires { request.secret_id; }) {
      return &request.secret_id;
    } else if constexpr (requires { request.name; }) {
      return &request.name;
    } else {
      return nullptr;
    }
  }
  [[nodiscard]] static std::optional<Failure> check_name(std::string_view secret_id, bool may_be_arn);
  /// Overloaded for the operations whose members must agree with each other.
  template <class Op>
  [[nodiscard]] static std::optional<Failure> check_form(const Op& /*request*/) {
    return std::nullopt;
  }

  /// Whether the caller may do the action with what the request names; else fills the failure.
  template <class Op>
  [[nodiscard]] bool may(std::string_view action, const Op& request, const Caller& caller, Instant now,
                         Failure& failure) {
    constexpr bool makes_one = std::is_same_v<Op, api::secretsmanager::CreateSecret>;
    const std::string* const sent = named_by(request);
    const Secret* const secret = sent != nullptr && !makes_one ? find(*sent, caller, now) : nullptr;
    const std::string_view new_in = makes_one ? place_of(caller).account : std::string_view{};
    const detail::SecretContext<Op> context{request, secret, {.new_in = new_in}};
    return judge({.action = action, .sent = sent, .secret = secret, .context = &context}, caller, now,
                 failure);
  }
  [[nodiscard]] bool judge(const Access& access, const Caller& caller, Instant now, Failure& failure);

  [[nodiscard]] SecretStore::Place place_of(const Caller& caller) {
    const Names& names = ledger().names();
    return {.account = names.text(caller.account),
            .region = names.text(caller.region),
            .sees_other_regions = options.finds_other_regions};
  }
  [[nodiscard]] Secret* find(std::string_view secret_id, const Caller& caller, Instant now) {
    return store_.find(secret_id, place_of(caller), now);
  }
  /// The secret, unless there is none or it is marked for deletion.
  [[nodiscard]] Result<Secret*> open(std::string_view secret_id, const Caller& caller, Instant now);
  /// The same, unless it is a replica: for writing.
  [[nodiscard]] Result<Secret*> open_primary(std::string_view secret_id, const Caller& caller, Instant now);
  [[nodiscard]] bool is_foreign(const Secret& secret, const Caller& caller) {
    return secret.account != place_of(caller).account;
  }
  /// Dates the change, and passes it on to the replicas. To be called after every write.
  void changed(Secret& secret, Instant now);

  // ---- Values and lifecycle, inside ----

  [[nodiscard]] static std::optional<Failure> check_form(
      const api::secretsmanager::BatchGetSecretValue& request);
  [[nodiscard]] static std::optional<Failure> check_form(const api::secretsmanager::CreateSecret& request);
  [[nodiscard]] static std::optional<Failure> check_form(const api::secretsmanager::DeleteSecret& request);
  [[nodiscard]] static std::optional<Failure> check_form(const api::secretsmanager::PutSecretValue& request);
  [[nodiscard]] static std::optional<Failure> check_form(const api::secretsmanager::TagResource& request);
  [[nodiscard]] static std::optional<Failure> check_form(const api::secretsmanager::UntagResource& request);
  [[nodiscard]] static std::optional<Failure> check_form(const api::secretsmanager::UpdateSecret& request);
  [[nodiscard]] static std::optional<Failure> check_form(
      const api::secretsmanager::UpdateSecretVersionStage& request);
  /// Gives the secret a version, or finds that it has the same one already.
  [[nodiscard]] Result<SecretVersion*> add_version(Secret& secret, SecretVersion wanted, Instant now);
  /// Whether the caller could still do the action if the secret had these tags instead.
  template <class Op>
  [[nodiscard]] bool keeps_permission(std::string_view action, const Op& request, const Caller& caller,
                                      const Secret& secret, const std::vector<api::secretsmanager::Tag>& tags,
                                      Instant now, Failure& failure) {
    const detail::SecretContext<Op> context{request, &secret, {.tags_instead = &tags}};
    return judge({.action = action, .sent = named_by(request), .secret = &secret, .context = &context},
                 caller, now, failure);
  }

  // ---- Lists, policies, replicas, rotation, inside ----

  struct RotationLambda {
    RotationFunction run{};
    std::string role_arn{};
  };

  [[nodiscard]] static std::optional<Failure> check_form(
      const api::secretsmanager::ReplicateSecretToRegions& request);
  [[nodiscard]] static std::optional<Failure> check_form(const api::secretsmanager::RotateSecret& request);
  /// The policy, and what speaks against it for this secret and caller. No secret: nobody is locked out.
  template <class Op>
  [[nodiscard]] detail::PolicyCheck check_policy(const Op& request, const Secret* secret,
                                                 const Caller& caller, Instant now) {
    detail::PolicyCheck found = read_policy(request.resource_policy);
    if (!found.policy || secret == nullptr) return found;
    const detail::SecretContext<Op> context{request, secret};
    Failure ignored;
    const bool keeps_it = judge({.action = "secretsmanager:PutResourcePolicy",
                                 .sent = named_by(request),
                                 .secret = secret,
                                 .context = &context,
                                 .policy_instead = &*found.policy},
                                caller, now, ignored);
    if (!keeps_it) found.problems.push_back(detail::PolicyProblem::lockout);
    return found;
  }
  [[nodiscard]] detail::PolicyCheck read_policy(const std::string& text);

  /// Makes replicas of a new or existing primary: at once InProgress, and there when options say.
  void replicate(Secret& primary, const std::vector<api::secretsmanager::ReplicaRegion>& regions,
                 bool overwrite, Instant now);
  /// Gives the replicas what their primary has now: values, labels, tags, policy.
  void sync_replicas(Secret& primary);
  /// As answers show it at `now`; of a replica and a secret without any, nothing.
  [[nodiscard]] std::vector<api::secretsmanager::ReplicationStatus> replication_status_of(
      const Secret& secret, Instant now);
  [[nodiscard]] Secret* find_replica(const Secret& primary, std::string_view region, Instant now);
  void finish_replication(const detail::SecretTask& task, Instant now);

  /// After each write: a value that somebody puts ends a rotation under way, and counts as one [DOC].
  void follow_new_value(Secret& secret, Instant now);
  /// When the secret rotates next, counted from `reference`.
  void schedule(Secret& secret, Instant reference);
  void begin_rotation(Secret& secret, const std::string& token, Instant now);
  void rotate(const detail::SecretTask& task, Instant now);
  void test_rotation(const detail::SecretTask& task, Instant now);
  /// Nothing: the step went well.
  [[nodiscard]] std::optional<std::string> run_step(std::string_view step, const detail::SecretTask& task,
                                                    const std::string& rotation_token, Instant now);
  void tell(std::string_view event, const Secret& secret, std::string_view version_id, std::string_view why,
            Instant now) const;
  /// The same of each version, as the secret was at `due`.
  void tell_of_versions(const detail::SecretTask& task, Instant due, Instant now);
  void finish_deletion(const detail::SecretTask& task, Instant due, Instant now);
  [[nodiscard]] std::optional<Failure> check_rotation_token(
      const api::secretsmanager::PutSecretValue& request, Secret& secret, const Caller& caller);

  bool authenticate(const Arrival& arrival, Instant now, Caller& caller) override;

  Iam& iam_;
  SecretStore store_;
  detail::PageTokens pages_;
  Stream passwords_;
  std::uint64_t passwords_made_ = 0;
  detail::SecretAgenda agenda_;
  TextMap<RotationLambda> rotation_functions_;
  std::vector<ServiceEvents*> event_observers_;
  std::string region_;
};

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/secrets_manager_inl.hpp>
#include <rushhour/fakes/detail/secrets_manager_lifecycle_inl.hpp>
#include <rushhour/fakes/detail/secrets_manager_list_inl.hpp>
#include <rushhour/fakes/detail/secrets_manager_policies_inl.hpp>
#include <rushhour/fakes/detail/secrets_manager_replicas_inl.hpp>
#include <rushhour/fakes/detail/secrets_manager_rotation_inl.hpp>
#include <rushhour/fakes/detail/secrets_manager_values_inl.hpp>
#endif
