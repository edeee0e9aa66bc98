/// \file
/// A policy document as the preflight looks at it: its JSON, its statements, and what each of them would
/// decide alone. What to look for is the business of preflight_trust.hpp and preflight_policy.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/aws/detail/placeholders.hpp>
#include <rushhour/aws/policy.hpp>
#include <rushhour/aws/policy_request.hpp>
#include <rushhour/aws/preflight_findings.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::aws::detail {

/// Keys that AWS has for these requests (spec aws.md 3). Others are most likely misspelt.
inline constexpr std::array<std::string_view, 49> preflight_keys{
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
    "aws:PrincipalTag/",
    "aws:PrincipalType",
    "aws:RequestTag/",
    "aws:RequestedRegion",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "aws:ResourceTag/",
    "aws:SecureTransport",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceIdentity",
    "aws:SourceIp",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:TagKeys",
    "aws:TokenIssueTime",
    "aws:UserAgent",
    "aws:ViaAWSService",
    "aws:userid",
    "aws:username",
    "secretsmanager:AddReplicaRegions",
    "secretsmanager:BlockPublicPolicy",
    "secretsmanager:Description",
    "secretsmanager:ForceDeleteWithoutRecovery",
    "secretsmanager:KmsKeyId",
    "secretsmanager:Name",
    "secretsmanager:RecoveryWindowInDays",
    "secretsmanager:ResourceTag/",
    "secretsmanager:RotationLambdaARN",
    "secretsmanager:SecretId",
    "secretsmanager:SecretPrimaryRegion",
    "secretsmanager:VersionId",
    "secretsmanager:VersionStage",
    "secretsmanager:resource/AllowRotationLambdaArn",
    "sts:ExternalId",
    "sts:RoleSessionName",
    "sts:SourceIdentity",
    "sts:TransitiveTagKeys"};

class PreflightDocument {
 public:
  using Json = nlohmann::json;

  PreflightDocument(PolicyKind kind, const PreflightFile& file, std::vector<Finding>& findings)
      : kind_(kind), file_(file), findings_(findings) {
    // Deeper values than any policy has are dropped here and named by compile() below.
    json_ = Json::parse(
        file.text, [](int depth, Json::parse_event_t, Json&) { return depth <= 16; }, false);
    if (!json_.is_object()) json_ = Json::object();
    replace_placeholders();
    compile();
  }

  /// Nothing when the document has mistakes, which are then findings.
  [[nodiscard]] const std::optional<Policy>& policy() const { return policy_; }
  /// Whether it could be compiled only with something in place of its placeholders.
  [[nodiscard]] bool is_filled_in() const { return is_filled_in_; }

  void find(Severity severity, std::string pointer, std::string what, std::string fix) {
    findings_.push_back({.severity = severity,
                         .file = std::string{file_.name},
                         .pointer = std::move(pointer),
                         .what = std::move(what),
                         .fix = std::move(fix)});
  }

  struct Statement {
    const Json& json;
    std::string pointer;
    bool allows;

    [[nodiscard]] std::string action_pointer() const {
      return pointer + (json.contains("Action") ? "/Action" : "/NotAction");
    }
    [[nodiscard]] std::string resource_pointer() const {
      return pointer + (json.contains("Resource") ? "/Resource" : "/NotResource");
    }
  };
  [[nodiscard]] std::vector<Statement> statements() const {
    std::vector<Statement> out;
    const Json& all = json_.at("Statement");
    const auto add = [&](const Json& each, std::string pointer) {
      out.push_back({each, std::move(pointer), each.at("Effect") == "Allow"});
    };
    if (all.is_object()) add(all, "/Statement");
    for (std::size_t i = 0; all.is_array() && i < all.size(); ++i) {
      add(all[i], "/Statement/" + std::to_string(i));
    }
    return out;
  }

  /// What to leave out of a statement to see why it does not apply.
  struct Without {
    bool actions{};
    bool conditions{};
  };
  /// A policy of nothing but this statement.
  [[nodiscard]] Policy alone(const Json& statement, Without without) const {
    Json copy = statement;
    if (without.actions) {
      copy.erase("NotAction");
      copy["Action"] = "*";
    }
    if (without.conditions) copy.erase("Condition");
    return compiled(
        Json{{"Version", json_.value("Version", "2008-10-17")}, {"Statement", std::move(copy)}}.dump());
  }

  /// The first statement of this effect of which `asked`, given its JSON, says so.
  template <class Ask>
  [[nodiscard]] std::optional<Statement> first_statement(Effect wanted, Ask asked) const {
    for (Statement& each : statements()) {
      if (each.allows == (wanted == Effect::allow) && asked(each.json) == wanted) return each;
    }
    return std::nullopt;
  }

