/// \file
/// Rules of a folder, one by one: what loads, and why the others do not.
#pragma once

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/elastic/detail/setting.hpp>
#include <rushhour/elastic/rule.hpp>

namespace rushhour::elastic {
namespace detail {

/// In rule_inl.hpp.
[[nodiscard]] Rule read_rule(std::string_view document, const Settings& settings, const Setting& rule,
                             std::string pointer);

/// What can be said of a rule without understanding it.
[[nodiscard]] RUSHHOUR_INLINE std::string word_of(const Setting& rule, std::string_view key) {
  const Setting* const found = rule.find(key);
  return found == nullptr ? std::string{} : found->text;
}

[[nodiscard]] RUSHHOUR_INLINE bool is_in_deprecated_folder(const std::filesystem::path& path) {
  return std::any_of(path.begin(), path.end(), [](const auto& part) { return part == "_deprecated"; });
}

/// A maturity of `deprecated` in the `[metadata]` of a rule file.
[[nodiscard]] RUSHHOUR_INLINE bool is_deprecated(const Setting& root) {
  const Setting* const metadata = root.find("metadata");
  return metadata != nullptr && word_of(*metadata, "maturity") == "deprecated";
}

[[nodiscard]] RUSHHOUR_INLINE RuleOutcome outcome_of(const std::string& path, std::string_view text,
                                                     const Settings& settings, const Setting& rule,
                                                     std::string pointer) {
  RuleOutcome out{.path = path, .name = word_of(rule, "name"), .type = word_of(rule, "type")};
  try {
    out.rule = read_rule(text, settings, rule, std::move(pointer));
  } catch (const UnsupportedRule& error) {
    out.status = RuleStatus::unsupported;
    out.reason = error.what();
  } catch (const InputError& error) {
    out.status = RuleStatus::broken;
    out.reason = error.what();
  }
  return out;
}

RUSHHOUR_INLINE void load_toml(const std::string& path, const std::string& text,
                               std::vector<RuleOutcome>& out) {
  const Settings settings = read_toml(text, path);
  const Setting* const rule = settings.root.find("rule");
  if (rule == nullptr) {
    SettingReader{settings, settings.root, ""}.fail("rule", "the table [rule]",
                                                    "a rule file has [metadata] and [rule]");
  }
  if (is_in_deprecated_folder(path) || is_deprecated(settings.root)) {
    out.push_back({.path = path,
                   .status = RuleStatus::deprecated,
                   .name = word_of(*rule, "name"),
                   .type = word_of(*rule, "type"),
                   .reason = "it is deprecated"});
    return;
  }
  out.push_back(outcome_of(path, text, settings, *rule, "/rule"));
}

/// A line of an export is a rule when it says how grave it is; lists and their items do not.
RUSHHOUR_INLINE void load_export(const std::string& path, const std::string& text,
                                 std::vector<RuleOutcome>& out) {
  const Settings settings = read_json_lines(text, path);
  for (const Setting& line : settings.root.children) {
    if (line.find("risk_score") == nullptr && line.find("query") == nullptr) continue;
    out.push_back(outcome_of(path, text, settings, line, ""));
  }
}

RUSHHOUR_INLINE void load_file(const std::string& path, std::vector<RuleOutcome>& out) {
  try {
    const std::string text = read_text(path, "a rule");
    if (std::filesystem::path{path}.extension() == ".toml") {
      load_toml(path, text, out);
    } else {
      load_export(path, text, out);
    }
  } catch (const InputError& error) {
    out.push_back({.path = path, .status = RuleStatus::broken, .reason = error.what()});
  }
}

[[nodiscard]] RUSHHOUR_INLINE std::vector<std::string> rule_files(const std::string& folder) {
  namespace fs = std::filesystem;
  std::vector<std::string> out;
  std::error_code error;
  fs::recursive_directory_iterator at{folder, error};
  for (; !error && at != fs::recursive_directory_iterator{}; at.increment(error)) {
    const fs::path extension = at->path().extension();
    if (extension != ".toml" && extension != ".ndjson") continue;
    if (!at->is_directory(error)) out.push_back(at->path().generic_string());
  }
  if (error) {
    throw InputError({.file = folder, .expected = "a folder of rules", .seen = error.message()});
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace detail

RUSHHOUR_INLINE std::vector<RuleOutcome> load_rules(const std::string& path) {
  std::vector<RuleOutcome> out;
  std::error_code error;
  if (std::filesystem::is_regular_file(path, error)) {
    detail::load_file(path, out);
    return out;
  }
  const std::vector<std::string> files = detail::rule_files(path);
  for (const std::string& file : files) detail::load_file(file, out);
  return out;
}

}  // namespace rushhour::elastic
