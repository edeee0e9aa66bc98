#include "progress_bar.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include <rushhour/report/detail/words.hpp>

namespace rushhour::cli {

namespace {

using report::detail::grouped;

/// `12 s`, `3 min 05 s`.
std::string seconds_text(std::uint64_t seconds) {
  if (seconds < 60) return std::to_string(seconds) + " s";
  const std::string rest = std::to_string(seconds % 60);
  return std::to_string(seconds / 60) + " min " + (rest.size() < 2 ? "0" : "") + rest + " s";
}

}  // namespace

std::string progress_line(const std::string& name, std::uint64_t done, std::uint64_t events,
                          std::chrono::nanoseconds elapsed) {
  constexpr std::size_t name_width = 20;
  constexpr std::size_t bar_width = 12;
  const double seconds = std::chrono::duration<double>(elapsed).count();
  const auto rate = seconds > 0 ? static_cast<std::uint64_t>(static_cast<double>(done) / seconds) : 0;
  std::string line = name.substr(0, name_width);
  line.resize(name_width, ' ');
  if (events == 0) return line + "  " + grouped(done) + " events  " + grouped(rate) + " events/s";
  done = std::min(done, events);
  const std::size_t filled = done * bar_width / events;
  std::string percent = std::to_string(done * 100 / events);
  line += " [" + std::string(filled, '#') + std::string(bar_width - filled, '-') + "] ";
  line += std::string(3 - std::min<std::size_t>(3, percent.size()), ' ') + percent + " %";
  line += "  " + grouped(rate) + " events/s";
  if (rate > 0) line += "  " + seconds_text((events - done) / rate) + " left";
  return line.substr(0, 79);
}

ProgressBar::ProgressBar(std::string name, std::uint64_t events)
    : name_(std::move(name)), events_(events), begun_(std::chrono::steady_clock::now()) {}

ProgressBar::~ProgressBar() {
  if (shown_) std::fprintf(stderr, "\r\033[K");
}

void ProgressBar::show(std::uint64_t done) {
  const auto elapsed = std::chrono::steady_clock::now() - begun_;
  if (elapsed < std::chrono::seconds{1}) return;
  shown_ = true;
  std::fprintf(stderr, "\r\033[K%s", progress_line(name_, done, events_, elapsed).c_str());
}

}  // namespace rushhour::cli
