#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>

#include <rushhour/aws/preflight.hpp>
#include <rushhour/input_error.hpp>

#include "commands.hpp"
#include "files.hpp"

namespace rushhour::cli {

namespace {

std::string read_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (!file) {
    throw InputError({.file = path, .expected = "a policy document", .seen = "no file that can be read"});
  }
  return text;
}

}  // namespace

int iam_check(const IamCheckCommand& command) {
  if (command.trust.empty() && command.policy.empty()) {
    throw InputError({.expected = "--trust FILE, --policy FILE or both"});
  }
  std::string trust;
  std::string policy;
  aws::PreflightOptions options{.principals = command.principals, .secret = command.secret};
  if (!command.trust.empty()) {
    trust = read_file(command.trust);
    options.trust = {.text = trust, .name = command.trust};
  }
  if (!command.policy.empty()) {
    policy = read_file(command.policy);
    options.policy = {.text = policy, .name = command.policy};
  }
  const std::vector<aws::Finding> findings = aws::preflight(options);
  if (command.json != "-") std::fputs(aws::preflight_text(findings).c_str(), stdout);
  if (command.json == "-") {
    std::fputs(aws::preflight_json(findings).c_str(), stdout);
  } else if (!command.json.empty()) {
    write_file(command.json, aws::preflight_json(findings));
  }
  const bool fails = std::any_of(findings.begin(), findings.end(), [&](const aws::Finding& each) {
    return command.strict || each.severity == aws::Severity::error;
  });
  return fails ? exit_findings : exit_ok;
}

}  // namespace rushhour::cli
