/// \file
/// Rules in Python for the runs of this program: its one interpreter, started when the first scenario names
/// a pack. In a build without rushhour::panther there is none, and such scenarios are refused.
#pragma once

#include <memory>

#include <rushhour/scenario/run.hpp>

namespace rushhour::panther {
class Clients;
class PythonHost;
class PythonRules;
}  // namespace rushhour::panther

namespace rushhour::cli {

class PythonPacks {
 public:
  PythonPacks();
  PythonPacks(const PythonPacks&) = delete;
  PythonPacks& operator=(const PythonPacks&) = delete;
  /// After the runs. CPython does not like to be started twice, so a program has one object of this.
  ~PythonPacks();

  /// What a run needs whose detections are rules in Python.
  void add_to(scenario::RunOptions& options);

  /// Starts the interpreter when nobody has.
  [[nodiscard]] panther::PythonRules& rules();
  [[nodiscard]] panther::PythonHost& host();
  [[nodiscard]] panther::Clients& clients();

 private:
  struct State;

  [[nodiscard]] State& started();

  std::unique_ptr<State> state_;
};

}  // namespace rushhour::cli
