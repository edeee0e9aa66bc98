/// \file
/// Turns the JSON of a policy document into what is evaluated, and names every mistake. It decides no
/// request, and reading the JSON is policy_reader.hpp's business.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/aws/arn.hpp>
#include <rushhour/aws/detail/compiled_policy.hpp>
#include <rushhour/aws/detail/condition.hpp>
#include <rushhour/aws/detail/policy_reader.hpp>
#include <rushhour/aws/detail/policy_variables.hpp>
#include <rushhour/aws/policy_request.hpp>
#include <rushhour/http/message.hpp>

namespace rushhour::aws::detail {

class PolicyCompiler : PolicyReader {
 public:
  explicit PolicyCompiler(const PolicySource& source) : PolicyReader(source), source_(source) {}

  [[nodiscard]] CompiledPolicy compile() {
    const Json document = parse();
    compiled_.kind = source_.kind;
    check_members(document, {"Version", "Id", "Statement"});
    if (document.contains("Version")) {
      const std::string version = text_at(document, "Version", version_form);
      if (version != "2012-10-17" && version != "2008-10-17") {
        fail_at("Version", version_form, document["Version"]);
      }
      has_variables_ = version == "2012-10-17";
    }
    if (document.contains("Id")) static_cast<void>(text_at(document, "Id", "a string"));
    const Json& statements = member(document, "Statement", "a statement or a list of them");
    const Step step{*this, "Statement"};
    if (statements.is_object()) {
      compile_statement(statements);
    } else if (statements.is_array() && !statements.empty()) {
      for (std::size_t i = 0; i < statements.size(); ++i) {
        const Step index{*this, std::to_string(i)};
        compile_statement(statements[i]);
      }
    } else {
      fail("a statement or a list of them", statements);
    }
    return std::move(compiled_);
  }

 private:
  static constexpr std::string_view provider_form =
      "a provider such as \"cognito-identity.amazonaws.com\", or the ARN of a SAML or OpenID Connect "
      "provider";
  static constexpr std::string_view version_form = "\"2012-10-17\" or \"2008-10-17\"";
  static constexpr std::string_view aws_form =
      "an account of 12 digits, the ARN of a root, user, role or session, or \"*\"";

  void compile_statement(const Json& json) {
    check_members(json, {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource",
                         "NotResource", "Condition"});
    Statement statement;
    supported_ = true;
    if (json.contains("Sid")) {
      std::string sid = text_at(json, "Sid", "a string");
      if (std::find(sids_.begin(), sids_.end(), sid) != sids_.end()) {
        fail_at("Sid", "a Sid of its own", json["Sid"]);
      }
      if (!sid.empty()) sids_.push_back(std::move(sid));
    }
    const std::string effect = text_at(json, "Effect", "\"Allow\" or \"Deny\"");
    if (effect != "Allow" && effect != "Deny") fail_at("Effect", "\"Allow\" or \"Deny\"", json["Effect"]);
    statement.effect = effect == "Allow" ? Effect::allow : Effect::deny;
    allows_ = statement.effect == Effect::allow;
    compile_principal(json, statement);
    compile_actions(json, statement);
    compile_resources(json, statement);
    if (json.contains("Condition")) compile_conditions(json["Condition"], statement);
    if (!supported_ && statement.effect == Effect::allow) return;
    compiled_.reads_conditions = compiled_.reads_conditions || !statement.conditions.empty() ||
                                 !statement.resources.variable_texts.empty();
    compiled_.statements.push_back(std::move(statement));
  }

  /// Notes what is not evaluated: an Allow is then dropped, a Deny goes on without the element.
  void give_up(const std::string& what) {
    supported_ = false;
    note(what + " is not evaluated", allows_ ? "this Allow never applies" : "this Deny applies regardless");
  }
  void note(const std::string& what, const char* consequence) {
    compiled_.unsupported.push_back(pointer() + ": " + what + "; " + consequence);
  }

