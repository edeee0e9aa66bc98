/// \file
/// The parts of a whole CloudTrail record, as JSON text: who called, what was sent and answered, which
/// resources it was about. Used by cloudtrail_log.hpp only, which puts them together and decides which there
/// are. Spec: aws.md 5; userIdentity: AWS CloudTrail User Guide, "CloudTrail userIdentity element", 2024.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <rushhour/api/operation.hpp>
#include <rushhour/api/sts.hpp>
#include <rushhour/aws/arn.hpp>
#include <rushhour/aws/shape.hpp>
#include <rushhour/detail/base64.hpp>
#include <rushhour/detail/json_text.hpp>
#include <rushhour/fakes/caller.hpp>
#include <rushhour/fakes/detail/cloudtrail_words.hpp>
#include <rushhour/fakes/detail/json_object.hpp>
#include <rushhour/fakes/iam.hpp>
#include <rushhour/names.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes::detail {

/// Writes the members of a table as records do: their names begin with a small letter, what is sensitive or
/// absent is left out, dates are texts. Keys of maps are the user's own and stay as they are.
class TrailMembers {
 public:
  struct Style {
    bool dates_have_comma{};
    std::string arn_member{};
    bool shows_token_sizes{true};
  };

  explicit TrailMembers(Style style) : style_(std::move(style)) {}

  /// `{...}`, or `null` when nothing is there.
  [[nodiscard]] std::string json(aws::Members members, const void* object) const {
    std::string out;
    append(out, members, object);
    return out == "{}" ? "null" : out;
  }

 private:
  void append(std::string& out, aws::Members members, const void* object) const {
    bool first = true;
    out += '{';
    for (const aws::Member& member : members) {
      const void* const field = member.in(object);
      if (member.sensitive || !member.shape->present(field) || is_left_out(member.name)) continue;
      const void* const held = member.shape->get(field);
      const bool is_text = member.shape->kind == aws::Kind::string;
      // A required text has no other way to say that it was not sent.
      if (is_text && member.required && static_cast<const std::string*>(held)->empty()) continue;
      const bool is_arn = member.name == "ARN";
      rushhour::detail::append_json_key(out, is_arn ? style_.arn_member : aws::lower_camel(member.name),
                                        first);
      append(out, *member.shape, held);
    }
    out += '}';
  }

  void append(std::string& out, const aws::Shape& shape, const void* held) const {
    switch (shape.kind) {
      case aws::Kind::string:
        return rushhour::detail::append_json_string(out, *static_cast<const std::string*>(held));
      case aws::Kind::integer:
        return rushhour::detail::append_integer(out, *static_cast<const std::int64_t*>(held));
      case aws::Kind::boolean:
        out += *static_cast<const bool*>(held) ? "true" : "false";
        return;
      case aws::Kind::timestamp:
        return rushhour::detail::append_json_string(
            out, trail_date(*static_cast<const Instant*>(held), style_.dates_have_comma));
      case aws::Kind::blob:
        out += '"';
        rushhour::detail::append_base64(out, static_cast<const aws::Blob*>(held)->bytes);
        out += '"';
        return;
      case aws::Kind::structure:
        return append(out, shape.members(), held);
      case aws::Kind::map:
        return append_map(out, shape, held);
      case aws::Kind::custom:
        return shape.write(out, held);
      case aws::Kind::list:
        out += '[';
        for (std::size_t i = 0; i < shape.size(held); ++i) {
          if (i != 0) out += ',';
          append(out, *shape.element, shape.element->get(shape.at(held, i)));
        }
        out += ']';
        return;
    }
  }

  void append_map(std::string& out, const aws::Shape& shape, const void* held) const {
    struct Context {
      const TrailMembers& self;
      std::string& out;
      const aws::Shape& element;
      bool first;
    } context{*this, out, *shape.element, true};
    out += '{';
    shape.each(held, &context, [](void* opaque, std::string_view key, const void* value) {
      auto& to = *static_cast<Context*>(opaque);
      rushhour::detail::append_json_key(to.out, key, to.first);
      to.self.append(to.out, to.element, to.element.get(value));
    });
    out += '}';
  }

