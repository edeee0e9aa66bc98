#include "terminal.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace rushhour::cli {

namespace {

std::string_view variable(const char* name) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets variables
  return value == nullptr ? std::string_view{} : value;
}

}  // namespace

bool has_colour(std::FILE* stream) {
  return isatty(fileno(stream)) != 0 && variable("NO_COLOR").empty() && variable("TERM") != "dumb";
}

}  // namespace rushhour::cli
