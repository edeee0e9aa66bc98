/// \file
/// Turns the JSON of a policy document into what is evaluated, and names every mistake. It decides no
/// request.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/aws/arn.hpp>
#include <rushhour/aws/detail/compiled_policy.hpp>
#include <rushhour/aws/detail/condition.hpp>
#include <rushhour/aws/policy_request.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::aws::detail {

class PolicyCompiler {
 public:
  using Json = nlohmann::json;

  explicit PolicyCompiler(const PolicySource& source) : source_(source), pointer_(source.pointer) {}

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
  static constexpr std::string_view version_form = "\"2012-10-17\" or \"2008-10-17\"";
  static constexpr std::string_view aws_form =
      "an account of 12 digits, the ARN of a root, user, role or session, or \"*\"";

  /// Makes the pointer longer while it lives.
  class Step {
   public:
    Step(PolicyCompiler& compiler, std::string_view token)
        : compiler_(compiler), size_(compiler.pointer_.size()) {
      compiler.pointer_ += '/';
      for (const char c : token) {
        compiler.pointer_ += c == '/' ? std::string{"~1"} : c == '~' ? "~0" : std::string(1, c);
      }
    }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;
    ~Step() { compiler_.pointer_.resize(size_); }

   private:
    PolicyCompiler& compiler_;
    std::size_t size_;
  };

  [[noreturn]] void fail_with(std::string_view expected, std::string seen,
                              std::string_view advice = {}) const {
    throw InputError({.file = std::string{source_.file},
                      .pointer = pointer_,
                      .expected = std::string{expected},
                      .seen = std::move(seen),
                      .advice = std::string{advice}});
  }
  [[noreturn]] void fail(std::string_view expected, const Json& seen, std::string_view advice = {}) const {
    fail_with(expected, shown(seen), advice);
  }
  [[noreturn]] void fail_at(std::string_view key, std::string_view expected, const Json& seen,
                            std::string_view advice = {}) {
    const Step step{*this, key};
    fail(expected, seen, advice);
  }

  /// A scalar as it was written, up to 80 bytes of it; of the rest, which may be nested deeply, only the
  /// type.
  [[nodiscard]] static std::string shown(const Json& seen) {
    if (seen.is_object()) return seen.empty() ? "an empty object" : "an object";
    if (seen.is_array()) return seen.empty() ? "an empty list" : "a list";
    std::string text = seen.dump();
    if (text.size() <= 80) return text;
    std::size_t end = 77;
    while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not inside a UTF-8 sequence
    return text.substr(0, end) + "...";
  }

  /// nlohmann/json keeps the last of two equal members and says nothing: a second Condition would win.
  [[nodiscard]] Json parse() {
    std::vector<std::vector<std::string>> open;
    const auto watch = [&](int, Json::parse_event_t event, Json& parsed) {
      if (event == Json::parse_event_t::object_start) open.emplace_back();
      if (event == Json::parse_event_t::object_end) open.pop_back();
      if (event != Json::parse_event_t::key) return true;
      auto key = parsed.get<std::string>();
      if (std::find(open.back().begin(), open.back().end(), key) != open.back().end()) {
        fail_with("each member once", "\"" + key + "\" twice in one object");
      }
      open.back().push_back(std::move(key));
      return true;
    };
    try {
      return Json::parse(source_.text, watch);
    } catch (const Json::parse_error& error) {
      const std::string_view read = source_.text.substr(0, error.byte == 0 ? 0 : error.byte - 1);
      const std::size_t line_start = read.rfind('\n') + 1;  // 0 on the first line
      const std::string_view at = source_.text.substr(read.size(), 1);
      throw InputError({.file = source_.file.empty() ? "policy" : std::string{source_.file},
                        .line = static_cast<std::uint64_t>(std::count(read.begin(), read.end(), '\n')) + 1,
                        .column = read.size() - line_start + 1,
                        .pointer = pointer_,
                        .expected = "a policy document in JSON",
                        .seen = at.empty() ? "the end of the text" : "\"" + std::string{at} + "\" here"});
    }
  }

