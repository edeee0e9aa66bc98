/// \file
/// The bodies of python_host.hpp. They declare nothing of their own.
#pragma once

#include <dlfcn.h>

#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

#include <rushhour/panther/object.hpp>
#include <rushhour/panther/python_host.hpp>

namespace rushhour::panther {

namespace detail {

/// The folder that has both the linked libpython and Python's modules; empty when there is none, as with a
/// static libpython. CPython itself would look for a `python3` in the PATH, which may be another version's.
inline std::string linked_prefix() {
  Dl_info library{};
  if (dladdr(reinterpret_cast<const void*>(&Py_GetVersion), &library) == 0 || library.dli_fname == nullptr) {
    return {};
  }
  const std::string modules =
      "lib/python" + std::to_string(PY_MAJOR_VERSION) + "." + std::to_string(PY_MINOR_VERSION) + "/os.py";
  std::error_code ignored;
  const std::filesystem::path file = std::filesystem::canonical(library.dli_fname, ignored);
  for (std::filesystem::path folder = file.parent_path(); folder.has_relative_path();
       folder = folder.parent_path()) {
    if (std::filesystem::exists(folder / modules, ignored)) return folder.string();
  }
  return {};
}

inline void check(const PyStatus& status, const char* step) {
  if (PyStatus_Exception(status) == 0) return;
  throw std::runtime_error(std::string{"CPython cannot start ("} + step +
                           "): " + (status.err_msg != nullptr ? status.err_msg : "no reason given"));
}

/// PyConfig holds memory of its own.
struct OwnedConfig {
  OwnedConfig() { PyConfig_InitIsolatedConfig(&config); }
  OwnedConfig(const OwnedConfig&) = delete;
  OwnedConfig& operator=(const OwnedConfig&) = delete;
  ~OwnedConfig() { PyConfig_Clear(&config); }
  PyConfig config;
};

inline void initialize(const std::string& prefix, bool objects_by_malloc) {
  PyPreConfig before;
  PyPreConfig_InitIsolatedConfig(&before);
  before.utf8_mode = 1;
  if (objects_by_malloc) before.allocator = PYMEM_ALLOCATOR_MALLOC;
  check(Py_PreInitialize(&before), "before everything else");

  OwnedConfig owned;
  PyConfig& config = owned.config;
  config.use_hash_seed = 1;
  config.hash_seed = 0;
  config.install_signal_handlers = 0;
  config.write_bytecode = 0;
  if (!prefix.empty()) {
    const std::string program = prefix + "/bin/python3";
    check(PyConfig_SetBytesString(&config, &config.program_name, program.c_str()), "its folder");
  }
  check(Py_InitializeFromConfig(&config), "its modules");
}

}  // namespace detail

RUSHHOUR_INLINE PythonHost::PythonHost(const Options& options) {
  RUSHHOUR_ASSERT(Py_IsInitialized() == 0, "a process has one PythonHost at a time");
  detail::initialize(options.prefix.empty() ? detail::linked_prefix() : options.prefix,
                     options.objects_by_malloc);
  {
    const Object path = Object::share(PySys_GetObject("path"));
    Py_ssize_t place = 0;
    for (const std::string& folder : options.search_paths) {
      const Object text = Object::steal(PyUnicode_DecodeFSDefault(folder.c_str()));
      checked(PyList_Insert(path.get(), place++, text.get()));
    }
  }
  {
    // Importing it takes over SIGINT, whatever the configuration says.
    struct sigaction own {};
    sigaction(SIGINT, nullptr, &own);
    static_cast<void>(import_module("signal"));
    sigaction(SIGINT, &own, nullptr);
  }
  // Whichever state imports it first is the main thread to it: not a container's, which ends before the
  // others.
  static_cast<void>(import_module("threading"));
  make_types();
  gil_state_.emplace();
  main_ = PyEval_SaveThread();
  gil_state_->follow(nullptr);
}

RUSHHOUR_INLINE PythonHost::~PythonHost() {
  RUSHHOUR_ASSERT(threads_ == 0, "a PythonThread outlives its PythonHost");
  gil_state_->follow(main_);
  PyEval_RestoreThread(main_);
  interruption_ = {};
  interruptions_ = {};
  // -1: what Python had still to print could not be written. There is nobody to tell.
  static_cast<void>(Py_FinalizeEx());
}

RUSHHOUR_INLINE void PythonHost::freeze() {
  const Object collector = import_module("gc");
  static_cast<void>(Object::steal(PyObject_CallMethod(collector.get(), "collect", nullptr)));
  static_cast<void>(Object::steal(PyObject_CallMethod(collector.get(), "freeze", nullptr)));
}

RUSHHOUR_INLINE void PythonHost::make_types() {
  interruption_ = Object::steal(PyErr_NewExceptionWithDoc(
      "rushhour.Interruption",
      "What ends a rule from outside. Who swallows it meets it again at the next call.", PyExc_BaseException,
      nullptr));
  const std::array<const char*, interruption_count> names{"rushhour.Cancelled", "rushhour.InvocationTimedOut",
                                                          "rushhour.RuleTimedOut"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    interruptions_[i] = Object::steal(PyErr_NewException(names[i], interruption_.get(), nullptr));
  }
}

}  // namespace rushhour::panther
