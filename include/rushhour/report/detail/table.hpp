/// \file
/// The table of a report on a terminal: a label, and a cell for each run beside it.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/report/detail/words.hpp>
#include <rushhour/scenario/run.hpp>

namespace rushhour::report::detail {

inline constexpr std::size_t columns_max = 4;
/// The least that is kept for labels; a longer one has a line of its own.
inline constexpr std::size_t label_min = 24;

using scenario::Run;

/// Rows are written as they come; a heading waits for its first row, and goes without one.
class Table {
 public:
  using Cell = std::function<std::string(const Run&)>;

  explicit Table(std::span<const Run* const> runs)
      : runs_(runs), cell_(std::min<std::size_t>(26, (width - label_min) / runs.size())) {}

  [[nodiscard]] std::span<const Run* const> runs() const { return runs_; }
  /// How many characters a cell has, the space before it not counted.
  [[nodiscard]] std::size_t room() const { return cell_ - 1; }

  void heading(std::string_view text) { heading_ = text; }
  /// The runs' names, in as many lines as the longest needs: broken behind hyphens.
  void names() {
    std::vector<std::vector<std::string>> lines;
    std::size_t most = 0;
    for (const Run* run : runs_) {
      lines.push_back(broken_name(run->scenario.name));
      most = std::max(most, lines.back().size());
    }
    for (std::size_t i = 0; i < most; ++i) {
      std::vector<std::string> cells;
      for (const auto& name : lines) {
        const std::size_t above = most - name.size();  // shorter names stand at the bottom
        cells.push_back(i < above ? "" : name[i - above]);
      }
      write("", std::move(cells));
    }
  }
  void row(std::string_view label, const Cell& cell) { write(label, cells_of(cell)); }
  /// A row about something that most runs do not have: left out when no run of the table does.
  void row_if_any(std::string_view label, const Cell& cell) {
    std::vector<std::string> cells = cells_of(cell);
    if (std::any_of(cells.begin(), cells.end(), says_something)) write(label, std::move(cells));
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  static bool says_something(const std::string& cell) {
    constexpr std::array<std::string_view, 6> nothing{"", "0", "-", "0s", "never", "0.00 %"};
    return std::find(nothing.begin(), nothing.end(), cell) == nothing.end();
  }
  [[nodiscard]] std::vector<std::string> broken_name(std::string_view name) const {
    std::vector<std::string> lines{""};
    while (!name.empty()) {
      const std::size_t end = std::min(name.find('-'), name.size() - 1) + 1;
      if (!lines.back().empty() && lines.back().size() + end > room()) lines.emplace_back();
      lines.back() += name.substr(0, end);
      name.remove_prefix(end);
    }
    return lines;
  }
  [[nodiscard]] std::vector<std::string> cells_of(const Cell& cell) const {
    std::vector<std::string> out;
    out.reserve(runs_.size());
    for (const Run* run : runs_) out.push_back(cell(*run));
    return out;
  }
  void write(std::string_view label, std::vector<std::string> cells) {
    if (!heading_.empty()) out_ += "\n" + std::exchange(heading_, {}) + "\n";
    const std::size_t label_room = width - cell_ * runs_.size();
    std::string line = " ";
    line += label;
    if (line.size() > label_room) out_ += std::exchange(line, {}) + "\n";  // too long: a line of its own
    line.resize(label_room, ' ');
    for (std::string& text : cells) {
      if (text.size() >= cell_) {
        text.resize(break_in(text, cell_ - 2));
        text += '~';
      }
      line.append(cell_ - std::min(cell_, text.size()), ' ');
      line += text;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out_ += line + "\n";
  }

  std::span<const Run* const> runs_;
  std::size_t cell_;
  std::string heading_;
  std::string out_;
};

}  // namespace rushhour::report::detail
