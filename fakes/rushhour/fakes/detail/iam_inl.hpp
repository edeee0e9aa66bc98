#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <rushhour/aws/global_endpoint.hpp>
#include <rushhour/fakes/iam.hpp>
#include <rushhour/http/message.hpp>

namespace rushhour::fakes {

RUSHHOUR_INLINE void Iam::add_caller_keys(const Caller& caller, Instant now,
                                          aws::ContextValues& values) const {
  const Principal& subject = principal(caller);
  const bool is_user = caller.kind == CallerKind::user;
  constexpr std::array<std::string_view, 6> types{"Anonymous",     "User",    "AssumedRole",
                                                  "FederatedUser", "Account", ""};
  values.add("aws:PrincipalArn", caller.kind == CallerKind::federated_user ? arn_of(caller) : subject.arn);
  values.add("aws:PrincipalAccount", subject.account_id);
  values.add("aws:PrincipalType", std::string{types[static_cast<std::size_t>(caller.kind)]});
  values.add("aws:PrincipalIsAWSService", "false");
  values.add("aws:ViaAWSService", "false");
  values.add("aws:userid", user_id_of(caller));
  if (is_user) values.add("aws:username", subject.name);
  add_tags(caller, values);
  if (caller.is_session) add_session_keys(caller, now, values);
  values.add("aws:CurrentTime", to_iso8601(now));
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  values.add("aws:EpochTime", std::to_string(seconds));
  if (const std::string_view region = aws::region_of(names().text(caller.region)); !region.empty()) {
    values.add("aws:RequestedRegion", std::string{region});
  }
  if (caller.origin == nullptr) return;
  if (!caller.origin->source_ip.empty()) values.add("aws:SourceIp", std::string{caller.origin->source_ip});
  if (!caller.origin->user_agent.empty()) {
    values.add("aws:UserAgent", std::string{caller.origin->user_agent});
  }
  values.add("aws:SecureTransport", caller.origin->is_secure ? "true" : "false");
}

/// Session tags override the principal's own of the same key (IAM User Guide, "Pass session tags").
RUSHHOUR_INLINE void Iam::add_tags(const Caller& caller, aws::ContextValues& values) const {
  const auto add = [&values](const std::string& key, const std::string& value) {
    values.add_named("aws:PrincipalTag/" + key, value);
  };
  const std::span<const SessionTag> given =
      caller.facts != nullptr ? std::span{caller.facts->tags} : std::span<const SessionTag>{};
  for (const SessionTag& tag : given) add(tag.key, tag.value);
  for (const IamTag& tag : principal(caller).tags) {
    const bool is_overridden = std::any_of(given.begin(), given.end(), [&](const SessionTag& each) {
      return http::equals_ignoring_case(each.key, tag.key);
    });
    if (!is_overridden) add(tag.key, tag.value);
  }
}

/// The keys that only temporary credentials have.
RUSHHOUR_INLINE void Iam::add_session_keys(const Caller& caller, Instant now,
                                           aws::ContextValues& values) const {
  values.add("aws:TokenIssueTime", to_iso8601(caller.session_start));
  const bool is_multi_factor = caller.facts != nullptr && caller.facts->is_multi_factor;
  values.add("aws:MultiFactorAuthPresent", is_multi_factor ? "true" : "false");
  if (is_multi_factor) {
    const auto age = std::chrono::floor<std::chrono::seconds>(now - caller.session_start);
    values.add("aws:MultiFactorAuthAge", std::to_string(age.count()));
  }
  if (caller.facts == nullptr) return;
  if (!caller.facts->source_identity.empty()) {
    values.add("aws:SourceIdentity", caller.facts->source_identity);
  }
  if (caller.kind == CallerKind::root && caller.facts->is_confined) values.add("aws:AssumedRoot", "true");
}

RUSHHOUR_INLINE aws::Verdict Iam::evaluate(const Caller& caller, const Question& question) {
  const Principal& subject = principal(caller);
  const SessionFacts* const facts = caller.facts;
  const bool is_confined = facts != nullptr && facts->is_confined;
  const aws::PrincipalIdentity identity = identity_of(caller);
  std::optional<aws::ContextValues> values;  // made only where somebody reads it
  if (subject.reads_conditions || (facts != nullptr && facts->reads_conditions) ||
      (question.resource_policy != nullptr && question.resource_policy->reads_conditions())) {
    values.emplace();
    if (question.context != nullptr) question.context->add_to(*values);
    add_caller_keys(caller, question.now.value_or(caller.at), *values);
  }
  return aws::authorize(
      {.identity = subject.policies,
       .service_control = service_control_of(subject),
       .session = facts != nullptr ? std::span{facts->policies} : std::span<const aws::Policy>{},
       .boundary = subject.boundary ? &*subject.boundary : nullptr,
       .resource = question.resource_policy,
       .same_account = question.resource_account.empty() || question.resource_account == subject.account_id,
       // AssumeRoot's sessions do one task; and nobody is root by federation.
       .is_root = caller.kind == CallerKind::root && !is_confined,
       .needs_session_policy = is_confined || caller.kind == CallerKind::federated_user},
      {.action = question.action,
       .resource = question.resource,
       .principal = &identity,
       .values = values ? values->view() : std::span<const aws::ContextValue>{}});
}

RUSHHOUR_INLINE aws::Verdict Iam::authorize(const Caller& caller, const Question& question) {
  const Principal& subject = principal(caller);
  const bool is_plain = caller.kind == CallerKind::role || caller.kind == CallerKind::user;
  if (!is_plain || subject.reads_conditions || (caller.facts != nullptr && caller.facts->is_confined) ||
      question.resource_policy != nullptr || !question.resource_account.empty()) {
    return evaluate(caller, question);
  }
  // The slot need only spread: what it holds is compared.
  const auto end = static_cast<unsigned char>(question.resource.empty() ? 0 : question.resource.back());
  Remembered& slot =
      remembered_[(caller.subject * 31 + question.action.size() * 7 + question.resource.size() + end) %
                  remembered_.size()];
  if (slot.used && slot.generation == generation() && slot.subject == caller.subject &&
      slot.resource == question.resource && slot.action == question.action) {
    return slot.verdict;
  }
  const aws::Verdict verdict = evaluate(caller, question);
  slot = {.generation = generation(),
          .subject = caller.subject,
          .used = true,
          .action = std::string{question.action},
          .resource = std::string{question.resource},
          .verdict = verdict};
  return verdict;
}

}  // namespace rushhour::fakes
