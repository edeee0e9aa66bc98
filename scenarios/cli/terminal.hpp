/// \file
/// What the terminal can show.
#pragma once

#include <cstdio>

namespace rushhour::cli {

/// Whether colours are wanted on this stream: it is a terminal that has some, and NO_COLOR (no-color.org) is
/// not set, or empty.
[[nodiscard]] bool has_colour(std::FILE* stream);

}  // namespace rushhour::cli
