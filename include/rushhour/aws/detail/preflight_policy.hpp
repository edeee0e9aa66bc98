/// \file
/// What the preflight asks of the identity policy of a role that reads secrets: that it may read and describe
/// the secret, and nothing else.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/aws/arn.hpp>
#include <rushhour/aws/authorization.hpp>
#include <rushhour/aws/context_values.hpp>
#include <rushhour/aws/detail/preflight_document.hpp>
#include <rushhour/aws/detail/wildcards.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::aws::detail {

/// `name` of `arn:...:secret:name-a1B2c3`, with what follows it; nothing when the ARN, or pattern of one, is
/// no secret's.
[[nodiscard]] inline std::optional<std::string_view> secret_part(std::string_view arn) {
  const auto parts = arn_parts(arn);
  constexpr std::string_view type = "secret:";
  if (!parts || (*parts)[0] != "arn" || (*parts)[2] != "secretsmanager" || !(*parts)[5].starts_with(type)) {
    return std::nullopt;
  }
  return (*parts)[5].substr(type.size());
}

/// What the end of a secret's ARN looks like.
enum class Suffix : std::uint8_t {
  missing,
  word,  ///< six small letters, as a name's last word has: one random suffix in 180 does
  random
};

[[nodiscard]] constexpr Suffix suffix_of(std::string_view secret) {
  if (secret.size() < 8 || secret[secret.size() - 7] != '-') return Suffix::missing;
  const std::string_view end = secret.substr(secret.size() - 6);
  if (!all(end, [](char c) { return is_letter(c) || is_digit(c); })) return Suffix::missing;
  return all(end, is_lower) ? Suffix::word : Suffix::random;
}

class PolicyPreflight {
 public:
  explicit PolicyPreflight(PreflightDocument& document) : document_(document) {}

  /// \param secret  whole ARN; empty: those that the policy names
  void run(const std::string& secret) {
    for (const PreflightDocument::Statement& each : document_.statements()) {
      if (each.allows) look_at(each, secret);
    }
    if (!secret.empty() && !document_.is_filled_in()) return check(secret);
    const std::vector<std::string> targets = secrets_of_policy();
    if (targets.empty()) {
      document_.find(Severity::error, "/Statement", "no statement allows reading a secret",
                     R"(allow "secretsmanager:GetSecretValue" and "secretsmanager:DescribeSecret" on the )"
                     "secret's ARN");
    }
    for (const std::string& target : targets) check(target);
  }

 private:
  static constexpr std::array<const char*, 2> needed{"secretsmanager:GetSecretValue",
                                                     "secretsmanager:DescribeSecret"};
  static constexpr const char* needed_words =
      R"("secretsmanager:GetSecretValue" and "secretsmanager:DescribeSecret")";

  void look_at(const PreflightDocument::Statement& statement, const std::string& secret) {
    for (const auto& [text, pointer] :
         PreflightDocument::texts(statement.json, "Action", statement.pointer)) {
      if (!string_like_ignoring_case(text, "secretsmanager:DeleteSecret")) continue;
      document_.find(Severity::warning, pointer, "\"" + text + "\" allows more than reading",
                     std::string{"name "} + needed_words);
    }
    for (const char* key : {"NotAction", "NotResource"}) {
      if (!statement.json.contains(key)) continue;
      document_.find(Severity::warning, statement.pointer + "/" + key,
                     std::string{"an Allow with "} + key + " allows all but what it names",
                     "name what is allowed instead");
    }
    for (const auto& [text, pointer] :
         PreflightDocument::texts(statement.json, "Resource", statement.pointer)) {
      look_at_resource(text, pointer, secret);
    }
  }

  void look_at_resource(const std::string& text, const std::string& pointer, const std::string& secret) {
    if (string_like(text, "arn:aws:secretsmanager:us-east-1:000000000000:secret:")) {
      return document_.find(Severity::warning, pointer, "\"" + text + "\" is every secret",
                            "put the ARN of the one secret there");
    }
    const auto name = secret_part(text);
    if (!name || text.find("${") != std::string::npos) return;
    const std::size_t star = name->find('*');
    if (star != std::string_view::npos &&
        (star == 0 || star + 1 != name->size() || (*name)[star - 1] != '-')) {
      return document_.find(Severity::warning, pointer, "\"" + text + "\" is other secrets too",
                            "put the ARN of the one secret there; only its suffix may be -?????? or -*");
    }
    if (name->find_first_of("*?") == std::string_view::npos && suffix_of(*name) != Suffix::random) {
      const bool is_missing = suffix_of(*name) == Suffix::missing;
      if (is_missing) without_suffix_.push_back(text);
      document_.find(is_missing ? Severity::error : Severity::warning, pointer,
                     is_missing ? "the ARN lacks the six characters that end every secret's ARN"
                                : "the ARN ends with a word, where a secret's ARN has six random characters",
                     "copy the whole ARN, or end it with -?????? (or -*): " + text + "-??????");
    }
    const bool is_another =
        !secret.empty() && !document_.is_filled_in() && !string_like(text, secret) && text != stem_of(secret);
    if (is_another) {
      document_.find(Severity::warning, pointer, "\"" + text + "\" is another secret than --secret",
                     "leave it out, if detections do not read it");
    }
  }

