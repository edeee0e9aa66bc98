/// \file
/// The interpreter that rules run in: CPython in this process, cut off from the environment so that two runs
/// on two machines give the same. It runs nothing itself: a PythonThread does.
#pragma once

#include <rushhour/panther/object.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/panther/detail/gil_state.hpp>

namespace rushhour::panther {

/// What ends a rule from outside, as a Python exception derived from BaseException, so that `except
/// Exception` lets it through.
enum class Interruption : std::uint8_t {
  cancelled,             ///< sim::Cancelled: the simulation has ended
  invocation_timed_out,  ///< sim::InvocationTimedOut: the container's invocation was killed
  rule_timed_out         ///< sim::RuleTimedOut: the rule outlasted its own limit
};
inline constexpr std::size_t interruption_count = 3;

struct PythonHostOptions {
  /// Folders looked at before all others for modules to import.
  std::vector<std::string> search_paths{};
  /// Where CPython is installed, `/usr`. Empty: where the linked libpython is.
  std::string prefix{};
  /// Objects come from malloc(), one by one, so that a memory checker sees each: slower.
  bool objects_by_malloc{};
};

/// Initialises CPython, and ends it in its destructor. One at a time in a process, made and destroyed on the
/// thread that runs the event loop, outside every fiber.
///
/// It reads no environment variable and no user's site-packages; texts are UTF-8 whatever the locale; string
/// hashes are the same in every run (so is the order of a set); it installs no signal handlers and writes no
/// byte code (spec of Panther, 4: "Embedding gotchas").
///
/// \code
///   PythonHost host{{.search_paths = {"rules/global_helpers"}}};
///   PythonThread thread{host};
///   const Inside inside{thread};
///   import_module("json");
/// \endcode
class PythonHost {
 public:
  using Options = PythonHostOptions;

  /// Throws std::runtime_error when CPython cannot be initialised.
  explicit PythonHost(const Options& options = {});
  PythonHost(const PythonHost&) = delete;
  PythonHost& operator=(const PythonHost&) = delete;
  /// After all its threads.
  ~PythonHost();

  /// After everything was imported: takes what exists out of the garbage collector's sight, which then no
  /// longer walks through boto3 again and again. Inside Python only.
  void freeze();

  /// The Python type of an interruption: `rushhour.Cancelled`, and so on.
  [[nodiscard]] PyObject* type_of(Interruption kind) const {
    return interruptions_[static_cast<std::size_t>(kind)].get();
  }
  /// What they all derive from: `rushhour.Interruption`.
  [[nodiscard]] PyObject* interruption() const { return interruption_.get(); }

 private:
  friend class PythonThread;

  void make_types();

  PyThreadState* main_{};
  std::optional<detail::GilState> gil_state_;
  std::size_t threads_{};  ///< PythonThreads alive
  Object interruption_;
  std::array<Object, interruption_count> interruptions_;
};

}  // namespace rushhour::panther

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/panther/detail/python_host_inl.hpp>
#endif
