#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/aws/global_endpoint.hpp>
#include <rushhour/fakes/detail/front_door_attribution.hpp>
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
  std::map<std::string, Name, std::less<>> sites{};
  std::vector<std::string> regions{};  ///< that requests were sent to
};

namespace detail {

/// Names that come from outside and that a world remembers: what is interned stays.
inline constexpr std::size_t detections_max = 10'000;
inline constexpr std::size_t sites_max = 10'000;
inline constexpr std::size_t regions_max = 64;
/// What no scope can name: an empty one is a name too.
inline constexpr std::string_view no_region = "/";

/// One request on its way through the door.
class Passage {
 public:
  Passage(FrontDoor::State& state, const http::Request& request, http::Gate& gate)
      : state_(state),
        gate_(gate),
        message_{.request = request,
                 .host = read_host(header_of(request, "Host")),
                 .ignores_unknown = state.options.ignores_unknown_members,
                 .takes_bare_objects = state.world.virustotal.options().takes_bare_objects},
        protocol_(choose()),
        asked_for_(request) {}

  [[nodiscard]] http::Response answer() {
    const http::Request& request = message_.request;
    const std::size_t body_size_max =
        is_upload(message_) ? state_.options.upload_size_max : state_.options.body_size_max;
    if (request.body.size() > body_size_max) return refuse(http::Unfit::body_too_long);
    std::size_t head = request.method.size() + request.target.size();
    for (const http::Header& line : request.headers) head += line.name.size() + line.value.size();
    if (head > state_.options.head_size_max) return refuse(http::Unfit::headers_too_long);
    protocol_.read(message_);
    if (message_.operation != nullptr) authenticate();
    const bool may_be_stubbed = state_.options.stubs != nullptr && !state_.options.stubs->empty();
    if (may_be_stubbed && stubbed()) return std::move(response_);
    if (message_.operation == nullptr) {
      refuse(protocol_.unknown(message_));
    } else {
      message_.operation->with_storage(
          [](void* input, void* output, void* self) { static_cast<Passage*>(self)->run(input, output); },
          this);
    }
    return std::move(response_);
  }

  [[nodiscard]] http::Response refuse(http::Unfit why) {
    refuse(protocol_.unfit(why));
    return std::move(response_);
  }

 private:
  /// Path, Host, X-Amz-Target and the look of a body tell the service; where a client was only given an
  /// address, what it signed for does.
  [[nodiscard]] const ServerProtocol& choose() {
    // In this order, because a path or a target is surer than the look of a body.
    for (const api::Service service : {api::Service::virustotal, api::Service::dynamodb,
                                       api::Service::secretsmanager, api::Service::iam, api::Service::sts}) {
      const ServerProtocol& row = server_protocols[static_cast<std::size_t>(service)];
      if (row.claims(message_)) return row;
    }
    const bool is_readable = !aws::read_authorization(message_.request, authorization_);
    for (const ServerProtocol& row : server_protocols) {
      if (is_readable && !row.signing_name.empty() && row.signing_name == authorization_.service) return row;
    }
    return server_protocols[static_cast<std::size_t>(api::Service::virustotal)];
  }

  void authenticate() {
    const http::Request& request = message_.request;
    if (protocol_.signing_name.empty()) {
      if (const std::string* key = request.header("x-apikey")) identity_ = api::ApiKey{*key};
      return;
    }
    if (!message_.operation->is_signed) return;  // [CHOICE] a signature that is there is not looked at
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
    if (auto wrong = aws::check_time(authorization_, gate_.wall_time(), state_.options.time)) return wrong;
    if (state_.options.keys != nullptr) {
      return aws::check_signature(message_.request, authorization_, *secret, state_.options.keys);
    }
    auto& stripes = *state_.own_keys;
    auto& stripe = stripes[hash(authorization_.access_key_id) % stripes.size()];
    const std::lock_guard lock{stripe.mutex};
    return aws::check_signature(message_.request, authorization_, *secret, &stripe.keys);
  }