  void check_members(const Json& object, std::initializer_list<std::string_view> known) {
    std::string names;
    for (const std::string_view name : known) {
      names += names.empty() ? "" : ", ";
      names += name;
    }
    if (!object.is_object()) fail("an object with the members " + names, object);
    for (const auto& item : object.items()) {
      if (std::find(known.begin(), known.end(), item.key()) != known.end()) continue;
      fail_with("only the members " + names, "\"" + item.key() + "\"");
    }
  }

  const Json& member(const Json& object, std::string_view key, std::string_view expected) const {
    const auto found = object.find(key);
    if (found == object.end()) {
      fail_with("a member \"" + std::string{key} + "\": " + std::string{expected}, "nothing");
    }
    return *found;
  }

  std::string text_at(const Json& object, std::string_view key, std::string_view expected) {
    const Json& value = member(object, key, expected);
    if (!value.is_string()) fail_at(key, expected, value);
    return value.get<std::string>();
  }

  /// Calls `use(std::string, const Json& seen)` for a string, or for each string of a list that is not empty.
  template <class Use>
  void for_each_text(const Json& value, std::string_view expected, Use use) {
    if (!value.is_array()) {
      if (!value.is_string()) fail(expected, value);
      return use(value.get<std::string>(), value);
    }
    if (value.empty()) fail(expected, value);
    for (std::size_t i = 0; i < value.size(); ++i) {
      const Step step{*this, std::to_string(i)};
      if (!value[i].is_string()) fail(expected, value[i]);
      use(value[i].get<std::string>(), value[i]);
    }
  }

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
    compiled_.reads_conditions = compiled_.reads_conditions || !statement.conditions.empty();
    compiled_.statements.push_back(std::move(statement));
  }

  /// Notes what is not evaluated: an Allow is then dropped, a Deny goes on without the element.
  void give_up(const std::string& what) {
    supported_ = false;
    note(what, allows_ ? "this Allow never applies" : "this Deny applies regardless");
  }
  void note(const std::string& what, const char* consequence) {
    compiled_.unsupported.push_back(pointer_ + ": " + what + " is not evaluated; " + consequence);
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
          statement.principals.push_back(aws_principal(std::move(text), seen));
        } else if (item.key() == "Service") {
          if (text.find('.') == std::string::npos || text.find('*') != std::string::npos) {
            fail(R"(a service such as "lambda.amazonaws.com")", seen);
          }
          statement.principals.push_back({.match = PrincipalMatch::service, .text = std::move(text)});
        } else {
          // One of several principals, so an Allow may go on without it. In a Deny it might be the caller.
          note("a principal of type " + item.key(),
               allows_ ? "this Allow is not for it" : "this Deny is for everyone");
          if (!allows_) statement.principals.push_back({.match = PrincipalMatch::any});
        }
      });
    }
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
    Patterns patterns{.negated = key == "NotResource"};
    bool evaluated = true;
    for_each_text(json.at(key), form, [&](std::string text, const Json& seen) {
      if (text != "*" && !text.starts_with("arn:")) fail(form, seen);
      if (has_variable(text)) {
        give_up("a policy variable");
        evaluated = false;
      }
      patterns.texts.push_back(std::move(text));
    });
    statement.resources = evaluated ? std::move(patterns) : Patterns{.texts = {"*"}};
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
    Condition condition{.row = named.row, .if_exists = named.if_exists, .key = key};
    const std::string_view form =
        named.row != nullptr ? named.row->expected : "a string or a list of strings";
    bool evaluated = named.row != nullptr;
    if (evaluated && !is_known(key)) {
      give_up("the key " + key);
      evaluated = false;
    }
    const auto use = [&](std::string text, const Json& seen) {
      if (has_variable(text)) {
        give_up("a policy variable");
        evaluated = false;
      } else if (named.row != nullptr && !named.row->is_valid(text)) {
        fail(form, seen);
      }
      condition.wanted.push_back(std::move(text));
    };
    if (value.is_boolean() || value.is_number()) {
      use(value.dump(), value);  // IAM takes true for "true" here, and 1 for "1"
    } else {
      for_each_text(value, form, use);
    }
    if (evaluated) statement.conditions.push_back(std::move(condition));
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
  std::string pointer_;
  CompiledPolicy compiled_;
  std::vector<std::string> sids_;
  bool allows_ = false;         // the current statement
  bool supported_ = true;       // all of the current statement
  bool has_variables_ = false;  // the default version is 2008-10-17
};

}  // namespace rushhour::aws::detail