  [[nodiscard]] bool is_left_out(std::string_view name) const {
    return !style_.shows_token_sizes && (name == "SessionTokenSize" || name == "SessionTokenUtilization");
  }

  Style style_;
};

/// The text of a member of that wire name; empty when there is none.
[[nodiscard]] inline std::string_view text_member(aws::Members members, const void* object,
                                                  std::string_view name) {
  for (const aws::Member& member : members) {
    if (member.name != name || member.shape->kind != aws::Kind::string) continue;
    const void* const field = member.in(object);
    if (!member.shape->present(field)) return {};
    return *static_cast<const std::string*>(member.shape->get(field));
  }
  return {};
}

/// Who called, as far as userIdentity shows it.
struct TrailIdentity {
  std::string principal_id{};  ///< as the other account of a cross-account call sees it, too
  std::string json{};
};

/// Reads a caller for one record. Callers of unsigned operations are read by federated_identity().
class TrailCallerReader {
 public:
  TrailCallerReader(const Iam& iam, const Names& names, const Caller& caller)
      : iam_(iam), caller_(caller), account_(names.text(caller.account)) {}

  [[nodiscard]] TrailIdentity identity() const {
    switch (caller_.kind) {
      case CallerKind::user:
        return user();
      case CallerKind::role:
        return role();
      case CallerKind::federated_user:
        return federated_user();
      case CallerKind::root:
        return root();
      case CallerKind::anonymous:
      case CallerKind::key:
        break;
    }
    return {.json = R"({"type":"Unknown"})"};
  }

 private:
  [[nodiscard]] JsonObject begin(std::string_view type, const std::string& id, std::string_view arn) const {
    JsonObject out;
    out.text("type", type).text("principalId", id).text("arn", arn).text("accountId", account_);
    out.text("accessKeyId", caller_.access_key_id);
    return out;
  }

  [[nodiscard]] TrailIdentity user() const {
    const Principal& subject = iam_.principal(caller_);
    JsonObject out = begin("IAMUser", subject.unique_id, subject.arn);
    out.text("userName", subject.name);
    if (caller_.is_session) out.raw("sessionContext", session_context("{}"));
    return {subject.unique_id, out.json()};
  }

  [[nodiscard]] TrailIdentity role() const {
    const std::string id = iam_.user_id_of(caller_);
    JsonObject out = begin("AssumedRole", id, iam_.arn_of(caller_));
    out.raw("sessionContext", session_context(issuer()));
    return {id, out.json()};
  }

  /// [REC] Its issuer is the user who called GetFederationToken.
  [[nodiscard]] TrailIdentity federated_user() const {
    const std::string id = iam_.user_id_of(caller_);
    JsonObject out = begin("FederatedUser", id, iam_.arn_of(caller_));
    out.raw("sessionContext", session_context(issuer()));
    return {id, out.json()};
  }

  [[nodiscard]] TrailIdentity root() const {
    JsonObject out = begin("Root", account_, aws::root_arn({.account = account_}));
    // [DOC] Only AssumeRoot makes sessions of it.
    if (caller_.is_session) out.raw("sessionContext", session_context("{}", true));
    return {account_, out.json()};
  }

  /// The role of a session, or the user or root user who federated somebody.
  [[nodiscard]] std::string issuer() const {
    const Principal& subject = iam_.principal(caller_);
    const std::string_view type = subject.kind == Principal::Kind::role   ? "Role"
                                  : subject.kind == Principal::Kind::user ? "IAMUser"
                                                                          : "Root";
    JsonObject out;
    out.text("type", type).text("principalId", subject.unique_id).text("arn", subject.arn);
    out.text("accountId", subject.account_id);
    if (!subject.name.empty()) out.text("userName", subject.name);
    return out.json();
  }

