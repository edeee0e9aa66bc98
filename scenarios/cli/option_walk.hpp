/// \file
/// Walks over commands and options as CLI11 knows them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <CLI/App.hpp>

namespace rushhour::cli {

[[nodiscard]] inline std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* /*each*/) { return true; });
}

[[nodiscard]] inline std::vector<const CLI::Option*> options_of(const CLI::App& app) {
  return app.get_options([](const CLI::Option* option) { return option->nonpositional(); });
}
[[nodiscard]] inline std::vector<const CLI::Option*> arguments_of(const CLI::App& app) {
  return app.get_options([](const CLI::Option* option) { return option->get_positional(); });
}

/// `--json`, `-h`, in that order.
[[nodiscard]] inline std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> out;
  for (const std::string& name : option.get_lnames()) out.push_back("--" + name);
  for (const std::string& name : option.get_snames()) out.push_back("-" + name);
  return out;
}

[[nodiscard]] inline bool takes_value(const CLI::Option& option) {
  return option.get_items_expected_max() > 0;
}

/// `FILE`, without what CLI11 says of the values that are allowed.
[[nodiscard]] inline std::string value_name(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  return type.substr(0, type.find_first_of(":{ "));
}

/// The words that the option takes and no others, as CLI::IsMember tells them: `{direct,memory,wire}`.
[[nodiscard]] inline std::vector<std::string> choices_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::size_t open = type.find('{');
  const std::size_t close = type.find('}', open == std::string::npos ? 0 : open);
  if (open == std::string::npos || close == std::string::npos) return {};
  std::vector<std::string> out;
  std::string_view rest = std::string_view{type}.substr(open + 1, close - open - 1);
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    out.emplace_back(rest.substr(0, comma));
    rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
  }
  return out;
}

/// Whether a path is expected: then files are offered.
[[nodiscard]] inline bool takes_path(const CLI::Option& option) {
  const std::string name = value_name(option);
  for (const std::string_view path : {"FILE", "FOLDER", "DIR", "PATH", "SCENARIO", "RULE"}) {
    if (name.substr(0, path.size()) == path) return true;
  }
  return false;
}

}  // namespace rushhour::cli
