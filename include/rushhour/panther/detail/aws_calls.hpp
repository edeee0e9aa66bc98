/// \file
/// Calls of boto3 at the API level: from the arguments to the operation's struct, through the loop of
/// api::Client, and back to the dict or the exception that boto3 gives. Used by clients_inl.hpp only.
///
/// Sources: botocore 1.29, client.py (_make_api_call), parsers.py (ResponseMetadata, errors of the query and
/// JSON protocols), retryhandler.py (MaxAttemptsReached).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/api/client.hpp>
#include <rushhour/api/dynamodb.hpp>
#include <rushhour/aws/global_endpoint.hpp>
#include <rushhour/detail/uuid.hpp>
#include <rushhour/fakes/detail/front_door_hosts.hpp>
#include <rushhour/fakes/detail/front_door_message.hpp>
#include <rushhour/http/message.hpp>
#include <rushhour/panther/detail/client_state.hpp>
#include <rushhour/retry/policies.hpp>
#include <rushhour/sim/fiber.hpp>

namespace rushhour::panther::detail {

/// What boto3 calls a service, and how its messages would look.
struct PythonService {
  api::Service service;
  std::string_view name;
  const api::Operation* (*find)(std::string_view operation);
  bool is_query;  ///< the query protocol; otherwise JSON
  bool is_api;    ///< reached at the API level; otherwise always by HTTP
  std::string_view content_type;
};

inline constexpr std::array python_services{
    PythonService{api::Service::sts, "sts", fakes::detail::find_operation<api::Service::sts>, true, true,
                  "text/xml"},
    PythonService{api::Service::secretsmanager, "secretsmanager",
                  fakes::detail::find_operation<api::Service::secretsmanager>, false, true,
                  "application/x-amz-json-1.1"},
    // boto3's resource turns values into AttributeValues and back by handlers on the client's events.
    PythonService{api::Service::dynamodb, "dynamodb", fakes::detail::find_operation<api::Service::dynamodb>,
                  false, false, api::dynamodb::content_type},
    // botocore unpacks the policies in its answers by handlers of its own.
    PythonService{api::Service::iam, "iam", fakes::detail::find_operation<api::Service::iam>, true, false,
                  "text/xml"}};

[[nodiscard]] inline const PythonService* find_service(std::string_view name) {
  for (const PythonService& row : python_services) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

/// A client of botocore's as calls at the API level see it: held by the capsule in its `_rushhour`.
struct PythonClient {
  const PythonService* service;
  std::string region{};                     ///< or `aws-global`
  std::optional<api::Identity> identity{};  ///< nothing: the code's own
  std::unique_ptr<retry::Policy> policy{};  ///< null: the container's
  std::optional<Duration> patience{};       ///< nothing: the session's
};

inline constexpr const char* client_key = "rushhour.client";

[[nodiscard]] inline PythonClient& client_of(PyObject* capsule) {
  auto* const client = static_cast<PythonClient*>(PyCapsule_GetPointer(capsule, client_key));
  if (client == nullptr) throw_pending();
  return *client;
}

/// `client(service, endpoint_url, region, access_key, secret_key, token, retry_mode, attempts, read_timeout)`
inline PyObject* make_client(ClientState& /*state*/, PyObject* const* arguments, Py_ssize_t /*count*/) {
  const PythonService* const service = find_service(view(arguments[0]));
  auto client = std::make_unique<PythonClient>(PythonClient{.service = service});
  std::string_view host = view(arguments[1]);
  host.remove_prefix(std::min(host.find("://") + 3, host.size()));
  client->region = fakes::detail::read_host(host).is_sts_global() ? aws::global_endpoint : view(arguments[2]);
  if (arguments[3] != Py_None) {
    client->identity = aws::Credentials{std::string{view(arguments[3])}, std::string{view(arguments[4])},
                                        std::string{view_or_empty(arguments[5])}};
  }
  if (arguments[6] != Py_None) {
    const long attempts = PyLong_AsLong(arguments[7]);
    client->policy = retry::make(view(arguments[6]), {.max_attempts = static_cast<unsigned>(attempts),
                                                      .service = std::string{service->name}});
  } else if (detect::Context* const context = running_context()) {
    client->policy = context->own_policy(service->service);
  }
  client->patience = seconds_of(arguments[8]);
  PyObject* const capsule = PyCapsule_New(client.get(), client_key, [](PyObject* of) {
    delete static_cast<PythonClient*>(PyCapsule_GetPointer(of, client_key));
  });
  if (capsule != nullptr) static_cast<void>(client.release());
  return capsule;
}

/// `credentials_of(made)`: what a client was given; None: the code's own.
inline PyObject* credentials_of(ClientState& /*state*/, PyObject* const* arguments, Py_ssize_t /*count*/) {
  const PythonClient& client = client_of(arguments[0]);
  if (!client.identity) return none();
  const auto& given = std::get<aws::Credentials>(*client.identity);
  return Py_BuildValue("(ssz)", given.access_key_id.c_str(), given.secret_access_key.c_str(),
                       given.session_token.empty() ? nullptr : given.session_token.c_str());
}

/// One call at the API level.
class ApiCall {
 public:
  ApiCall(ClientState& state, detect::Context& context, PythonClient& client, PyObject* python_client,
          PyObject* name, PyObject* arguments, const api::Operation& operation)
      : state_(state),
        context_(context),
        session_(context.session()),
        client_(client),
        python_client_(python_client),
        name_(name),
        arguments_(arguments),
        operation_(operation),
        watched_(client.policy ? *client.policy : context.policy(client.service->service)) {}

  /// The dict, or null with what boto3 raises pending.
  [[nodiscard]] PyObject* run() {
    operation_.with_storage(
        [](void* input, void* output, void* self) { static_cast<ApiCall*>(self)->run(input, output); }, this);
    return result_;
  }

 private:
  void run(void* input, void* output) {
    const bool is_read = ShapeObjects::read(arguments_, operation_.input, input);
    const std::optional<std::uint64_t> mask =
        is_read ? ShapeObjects::mask(arguments_, operation_.input) : std::nullopt;
    if (!mask || !is_validated(*mask) || aws::violation(operation_.input, input)) {
      if (!validate()) return;
      if (!is_read) return not_simulated();
      if (mask) state_.validated[&operation_].push_back(*mask);
    }
    fill_token(input);
    Failure failure;
    bool ok = false;
    {
      const AtSite at{session_, state_.sites.of_running_code()};
      const Outside outside;
      const Patience patience{session_, client_.service->service, patience_of()};
      api::Client client{session_, std::cref(client_.identity ? *client_.identity : context_.identity()),
                         watched_, client_.region};
      ok = client.perform(operation_, input, output, failure);
    }
    ++state_.counts.api_calls;
    if (ok) {
      answer(output);
    } else {
      raise(failure);
    }
  }

  [[nodiscard]] std::optional<Duration> patience_of() const {
    if (client_.patience) return client_.patience;
    if (session_.timeouts == nullptr) return default_read_timeout;
    return std::nullopt;
  }

  /// Whether botocore has seen a call with the same members.
  [[nodiscard]] bool is_validated(std::uint64_t mask) const {
    const auto known = state_.validated.find(&operation_);
    return known != state_.validated.end() &&
           std::find(known->second.begin(), known->second.end(), mask) != known->second.end();
  }
  /// False: botocore has refused the arguments, and its ParamValidationError is pending.
  [[nodiscard]] bool validate() const {
    PyObject* const arguments[] = {python_client_, name_, arguments_};
    PyObject* const result =
        PyObject_Vectorcall(state_.botocore.validate.get(), arguments, std::size(arguments), nullptr);
    Py_XDECREF(result);
    return result != nullptr;
  }
  /// botocore takes the arguments and the fake's tables do not: a member that they do not have.
  void not_simulated() const {
    const Object reason = text_object("the fake of " + std::string{client_.service->name} +
                                      " does not know these arguments of " + std::string{operation_.name} +
                                      ": " + utf8(Object::steal(PyObject_Repr(arguments_)).get()));
    Py_XDECREF(PyObject_CallOneArg(state_.botocore.raise_not_simulated.get(), reason.get()));
  }

  /// As api::Client does for typed calls, and botocore for members that the model calls idempotency tokens.
  void fill_token(void* input) {
    for (const aws::Member& member : operation_.input) {
      if (member.name != "ClientRequestToken") continue;
      if (member.held(input) != nullptr) return;
      const std::uint64_t high = session_.next_random();
      *static_cast<std::string*>(member.shape->emplace(const_cast<void*>(member.in(input)))) =
          rushhour::detail::uuid_text(high, session_.next_random());
    }
  }

  void answer(const void* output) {
    const Dates dates = client_.service->is_query ? Dates::iso8601 : Dates::epoch;
    if (state_.modelled.insert(&operation_).second) {
      PyObject* const arguments[] = {python_client_, name_};
      const Object known = Object::steal(PyObject_Vectorcall(state_.botocore.output_members.get(), arguments,
                                                             std::size(arguments), nullptr));
      state_.shapes.hide_unknown(operation_.output, known.get());
    }
    const Object out = state_.shapes.write(operation_.output, output, dates);
    const Object metadata = metadata_of(200, false);
    checked(PyDict_SetItemString(out.get(), "ResponseMetadata", metadata.get()));
    result_ = Object{out}.release();
  }

  [[nodiscard]] Object metadata_of(int status, bool gave_up) {
    // Of the event's numbers, but none of those that calls draw: another tier has ids of its own.
    const Stream ids = session_.random.part(~session_.logical_calls);
    const Object id = text_object(rushhour::detail::uuid_text(ids.at(0), ids.at(1)));
    const Object type = text_object(client_.service->content_type);
    const Object date = text_object(http::to_http_date(session_.clock->now()));
    const Object headers = Object::steal(Py_BuildValue("{sOsOsO}", "x-amzn-requestid", id.get(),
                                                       "content-type", type.get(), "date", date.get()));
    Object out =
        Object::steal(Py_BuildValue("{sOsisOsI}", "RequestId", id.get(), "HTTPStatusCode", status,
                                    "HTTPHeaders", headers.get(), "RetryAttempts", watched_.attempts() - 1));
    if (gave_up) checked(PyDict_SetItemString(out.get(), "MaxAttemptsReached", Py_True));
    return out;
  }

  void raise(const Failure& failure) {
    if (failure.outcome == Outcome::cancelled) throw sim::Cancelled{};
    if (failure.status == 0) {
      PyObject* const arguments[] = {python_client_,
                                     failure.outcome == Outcome::timeout ? Py_True : Py_False};
      Py_XDECREF(PyObject_Vectorcall(state_.botocore.raise_no_answer.get(), arguments, 2, nullptr));
      return;
    }
    const bool gave_up = watched_.attempts() >= watched_.max_attempts() &&
                         (failure.outcome == Outcome::throttled || failure.outcome == Outcome::server_error);
    const Object error = Object::steal(
        Py_BuildValue("{ssss}", "Message", failure.message.c_str(), "Code", failure.code.c_str()));
    if (client_.service->is_query) {
      const Object type = text_object(failure.status >= 500 ? "Receiver" : "Sender");
      checked(PyDict_SetItemString(error.get(), "Type", type.get()));
    }
    const Object metadata = metadata_of(failure.status, gave_up);
    const Object response =
        Object::steal(Py_BuildValue("{sOsO}", "Error", error.get(), "ResponseMetadata", metadata.get()));
    PyObject* const arguments[] = {python_client_, name_, response.get()};
    Py_XDECREF(
        PyObject_Vectorcall(state_.botocore.raise_failure.get(), arguments, std::size(arguments), nullptr));
  }

  ClientState& state_;
  detect::Context& context_;
  api::Session& session_;
  PythonClient& client_;
  PyObject* python_client_;
  PyObject* name_;
  PyObject* arguments_;
  const api::Operation& operation_;
  WatchedPolicy watched_;
  PyObject* result_{};
};

/// `make_api_call(client, operation_name, api_params)`: BaseClient._make_api_call.
inline PyObject* make_api_call(ClientState& state, PyObject* const* arguments, Py_ssize_t count) {
  if (count != 3) {
    PyErr_SetString(PyExc_TypeError, "_make_api_call() takes an operation's name and its parameters");
    return nullptr;
  }
  detect::Context* const context = running_context();
  if (context != nullptr && state.route.tier == ClientTier::api) {
    const Object members = Object::steal(PyObject_GenericGetDict(arguments[0], nullptr));
    PyObject* const made = PyDict_GetItemString(members.get(), "_rushhour");
    if (made != nullptr) {
      PythonClient& client = client_of(made);
      if (const api::Operation* const operation = client.service->find(view(arguments[1]))) {
        return ApiCall{state, *context, client, arguments[0], arguments[1], arguments[2], *operation}.run();
      }
    }
  }
  return PyObject_Vectorcall(state.botocore.by_http.get(), arguments, 3, nullptr);
}

}  // namespace rushhour::panther::detail
