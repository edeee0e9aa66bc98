/// \file
/// Bodies of annotations.hpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <rushhour/report/annotations.hpp>
#include <rushhour/report/detail/judged_words.hpp>

namespace rushhour::report {

namespace detail {

inline constexpr std::size_t annotations_max = 10;  // of a type and step

/// `also`: what means something beside `%` and line ends.
inline std::string command_text(std::string_view text, std::string_view also = {}) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (c == '%' || c == '\r' || c == '\n' || also.find(c) != std::string_view::npos) {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15U];
    } else {
      out += c;
    }
  }
  return out;
}

inline std::string annotation_of(const Broken& broken, const Checkout& checkout) {
  const auto property = [](std::string_view name, std::string_view value) {
    return std::string{name} + "=" + command_text(value, ":,");
  };
  const SourceLine site = blamed_site(*broken.budget);
  std::string out = broken.budget->fails() ? "::error " : "::warning ";
  out += property("file", in_checkout(site.file, checkout));
  if (site.line != 0) out += "," + property("line", std::to_string(site.line));
  if (site.column != 0) out += "," + property("col", std::to_string(site.column));
  out +=
      "," + property("title", broken.scenario->run->scenario.name + ": " + broken.budget->plan.budget.text);
  return out + "::" + command_text(joined(explanation(*broken.scenario, *broken.budget), "\n")) + "\n";
}

}  // namespace detail

RUSHHOUR_INLINE std::string annotations(std::span<const Judged> scenarios, const Checkout& checkout) {
  std::string out;
  std::size_t errors = 0;
  std::size_t warnings = 0;
  for (const detail::Broken& broken : detail::worst_first(scenarios)) {
    std::size_t& shown = broken.budget->fails() ? errors : warnings;
    if (++shown <= detail::annotations_max) out += detail::annotation_of(broken, checkout);
  }
  const auto more = [&](std::size_t count, std::string_view what) {
    if (count <= detail::annotations_max) return;
    out += "::notice title=rushhour::and " + std::to_string(count - detail::annotations_max) + " more " +
           std::string{what} + ": the log and the summary have all\n";
  };
  more(errors, "broken budgets");
  more(warnings, "warnings");
  return out;
}

}  // namespace rushhour::report