  /// A secret's ARN without its suffix.
  [[nodiscard]] static std::string stem_of(const std::string& secret) {
    return suffix_of(secret) == Suffix::missing ? secret : secret.substr(0, secret.size() - 7);
  }

  /// One ARN for each resource of an Allow that might be a secret's, with letters for its wildcards.
  [[nodiscard]] std::vector<std::string> secrets_of_policy() const {
    std::vector<std::string> out;
    for (const PreflightDocument::Statement& each : document_.statements()) {
      if (!each.allows || !is_about_secrets(each.json)) continue;
      for (const auto& [text, pointer] : PreflightDocument::texts(each.json, "Resource", each.pointer)) {
        const bool is_any = string_like(text, "arn:aws:secretsmanager:us-east-1:000000000000:secret:");
        if ((!is_any && !secret_part(text)) || text.find("${") != std::string::npos) continue;
        std::string arn = is_any ? "arn:aws:secretsmanager:us-east-1:000000000000:secret:any-aB1cD2" : text;
        std::replace(arn.begin(), arn.end(), '*', 'x');
        std::replace(arn.begin(), arn.end(), '?', 'x');
        if (std::find(out.begin(), out.end(), arn) == out.end()) out.push_back(std::move(arn));
      }
      if (each.json.contains("NotResource")) {
        out.emplace_back("arn:aws:secretsmanager:us-east-1:000000000000:secret:any-aB1cD2");
      }
    }
    return out;
  }

  [[nodiscard]] static bool is_about_secrets(const PreflightDocument::Json& statement) {
    if (statement.contains("NotAction")) return true;
    const auto actions = PreflightDocument::texts(statement, "Action", "");
    return std::any_of(actions.begin(), actions.end(), [](const PreflightDocument::Text& action) {
      return std::any_of(needed.begin(), needed.end(),
                         [&](const char* each) { return string_like_ignoring_case(action.text, each); });
    });
  }

  void check(const std::string& secret) {
    ContextValues values;
    values.add("aws:SecureTransport", "true");
    values.add("secretsmanager:SecretId", secret);
    std::vector<std::string> uncovered;
    for (const char* action : needed) check(secret, action, values, uncovered);
    const bool is_named =
        std::find(without_suffix_.begin(), without_suffix_.end(), stem_of(secret)) != without_suffix_.end();
    if (uncovered.empty() || is_named) return;  // what lacks only the suffix has been told
    // The place to mend is the statement that reads secrets, or else the first that allows anything.
    std::string pointer = "/Statement";
    for (const PreflightDocument::Statement& each : document_.statements()) {
      if (!each.allows) continue;
      if (pointer == "/Statement" || is_about_secrets(each.json)) pointer = each.resource_pointer();
      if (is_about_secrets(each.json)) break;
    }
    document_.find(Severity::error, pointer, "no Resource covers " + secret, "put that ARN there");
  }

  void check(const std::string& secret, const char* action, const ContextValues& values,
             std::vector<std::string>& uncovered) {
    const RequestContext request{.action = action, .resource = secret, .values = values.view()};
    const Verdict verdict = authorize({.identity = {&*document_.policy(), 1}}, request);
    if (verdict.allowed) return;
    const auto first = [&](Effect wanted, PreflightDocument::Without without) {
      return document_.first_statement(wanted, [&](const PreflightDocument::Json& json) {
        return document_.alone(json, without).evaluate(request).effect;
      });
    };
    if (const auto denies = first(Effect::deny, {})) {
      document_.find(Severity::error, denies->pointer, "it denies " + std::string{action} + " on " + secret,
                     "leave out this Deny, or narrow it");
    } else if (const auto conditional = first(Effect::allow, {.conditions = true})) {
      document_.find(
          Severity::warning, conditional->pointer + "/Condition",
          std::string{action} + " is allowed only under conditions, on " +
              PreflightDocument::condition_keys(conditional->json),
          "see that the call meets them: VersionStage, for one, is absent unless the call names it");
    } else if (const auto other = first(Effect::allow, {.actions = true, .conditions = true})) {
      document_.find(Severity::error, other->action_pointer(),
                     std::string{action} + " is not allowed on " + secret,
                     "add \"" + std::string{action} + "\" to Action");
    } else {
      uncovered.emplace_back(action);
    }
  }

  PreflightDocument& document_;
  std::vector<std::string> without_suffix_;  // resources
};

}  // namespace rushhour::aws::detail
