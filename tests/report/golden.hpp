/// \file
/// Comparing a text with a file that is checked in. RUSHHOUR_UPDATE_GOLDEN=1 writes the file instead: read
/// the difference before you commit it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace rushhour::report {

[[nodiscard]] inline std::string content_of(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// The text with `N` for the number of a line of a header, which moves with every edit of it.
[[nodiscard]] inline std::string without_line_numbers(std::string_view text) {
  constexpr std::string_view before = ".hpp:";
  std::string out;
  for (std::size_t at = text.find(before); at != std::string_view::npos; at = text.find(before)) {
    at += before.size();
    out.append(text.substr(0, at)) += 'N';
    text.remove_prefix(std::min(text.find_first_not_of("0123456789", at), text.size()));
  }
  return out.append(text);
}

inline void expect_golden(const std::string& report, const std::string& path) {
  const std::string text = without_line_numbers(report);
  if (const char* const update = std::getenv("RUSHHOUR_UPDATE_GOLDEN"); update != nullptr && *update == '1') {
    std::ofstream{path, std::ios::binary} << text;
  }
  EXPECT_EQ(text, content_of(path)) << "differs from " << path
                                    << "; if that is meant, RUSHHOUR_UPDATE_GOLDEN=1 writes it anew";
}

}  // namespace rushhour::report
