/// \file
/// The command that gives a run again, as words for a shell. How they are laid out is the report's business.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/scenario/run.hpp>

namespace rushhour::report::detail {

/// As a POSIX shell reads it as one word: in quotes where a character means something to it.
inline std::string shell_word(std::string_view text) {
  constexpr std::string_view plain = "-_./+:,@%=";
  const bool is_plain = !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           plain.find(c) != std::string_view::npos;
  });
  if (is_plain) return std::string{text};
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += R"('\'')";
    } else {
      out += c;
    }
  }
  return out + "'";
}

/// Words that belong on one line stand together: an option and its value. The seed is the run's own, or that
/// of another run of the same scenario.
inline std::vector<std::string> reproduce(const scenario::Run& run, std::uint64_t seed) {
  std::vector<std::string> out{"rushhour run", shell_word(run.scenario.file),
                               "--seed " + std::to_string(seed)};
  if (run.scenario.events != 0) out.push_back("--events " + std::to_string(run.scenario.events));
  for (const scenario::Setting& setting : run.scenario.settings) {
    out.push_back("--set " + shell_word(setting.path + '=' + setting.value));
  }
  if (run.transport != "direct") out.push_back("--transport " + shell_word(run.transport));
  return out;
}
inline std::vector<std::string> reproduce(const scenario::Run& run) {
  return reproduce(run, run.scenario.seed);
}

}  // namespace rushhour::report::detail