  struct Text {
    std::string text;
    std::string pointer;
  };
  /// The strings of a member, which is one or a list of them; none when it is not there.
  [[nodiscard]] static std::vector<Text> texts(const Json& object, const char* key,
                                               const std::string& pointer) {
    std::vector<Text> out;
    const auto found = object.find(key);
    if (found == object.end()) return out;
    const std::string at = pointer + "/" + key;
    if (found->is_string()) out.push_back({found->get<std::string>(), at});
    for (std::size_t i = 0; found->is_array() && i < found->size(); ++i) {
      if ((*found)[i].is_string()) {
        out.push_back({(*found)[i].get<std::string>(), at + "/" + std::to_string(i)});
      }
    }
    return out;
  }

  /// `sts:ExternalId, aws:SourceIp`: what the conditions of a statement are on.
  [[nodiscard]] static std::string condition_keys(const Json& statement) {
    std::string out;
    const auto conditions = statement.find("Condition");
    if (conditions == statement.end()) return out;
    for (const auto& block : conditions->items()) {
      for (const auto& item : block.value().items()) {
        if (!out.empty()) out += ", ";
        out += item.key();
      }
    }
    return out;
  }

 private:
  [[nodiscard]] Policy compiled(std::string_view text) const {
    return Policy::compile({.kind = kind_, .text = text, .known_keys = preflight_keys, .file = file_.name});
  }

  /// Names the placeholders, and keeps in the JSON what stands in for those of principals and resources, so
  /// that the rest of the document can be judged too.
  void replace_placeholders() {
    const Json values = json_.flatten();  // by pointer
    for (const auto& item : values.items()) {
      const std::string& pointer = item.key();
      if (!item.value().is_string() || pointer.ends_with("/Sid") || pointer == "/Id") continue;
      const auto text = item.value().get<std::string>();
      const auto placeholder = placeholder_in(text);
      if (!placeholder) continue;
      const bool is_account = is_account_id(*placeholder);
      const std::string quoted = "\"" + std::string{*placeholder} + "\"";
      find(Severity::error, pointer,
           is_account ? "the account " + quoted + " is one that examples use"
                      : "the placeholder " + quoted + " was not filled in",
           is_account ? "put your own account id there" : "put the real value in its place");
      placeholders_.push_back(pointer);
      const bool is_principal = pointer.find("/Principal/") != std::string::npos;
      if (!is_principal && pointer.find("Resource") == std::string::npos) continue;
      filled_in_[pointer] = is_principal ? "arn:aws:iam::000000000000:role/placeholder"
                                         : "arn:aws:secretsmanager:us-east-1:000000000000:secret:p-aB1cD2";
    }
  }

  void compile() {
    if (!try_to_compile(file_.text) && !filled_in_.is_null()) {
      for (const auto& item : filled_in_.items()) json_[Json::json_pointer{item.key()}] = item.value();
      is_filled_in_ = try_to_compile(json_.dump());
    }
    if (!policy_) return;
    for (const std::string& each : policy_->unsupported()) {
      const std::size_t end = each.find(": ");
      find(Severity::error, each.substr(0, end), each.substr(end + 2),
           "check the spelling against the IAM User Guide, or leave it out");
    }
    if (!json_.contains("Version")) {
      find(Severity::warning, "", "there is no Version, so IAM takes the document for one of 2008",
           R"(begin it with "Version": "2012-10-17")");
    }
  }

  /// A mistake that is a placeholder has been named already.
  bool try_to_compile(std::string_view text) {
    try {
      policy_ = compiled(text);
      return true;
    } catch (const InputError& error) {
      const Mistake& mistake = error.mistake();
      if (std::find(placeholders_.begin(), placeholders_.end(), mistake.pointer) != placeholders_.end()) {
        return false;
      }
      filled_in_ = nullptr;
      find(Severity::error, mistake.pointer,
           "expected " + mistake.expected + (mistake.seen.empty() ? "" : ", saw " + mistake.seen),
           mistake.advice.empty() ? "write " + mistake.expected : mistake.advice);
      findings_.back().line = mistake.line;
      findings_.back().column = mistake.column;
      return false;
    }
  }

  PolicyKind kind_;
  const PreflightFile& file_;
  std::vector<Finding>& findings_;
  Json json_;
  Json filled_in_;  ///< by pointer; null: nothing to fill in
  std::vector<std::string> placeholders_;
  std::optional<Policy> policy_;
  bool is_filled_in_ = false;
};

}  // namespace rushhour::aws::detail
