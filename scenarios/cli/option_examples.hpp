/// \file
/// Examples under the help of a command. Those that need no files of the reader's are run by a test.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include <CLI/App.hpp>

namespace rushhour::cli {

inline void add_examples(CLI::App& app, std::initializer_list<std::string_view> commands) {
  std::string text = "Examples:";
  for (const std::string_view command : commands) {
    text += "\n  ";
    text += command;
  }
  app.footer(text);
}

}  // namespace rushhour::cli
