/// \file
/// What the preflight asks of a trust policy: that it lets in whom it should, and nobody else.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/aws/arn.hpp>
#include <rushhour/aws/context_values.hpp>
#include <rushhour/aws/detail/preflight_document.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::aws::detail {

/// Who calls as the principal that an ARN names: of a role, a session of it.
class PreflightCaller {
 public:
  explicit PreflightCaller(const std::string& arn) : arn_(arn) {
    const std::optional<Arn> parsed = parse_arn(arn_);
    const std::string_view type = parsed ? parsed->resource_type() : std::string_view{};
    const bool is_role = parsed && parsed->service == "iam" && type == "role";
    const bool is_user = parsed && parsed->service == "iam" && (type == "user" || type == "root");
    const bool is_session =
        parsed && parsed->service == "sts" && (type == "assumed-role" || type == "federated-user");
    if ((!is_role && !is_user && !is_session) || !is_account_id(parsed->account)) {
      throw InputError({.expected = "the ARN of a role, user or session for --principal",
                        .seen = "\"" + arn + "\"",
                        .advice = "a role's is arn:aws:iam::ACCOUNT:role/NAME"});
    }
    identity_ = {.arn = arn_, .account_id = parsed->account};
    std::string_view behind = arn_;
    if (is_role) {
      session_ = assumed_role_arn({.account = parsed->account,
                                   .role = parsed->name(),
                                   .session = "rushhour-preflight",
                                   .partition = parsed->partition});
      identity_.arn = session_;
      identity_.role_arn = arn_;
    } else if (type == "assumed-role") {  // whose role is taken to have the path "/"
      const std::string_view id = parsed->resource_id();
      role_ = role_arn(
          {.account = parsed->account, .name = id.substr(0, id.find('/')), .partition = parsed->partition});
      identity_.role_arn = behind = role_;
    }
    values_.add("aws:PrincipalArn", std::string{behind});
    values_.add("aws:PrincipalAccount", std::string{parsed->account});
  }
  PreflightCaller(const PreflightCaller&) = delete;
  PreflightCaller& operator=(const PreflightCaller&) = delete;

  [[nodiscard]] Effect asks(const Policy& trust) const {
    return trust.evaluate({.action = "sts:AssumeRole", .principal = &identity_, .values = values_.view()})
        .effect;
  }

 private:
  std::string arn_;
  std::string session_;
  std::string role_;
  PrincipalIdentity identity_;
  ContextValues values_;
};

class TrustPreflight {
 public:
  explicit TrustPreflight(PreflightDocument& document) : document_(document) {}

  void run(const std::vector<std::string>& principals) {
    const std::vector<PreflightDocument::Text> named = look_at_principals();
    if (document_.is_filled_in()) return;  // whom it lets in is not known yet
    for (const std::string& principal : principals) check(principal, "/Statement");
    if (!principals.empty()) return;
    for (const PreflightDocument::Text& each : named) check(each.text, each.pointer);
    if (named.size() == 1) {
      document_.find(
          Severity::warning, named.front().pointer,
          "only one principal gets in; Panther runs unit tests as another role than detections",
          "ask for the ARN of the unit tests' role and add it, or name whom you mean with --principal");
    }
  }

 private:
  /// Reports those that are too many, and returns the ARNs of roles, users and sessions.
  std::vector<PreflightDocument::Text> look_at_principals() {
    std::vector<PreflightDocument::Text> named;
    for (const PreflightDocument::Statement& each : document_.statements()) {
      if (!each.allows) continue;
      const auto& principal = each.json.at("Principal");
      auto texts = principal.is_object()
                       ? PreflightDocument::texts(principal, "AWS", each.pointer + "/Principal")
                       : std::vector<PreflightDocument::Text>{{"*", each.pointer + "/Principal"}};
      for (PreflightDocument::Text& text : texts) {
        if (text.text == "*") {
          if (each.json.contains("Condition")) continue;
          document_.find(Severity::error, text.pointer, "every AWS account is let in",
                         "name the roles that may assume this one, or add a Condition on aws:PrincipalArn");
        } else if (is_account_id(text.text) || text.text.ends_with(":root")) {
          document_.find(Severity::warning, text.pointer,
                         "the whole account is let in, as far as its own policies allow",
                         "name the roles that may assume this one");
        } else {
          named.push_back(std::move(text));
        }
      }
    }
    return named;
  }

  void check(const std::string& principal, const std::string& pointer) {
    const PreflightCaller caller{principal};
    const Effect effect = caller.asks(*document_.policy());
    if (effect == Effect::allow) return;
    const auto first = [&](Effect wanted, PreflightDocument::Without without) {
      return document_.first_statement(wanted, [&](const PreflightDocument::Json& json) {
        return caller.asks(document_.alone(json, without));
      });
    };
    if (const auto denies = first(Effect::deny, {})) {
      document_.find(Severity::error, denies->pointer, principal + " is denied sts:AssumeRole",
                     "leave it out of this Deny");
    } else if (const auto conditional = first(Effect::allow, {.conditions = true})) {
      document_.find(Severity::warning, conditional->pointer + "/Condition",
                     principal + " gets in only under conditions, on " +
                         PreflightDocument::condition_keys(conditional->json),
                     "see that its call meets them: an ExternalId, for one, must be given to assume_role");
    } else if (const auto other = first(Effect::allow, {.actions = true, .conditions = true})) {
      document_.find(Severity::error, other->action_pointer(),
                     principal + " is trusted, but not with sts:AssumeRole",
                     R"(add "sts:AssumeRole" to Action)");
    } else {
      document_.find(Severity::error, pointer, principal + " is not let in",
                     R"(add it to the "AWS" principals of the statement that allows sts:AssumeRole)");
    }
  }

  PreflightDocument& document_;
};

}  // namespace rushhour::aws::detail
