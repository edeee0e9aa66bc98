/// \file
/// What the reports for CI servers say of judged budgets in the same words, and in which order.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/report/detail/budget_words.hpp>
#include <rushhour/report/detail/culprit_words.hpp>
#include <rushhour/report/detail/reproduce.hpp>
#include <rushhour/report/judged.hpp>

namespace rushhour::report::detail {

/// A budget that does not hold, and whose it is.
struct Broken {
  const Judged* scenario{};
  const scenario::JudgedBudget* budget{};
};

/// How far beyond its bound a broken budget is, in thousandths: (more + 1) / (less + 1) of what was measured
/// and the bound, so that a bound of 0 is beyond as far as its number is great. What has no number is worst.
inline std::uint64_t excess(const scenario::Verdict& verdict) {
  if (!verdict.measured || !verdict.bound) return ~std::uint64_t{0};
  constexpr std::uint64_t thousandths = 1'000;
  const std::uint64_t measured = verdict.measured->of(thousandths) + thousandths;
  const std::uint64_t bound = verdict.bound->of(thousandths) + thousandths;
  return Ratio{std::max(measured, bound), std::min(measured, bound)}.of(thousandths);
}

/// Worst first: those that fail before those that only warn, then by excess, of equals as they come.
inline std::vector<Broken> worst_first(std::span<const Judged> scenarios) {
  std::vector<Broken> out;
  for (const Judged& scenario : scenarios) {
    for (const scenario::JudgedBudget& budget : scenario.budgets) {
      if (!budget.verdict.holds) out.push_back({&scenario, &budget});
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const Broken& a, const Broken& b) {
    if (a.budget->fails() != b.budget->fails()) return a.budget->fails();
    return excess(b.budget->verdict) < excess(a.budget->verdict);
  });
  return out;
}

/// The command that gives the run again: of several seeds all, or the one of them that is meant.
inline std::string again_text(const Judged& scenario, std::optional<std::uint64_t> seed = {}) {
  std::string out;
  for (const std::string& word : reproduce(*scenario.run, seed.value_or(scenario.run->scenario.seed)))
    out += (out.empty() ? "" : " ") + word;
  if (scenario.seeded != nullptr && !seed) {
    out += " --seeds " + std::to_string(scenario.seeded->seeds.size());
  }
  return out;
}

/// What a reader of a broken budget needs to know, a line each: what was measured, why it matters, who is
/// behind it, what would mend it and at what cost, and how to have it again.
inline std::vector<std::string> explanation(const Judged& scenario, const scenario::JudgedBudget& budget,
                                            std::optional<std::uint64_t> seed = {}) {
  std::vector<std::string> lines{budget.verdict.text};
  if (!budget.plan.why.empty()) lines.push_back("why: " + budget.plan.why);
  const std::string behind = culprits_text(budget);
  if (!behind.empty()) lines.push_back("behind it: " + behind);
  if (budget.fix) lines.push_back(fix_text(*budget.fix));
  lines.push_back("again: " + again_text(scenario, seed));
  return lines;
}

inline std::string joined(const std::vector<std::string>& lines, std::string_view between) {
  std::string out;
  for (const std::string& line : lines) {
    if (!out.empty()) out += between;
    out += line;
  }
  return out;
}

/// A line of a source file; line 0: the whole file.
struct SourceLine {
  std::string file{};
  std::uint64_t line{};
  std::uint64_t column{};
};

/// Of `rules/guide.py:31`.
inline SourceLine site_of(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  SourceLine site;
  if (colon != std::string_view::npos) {
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, site.line);
    if (error == std::errc{} && rest == end) {
      site.file = text.substr(0, colon);
      return site;
    }
  }
  return {.file = std::string{text}};
}

/// Where the budget stands in its scenario.
inline SourceLine budget_site(const scenario::JudgedBudget& budget) {
  const scenario::Place& place = budget.plan.budget.place;
  return {.file = place.file, .line = place.line, .column = place.column};
}

/// Whether the line is one of rushhour's own headers, whose strategies a scenario names: no reader has it in
/// the checkout that CI looks at.
inline bool is_ours(std::string_view site) { return site.starts_with("include/rushhour/"); }

/// The line that makes the calls, of the first of those behind the budget whose line is known and the
/// reader's; else where the budget stands.
inline SourceLine blamed_site(const scenario::JudgedBudget& budget) {
  for (const scenario::Culprit& culprit : budget.culprits) {
    if (!culprit.site.empty() && !is_ours(culprit.site)) return site_of(culprit.site);
  }
  return budget_site(budget);
}

/// A file's name as seen from the root of the user's checkout, with `/`. What is outside of it, and all when
/// there is no root, stays as it is.
inline std::string in_checkout(const std::string& file, const Checkout& checkout) {
  namespace fs = std::filesystem;
  if (checkout.root.empty()) return file;
  const fs::path whole = (fs::path{checkout.folder} / file).lexically_normal();  // an absolute file stays
  const fs::path inside = whole.lexically_relative(fs::path{checkout.root}.lexically_normal());
  if (inside.empty() || *inside.begin() == "..") return file;
  return inside.generic_string();
}

}  // namespace rushhour::report::detail
