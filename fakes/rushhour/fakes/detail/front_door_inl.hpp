#pragma once

#include <array>
#include <charconv>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/fakes/detail/front_door_protocols.hpp>
#include <rushhour/fakes/front_door.hpp>

namespace rushhour::fakes {

namespace detail {

/// Signing keys of the access keys that fall into it. Several, so that verifying threads seldom wait for each
/// other.
struct KeyStripe {
  std::mutex mutex{};
  aws::SigningKeys keys{};
};

}  // namespace detail

struct FrontDoor::State {
  State(World& the_world, Options chosen)
      : world(the_world),
        options(chosen),
        request_ids(the_world.random.stream("http.request_id")),
        reports(chosen.reports_kept) {
    if (options.keys == nullptr) own_keys.emplace();
  }

  World& world;
  const Options options;
  const Stream request_ids;
  detail::ReportTexts reports;

  std::optional<std::array<detail::KeyStripe, 4>> own_keys{};

  // Only inside the gate:
  std::uint64_t requests = 0;
  std::map<std::string, Name, std::less<>> detections{};
};

namespace detail {

/// Names in attribution headers that a world remembers: they come from outside, and what is interned stays.
inline constexpr std::size_t detections_max = 10'000;
inline constexpr std::size_t detection_size_max = 256;

/// Reads `<detection name>;<event>;<attempt>` or `...;<attempt>;<function>` from the right, since names may
/// have semicolons.
struct ReadAttribution {
  explicit ReadAttribution(const http::Request& request) {
    const std::string* header = request.header(api::attribution_header);
    if (header == nullptr) return;
    is_simulated = true;
    std::string_view rest = *header;
    const Function named = take_function(rest);
    std::uint64_t attempt_number = 0;
    std::uint64_t event_number = 0;
    if (!take_number(rest, attempt_number) || !take_number(rest, event_number) || attempt_number > 255)
      return;
    detection = rest.substr(0, detection_size_max);
    event = event_number;
    attempt = static_cast<std::uint8_t>(attempt_number);
    function = named;
  }

  bool is_simulated{};  ///< the header is there, readable or not
  std::string_view detection{};
  std::uint64_t event{};
  std::uint8_t attempt{};
  Function function{};

 private:
  /// Takes nothing when the last part is no function: it is the attempt then.
  static Function take_function(std::string_view& rest) {
    const std::size_t mark = rest.rfind(';');
    if (mark == std::string_view::npos) return Function::unknown;
    for (int i = 1; i <= static_cast<int>(Function::alert_context); ++i) {
      if (rest.substr(mark + 1) != to_text(static_cast<Function>(i))) continue;
      rest = rest.substr(0, mark);
      return static_cast<Function>(i);
    }
    return Function::unknown;
  }
  static bool take_number(std::string_view& rest, std::uint64_t& number) {
    const std::size_t mark = rest.rfind(';');
    if (mark == std::string_view::npos) return false;
    const char* const end = rest.data() + rest.size();
    const auto read = std::from_chars(rest.data() + mark + 1, end, number);
    rest = rest.substr(0, mark);
    return read.ec == std::errc{} && read.ptr == end;
  }
};

/// One request on its way through the door.
class Passage {
 public:
  Passage(FrontDoor::State& state, const http::Request& request, http::Gate& gate)
      : state_(state), gate_(gate), message_{.request = request}, protocol_(choose()), asked_for_(request) {}

  [[nodiscard]] http::Response answer() {
    protocol_.read(message_);
    if (message_.operation == nullptr) {
      refuse();
    } else {
      authenticate();
      message_.operation->with_storage(
          [](void* input, void* output, void* self) { static_cast<Passage*>(self)->run(input, output); },
          this);
    }
    return std::move(response_);
  }

 private:
  /// Path, X-Amz-Target and Host tell the service; where a client was only given an address, what it signed
  /// for does.
  [[nodiscard]] const ServerProtocol& choose() {
    const http::Request& request = message_.request;
    // In this order, because a path or a target is surer than the look of a body.
    for (const api::Service service :
         {api::Service::virustotal, api::Service::secretsmanager, api::Service::sts}) {
      const ServerProtocol& row = server_protocols[static_cast<std::size_t>(service)];
      if (row.claims(request)) return row;
    }
    unreadable_ = aws::read_authorization(request, authorization_);
    for (const ServerProtocol& row : server_protocols) {
      if (!unreadable_ && !row.signing_name.empty() && row.signing_name == authorization_.service) return row;
    }
    return server_protocols[static_cast<std::size_t>(api::Service::virustotal)];
  }

  void authenticate() {
    const http::Request& request = message_.request;
    if (protocol_.signing_name.empty()) {
      if (const std::string* key = request.header("x-apikey")) identity_ = api::ApiKey{*key};
      return;
    }
    refused_ = aws::read_authorization(request, authorization_);
    if (refused_) return;
    identity_ = aws::Credentials{.access_key_id = std::string{authorization_.access_key_id},
                                 .secret_access_key = {},
                                 .session_token = std::string{authorization_.session_token}};
    refused_ = verify();
  }

  /// All but the look for the secret happens outside the gate.
  [[nodiscard]] std::optional<aws::VerifyFailure> verify() {
    std::optional<std::string> secret;
    {
      const http::Gate::Entry entry = gate_.enter();
      secret = state_.world.iam.secret_of(authorization_.access_key_id, authorization_.session_token);
    }
    if (!secret) return aws::VerifyFailure::unknown_key();
    if (auto wrong = aws::check_scope(authorization_, {region(), protocol_.signing_name})) return wrong;
    if (auto wrong = aws::check_time(authorization_, gate_.wall_time(), state_.options.clock_tolerance))
      return wrong;
    if (state_.options.keys != nullptr) {
      return aws::check_signature(message_.request, authorization_, *secret, state_.options.keys);
    }
    auto& stripes = *state_.own_keys;
    auto& stripe = stripes[hash(authorization_.access_key_id) % stripes.size()];
    const std::lock_guard lock{stripe.mutex};
    return aws::check_signature(message_.request, authorization_, *secret, &stripe.keys);
  }

