/// \file
/// The bodies of clients.hpp: the table of hooks, and how they get into the libraries.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/panther/clients.hpp>
#include <rushhour/panther/detail/aws_calls.hpp>
#include <rushhour/panther/detail/botocore_glue.hpp>
#include <rushhour/panther/detail/client_glue.hpp>
#include <rushhour/panther/detail/client_state.hpp>
#include <rushhour/panther/detail/http_calls.hpp>
#include <rushhour/panther/detail/network_guard.hpp>
#include <rushhour/panther/detail/virustotal_calls.hpp>

namespace rushhour::panther {

namespace detail {

/// `is_running()`: whether a rule runs, whose calls these would be.
inline PyObject* is_running(ClientState& /*state*/, PyObject* const* /*arguments*/, Py_ssize_t /*count*/) {
  return boolean(running_context() != nullptr);
}

/// `is_api(service)`: whether calls to it go at the API level.
inline PyObject* is_api(ClientState& state, PyObject* const* arguments, Py_ssize_t /*count*/) {
  if (state.route.tier != ClientTier::api) return boolean(false);
  const std::string_view name = view(arguments[0]);
  const PythonService* const service = find_service(name);
  return boolean(service != nullptr ? service->is_api : name == api::to_text(api::Service::virustotal));
}

/// `count_client()`: code has asked for a client.
inline PyObject* count_client(ClientState& state, PyObject* const* /*arguments*/, Py_ssize_t /*count*/) {
  ++state.counts.clients;
  if (detect::Context* const context = running_context()) ++context->session().clients_made;
  return none();
}
/// `count_real_client()`: botocore makes one.
inline PyObject* count_real_client(ClientState& state, PyObject* const* /*arguments*/, Py_ssize_t /*count*/) {
  ++state.counts.real_clients;
  return none();
}

/// `engine_credentials()`: those of the role that the code runs as.
inline PyObject* engine_credentials(ClientState& /*state*/, PyObject* const* /*arguments*/,
                                    Py_ssize_t /*count*/) {
  detect::Context* const context = running_context();
  const auto* const given =
      context == nullptr ? nullptr : std::get_if<aws::Credentials>(&context->identity());
  if (given == nullptr) return Py_BuildValue("(ssz)", "none", "none", nullptr);
  return Py_BuildValue("(ssz)", given->access_key_id.c_str(), given->secret_access_key.c_str(),
                       given->session_token.empty() ? nullptr : given->session_token.c_str());
}

/// `retries(service)`: botocore's mode and number of attempts that are the container's policy; None where
/// botocore has no such mode.
inline PyObject* retries(ClientState& /*state*/, PyObject* const* arguments, Py_ssize_t /*count*/) {
  const PythonService* const service = find_service(view(arguments[0]));
  detect::Context* const context = running_context();
  if (service == nullptr || context == nullptr) return none();
  const retry::Policy& policy = context->policy(service->service);
  std::string_view mode = policy.name();
  if (mode == retry::None::policy_name) mode = retry::Legacy::policy_name;
  if (mode == retry::Standard2026::policy_name) mode = retry::Standard::policy_name;
  if (mode != retry::Legacy::policy_name && mode != retry::Standard::policy_name &&
      mode != retry::Adaptive::policy_name) {
    return none();
  }
  return Py_BuildValue("(s#I)", mode.data(), static_cast<Py_ssize_t>(mode.size()), policy.max_attempts());
}

inline constexpr std::string_view what_is_simulated =
    "the simulation answers boto3's clients of sts, secretsmanager, dynamodb and iam, and requests to "
    "https://www.virustotal.com; what else a rule asks needs a mock";

/// `refuse_service(service, operation)`: why a call of boto3 cannot be made; None when it can.
inline PyObject* refuse_service(ClientState& state, PyObject* const* arguments, Py_ssize_t /*count*/) {
  const std::string name = utf8(arguments[0]);
  const std::string operation = name + ":" + utf8(arguments[1]);
  std::string reason;
  if (find_service(name) == nullptr) {
    reason = operation + " goes nowhere: " + std::string{what_is_simulated};
  } else if (running_context() == nullptr) {
    reason = operation + " is called while no rule runs, so there is nobody's session to call it with";
  } else if (state.route.world == nullptr) {
    reason = operation + " goes by HTTP, and the clients have no world to send it to";
  }
  if (reason.empty()) return none();
  ++state.counts.refused;
  return text_object(reason).release();
}

/// `refuse_host(host)`: the same for a request.
inline PyObject* refuse_host(ClientState& state, PyObject* const* arguments, Py_ssize_t /*count*/) {
  const std::string host{view_or_empty(arguments[0])};
  std::string reason;
  if (!service_of(host)) {
    reason = "a request to " + host + " goes nowhere: " + std::string{what_is_simulated};
  } else if (running_context() == nullptr) {
    reason =
        "a request to " + host + " is sent while no rule runs, so there is nobody's session to send it in";
  } else if (state.route.world == nullptr) {
    reason = "a request to " + host + " goes by HTTP, and the clients have no world to send it to";
  }
  if (reason.empty()) return none();
  ++state.counts.refused;
  return text_object(reason).release();
}

/// `open_wire(port)`: the socket that may now be connected; 0: none.
inline PyObject* open_wire(ClientState& state, PyObject* const* arguments, Py_ssize_t /*count*/) {
  state.open_wire.port = static_cast<std::uint16_t>(PyLong_AsLong(arguments[0]));
  PythonThread::current()->attach<OpenWire>(state.open_wire.port == 0 ? nullptr : &state.open_wire);
  return none();
}

/// `sleep(seconds)`: false when no rule runs.
inline PyObject* sleep(ClientState& /*state*/, PyObject* const* arguments, Py_ssize_t /*count*/) {
  detect::Context* const context = running_context();
  if (context == nullptr) return boolean(false);
  const std::optional<Duration> length = seconds_of(arguments[0]);
  if (!length) {
    PyErr_SetString(PyExc_TypeError, "'NoneType' object cannot be interpreted as an integer");
    return nullptr;
  }
  if (*length < Duration::zero()) {
    PyErr_SetString(PyExc_ValueError, "sleep length must be non-negative");
    return nullptr;
  }
  Clock& clock = context->clock();
  {
    const Outside outside;
    const Instant now = clock.now();
    clock.sleep_until(*length < Instant::max() - now ? now + *length : Instant::max());
  }
  return boolean(true);
}

/// `set_botocore(by_http, validate, output_members, raise_failure, raise_no_answer, raise_not_simulated)`
inline PyObject* set_botocore(ClientState& state, PyObject* const* arguments, Py_ssize_t /*count*/) {
  state.botocore = {.by_http = Object::share(arguments[0]),
                    .validate = Object::share(arguments[1]),
                    .output_members = Object::share(arguments[2]),
                    .raise_failure = Object::share(arguments[3]),
                    .raise_no_answer = Object::share(arguments[4]),
                    .raise_not_simulated = Object::share(arguments[5])};
  return none();
}

template <Hook hook>
PyMethodDef method(const char* name) {
  // CPython's own cast: METH_FASTCALL says which signature it has.
  return {name, reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(&call_hook<hook>)), METH_FASTCALL,
          nullptr};
}

inline std::array client_methods{method<answer_content>("answer_content"),
                                 method<answer_headers>("answer_headers"),
                                 method<answer_json>("answer_json"),
                                 method<begin>("begin"),
                                 method<make_client>("client"),
                                 method<count_client>("count_client"),
                                 method<count_real_client>("count_real_client"),
                                 method<credentials_of>("credentials_of"),
                                 method<engine_credentials>("engine_credentials"),
                                 method<fetch>("fetch"),
                                 method<finish>("finish"),
                                 method<handle>("handle"),
                                 method<is_api>("is_api"),
                                 method<is_running>("is_running"),
                                 method<jitter>("jitter"),
                                 method<make_api_call>("make_api_call"),
                                 method<open_wire>("open_wire"),
                                 method<refuse_host>("refuse_host"),
                                 method<refuse_service>("refuse_service"),
                                 method<retries>("retries"),
                                 method<set_botocore>("set_botocore"),
                                 method<sleep>("sleep")};

/// `native` of the Python half.
inline Object native_module(ClientState& state) {
  const Object self = Object::steal(PyCapsule_New(&state, state_key, nullptr));
  Object module = Object::steal(PyModule_New("rushhour.native"));
  for (PyMethodDef& row : client_methods) {
    Object function = Object::steal(PyCFunction_New(&row, self.get()));
    // As a method of a class it is to be called with the object.
    if (std::string_view{row.ml_name} == "make_api_call")
      function = Object::steal(PyInstanceMethod_New(function.get()));
    checked(PyModule_AddObjectRef(module.get(), row.ml_name, function.get()));
  }
  return module;
}

/// The environment that AWS gives a Lambda function, for botocore; nothing of the machine's own.
inline void set_environment(const ClientState& state) {
  const Object os = import_module("os");
  const Object environment = attribute(os.get(), "environ");
  const fakes::World* const world = state.route.world;
  const std::string region = world == nullptr ? "us-east-1" : world->options.region;
  const bool is_global = world != nullptr && world->options.sts_endpoint == fakes::StsEndpoint::global;
  const std::pair<const char*, std::string> settings[] = {
      {"AWS_REGION", region},
      {"AWS_DEFAULT_REGION", region},
      {"AWS_STS_REGIONAL_ENDPOINTS", is_global ? "legacy" : "regional"},
      {"AWS_CONFIG_FILE", "/dev/null"},
      {"AWS_SHARED_CREDENTIALS_FILE", "/dev/null"},
      {"AWS_EC2_METADATA_DISABLED", "true"}};
  for (const auto& [name, value] : settings) {
    checked(PyMapping_SetItemString(environment.get(), name, text_object(value).get()));
  }
}

/// Runs the function of the Python half. False: a library is not there.
inline bool hook_library(const ClientState& state, const char* function) {
  PyObject* const result = PyObject_CallNoArgs(PyDict_GetItemString(state.glue.get(), function));
  if (result == nullptr && PyErr_ExceptionMatches(PyExc_ModuleNotFoundError) != 0) {
    PyErr_Clear();
    return false;
  }
  static_cast<void>(Object::steal(result));
  return true;
}

inline void run_glue(const ClientState& state, std::string_view source) {
  const Object code =
      Object::steal(Py_CompileString(std::string{source}.c_str(), "<rushhour clients>", Py_file_input));
  static_cast<void>(Object::steal(PyEval_EvalCode(code.get(), state.glue.get(), state.glue.get())));
}

inline void install_hooks(ClientState& state) {
  guard_network();
  state.glue = Object::steal(PyDict_New());
  checked(PyDict_SetItemString(state.glue.get(), "__builtins__", PyEval_GetBuiltins()));
  checked(PyDict_SetItemString(state.glue.get(), "native", native_module(state).get()));
  for (const std::string_view source : {common_glue, botocore_glue, urllib3_glue, requests_glue})
    run_glue(state, source);
  static_cast<void>(hook_library(state, "hook_time"));
  if (hook_library(state, "hook_urllib3")) {
    static_cast<void>(hook_library(state, "hook_botocore"));
    static_cast<void>(hook_library(state, "hook_requests"));
  }
}

}  // namespace detail

