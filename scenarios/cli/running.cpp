#include "running.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdio>

#include <rushhour/report/json.hpp>
#include <rushhour/report/junit.hpp>
#include <rushhour/report/text.hpp>

#include "files.hpp"

namespace rushhour::cli {

namespace {

/// A line on a terminal's standard error that says how far a run is, once it has taken a second of real time.
class ProgressBar {
 public:
  ProgressBar(std::string name, std::uint64_t events)
      : name_(std::move(name)), events_(events), begun_(std::chrono::steady_clock::now()) {}
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar() {
    if (shown_) std::fprintf(stderr, "\r\033[K");
  }

  void show(std::uint64_t done) {
    if (std::chrono::steady_clock::now() - begun_ < std::chrono::seconds{1}) return;
    shown_ = true;
    if (events_ == 0) {
      std::fprintf(stderr, "\r%-30.30s %llu events", name_.c_str(), static_cast<unsigned long long>(done));
      return;
    }
    constexpr std::uint64_t width = 30;
    const auto filled = static_cast<int>(done * width / events_);
    std::fprintf(stderr, "\r%-30.30s [%.*s%*s] %3llu %%", name_.c_str(), filled,
                 "##############################", static_cast<int>(width) - filled, "",
                 static_cast<unsigned long long>(done * 100 / events_));
  }

 private:
  std::string name_;
  std::uint64_t events_;
  std::chrono::steady_clock::time_point begun_;
  bool shown_ = false;
};

std::vector<const scenario::Run*> pointers(const Runs& runs) {
  std::vector<const scenario::Run*> out;
  out.reserve(runs.size());
  for (const auto& run : runs) out.push_back(run.get());
  return out;
}

}  // namespace

std::unique_ptr<scenario::Run> run_one(scenario::Scenario scenario, scenario::RunOptions options,
                                       PythonPacks& packs) {
  packs.add_to(options);
  ProgressBar bar{scenario.name, scenario.events};
  if (isatty(STDERR_FILENO) != 0) options.progress = [&bar](std::uint64_t events) { bar.show(events); };
  return scenario::run(std::move(scenario), options);
}

Runs run_all(const RunCommand& command, PythonPacks& packs) {
  scenario::Overrides overrides{.seed = command.seed, .events = command.events};
  for (const std::string& text : command.settings)
    overrides.settings.push_back(scenario::parse_setting(text));
  std::vector<scenario::Scenario> scenarios;
  scenarios.reserve(command.scenarios.size());
  for (const std::string& path : command.scenarios) {
    scenarios.push_back(scenario::load_scenario(path, overrides));
  }
  Runs runs;
  for (scenario::Scenario& scenario : scenarios) {
    runs.push_back(run_one(std::move(scenario),
                           {.make_endpoint = make_transport(command.transport),
                            .transport = command.transport,
                            .keep_trail = command.keep_trail},
                           packs));
  }
  return runs;
}

void write_reports(const Runs& runs, const RunCommand& command) {
  const std::vector<const scenario::Run*> shown = pointers(runs);
  if (command.json != "-") std::fputs(report::text(shown).c_str(), stdout);
  if (!command.junit.empty()) write_file(command.junit, report::junit(shown));
  if (command.json.empty()) return;
  const std::string json = report::json(shown);
  if (command.json == "-") {
    std::fputs(json.c_str(), stdout);
  } else {
    write_file(command.json, json);
  }
}

}  // namespace rushhour::cli
