/// \file
/// The error for a mistake in what the user wrote: a scenario, a rule, a recorded file. It names the place,
/// what was expected and seen there, and what to do. It is not for errors of the simulated world
/// (result.hpp).
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

namespace rushhour {

/// All members are optional but `expected`; what is empty is left out of the text.
struct Mistake {
  std::string file{};      ///< as the user named it
  std::uint64_t line{};    ///< from 1; 0 when unknown
  std::uint64_t column{};  ///< from 1, in bytes; 0 when unknown
  std::string pointer{};   ///< JSON pointer (RFC 6901) of the value
  std::string expected{};  ///< `a duration such as "1h"`
  std::string seen{};      ///< `"soon"`
  std::string advice{};    ///< `did you mean "duration"?`
};

/// `scenarios/x.json:3:15: at /duration: expected a duration such as "1h", saw "soon"; did you mean ...?`
[[nodiscard]] inline std::string to_text(const Mistake& mistake) {
  std::string out = mistake.file;
  if (mistake.line != 0) out += ":" + std::to_string(mistake.line);
  if (mistake.column != 0) out += ":" + std::to_string(mistake.column);
  if (!out.empty()) out += ": ";
  if (!mistake.pointer.empty()) out += "at " + mistake.pointer + ": ";
  out += "expected " + mistake.expected;
  if (!mistake.seen.empty()) out += ", saw " + mistake.seen;
  if (!mistake.advice.empty()) out += "; " + mistake.advice;
  return out;
}

class InputError : public std::runtime_error {
 public:
  explicit InputError(Mistake mistake) : std::runtime_error(to_text(mistake)), mistake_(std::move(mistake)) {}
  [[nodiscard]] const Mistake& mistake() const { return mistake_; }

 private:
  Mistake mistake_;
};

}  // namespace rushhour