  /// The Region to sign for: the one that the Host names, else any that the world has. STS's global endpoint,
  /// and an address of ours that may stand for it, is everywhere (IAM User Guide, "Manage AWS STS in an AWS
  /// Region").
  [[nodiscard]] std::string_view region() const {
    const std::string_view signed_for = authorization_.region;
    const std::string_view named = message_.host.region;
    if (!named.empty() && !http::equals_ignoring_case(named, signed_for)) return named;
    const bool may_be_global = named.empty() ? signed_for == global_region : message_.host.is_global;
    if (may_be_global && has_global_endpoint(protocol_.service)) return signed_for;
    return is_served(signed_for) ? signed_for : no_region;
  }
  [[nodiscard]] bool is_served(std::string_view region) const {
    const std::vector<std::string>& served = state_.world.options.regions;
    return is_region(region) &&
           (served.empty() || std::find(served.begin(), served.end(), region) != served.end());
  }

  /// Where the request was sent, once that is certain; empty: the world's own Region. Inside the gate,
  /// because the world remembers all Regions; so they are bounded, and one too many is none of AWS's.
  [[nodiscard]] std::string_view sent_to() {
    if (protocol_.signing_name.empty() || refused_) return {};
    if (message_.host.is_sts_global()) return aws::global_endpoint;
    const bool is_signed = message_.operation->is_signed;
    const std::string_view region = is_signed ? authorization_.region : message_.host.region;
    if (region.empty() || region == state_.world.options.region) return {};
    std::vector<std::string>& known = state_.regions;
    if (std::find(known.begin(), known.end(), region) != known.end()) return region;
    if (known.size() == regions_max) {
      refused_ = aws::check_scope(authorization_, {no_region, protocol_.signing_name});
      return {};
    }
    if (!is_signed && !is_served(region)) return {};
    known.emplace_back(region);
    return region;
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
      attribution.site = site();
      const std::string_view region = sent_to();  // may refuse the signature
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
                         .message = &message_,
                         .region = region,
                         .origin = &origin_},
                        entry.now);
    }
    if (ok) {
      protocol_.write_answer(wording_, output, response_);
    } else {
      write(std::move(failure));
    }
    hold_back(delay);
  }

  void refuse(Failure failure) {
    {
      const http::Gate::Entry entry = gate_.enter();
      begin(entry.now);
      state_.world.service(protocol_.service).rewordings().apply(failure);
      record_unknown(failure, entry.now, false);
    }
    write(std::move(failure));
  }

  /// What is no operation of the service is journalled as `sts:unknown`; it costs no quota. Inside the gate.
  void record_unknown(const Failure& answered, Instant now, bool is_stubbed) {
    Names& names = state_.world.ledger.names();
    std::string operation{api::to_text(protocol_.service)};
    operation += ":unknown";
    state_.world.ledger.record({.at = now,
                                .event = asked_for_.event,
                                .operation = names.intern(operation),
                                .detection = detection(),
                                .code = names.intern(answered.code),
                                .site = site(),
                                .status = static_cast<std::uint16_t>(answered.status),
                                .outcome = answered.outcome,
                                .attempt = asked_for_.attempt,
                                .function = asked_for_.function,
                                .stubbed = is_stubbed});
  }

  /// Answers in the service's place, if there is a stub for the request; see stubs.hpp for what it counts as.
  [[nodiscard]] bool stubbed() {
    StubAnswer answer;
    Failure answered;
    {
      const http::Gate::Entry entry = gate_.enter();
      const api::Operation* operation = message_.operation;
      const StubAnswer* found = state_.options.stubs->answer(
          {.request = message_.request,
           .service = protocol_.service,
           .operation = operation == nullptr ? std::string_view{} : operation->name},
          entry.now);
      if (found == nullptr) return false;
      answer = *found;
      answered = {.outcome = Outcome::ok,
                  .status = answer.status,
                  .code = answer.error_code,
                  .message = answer.error_message};
      if (answer.status >= 400 || !answer.error_code.empty()) {
        answered.outcome = api::outcome_of(protocol_.service, answer.status, answer.error_code);
      }
      begin(entry.now);
      if (operation == nullptr) {
        record_unknown(answered, entry.now, true);
      } else {
        stand_aside(answered, entry.now);
      }
    }
    if (!answer.error_code.empty()) {
      write(std::move(answered));
    } else {
      response_.status = answer.status;
      response_.body = std::move(answer.body);
    }
    for (http::Header& header : answer.headers) response_.set_header(header.name, header.value);
    hold_back(answer.delay);
    return true;
  }
  void stand_aside(const Failure& answered, Instant now) {
    Failure unused;
    const std::string_view region = sent_to();  // may refuse the signature
    state_.world.service(protocol_.service)
        .stand_aside({.operation = *message_.operation,
                      .identity = identity_,
                      .attribution = {.detection = detection(),
                                      .event = asked_for_.event,
                                      .attempt = asked_for_.attempt,
                                      .function = asked_for_.function,
                                      .site = site()},
                      .input = nullptr,
                      .output = nullptr,
                      .failure = unused,
                      .signature = refused_ ? &*refused_ : nullptr,
                      .region = region,
                      .origin = &origin_},
                     now, answered);
  }

  /// Inside the gate.
  void begin(Instant now) {
    const http::Request& request = message_.request;
    const VirusTotalOptions& virustotal = state_.world.virustotal.options();
    wording_ = {.operation = message_.operation,
                .now = now,
                .identity = state_.request_ids.part(state_.requests++),
                .reports = &state_.reports,
                .objects = &state_.world.virustotal.objects(),
                .retry_after = virustotal.retry_after,
                .is_gzip = takes_gzip(request, virustotal.compression),
                .is_quota_error_gzip = virustotal.compresses_quota_errors};
    if (!protocol_.signing_name.empty()) wording_.request_id = uuid_text(wording_.identity);
    origin_ = {.source_ip = request.remote_address,
               .user_agent = header_of(request, "User-Agent"),
               .host = header_of(request, "Host"),
               .request_id = wording_.request_id,
               .is_secure = state_.options.is_secure};
    if (!is_utf8(origin_.user_agent)) origin_.user_agent = printable_agent_ = printable(origin_.user_agent);
  }

  /// Inside the gate.
  [[nodiscard]] Name detection() { return known(state_.detections, asked_for_.detection, detections_max); }
  [[nodiscard]] Name site() { return known(state_.sites, asked_for_.site, sites_max); }

  /// What a request says is interned as long as there is not too much of it.
  [[nodiscard]] Name known(std::map<std::string, Name, std::less<>>& names, std::string_view text,
                           std::size_t names_max) {
    if (text.empty()) return {};
    if (const auto found = names.find(text); found != names.end()) return found->second;
    if (names.size() >= names_max) return {};
    const Name name = state_.world.ledger.names().intern(text);
    names.emplace(text, name);
    return name;
  }

  void write(Failure failure) {
    if (!std::all_of(failure.message.begin(), failure.message.end(), [](char c) { return c >= ' '; })) {
      failure.message = printable(failure.message);
    }
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
  const ServerProtocol& protocol_;
  ReadAttribution asked_for_;
  api::Identity identity_{};
  std::optional<aws::VerifyFailure> refused_{};
  Wording wording_{};
  Origin origin_{};
  std::string printable_agent_{};
  http::Response response_{};
};

}  // namespace detail

RUSHHOUR_INLINE FrontDoor::FrontDoor(World& world, Options options)
    : state_(std::make_unique<State>(world, options)) {}
RUSHHOUR_INLINE FrontDoor::~FrontDoor() = default;

RUSHHOUR_INLINE http::Response FrontDoor::handle(const http::Request& request, http::Gate& gate) {
  return detail::Passage{*state_, request, gate}.answer();
}
RUSHHOUR_INLINE http::Response FrontDoor::refuse(const http::Request& request, http::Gate& gate,
                                                 http::Unfit why) {
  return detail::Passage{*state_, request, gate}.refuse(why);
}

}  // namespace rushhour::fakes
