/// \file
/// A fitted scenario as JSON, member by member. It writes numbers and words of the format alone, and the
/// names of rules.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <rushhour/detail/json_text.hpp>
#include <rushhour/event/profile/arrival_fit.hpp>
#include <rushhour/event/traffic/file_delivery.hpp>
#include <rushhour/event/traffic/synthetic_cloudtrail.hpp>
#include <rushhour/ratio.hpp>
#include <rushhour/scenario/fitted_traffic.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario::detail {

[[nodiscard]] inline std::string json_text(std::string_view text) {
  std::string out;
  rushhour::detail::append_json_string(out, text);
  return out;
}
[[nodiscard]] inline std::string json_text(Duration length) { return json_text(rushhour::to_text(length)); }
[[nodiscard]] inline std::string json_text(Ratio ratio) {
  const Ratio reduced = ratio.reduced();
  if (reduced.denominator == 1) return std::to_string(reduced.numerator);
  return '[' + std::to_string(reduced.numerator) + ", " + std::to_string(reduced.denominator) + ']';
}

/// The weights in rows.
[[nodiscard]] inline std::string json_text(const std::vector<std::uint64_t>& weights) {
  constexpr std::size_t columns = 100;
  std::string out = "[\n      ";
  std::size_t column = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::string number = std::to_string(weights[i]);
    if (column + number.size() > columns) {
      out += "\n      ";
      column = 0;
    }
    out += number + (i + 1 < weights.size() ? ", " : "");
    column += number.size() + 2;
  }
  return out + "\n    ]";
}

/// The value of `traffic.arrivals`.
struct ArrivalsText {
  std::string operator()(const event::profile::ConstantFit& /*fit*/) const { return "\"constant\""; }
  std::string operator()(const event::profile::PoissonFit& /*fit*/) const { return "\"poisson\""; }
  std::string operator()(const event::traffic::BurstOptions& fit) const {
    return "{\"burst\": {\"from\": " + json_text(fit.from) + ", \"for\": " + json_text(fit.lasting) +
           ", \"factor\": " + json_text(fit.factor) + "}}";
  }
  std::string operator()(const event::traffic::DiurnalOptions& fit) const {
    return "{\"diurnal\": {\"peak_to_trough\": " + json_text(fit.peak_to_trough) +
           ", \"peak\": " + json_text(fit.peak) + "}}";
  }
  std::string operator()(const event::traffic::MmppOptions& fit) const {
    return "{\"bursty\": {\"calm_to_burst\": " + json_text(fit.calm_to_burst) +
           ", \"calm\": " + json_text(fit.calm) + ", \"burst\": " + json_text(fit.burst) + "}}";
  }
  std::string operator()(const event::profile::ShapeFit& fit) const {
    return "{\"shape\": " + json_text(fit.weights) + "}";
  }
};

[[nodiscard]] inline std::string delivery_text(const event::traffic::FileDeliveryOptions& files) {
  const event::traffic::LatenessQuantiles& late = files.lateness;
  return "{\"files\": {\"every\": " + json_text(files.mark) +
         ", \"lateness\": {\"p10\": " + json_text(late.p10) + ", \"p50\": " + json_text(late.p50) +
         ", \"p90\": " + json_text(late.p90) + ", \"p99\": " + json_text(late.p99) +
         ", \"max\": " + json_text(late.max) + "}}}";
}

/// The members of an object, a line each.
class Members {
 public:
  explicit Members(std::string indent) : indent_(std::move(indent)) {}

  void add(std::string_view key, std::string_view json) {
    out_ += (out_.empty() ? "" : ",\n") + indent_ + json_text(key) + ": ";
    out_ += json;
  }
  /// With the closing brace.
  [[nodiscard]] std::string object() const {
    return "{\n" + out_ + "\n" + indent_.substr(0, indent_.size() - 2) + "}";
  }

 private:
  std::string indent_;
  std::string out_;
};

[[nodiscard]] inline std::string sources_text(const event::traffic::SourceShares& shares) {
  return "{\"private_ipv4\": " + json_text(shares.private_ipv4) +
         ", \"public_ipv6\": " + json_text(shares.public_ipv6) +
         ", \"service_name\": " + json_text(shares.service_name) +
         ", \"missing\": " + json_text(shares.missing) + "}";
}

[[nodiscard]] inline std::string traffic_text(const FittedTraffic& traffic) {
  Members out{"    "};
  const auto number = [&](std::string_view key, std::uint64_t value) { out.add(key, std::to_string(value)); };
  number("events", traffic.events);
  out.add("arrivals", std::visit(ArrivalsText{}, traffic.arrivals));
  if (traffic.files) out.add("delivery", delivery_text(*traffic.files));
  number("users", traffic.users);
  out.add("user_exponent", json_text(traffic.user_exponent));
  out.add("role_share", json_text(traffic.role_share));
  if (traffic.session_names) number("session_names", *traffic.session_names);
  number("addresses", traffic.addresses);
  if (traffic.private_addresses) number("private_addresses", *traffic.private_addresses);
  if (traffic.ipv6_addresses) number("ipv6_addresses", *traffic.ipv6_addresses);
  out.add("address_exponent", json_text(traffic.address_exponent));
  if (traffic.secrets) {
    number("secrets", traffic.secrets->count);
    out.add("secret_exponent", json_text(traffic.secrets->exponent));
  }
  out.add("user_agent_exponent", json_text(traffic.user_agent_exponent));
  out.add("sources", sources_text(traffic.sources));
  std::string names;
  for (const event::traffic::EventNameWeight& each : traffic.event_names) {
    names += (names.empty() ? "" : ", ") + json_text(each.name) + ": " + std::to_string(each.weight);
  }
  out.add("event_names", "{" + names + "}");
  return out.object();
}

}  // namespace rushhour::scenario::detail
