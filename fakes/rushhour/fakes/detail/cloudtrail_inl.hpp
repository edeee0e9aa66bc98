#pragma once

#include <algorithm>
#include <chrono>
#include <span>
#include <string>
#include <utility>

#include <rushhour/aws/arn.hpp>
#include <rushhour/digest.hpp>
#include <rushhour/event/detail/cloudtrail_fiction.hpp>
#include <rushhour/fakes/cloudtrail.hpp>
#include <rushhour/fakes/detail/cloudtrail_layouts.hpp>
#include <rushhour/fakes/detail/cloudtrail_words.hpp>

namespace rushhour::fakes {

namespace detail {

[[nodiscard]] RUSHHOUR_INLINE TrailEnd trail_end(const TrailRecord& record) {
  switch (record.outcome) {
    case Outcome::ok:
      return record.shared ? TrailEnd::shared : TrailEnd::ok;
    case Outcome::throttled:
      return TrailEnd::throttled;
    case Outcome::denied:
    case Outcome::not_found:
      return TrailEnd::refused;
    default:
      return TrailEnd::failed;
  }
}

}  // namespace detail

RUSHHOUR_INLINE CloudTrail::CloudTrail(PantherWorld& world, Options options)
    : world_(world),
      names_(world.world.ledger.names()),
      options_(std::move(options)),
      identifiers_(world.world.random.stream("cloudtrail.identifiers")),
      keys_(world.world.random.stream("cloudtrail.access_keys")),
      model_(event::cloudtrail_data_model(options_.udm_source_ip)),
      assume_role_(world.world.ledger.name_of(api::operation_of<api::sts::AssumeRole>)),
      engine_role_(names_.intern(world.engine_role_arn)),
      unit_tests_role_(names_.intern(world.unit_tests_role_arn)) {
  const auto add_all = [this]<class... Ops>(api::Operations<Ops...>) {
    (add_row(api::operation_of<Ops>), ...);
  };
  add_all(api::OperationsOf<api::Service::sts>::Type{});
  add_all(api::OperationsOf<api::Service::secretsmanager>::Type{});
  for (const Customer& customer : world.customers) {
    homes_.push_back({names_.intern(customer.role_arn), names_.intern(customer.account)});
  }
  for (const Iam::AuthenticationErrors* errors : {&Iam::query_errors(), &Iam::json_errors()}) {
    for (const Failure* failure :
         {&errors->missing, &errors->malformed, &errors->unknown_key, &errors->expired, &errors->mismatch}) {
      authentication_codes_.push_back(names_.intern(failure->code));
    }
  }
  world.world.ledger.listen(*this);
}

RUSHHOUR_INLINE void CloudTrail::add_row(const api::Operation& operation) {
  RUSHHOUR_ASSERT(rows_.size() < no_row, "CloudTrail has rows for 255 operations");
  const std::size_t at = index(world_.world.ledger.name_of(operation));
  if (at >= row_of_.size()) row_of_.resize(at + 1, no_row);
  row_of_[at] = static_cast<std::uint8_t>(rows_.size());
  rows_.push_back(&operation);
}

RUSHHOUR_INLINE void CloudTrail::assign(Name detection, const Customer& customer) {
  const auto found = std::find_if(world_.customers.begin(), world_.customers.end(),
                                  [&](const Customer& each) { return each.role_arn == customer.role_arn; });
  RUSHHOUR_ASSERT(found != world_.customers.end(), "the customer is one of the world's");
  if (index(detection) >= customer_of_.size()) customer_of_.resize(index(detection) + 1);
  customer_of_[index(detection)] = static_cast<std::uint32_t>(found - world_.customers.begin());
}

RUSHHOUR_INLINE const event::Layout& CloudTrail::layout_of(const TrailRecord& record) {
  using detail::TrailCaller;
  const std::size_t row = row_of_[index(record.operation)];
  TrailCaller caller = TrailCaller::assumed_role;
  if (record.side == TrailSide::role) {
    caller = TrailCaller::aws_account;
  } else if (text(record.principal).find(":user/") != std::string_view::npos) {
    caller = TrailCaller::iam_user;
  }
  const detail::TrailEnd end = detail::trail_end(record);
  auto& layouts = layouts_[record.region];
  layouts.resize(rows_.size() * detail::trail_callers * detail::trail_ends);
  std::shared_ptr<const event::Layout>& layout =
      layouts[(row * detail::trail_callers + static_cast<std::size_t>(caller)) * detail::trail_ends +
              static_cast<std::size_t>(end)];
  if (layout == nullptr) {
    layout = detail::make_trail_layout(
        *rows_[row], caller, end,
        {.region = text(record.region), .source_ip = options_.source_ip, .user_agent = options_.user_agent});
  }
  return *layout;
}

RUSHHOUR_INLINE event::Value CloudTrail::make(const TrailRecord& record, std::uint32_t number,
                                              event::Arena& arena) const {
  using detail::TrailSlot;
  const auto uuid = [&](std::uint64_t part, std::uint64_t which) {
    const Stream bits = identifiers_.part(part);
    return event::Value{event::detail::uuid(arena, bits.at(which * 2), bits.at(which * 2 + 1))};
  };
  switch (static_cast<TrailSlot>(number)) {
    case TrailSlot::event_time:
      return arena.copy(to_iso8601(std::chrono::floor<std::chrono::seconds>(record.at)));
    case TrailSlot::event_id:
      return uuid(record.call, static_cast<std::uint64_t>(record.side));
    case TrailSlot::request_id:
      return uuid(record.call, 2);
    case TrailSlot::shared_event_id:
      return uuid(record.call, 3);
    case TrailSlot::recipient:
      return text(record.account);
    case TrailSlot::error_code:
      return detail::trail_error_code(record.outcome, text(record.code));
    case TrailSlot::error_message:
      return arena.copy(error_message(record));
    case TrailSlot::secret_id:
      return std::string_view{customer_of_role(record.principal).secret_name};
    case TrailSlot::principal_id:
    case TrailSlot::arn:
    case TrailSlot::account:
    case TrailSlot::access_key_id:
    case TrailSlot::user_name:
    case TrailSlot::issuer_id:
    case TrailSlot::issuer_arn:
    case TrailSlot::creation_date:
      return caller(record, number, arena);
    default:
      return assumption(record, number, arena);
  }
}

/// The customer with this role; the first for a role that is nobody's.
RUSHHOUR_INLINE const Customer& CloudTrail::customer_of_role(Name role) const {
  for (std::size_t i = 0; i < homes_.size(); ++i) {
    if (homes_[i].role == role) return world_.customers[i];
  }
  return world_.customers.front();
}

RUSHHOUR_INLINE std::string_view CloudTrail::session_of(Name principal) const {
  if (principal == engine_role_) return options_.engine_session;
  if (principal == unit_tests_role_) return options_.unit_tests_session;
  return options_.customer_session;
}

RUSHHOUR_INLINE const std::string& CloudTrail::unique_id(Name principal) const {
  const Principal* const found = world_.world.iam.find(text(principal));
  RUSHHOUR_ASSERT(found != nullptr, "who has called exists");
  return found->unique_id;
}

/// Of a role the session's, as errors show it.
RUSHHOUR_INLINE std::string CloudTrail::caller_arn(const TrailRecord& record) const {
  const aws::Arn arn = aws::parse_arn(text(record.principal)).value();
  if (arn.resource_type() == "user") return std::string{text(record.principal)};
  return aws::assumed_role_arn(
      {.account = arn.account, .role = arn.name(), .session = session_of(record.principal)});
}

/// A session of a customer's role is made for one event by one detection, and the engine's lives as Lambda
/// renews it.
RUSHHOUR_INLINE Stream CloudTrail::session_key(const TrailRecord& record, Name role) const {
  const Stream own = keys_.part(hash(text(role)));
  if (role != engine_role_ && role != unit_tests_role_) {
    return own.part(record.event).part(hash(text(record.detection)));
  }
  return own.part(static_cast<std::uint64_t>(session_start(record).time_since_epoch().count()));
}

/// RoleCredentials renews a session of 12 hours a quarter of an hour before its end.
RUSHHOUR_INLINE Instant CloudTrail::session_start(const TrailRecord& record) const {
  if (record.principal != engine_role_ && record.principal != unit_tests_role_) return record.at;
  constexpr Duration renewal = std::chrono::hours{12} - std::chrono::minutes{15};
  const Instant first = std::min(world_.world.options.start, record.at);
  return first + (record.at - first) / renewal * renewal;
}

RUSHHOUR_INLINE event::Value CloudTrail::caller(const TrailRecord& record, std::uint32_t number,
                                                event::Arena& arena) const {
  using detail::TrailSlot;
  const std::string_view principal = text(record.principal);
  const aws::Arn arn = aws::parse_arn(principal).value();
  const bool is_user = arn.resource_type() == "user";
  switch (static_cast<TrailSlot>(number)) {
    case TrailSlot::principal_id:
      if (is_user) return arena.copy(unique_id(record.principal));
      return arena.join({unique_id(record.principal), ":", session_of(record.principal)});
    case TrailSlot::arn:
      return arena.copy(caller_arn(record));
    case TrailSlot::account:
      return arn.account;
    case TrailSlot::access_key_id:
      if (is_user) return event::detail::iam_id(arena, "AKIA", 16, keys_.part(hash(principal)));
      return event::detail::iam_id(arena, "ASIA", 16, session_key(record, record.principal));
    case TrailSlot::issuer_id:
      return arena.copy(unique_id(record.principal));
    case TrailSlot::issuer_arn:
      return principal;
    case TrailSlot::creation_date:
      return arena.copy(to_iso8601(std::chrono::floor<std::chrono::seconds>(session_start(record))));
    default:
      return arn.name();
  }
}

RUSHHOUR_INLINE event::Value CloudTrail::assumption(const TrailRecord& record, std::uint32_t number,
                                                    event::Arena& arena) const {
  using detail::TrailSlot;
  const aws::Arn role = aws::parse_arn(text(record.role)).value();
  switch (static_cast<TrailSlot>(number)) {
    case TrailSlot::role_arn:
      return text(record.role);
    case TrailSlot::role_account:
      return role.account;
    case TrailSlot::role_session_name:
      return std::string_view{options_.customer_session};
    case TrailSlot::assumed_role_id:
      return arena.join({unique_id(record.role), ":", options_.customer_session});
    case TrailSlot::assumed_role_arn:
      return arena.copy(aws::assumed_role_arn(
          {.account = role.account, .role = role.name(), .session = options_.customer_session}));
    case TrailSlot::issued_access_key_id:
      return event::detail::iam_id(arena, "ASIA", 16, session_key(record, record.role));
    case TrailSlot::session_token: {
      const std::span<char> token = arena.make<char>(356);
      constexpr std::string_view prefix = "IQoJb3JpZ2luX2Vj";
      prefix.copy(token.data(), prefix.size());
      event::detail::scatter(token.subspan(prefix.size()), session_key(record, record.role).part(1),
                             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
      return std::string_view{token.data(), token.size()};
    }
    case TrailSlot::expiration:
      return event::detail::expiration_text(arena, record.at + std::chrono::hours{1});
    default:
      RUSHHOUR_ASSERT(false, "no such slot");
      return {};
  }
}

RUSHHOUR_INLINE std::string CloudTrail::error_message(const TrailRecord& record) const {
  if (record.outcome == Outcome::throttled) return "Rate exceeded";
  if (record.outcome == Outcome::not_found) return "Secrets Manager can't find the specified secret.";
  const std::string action{text(record.operation)};
  const std::string user = "User: " + caller_arn(record) + " is not authorized to perform: " + action;
  if (record.role != Name{}) return user + " on resource: " + std::string{text(record.role)};
  return user + " on resource: " + customer_of_role(record.principal).secret_name +
         " because no identity-based policy allows the " + action + " action";
}

}  // namespace rushhour::fakes
