/// \file
/// What boto3 and requests of a Panther rule reach: the fakes of a world, through the container's own
/// session, on its clock and into its journal. It knows no rule: whoever runs one says whose calls they are
/// (PythonThread::set_context()).
///
/// Hooked are, while a Clients lives: the creation of botocore's clients and what they call, urllib3's
/// exchange of one request (which requests and botocore share), requests.get() and its kin, time.sleep(), and
/// the draws of botocore's back-off. Everything else in those libraries is their own code: signing,
/// serialising, parsing, retrying, as far as the tier goes.
///
/// * **api** (T2): a client is a copy of one that botocore made for the same service and Region; a call's
///   arguments become the operation's struct and its output the dict that boto3 returns. Attempts, retries,
///   latency, timeouts and random draws are api::Client's, so the calls are those of a native detection. The
///   first call of each operation with the same arguments is validated by botocore, and each that breaks a
///   constraint. What this tier does not know (requests with sessions, services beside the ones that
///   detections call) goes by HTTP. Not done at this tier: handlers that code registers on a client's events.
/// * **http** (T1): botocore makes, signs and reads each request and decides about retries, as `requests`
///   does for VirusTotal. A client that code makes is one that botocore makes, 1.6 ms each.
/// * **wire** (T0): the same over loopback to an http::Server before the world.
///
/// The retry mode of botocore's clients is that of the container's policy, unless the code has a Config of
/// its own; requests tries again only where code mounts an adapter that does. Timeouts are the session's,
/// unless the code names others; where there are none, botocore's 60 s, and none for requests.
///
/// Nothing else is reached: a host that no fake stands for is refused, and so is every other way out
/// (sockets, programs), each with an exception that says so.
#pragma once

#include <rushhour/panther/object.hpp>
#include <rushhour/panther/python_thread.hpp>

#include <cstdint>
#include <memory>
#include <string_view>

#include <rushhour/panther/client_route.hpp>

namespace rushhour::panther {

namespace detail {
struct ClientState;
}

/// One at a time in an interpreter.
///
/// \code
///   PythonHost host;
///   PythonThread thread{host};
///   Clients clients{thread, {.world = &bench.world()}};
///   thread.set_context(&bench.context());
///   const Inside inside{thread};
///   // import and call what uses boto3 and requests
/// \endcode
class Clients {
 public:
  /// Imports boto3 and requests where they are installed, 0.25 s, and hooks them. Outside Python.
  /// \param thread  to import in, and to take the hooks away in the end; it outlives the clients
  explicit Clients(PythonThread& thread, ClientRoute route = {});
  Clients(const Clients&) = delete;
  Clients& operator=(const Clients&) = delete;
  /// Outside Python, as the constructor.
  ~Clients();

  /// All calls from now on take it. Throws std::invalid_argument when the tier needs a world or a port that
  /// is not there.
  void set_route(const ClientRoute& route);
  [[nodiscard]] const ClientRoute& route() const;

  [[nodiscard]] const ClientCounts& counts() const;

  /// The text that Python's `json.dumps(object)` gives, known without asking it: of the attributes of an
  /// answer of VirusTotal that nobody has changed, which a rule returns as its context event after event.
  /// Null when it is anything else. Valid until the next call. Inside Python.
  [[nodiscard]] const std::string* known_json(PyObject* object);

 private:
  std::unique_ptr<detail::ClientState> state_;
};

}  // namespace rushhour::panther

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/panther/detail/clients_inl.hpp>
#endif