RUSHHOUR_INLINE Clients::Clients(PythonThread& thread, ClientRoute route)
    : state_(std::make_unique<detail::ClientState>(thread)) {
  set_route(route);
  const Inside inside{thread};
  detail::install_hooks(*state_);
}

RUSHHOUR_INLINE Clients::~Clients() {
  const Inside inside{state_->thread};
  PyObject* const restored = PyObject_CallNoArgs(PyDict_GetItemString(state_->glue.get(), "restore"));
  if (restored == nullptr) PyErr_WriteUnraisable(nullptr);
  Py_XDECREF(restored);
  state_.reset();
}

RUSHHOUR_INLINE void Clients::set_route(const ClientRoute& route) {
  if (route.tier != ClientTier::api && route.world == nullptr)
    throw std::invalid_argument("calls by HTTP need a world that answers them: ClientRoute::world");
  if (route.tier == ClientTier::wire && route.port == 0)
    throw std::invalid_argument("calls over the wire need a served world: ClientRoute::port");
  state_->route = route;
  state_->door.reset();  // another world may be where the last one was
  const Inside inside{state_->thread};
  state_->trees.clear();
  state_->sites.begin(route.world == nullptr ? nullptr : &route.world->ledger.names(), route.folder);
  detail::set_environment(*state_);
}

RUSHHOUR_INLINE const ClientRoute& Clients::route() const { return state_->route; }
RUSHHOUR_INLINE const ClientCounts& Clients::counts() const { return state_->counts; }
RUSHHOUR_INLINE const std::string* Clients::known_json(PyObject* object) {
  return state_->trees.known_json(object);
}

}  // namespace rushhour::panther
