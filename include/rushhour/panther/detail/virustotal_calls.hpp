/// \file
/// Plain calls of requests.get() to VirusTotal at the API level: from the URL to the route's struct, through
/// the loop of api::Client, and back to what a requests.Response is made of. Used by clients_inl.hpp only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/api/client.hpp>
#include <rushhour/api/detail/virustotal_requests.hpp>
#include <rushhour/api/virustotal_routes.hpp>
#include <rushhour/fakes/detail/front_door_rest.hpp>
#include <rushhour/http/message.hpp>
#include <rushhour/panther/detail/client_state.hpp>
#include <rushhour/retry/none.hpp>
#include <rushhour/sim/fiber.hpp>

namespace rushhour::panther::detail {

/// An answer of VirusTotal, worded when somebody asks for the words: held by the capsule of a Response.
struct RestAnswer {
  const api::Operation* operation{};
  std::optional<api::virustotal::IpAddressReport> report{};  ///< of an address, the only hot one
  Failure failure{};
  Instant at{};
  Duration elapsed{};
  Stream identity{0};
  http::Response wire{.status = 0, .headers = {}, .body = {}};  ///< with a status of 0: not worded yet
};

inline constexpr const char* answer_key = "rushhour.answer";

[[nodiscard]] inline RestAnswer& answer_of(PyObject* capsule) {
  auto* const answer = static_cast<RestAnswer*>(PyCapsule_GetPointer(capsule, answer_key));
  if (answer == nullptr) throw_pending();
  return *answer;
}

/// The objects of the route's world; those of a world that nobody has told anything where there is none.
[[nodiscard]] inline std::string text_of_report(const ClientState& state,
                                                const api::virustotal::IpAddressReport& report) {
  std::string text;
  if (state.route.world == nullptr) {
    api::virustotal::append_answer(text, report);
  } else {
    fakes::detail::append_whole(text, report, state.route.world->virustotal.objects());
  }
  return text;
}

/// The message that would have come over the wire.
[[nodiscard]] inline const http::Response& wire_of(const ClientState& state, RestAnswer& answer) {
  if (answer.wire.status != 0) return answer.wire;
  fakes::detail::Wording wording{
      .operation = answer.operation, .now = answer.at, .identity = answer.identity};
  if (state.route.world != nullptr) wording.retry_after = state.route.world->virustotal.options().retry_after;
  if (answer.report) {
    fakes::detail::begin_rest_answer(wording, answer.wire);
    answer.wire.body = text_of_report(state, *answer.report);
    answer.wire.status = 200;
  } else {
    fakes::detail::write_rest_failure(wording, answer.failure, answer.wire);
    answer.wire.status = answer.failure.status;
  }
  return answer.wire;
}

/// One call at the API level.
class RestCall {
 public:
  RestCall(ClientState& state, detect::Context& context, const api::virustotal::detail::Match& match,
           const http::Request& request, api::Identity identity, std::optional<Duration> patience)
      : state_(state),
        session_(context.session()),
        match_(match),
        request_(request),
        identity_(std::move(identity)),
        patience_(patience) {}

  /// The answer; null: the request is none that the route reads, and the service is to say so itself.
  [[nodiscard]] std::unique_ptr<RestAnswer> run() {
    match_.route->operation->with_storage(
        [](void* input, void* output, void* self) { static_cast<RestCall*>(self)->run(input, output); },
        this);
    return std::move(answer_);
  }

 private:
  void run(void* input, void* output) {
    const aws::Read read = api::virustotal::detail::read_request(match_, request_, {}, input);
    if (read.malformed || !read.unknown.empty()) return;
    const api::Operation& operation = *match_.route->operation;
    auto answer = std::make_unique<RestAnswer>(RestAnswer{.operation = &operation});
    bool ok = false;
    {
      const AtSite at{session_, state_.sites.of_running_code()};
      const Outside outside;
      const Patience patience{session_, api::Service::virustotal, patience_};
      const Instant sent = session_.clock->now();
      api::Client client{session_, std::cref(identity_), policy_};
      ok = client.perform(operation, input, output, answer->failure);
      answer->at = session_.clock->now();
      answer->elapsed = answer->at - sent;
    }
    if (!ok && answer->failure.outcome == Outcome::cancelled) throw sim::Cancelled{};
    ++state_.counts.api_calls;
    answer->identity = session_.random.part(~session_.logical_calls);
    if (ok) take(operation, output, *answer);
    answer_ = std::move(answer);
  }

  void take(const api::Operation& operation, const void* output, RestAnswer& answer) const {
    using api::virustotal::GetIpAddress;
    if (&operation == &api::operation_of<GetIpAddress>) {
      answer.report = *static_cast<const GetIpAddress::Output*>(output);
      return;
    }
    fakes::detail::Wording wording{.operation = &operation, .now = answer.at, .identity = answer.identity};
    if (state_.route.world != nullptr) {
      wording.objects = &state_.route.world->virustotal.objects();
      fakes::detail::write_rest_answer(wording, output, answer.wire);
    } else {
      fakes::detail::begin_rest_answer(wording, answer.wire);
      match_.route->append_answer(answer.wire.body, output);
    }
    answer.wire.status = 200;
  }

