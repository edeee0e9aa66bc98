// `rushhour init`: a scenario to start from, with budgets, and the jobs that check it.

#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>

#include <rushhour/input_error.hpp>

#include "commands.hpp"
#include "files.hpp"
#include "init_files.hpp"

namespace rushhour::cli {

namespace {

/// Before anything is written, so that nothing is half done.
void refuse_to_overwrite(const std::filesystem::path& folder) {
  for (const InitFile& file : init_files) {
    const std::filesystem::path path = folder / file.path;
    std::error_code error;
    if (!std::filesystem::exists(std::filesystem::symlink_status(path, error))) continue;
    throw InputError(
        {.file = path.string(),
         .expected = "no file there yet",
         .seen = "one",
         .advice = "--force replaces it, and what else `rushhour init` writes; nothing was written"});
  }
}

void write(const std::filesystem::path& path, const InitFile& file) {
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  if (error) {
    throw InputError({.file = path.parent_path().string(),
                      .expected = "a folder that can be made",
                      .seen = error.message(),
                      .advice = "check that the folder above it is yours"});
  }
  write_file(path.string(), std::string{file.text});
}

}  // namespace

int init(const InitCommand& command) {
  const std::filesystem::path folder = std::filesystem::path{command.folder}.lexically_normal();
  if (!command.force) refuse_to_overwrite(folder);
  for (const InitFile& file : init_files) {
    const std::string path = (folder / file.path).lexically_normal().string();
    write(path, file);
    std::printf("wrote %s\n", path.c_str());
  }
  const std::string scenario = (folder / starter_scenario).lexically_normal().string();
  std::printf(
      "\nnext\n  rushhour check %s\n  rushhour check %s --accept\n"
      "  rushhour profile YOUR-CLOUDTRAIL -o %s\n",
      scenario.c_str(), scenario.c_str(),
      (folder / "scenarios/my-traffic.json").lexically_normal().string().c_str());
  return exit_ok;
}

}  // namespace rushhour::cli
