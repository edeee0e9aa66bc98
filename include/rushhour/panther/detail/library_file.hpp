/// \file
/// Whether a file of Python is the user's own, by its name. It looks at no file.
#pragma once

#include <string_view>

namespace rushhour::panther::detail {

/// Python's own modules and installed libraries: a mistake is seldom there, and a call is made for whoever
/// asked for it.
inline bool is_library(std::string_view file) {
  return file.empty() || file.front() == '<' || file.find("/lib/python3") != std::string_view::npos ||
         file.find("/site-packages/") != std::string_view::npos ||
         file.find("/dist-packages/") != std::string_view::npos;
}

}  // namespace rushhour::panther::detail