  ClientState& state_;
  api::Session& session_;
  retry::None policy_{};  // requests tries again only where code mounts urllib3's Retry
  const api::virustotal::detail::Match& match_;
  const http::Request& request_;
  api::Identity identity_;
  std::optional<Duration> patience_;
  std::unique_ptr<RestAnswer> answer_{};
};

/// The target of a URL of VirusTotal that goes out as it stands; empty when it is of another host, or when
/// `requests` would change it first.
[[nodiscard]] inline std::string_view plain_target(std::string_view url) {
  constexpr std::string_view prefix = "https://www.virustotal.com/api/v3/";
  if (!url.starts_with(prefix)) return {};
  const std::string_view target = url.substr(prefix.size() - api::virustotal::base_path.size() - 1);
  const bool is_plain = std::all_of(target.begin(), target.end(), [](char c) {
    return http::is_unreserved(c) || c == '/' || c == ':' || c == '=';
  });
  const bool has_dots =
      target.find("/.") != std::string_view::npos || target.find("//") != std::string_view::npos;
  return is_plain && !has_dots ? target : std::string_view{};
}

/// The value of `x-apikey`, in any case; nothing when a header is one that `requests` would refuse or
/// rewrite.
[[nodiscard]] inline std::optional<std::string> api_key_of(PyObject* headers) {
  std::string key;
  if (headers == Py_None) return key;
  PyObject* name = nullptr;
  PyObject* value = nullptr;
  for (Py_ssize_t at = 0; PyDict_Next(headers, &at, &name, &value) != 0;) {
    if (PyUnicode_Check(name) == 0 || PyUnicode_Check(value) == 0) return std::nullopt;
    const std::string_view text = view(value);
    const bool is_clean = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (!is_clean || text.starts_with(' ') || text.ends_with(' ')) return std::nullopt;
    if (http::equals_ignoring_case(view(name), "x-apikey")) key = text;
  }
  return key;
}

/// `fetch(url, headers, timeout)`: `(status, answer)`; `(0, True)` for no answer in time and `(0, False)` for
/// a connection that broke; None when it is not for this tier.
inline PyObject* fetch(ClientState& state, PyObject* const* arguments, Py_ssize_t /*count*/) {
  detect::Context* const context = running_context();
  if (context == nullptr || PyUnicode_Check(arguments[0]) == 0) return none();
  const std::string_view target = plain_target(view(arguments[0]));
  if (target.empty()) return none();
  std::optional<std::string> key = api_key_of(arguments[1]);
  if (!key) return none();
  http::Request request{.target = std::string{target}};
  const api::virustotal::detail::Match match = api::virustotal::detail::find_route(request);
  if (match.route == nullptr) return none();

  api::Identity identity;
  if (!key->empty()) identity = api::ApiKey{std::move(*key)};
  auto answer =
      RestCall{state, *context, match, request, std::move(identity), seconds_of(arguments[2])}.run();
  if (answer == nullptr) return none();
  ++state.counts.clients;
  ++context->session().clients_made;
  const bool is_failure = !answer->report && answer->wire.status == 0;
  if (is_failure && answer->failure.status == 0) {
    return Py_BuildValue("(iO)", 0, answer->failure.outcome == Outcome::timeout ? Py_True : Py_False);
  }
  const int status = is_failure ? answer->failure.status : 200;
  const Object capsule = Object::steal(PyCapsule_New(answer.get(), answer_key, [](PyObject* of) {
    delete static_cast<RestAnswer*>(PyCapsule_GetPointer(of, answer_key));
  }));
  static_cast<void>(answer.release());
  return Py_BuildValue("(iO)", status, capsule.get());
}

/// `answer_headers(answer)`: `([(name, value), ...], seconds)`.
inline PyObject* answer_headers(ClientState& state, PyObject* const* arguments, Py_ssize_t /*count*/) {
  RestAnswer& answer = answer_of(arguments[0]);
  const http::Response& wire = wire_of(state, answer);
  const Object list = Object::steal(PyList_New(0));
  for (const http::Header& line : wire.headers) {
    const Object pair = Object::steal(Py_BuildValue("(ss)", line.name.c_str(), line.value.c_str()));
    checked(PyList_Append(list.get(), pair.get()));
  }
  return Py_BuildValue("(Od)", list.get(), static_cast<double>(answer.elapsed.count()) / 1e9);
}

/// `answer_content(answer)`: the body.
inline PyObject* answer_content(ClientState& state, PyObject* const* arguments, Py_ssize_t /*count*/) {
  return bytes_object(wire_of(state, answer_of(arguments[0])).body).release();
}

/// `answer_json(answer)`: what Response.json() gives.
inline PyObject* answer_json(ClientState& state, PyObject* const* arguments, Py_ssize_t /*count*/) {
  RestAnswer& answer = answer_of(arguments[0]);
  if (answer.report) {
    return state.trees.tree(*answer.report, [&] { return text_of_report(state, *answer.report); }).release();
  }
  return state.trees.loads(wire_of(state, answer).body).release();
}

}  // namespace rushhour::panther::detail