  [[nodiscard]] std::string session_context(std::string_view issued_by, bool is_assumed_root = false) const {
    const SessionFacts* const facts = caller_.facts;
    const bool is_multi_factor = facts != nullptr && facts->is_multi_factor;
    JsonObject out;
    out.raw("sessionIssuer", issued_by).raw("webIdFederationData", "{}");
    out.raw(
        "attributes",
        JsonObject{}
            .text("creationDate", to_iso8601(std::chrono::floor<std::chrono::seconds>(caller_.session_start)))
            .text("mfaAuthenticated", is_multi_factor ? "true" : "false")
            .json());
    if (facts != nullptr && !facts->source_identity.empty()) {
      out.text("sourceIdentity", facts->source_identity);
    }
    if (is_assumed_root) out.text("assumedRoot", "true");
    return out.json();
  }

  const Iam& iam_;
  const Caller& caller_;
  std::string account_;
};

/// Who stands behind an assertion or token, which is known from the answer only. A refused one keeps its
/// type.
///
/// Source: IAM User Guide, "Logging IAM and AWS STS API calls with AWS CloudTrail", 2024.
[[nodiscard]] inline std::string federated_identity(const api::Operation& operation, const void* output,
                                                    std::string_view role_account) {
  const bool is_saml = &operation == &api::operation_of<api::sts::AssumeRoleWithSAML>;
  JsonObject out;
  out.text("type", is_saml ? "SAMLUser" : "WebIdentityUser");
  if (output == nullptr) return out.json();
  if (is_saml) {
    const auto& answer = *static_cast<const api::sts::AssumeRoleWithSAML::Output*>(output);
    out.text("principalId", answer.name_qualifier + ":" + answer.subject).text("userName", answer.subject);
    return out.text("identityProvider", answer.name_qualifier).json();
  }
  const auto& answer = *static_cast<const api::sts::AssumeRoleWithWebIdentity::Output*>(output);
  std::string_view host = answer.provider;
  if (host.starts_with("https://")) host.remove_prefix(8);
  // Providers that AWS knows by itself go by their names, others by their ARN in the account.
  const bool is_known = host == "accounts.google.com" || host == "cognito-identity.amazonaws.com" ||
                        host == "graph.facebook.com" || host == "www.amazon.com";
  const std::string provider =
      is_known || host.starts_with("arn:")
          ? std::string{host}
          : aws::detail::joined({"arn:aws:iam::", role_account, ":oidc-provider/", host});
  const std::string& subject = answer.subject_from_web_identity_token;
  out.text("principalId", aws::detail::joined({provider, ":", answer.audience, ":", subject}));
  return out.text("userName", subject).text("identityProvider", provider).json();
}

/// `{"accountId":...,"type":...,"ARN":...}` of an ARN.
[[nodiscard]] inline std::string trail_resource(std::string_view arn, std::string_view type) {
  const auto parsed = aws::parse_arn(arn);
  JsonObject out;
  out.text("accountId", parsed ? parsed->account : std::string_view{}).text("type", type).text("ARN", arn);
  return out.json();
}

/// Of a call to STS that gave a role's credentials: the role, and the provider of an assertion. Empty: none.
[[nodiscard]] inline std::string trail_resources(const api::Operation& operation, const void* input) {
  if (operation.service != api::Service::sts) return {};
  const std::string_view role = text_member(operation.input, input, "RoleArn");
  if (role.empty()) return {};
  std::string out = "[" + trail_resource(role, "AWS::IAM::Role");
  const std::string_view provider = text_member(operation.input, input, "PrincipalArn");
  if (!provider.empty()) out += "," + trail_resource(provider, "AWS::IAM::SAMLProvider");
  return out + "]";
}

}  // namespace rushhour::fakes::detail
