/// \file
/// Keeps what runs in a PythonThread from the network: an audit hook of CPython (PEP 578), which nothing in
/// Python goes round, because sockets and processes are audited where they are made. It is added once to an
/// interpreter, stays until that ends, and keeps nothing itself.
///
/// Source: docs.python.org/3.11/library/audit_events.html.
#pragma once

#include <rushhour/panther/object.hpp>
#include <rushhour/panther/python_thread.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace rushhour::panther::detail {

/// The port of 127.0.0.1 that a thread may connect to while it is attached to it: PythonThread::attach().
struct OpenWire {
  std::uint16_t port{};
};

/// What would reach the network, or a program that could. Sockets may be made and bound: libraries ask so
/// what the machine has.
inline constexpr std::array<std::string_view, 17> barred_events{"socket.connect",
                                                                "socket.sendto",
                                                                "socket.sendmsg",
                                                                "socket.getaddrinfo",
                                                                "socket.gethostbyname",
                                                                "socket.gethostbyaddr",
                                                                "socket.getnameinfo",
                                                                "subprocess.Popen",
                                                                "os.system",
                                                                "os.exec",
                                                                "os.spawn",
                                                                "os.posix_spawn",
                                                                "os.fork",
                                                                "os.forkpty",
                                                                "ftplib.connect",
                                                                "smtplib.connect",
                                                                "poplib.connect"};

/// Whether a connection goes to the server that serves the world: `("127.0.0.1", port)`.
[[nodiscard]] inline bool is_open_wire(PyObject* arguments, const OpenWire& wire) {
  PyObject* const address = PyTuple_Size(arguments) == 2 ? PyTuple_GET_ITEM(arguments, 1) : nullptr;
  if (address == nullptr || PyTuple_Check(address) == 0 || PyTuple_GET_SIZE(address) != 2) return false;
  PyObject* const host = PyTuple_GET_ITEM(address, 0);
  PyObject* const port = PyTuple_GET_ITEM(address, 1);
  return PyUnicode_Check(host) != 0 && PyUnicode_CompareWithASCIIString(host, "127.0.0.1") == 0 &&
         PyLong_Check(port) != 0 && PyLong_AsLong(port) == wire.port;
}

/// `http.client` asks for the addresses of 127.0.0.1 before it connects.
[[nodiscard]] inline bool is_loopback_lookup(PyObject* arguments, const OpenWire& wire) {
  if (PyTuple_Size(arguments) < 2) return false;
  PyObject* const host = PyTuple_GET_ITEM(arguments, 0);
  PyObject* const port = PyTuple_GET_ITEM(arguments, 1);
  return PyUnicode_Check(host) != 0 && PyUnicode_CompareWithASCIIString(host, "127.0.0.1") == 0 &&
         PyLong_Check(port) != 0 && PyLong_AsLong(port) == wire.port;
}

inline int audit(const char* event, PyObject* arguments, void* /*user*/) {
  // Most events are others: imports, and code that is compiled.
  if (std::strchr("sofp", event[0]) == nullptr) return 0;
  const std::string_view name{event};
  if (std::find(barred_events.begin(), barred_events.end(), name) == barred_events.end()) return 0;
  const PythonThread* const thread = PythonThread::current();
  if (thread == nullptr) return 0;
  if (const OpenWire* const wire = thread->attached<OpenWire>()) {
    if (name == "socket.connect" && is_open_wire(arguments, *wire)) return 0;
    if (name == "socket.getaddrinfo" && is_loopback_lookup(arguments, *wire)) return 0;
  }
  PyErr_Format(PyExc_ConnectionRefusedError,
               "%s%R is refused: a simulation has no network and starts no programs. It answers boto3's "
               "clients of sts, secretsmanager and dynamodb, and requests to https://www.virustotal.com; "
               "what else a rule asks needs a mock",
               event, arguments);
  return -1;
}

/// Inside Python.
inline void guard_network() {
  constexpr const char* mark = "rushhour.network_guard";
  PyObject* const kept = PyInterpreterState_GetDict(PyInterpreterState_Main());
  if (kept == nullptr || PyDict_GetItemString(kept, mark) != nullptr) return;
  checked(PySys_AddAuditHook(audit, nullptr));
  checked(PyDict_SetItemString(kept, mark, Py_True));
}

}  // namespace rushhour::panther::detail
