/// \file
/// Bodies of aws/preflight.hpp: which documents are looked at, and how findings are written.
#pragma once

#include <algorithm>
#include <optional>

#include <rushhour/aws/detail/preflight_document.hpp>
#include <rushhour/aws/detail/preflight_policy.hpp>
#include <rushhour/aws/detail/preflight_trust.hpp>
#include <rushhour/aws/preflight.hpp>
#include <rushhour/detail/json_text.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::aws {

namespace detail {

[[nodiscard]] RUSHHOUR_INLINE std::string_view to_text(Severity severity) {
  return severity == Severity::error ? "error" : "warning";
}

[[nodiscard]] RUSHHOUR_INLINE std::size_t count_of(std::span<const Finding> findings, Severity severity) {
  return static_cast<std::size_t>(std::count_if(
      findings.begin(), findings.end(), [=](const Finding& each) { return each.severity == severity; }));
}

/// `2 errors`, `1 warning`
[[nodiscard]] RUSHHOUR_INLINE std::string counted(std::size_t count, Severity severity) {
  return std::to_string(count) + " " + std::string{to_text(severity)} + (count == 1 ? "" : "s");
}

RUSHHOUR_INLINE void check_secret_option(const std::string& secret) {
  const auto name = secret_part(secret);
  if (name && suffix_of(*name) != Suffix::missing) return;
  throw InputError({.expected = "the whole ARN of a secret for --secret, with its six characters at the end",
                    .seen = "\"" + secret + "\"",
                    .advice = "aws secretsmanager describe-secret prints it"});
}

}  // namespace detail

RUSHHOUR_INLINE std::vector<Finding> preflight(const PreflightOptions& options) {
  for (const std::string& principal : options.principals) {
    static_cast<void>(detail::PreflightCaller{principal});  // throws
  }
  if (!options.secret.empty()) detail::check_secret_option(options.secret);
  std::vector<Finding> findings;
  if (options.trust) {
    detail::PreflightDocument document{PolicyKind::trust, *options.trust, findings};
    if (document.policy()) detail::TrustPreflight{document}.run(options.principals);
  }
  if (options.policy) {
    detail::PreflightDocument document{PolicyKind::identity, *options.policy, findings};
    if (document.policy()) detail::PolicyPreflight{document}.run(options.secret);
  }
  return findings;
}

RUSHHOUR_INLINE std::string preflight_text(std::span<const Finding> findings) {
  std::string out;
  for (const Finding& each : findings) {
    out += each.file;
    if (each.line != 0) out += ":" + std::to_string(each.line) + ":" + std::to_string(each.column);
    if (!each.pointer.empty()) out += (each.file.empty() ? "at " : ": at ") + each.pointer;
    out +=
        ": " + std::string{detail::to_text(each.severity)} + ": " + each.what + "\n  fix: " + each.fix + "\n";
  }
  if (findings.empty()) return "no findings\n";
  return out + detail::counted(detail::count_of(findings, Severity::error), Severity::error) + ", " +
         detail::counted(detail::count_of(findings, Severity::warning), Severity::warning) + "\n";
}

RUSHHOUR_INLINE std::string preflight_json(std::span<const Finding> findings) {
  std::string out = "{\n  \"format\": \"rushhour.preflight/1\",\n  \"errors\": " +
                    std::to_string(detail::count_of(findings, Severity::error)) +
                    ",\n  \"warnings\": " + std::to_string(detail::count_of(findings, Severity::warning)) +
                    ",\n  \"findings\": [";
  const auto add = [&out](std::string_view name, std::string_view text) {
    out += (out.ends_with('{') ? "\"" : ", \"") + std::string{name} + "\": ";
    rushhour::detail::append_json_string(out, text);
  };
  for (const Finding& each : findings) {
    out += out.ends_with('[') ? "\n    {" : ",\n    {";
    add("severity", detail::to_text(each.severity));
    add("file", each.file);
    if (each.line != 0) {
      out += ", \"line\": " + std::to_string(each.line) + ", \"column\": " + std::to_string(each.column);
    }
    add("pointer", each.pointer);
    add("what", each.what);
    add("fix", each.fix);
    out += '}';
  }
  return out + (findings.empty() ? "]\n}\n" : "\n  ]\n}\n");
}

}  // namespace rushhour::aws
