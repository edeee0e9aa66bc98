/// \file
/// A rule that a command runs, from its file.
#pragma once

#include <string>

#include <rushhour/elastic/rule.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::cli {

/// \throws InputError also for a rule that is right but of a kind that is not run.
inline elastic::Rule load_rule(const std::string& path) {
  try {
    return elastic::load_rule(path);
  } catch (const elastic::UnsupportedRule& error) {
    throw InputError({.file = path, .expected = "a rule that can be run", .seen = error.what()});
  }
}

}  // namespace rushhour::cli