  void compile_principal(const Json& json, Statement& statement) {
    if (json.contains("NotPrincipal")) {
      fail_at("NotPrincipal", "no NotPrincipal, which is not evaluated", json["NotPrincipal"],
              R"(use "Principal": "*" with a Condition on aws:PrincipalArn)");
    }
    if (source_.kind == PolicyKind::identity) {
      if (json.contains("Principal")) {
        fail_at("Principal", "no Principal: an identity policy applies to whom it is attached",
                json["Principal"]);
      }
      return;
    }
    const Json& principal = member(json, "Principal", R"("*", or an object such as {"AWS": "123456789012"})");
    const Step step{*this, "Principal"};
    if (principal == "*") {
      statement.principals.push_back({.match = PrincipalMatch::any});
      return;
    }
    if (!principal.is_object() || principal.empty()) {
      fail(R"("*", or an object such as {"AWS": "123456789012"})", principal);
    }
    check_members(principal, {"AWS", "Service", "Federated", "CanonicalUser"});
    for (const auto& item : principal.items()) {
      const Step type{*this, item.key()};
      for_each_text(item.value(), "a string or a list of strings", [&](std::string text, const Json& seen) {
        if (item.key() == "AWS") {
          add_aws_principal(std::move(text), seen, statement);
        } else if (item.key() == "Federated") {
          if (!is_provider(text)) fail(provider_form, seen);
          statement.principals.push_back({.match = PrincipalMatch::federated, .text = std::move(text)});
        } else if (item.key() == "Service") {
          if (text.find('.') == std::string::npos || text.find('*') != std::string::npos) {
            fail(R"(a service such as "lambda.amazonaws.com")", seen);
          }
          statement.principals.push_back({.match = PrincipalMatch::service, .text = std::move(text)});
        } else {
          // One of several principals, so an Allow may go on without it. In a Deny it might be the caller.
          note("a principal of type " + item.key() + " is not evaluated",
               allows_ ? "this Allow is not for it" : "this Deny is for everyone");
          if (!allows_) statement.principals.push_back({.match = PrincipalMatch::any});
        }
      });
    }
  }

  /// A provider of the web's by its name, or one of SAML or OpenID Connect that the account has, by its ARN.
  [[nodiscard]] static bool is_provider(std::string_view text) {
    if (text.find_first_of("*?") != std::string_view::npos) return false;
    const std::optional<Arn> arn = parse_arn(text);
    if (!arn) return !text.starts_with("arn:") && text.find('.') != std::string_view::npos;
    const std::string_view type = arn->resource_type();
    return arn->service == "iam" && is_account_id(arn->account) && !arn->resource_id().empty() &&
           (type == "saml-provider" || type == "oidc-provider");
  }

  /// Binds a role or user to who it is now, where there is a directory (DOC: a recreated role does not
  /// match).
  void add_aws_principal(std::string text, const Json& seen, Statement& statement) {
    PrincipalElement element = aws_principal(std::move(text), seen);
    const bool has_id = element.match == PrincipalMatch::role || element.match == PrincipalMatch::user;
    if (source_.directory != nullptr && has_id) {
      if (auto id = source_.directory->unique_id_of(element.text)) {
        element.unique_id = std::move(*id);
      } else if (source_.unknown_principal == UnknownPrincipal::refuse) {
        fail("a role or user that exists", seen,
             R"(Invalid principal in policy: "AWS":")" + element.text + "\"");
      } else {
        note(element.text + " does not exist",
             allows_ ? "this Allow is not for it" : "this Deny is for whoever has the ARN");
        if (allows_) return;
      }
    }
    statement.principals.push_back(std::move(element));
  }

