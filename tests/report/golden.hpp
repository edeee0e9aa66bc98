/// \file
/// Comparing a text with a file that is checked in. RUSHHOUR_UPDATE_GOLDEN=1 writes the file instead: read
/// the difference before you commit it.
#pragma once

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

namespace rushhour::report {

[[nodiscard]] inline std::string content_of(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

inline void expect_golden(const std::string& text, const std::string& path) {
  if (const char* const update = std::getenv("RUSHHOUR_UPDATE_GOLDEN"); update != nullptr && *update == '1') {
    std::ofstream{path, std::ios::binary} << text;
  }
  EXPECT_EQ(text, content_of(path)) << "differs from " << path
                                    << "; if that is meant, RUSHHOUR_UPDATE_GOLDEN=1 writes it anew";
}

}  // namespace rushhour::report
