/// \file
/// How far a run is, on a terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace rushhour::cli {

/// `naive-enrichment     [#####-------]  45 %  912,000 events/s  2 s left`: at most 79 columns.
/// Without a known number of events only how many there were.
[[nodiscard]] std::string progress_line(const std::string& name, std::uint64_t done, std::uint64_t events,
                                        std::chrono::nanoseconds elapsed);

/// That line on standard error, once a run has taken a second of real time; gone when the run is done.
class ProgressBar {
 public:
  /// \param events  of the run; 0 when that is not known
  ProgressBar(std::string name, std::uint64_t events);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();

  void show(std::uint64_t done);

 private:
  std::string name_;
  std::uint64_t events_;
  std::chrono::steady_clock::time_point begun_;
  bool shown_ = false;
};

}  // namespace rushhour::cli