  [[nodiscard]] PrincipalElement aws_principal(std::string text, const Json& seen) const {
    if (text == "*") return {.match = PrincipalMatch::any};
    if (is_account_id(text)) return {.match = PrincipalMatch::account, .text = std::move(text)};
    if (text.find_first_of("*?") != std::string::npos) {
      fail(aws_form, seen,
           R"(a part of an ARN cannot be a wildcard; use "*" with a Condition on aws:PrincipalArn)");
    }
    const std::optional<Arn> arn = parse_arn(text);
    if (!arn || !is_account_id(arn->account) || !arn->region.empty()) fail(aws_form, seen);
    const std::string_view type = arn->resource_type();
    const bool named = !arn->resource_id().empty() && !arn->name().empty();
    if (arn->service == "iam" && arn->resource == "root") {
      return {.match = PrincipalMatch::account, .text = std::string{arn->account}};
    }
    PrincipalMatch match = PrincipalMatch::none;
    if (arn->service == "iam" && type == "user") match = PrincipalMatch::user;
    if (arn->service == "iam" && type == "role") match = PrincipalMatch::role;
    if (arn->service == "sts" && (type == "assumed-role" || type == "federated-user"))
      match = PrincipalMatch::session;
    if (match == PrincipalMatch::none || !named) fail(aws_form, seen);
    if (type == "assumed-role" && std::count(arn->resource.begin(), arn->resource.end(), '/') != 2) {
      fail(aws_form, seen, "a session is named by role and session, without the path of the role");
    }
    return {.match = match, .text = std::move(text)};
  }

  /// The one of two members that is there. Fails unless it is exactly one.
  [[nodiscard]] std::string_view either(const Json& json, std::string_view positive,
                                        std::string_view negative) {
    if (json.contains(positive) && json.contains(negative)) {
      fail_with("one of \"" + std::string{positive} + "\" and \"" + std::string{negative} + "\"", "both");
    }
    if (json.contains(negative)) return negative;
    static_cast<void>(member(json, positive, "a string or a list of strings"));
    return positive;
  }

  void compile_actions(const Json& json, Statement& statement) {
    static constexpr std::string_view form = R"(an action such as "sts:AssumeRole", or "*")";
    const std::string_view key = either(json, "Action", "NotAction");
    const Step step{*this, key};
    statement.actions.negated = key == "NotAction";
    for_each_text(json.at(key), form, [&](std::string text, const Json& seen) {
      const std::size_t colon = text.find(':');
      const bool all = !text.empty() && text.find_first_not_of('*') == std::string::npos;
      if (!all && (colon == std::string::npos || colon == 0 || colon + 1 == text.size())) fail(form, seen);
      statement.actions.texts.push_back(std::move(text));
    });
  }

  void compile_resources(const Json& json, Statement& statement) {
    static constexpr std::string_view form = R"(an ARN, in which * and ? are wildcards, or "*")";
    if (source_.kind == PolicyKind::trust) {
      for (const std::string_view key : {"Resource", "NotResource"}) {
        if (json.contains(key)) fail_at(key, "no Resource: a trust policy is about its role", json.at(key));
      }
      return;
    }
    const std::string_view key = either(json, "Resource", "NotResource");
    const Step step{*this, key};
    Resources resources{.negated = key == "NotResource"};
    bool evaluated = true;
    for_each_text(json.at(key), form, [&](std::string text, const Json& seen) {
      if (text != "*" && !text.starts_with("arn:")) fail(form, seen);
      if (!has_variable(text)) {
        resources.texts.push_back(std::move(text));
      } else if (is_in_resource_part(text)) {
        add_variables(text, resources.variable_texts, evaluated);
      } else {
        give_up("a policy variable before the fifth colon");
        evaluated = false;
      }
    });
    statement.resources = evaluated ? std::move(resources) : Resources{.texts = {"*"}};
  }

  /// DOC: variables may stand only in the resource part of an ARN.
  [[nodiscard]] static bool is_in_resource_part(std::string_view text) {
    const std::string_view before = text.substr(0, text.find("${"));
    return std::count(before.begin(), before.end(), ':') >= 5;
  }

  /// Reads a text with policy variables, or gives it up.
  void add_variables(std::string_view text, std::vector<VariableText>& texts, bool& evaluated) {
    std::optional<VariableText> read = VariableText::read(text);
    if (!read) {
      give_up("a malformed policy variable");
      evaluated = false;
      return;
    }
    for (const VariableText::Piece& piece : read->pieces()) {
      if (piece.kind != VariableText::Piece::Kind::variable || is_known(piece.text)) continue;
      give_up("the policy variable ${" + piece.text + "}");
      evaluated = false;
    }
    texts.push_back(std::move(*read));
  }

