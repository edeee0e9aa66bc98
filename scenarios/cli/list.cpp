#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <rushhour/scenario/document.hpp>

#include "commands.hpp"

namespace rushhour::cli {

namespace {

namespace fs = std::filesystem;

/// A scenario's description; nothing when the file is another kind of JSON, such as a schema.
std::optional<std::string> description_of(const std::string& path) {
  const scenario::Document document = scenario::read_document(path);
  std::string description;
  bool is_scenario = false;
  for (const scenario::Node& child : document.root.children) {
    if (child.key == "description") description = child.text;
    is_scenario = is_scenario || child.key == "traffic";
  }
  return is_scenario ? std::optional{description} : std::nullopt;
}

}  // namespace

int list(const ListCommand& command) {
  if (!fs::is_directory(command.folder)) {
    throw InputError({.file = command.folder,
                      .expected = "a folder of scenarios",
                      .advice = "name one: rushhour list FOLDER"});
  }
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator{command.folder}) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    const auto description = description_of(file.string());
    if (description) std::printf("%-40s %s\n", file.string().c_str(), description->c_str());
  }
  return exit_ok;
}

}  // namespace rushhour::cli