  /// The Region to sign for: the world's. STS's global endpoint, and an address of ours that stands for it,
  /// also take us-east-1 (IAM User Guide, "Manage AWS STS in an AWS Region"). A world without a Region takes
  /// any.
  [[nodiscard]] std::string_view region() const {
    constexpr std::string_view global = "us-east-1";
    const std::string& configured = state_.world.options.region;
    if (configured.empty()) return authorization_.region;
    const std::string_view host = host_of(message_.request);
    const bool is_regional =
        starts_ignoring_case(host, "sts.") && !starts_ignoring_case(host, "sts.amazonaws.com");
    if (protocol_.service == api::Service::sts && authorization_.region == global && !is_regional)
      return global;
    return configured;
  }

  void run(void* input, void* output) {
    Failure failure;
    api::Attribution attribution{
        .event = asked_for_.event, .attempt = asked_for_.attempt, .function = asked_for_.function};
    Duration delay{};
    bool ok = false;
    {
      const http::Gate::Entry entry = gate_.enter();
      begin(entry.now);
      attribution.detection = detection();
      ok = state_.world.service(protocol_.service)
               .perform({.operation = *message_.operation,
                         .identity = identity_,
                         .attribution = attribution,
                         .input = input,
                         .output = output,
                         .failure = failure,
                         .delay = &delay,
                         .signature = refused_ ? &*refused_ : nullptr,
                         .decode = protocol_.decode,
                         .message = &message_},
                        entry.now);
    }
    if (ok) {
      protocol_.write_answer(wording_, output, response_);
    } else {
      write(failure);
    }
    hold_back(delay);
  }

  /// What is no operation of the service is journalled as `sts:unknown`; it costs no quota.
  void refuse() {
    const Failure failure = protocol_.unknown(message_);
    {
      const http::Gate::Entry entry = gate_.enter();
      begin(entry.now);
      Names& names = state_.world.ledger.names();
      std::string operation{api::to_text(protocol_.service)};
      operation += ":unknown";
      state_.world.ledger.record({.at = entry.now,
                                  .event = asked_for_.event,
                                  .operation = names.intern(operation),
                                  .detection = detection(),
                                  .code = names.intern(failure.code),
                                  .status = static_cast<std::uint16_t>(failure.status),
                                  .outcome = failure.outcome,
                                  .attempt = asked_for_.attempt,
                                  .function = asked_for_.function});
    }
    write(failure);
  }

  /// Inside the gate.
  void begin(Instant now) {
    wording_ = {.operation = message_.operation,
                .now = now,
                .identity = state_.request_ids.part(state_.requests++),
                .reports = &state_.reports};
  }

  /// Inside the gate.
  [[nodiscard]] Name detection() {
    if (asked_for_.detection.empty()) return {};
    const auto known = state_.detections.find(asked_for_.detection);
    if (known != state_.detections.end()) return known->second;
    if (state_.detections.size() >= detections_max) return {};
    const Name name = state_.world.ledger.names().intern(asked_for_.detection);
    state_.detections.emplace(asked_for_.detection, name);
    return name;
  }

  void write(const Failure& failure) {
    if (failure.status == 0) return write_no_answer(failure);
    response_.status = failure.status;
    if (api::outcome_of(protocol_.service, failure.status, failure.code) != failure.outcome) {
      response_.headers.push_back({std::string{api::outcome_header}, std::string{to_text(failure.outcome)}});
    }
    protocol_.write_failure(wording_, failure, response_);
  }

  /// A simulation is told, in an answer; to any other client it is done, by whoever holds its connection.
  void write_no_answer(const Failure& failure) {
    constexpr int gateway_timeout = 504;  // for who sends the attribution and does not know the other header
    response_.status = asked_for_.is_simulated ? gateway_timeout : 0;
    response_.headers.push_back(
        {std::string{asked_for_.is_simulated ? api::no_answer_header : api::outcome_header},
         std::string{to_text(failure.outcome)}});
    response_.body = failure.message;
    if (!asked_for_.is_simulated && failure.outcome == Outcome::timeout)
      response_.held_back = Duration::max();
  }

  /// The same for a delay, of an answer or of the end of a connection.
  void hold_back(Duration delay) {
    if (delay == Duration::zero()) return;
    if (asked_for_.is_simulated) {
      response_.headers.push_back({std::string{api::delay_header}, std::to_string(delay.count())});
    } else if (response_.held_back != Duration::max()) {
      response_.held_back = delay;
    }
  }

  FrontDoor::State& state_;
  http::Gate& gate_;
  Message message_;
  aws::Authorization authorization_{};
  std::optional<aws::VerifyFailure> unreadable_{};
  const ServerProtocol& protocol_;
  ReadAttribution asked_for_;
  api::Identity identity_{};
  std::optional<aws::VerifyFailure> refused_{};
  Wording wording_{};
  http::Response response_{};
};

}  // namespace detail

RUSHHOUR_INLINE FrontDoor::FrontDoor(World& world, Options options)
    : state_(std::make_unique<State>(world, options)) {}
RUSHHOUR_INLINE FrontDoor::~FrontDoor() = default;

RUSHHOUR_INLINE http::Response FrontDoor::handle(const http::Request& request, http::Gate& gate) {
  return detail::Passage{*state_, request, gate}.answer();
}

}  // namespace rushhour::fakes