  void compile_conditions(const Json& json, Statement& statement) {
    const Step step{*this, "Condition"};
    if (!json.is_object()) fail(R"(an object such as {"StringEquals": {"sts:ExternalId": "x"}})", json);
    for (const auto& block : json.items()) {
      const Step name{*this, block.key()};
      if (!block.value().is_object() || block.value().empty()) {
        fail(R"(an object such as {"sts:ExternalId": "x"})", block.value());
      }
      const NamedOperator named = condition_operator(block.key());
      if (named.row == nullptr) give_up("the operator " + block.key());
      for (const auto& item : block.value().items()) {
        const Step key{*this, item.key()};
        if (item.key().find(':') == std::string::npos) {
          fail_with(R"(a condition key such as "sts:ExternalId")", "\"" + item.key() + "\"");
        }
        compile_condition(named, item.key(), item.value(), statement);
      }
    }
  }

  void compile_condition(const NamedOperator& named, const std::string& key, const Json& value,
                         Statement& statement) {
    Condition condition{.named = named, .key = key};
    const std::string_view expected =
        named.row != nullptr ? named.row->form->expected : "a string or a list of strings";
    bool evaluated = named.row != nullptr;
    if (evaluated && !is_known(key)) {
      give_up("the key " + key);
      evaluated = false;
    }
    const auto use = [&](std::string text, const Json& seen) {
      if (has_variable(text)) {
        use_variables(text, seen, condition, evaluated);
      } else if (named.row != nullptr && !named.row->form->is_valid(text)) {
        fail(expected, seen);
      } else {
        condition.texts.push_back(std::move(text));
      }
    };
    for_each_scalar(value, expected, use);
    if (evaluated) statement.conditions.push_back(std::move(condition));
  }

  /// Calls `use` as for_each_text() does, for booleans and numbers too: IAM takes true for "true" here, and 1
  /// for "1" (DOC: grammar, condition_value).
  template <class Use>
  void for_each_scalar(const Json& value, std::string_view expected, Use use) {
    const auto is_bare = [](const Json& json) { return json.is_boolean() || json.is_number(); };
    if (is_bare(value)) return use(value.dump(), value);
    if (!value.is_array()) return for_each_text(value, expected, use);
    if (value.empty()) fail(expected, value);
    for (std::size_t i = 0; i < value.size(); ++i) {
      const Step step{*this, std::to_string(i)};
      if (value[i].is_array()) fail(expected, value[i]);
      for_each_scalar(value[i], expected, use);
    }
  }

  void use_variables(const std::string& text, const Json& seen, Condition& condition, bool& evaluated) {
    const ConditionOperator* const row = condition.named.row;
    if (row == nullptr) return;  // given up already
    if (!row->form->takes_variables) {
      give_up("a policy variable with the operator " + std::string{row->name});
      evaluated = false;
      return;
    }
    add_variables(text, condition.variable_texts, evaluated);
    if (condition.variable_texts.empty()) return;
    std::string filled;  // with a letter for each variable
    for (const VariableText::Piece& piece : condition.variable_texts.back().pieces()) {
      filled += piece.kind == VariableText::Piece::Kind::variable ? "x" : piece.text;
    }
    if (!row->form->is_valid(filled)) fail(row->form->expected, seen);
  }

  /// Policy variables came with version 2012-10-17; in older documents `${` means itself (DOC).
  [[nodiscard]] bool has_variable(std::string_view text) const {
    return has_variables_ && text.find("${") != std::string_view::npos;
  }

  [[nodiscard]] bool is_known(std::string_view key) const {
    return std::any_of(source_.known_keys.begin(), source_.known_keys.end(), [key](std::string_view known) {
      if (!known.ends_with('/')) return http::equals_ignoring_case(key, known);
      return key.size() > known.size() && http::equals_ignoring_case(key.substr(0, known.size()), known);
    });
  }

  const PolicySource& source_;
  CompiledPolicy compiled_;
  std::vector<std::string> sids_;
  bool allows_ = false;         // the current statement
  bool supported_ = true;       // all of the current statement
  bool has_variables_ = false;  // the default version is 2008-10-17
};

}  // namespace rushhour::aws::detail
