#include "files.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <rushhour/input_error.hpp>

namespace rushhour::cli {

namespace {

void write(const std::string& path, const std::string& content, std::ios::openmode mode) {
  std::ofstream file{path, std::ios::binary | mode};
  file << content;
  if (!file.flush()) {
    throw InputError({.file = path,
                      .expected = "a file that can be written",
                      .advice = "check that the folder exists and is yours"});
  }
}

}  // namespace

void write_file(const std::string& path, const std::string& content) {
  write(path, content, std::ios::trunc);
}

void append_to_file(const std::string& path, const std::string& content) {
  write(path, content, std::ios::app);
}

TemporaryFolder::TemporaryFolder() {
  std::error_code error;
  const std::filesystem::path parent = std::filesystem::temp_directory_path(error);
  std::string name = (error ? std::filesystem::path{"/tmp"} : parent) / "rushhour-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) {
    throw InputError({.file = name,
                      .expected = "to make a folder for the certificate there",
                      .advice = "let TMPDIR name a folder that is yours"});
  }
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
}

}  // namespace rushhour::cli
