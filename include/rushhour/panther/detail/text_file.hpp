/// \file
/// Reads a file of a rule pack whole.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>

#include <rushhour/input_error.hpp>

namespace rushhour::panther::detail {

/// \throws InputError when it cannot be read, or is larger than 16 MiB, which no rule is.
[[nodiscard]] inline std::string read_text_file(const std::string& path, std::string_view what) {
  constexpr std::uintmax_t bytes_max = std::uintmax_t{16} << 20;
  std::error_code error;
  const bool is_file = std::filesystem::is_regular_file(path, error);
  if (is_file && std::filesystem::file_size(path, error) > bytes_max) {
    throw InputError({.file = path, .expected = std::string{what} + " of at most 16 MiB", .seen = "more"});
  }
  std::ifstream file{path, std::ios::binary};
  if (!is_file || !file) {
    throw InputError(
        {.file = path,
         .expected = std::string{what},
         .seen = std::filesystem::is_directory(path, error) ? "a folder" : "no file that can be read"});
  }
  return {std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
}

}  // namespace rushhour::panther::detail
