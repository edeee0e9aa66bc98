// The commands of `rushhour panther` in a build without rushhour::panther: they say so.

#include <rushhour/input_error.hpp>

#include "commands.hpp"
#include "profile.hpp"

namespace rushhour::cli {

namespace {

[[noreturn]] void refuse() {
  throw InputError({.expected = "a build with CPython for rules in Python",
                    .seen = "one without",
                    .advice = "install libpython3-dev and libyaml-cpp-dev, and build again"});
}

}  // namespace

int panther_run(const PantherRunCommand& /*command*/) { refuse(); }

int panther_test(const PantherTestCommand& /*command*/) { refuse(); }

std::vector<scenario::MatchedRule> matched_rules(const std::string& /*folder*/,
                                                 const std::vector<std::string>& /*events*/) {
  refuse();
}

}  // namespace rushhour::cli
