/// \file
/// What the hooks of clients.hpp share: where calls go, what the Python half gave them, and small things that
/// all of them do. Used by the files beside it only.
#pragma once

#include <rushhour/panther/object.hpp>
#include <rushhour/panther/python_thread.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <rushhour/api/client.hpp>
#include <rushhour/api/operation.hpp>
#include <rushhour/aws/sigv4.hpp>
#include <rushhour/detect/context.hpp>
#include <rushhour/fakes/front_door.hpp>
#include <rushhour/panther/client_route.hpp>
#include <rushhour/panther/detail/call_sites.hpp>
#include <rushhour/panther/detail/network_guard.hpp>
#include <rushhour/panther/detail/report_trees.hpp>
#include <rushhour/panther/detail/shape_objects.hpp>
#include <rushhour/result.hpp>
#include <rushhour/retry/policy.hpp>
#include <rushhour/time.hpp>

namespace rushhour::panther {

namespace detail {

/// One attempt of HTTP that is under way in a container, and what its retries must know of it.
struct HttpCall {
  const api::Operation* operation{};  ///< null: nothing that the service has
  api::Service service{};
  Instant sent{};
  api::FailedCall before{};  ///< the last failure when the first attempt began
  std::uint64_t jitter{};    ///< drawn for what follows the attempt that failed last
};

/// The Python half's functions, by what they do for the C++ half.
struct BotocoreGlue {
  Object by_http{};
  Object validate{};
  Object output_members{};
  Object raise_failure{};
  Object raise_no_answer{};
  Object raise_not_simulated{};
};

struct ClientState {
  explicit ClientState(PythonThread& of) : thread(of) {}

  PythonThread& thread;
  ClientRoute route{};
  ClientCounts counts{};
  aws::SigningKeys keys{};
  std::optional<fakes::FrontDoor> door{};  ///< before the route's world, once a request comes
  Object glue{};                           ///< the Python half: the names of its module
  BotocoreGlue botocore{};
  ShapeObjects shapes{};
  ReportTrees trees{};
  CallSites sites{};
  std::unordered_map<const PythonThread*, HttpCall> http_calls{};
  OpenWire open_wire{};
  /// Which members the calls had that botocore found well-formed, by operation.
  std::unordered_map<const api::Operation*, std::vector<std::uint64_t>> validated{};
  /// Operations whose outputs have been compared with botocore's model.
  std::unordered_set<const api::Operation*> modelled{};
};

/// A function that Python calls as `native.name(...)`.
using Hook = PyObject* (*)(ClientState& state, PyObject* const* arguments, Py_ssize_t count);

inline constexpr const char* state_key = "rushhour.clients";

/// As as_hook(), for a body that may return null with an exception pending: an AWS error is raised a hundred
/// thousand times in a storm, and need not become a C++ one on its way.
template <Hook hook>
PyObject* call_hook(PyObject* self, PyObject* const* arguments, Py_ssize_t count) noexcept {
  try {
    return hook(*static_cast<ClientState*>(PyCapsule_GetPointer(self, state_key)), arguments, count);
  } catch (const PythonError& error) {
    error.restore();
  } catch (...) {
    raise_in_python();
  }
  return nullptr;
}

[[nodiscard]] inline PyObject* none() {
  Py_INCREF(Py_None);
  return Py_None;
}
[[nodiscard]] inline PyObject* boolean(bool value) { return PyBool_FromLong(value ? 1 : 0); }

/// The text of a str, valid as long as the object. Throws a PythonError when it is none.
[[nodiscard]] inline std::string_view view(PyObject* text) {
  Py_ssize_t size = 0;
  const char* const bytes = PyUnicode_AsUTF8AndSize(text, &size);
  if (bytes == nullptr) throw_pending();
  return {bytes, static_cast<std::size_t>(size)};
}
/// The same where None stands for nothing.
[[nodiscard]] inline std::string_view view_or_empty(PyObject* text) {
  return text == Py_None ? std::string_view{} : view(text);
}

[[nodiscard]] inline Object text_object(std::string_view text) {
  return Object::steal(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace"));
}
[[nodiscard]] inline Object bytes_object(std::string_view bytes) {
  return Object::steal(PyBytes_FromStringAndSize(bytes.data(), static_cast<Py_ssize_t>(bytes.size())));
}

/// A number of seconds; nothing for None. Negative ones and what is no number throw.
[[nodiscard]] inline std::optional<Duration> seconds_of(PyObject* number) {
  if (number == Py_None) return std::nullopt;
  const double seconds = PyFloat_AsDouble(number);
  if (PyErr_Occurred() != nullptr) throw_pending();
  constexpr double longest = 9e9;  // 285 years, within a Duration
  if (!(seconds < longest)) return Duration::max();
  return Duration{static_cast<std::int64_t>(seconds * 1e9 + (seconds < 0 ? -0.5 : 0.5))};
}

/// Whose calls they are; null while no rule runs.
[[nodiscard]] inline detect::Context* running_context() {
  const PythonThread* const thread = PythonThread::current();
  return thread == nullptr ? nullptr : thread->context();
}

/// One retry policy seen from the loop of api::Client: how many attempts a call took.
class WatchedPolicy final : public retry::Policy {
 public:
  explicit WatchedPolicy(retry::Policy& policy) : policy_(policy) {}

  [[nodiscard]] unsigned attempts() const { return attempts_; }

  [[nodiscard]] std::string_view name() const override { return policy_.name(); }
  [[nodiscard]] unsigned max_attempts() const override { return policy_.max_attempts(); }
  [[nodiscard]] bool keeps_state() const override { return policy_.keeps_state(); }
  [[nodiscard]] std::optional<Duration> before_retry(const Failure& failure, unsigned attempts_made,
                                                     Instant now, std::uint64_t random_bits) override {
    attempts_ = attempts_made;
    return policy_.before_retry(failure, attempts_made, now, random_bits);
  }
  [[nodiscard]] Duration acquire(Instant now) override { return policy_.acquire(now); }
  void on_success(unsigned attempts_made, const Failure* last_failure, Instant now) override {
    attempts_ = attempts_made;
    policy_.on_success(attempts_made, last_failure, now);
  }

 private:
  retry::Policy& policy_;
  unsigned attempts_{1};
};

/// The timeouts of a session with another one for a service, while it lives.
class Patience {
 public:
  Patience(api::Session& session, api::Service service, std::optional<Duration> patience)
      : session_(session), before_(session.timeouts) {
    if (!patience) return;
    if (before_ != nullptr) timeouts_ = *before_;
    timeouts_[static_cast<std::size_t>(service)] = *patience;
    session.timeouts = &timeouts_;
  }
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;
  ~Patience() { session_.timeouts = before_; }

 private:
  api::Session& session_;
  const api::Timeouts* before_;
  api::Timeouts timeouts_{};
};

/// Says whose line the calls of a session are, while it lives.
class AtSite {
 public:
  AtSite(api::Session& session, Name site) : session_(session) { session.attribution.site = site; }
  AtSite(const AtSite&) = delete;
  AtSite& operator=(const AtSite&) = delete;
  ~AtSite() { session_.attribution.site = {}; }

 private:
  api::Session& session_;
};

/// botocore's read timeout, where neither the code nor the session has another (botocore/endpoint.py).
inline constexpr Duration default_read_timeout = std::chrono::seconds{60};

}  // namespace detail

}  // namespace rushhour::panther
