/// \file
/// Names that mean the same in every log type, such as `source_ip`, and where each type keeps them: Panther's
/// data models, without the ones that are Python functions. Event::udm() is the way to ask.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/address.hpp>
#include <rushhour/event/cloudtrail.hpp>
#include <rushhour/event/path.hpp>
#include <rushhour/event/value.hpp>

namespace rushhour::event {

/// The mapped names of one log type. Few, so they are searched in order.
class DataModel {
 public:
  /// Says whether a value may be the answer.
  using Accepts = bool (*)(const Value&);

  explicit DataModel(std::string log_type) : log_type_(std::move(log_type)) {}

  /// `name` is the first of these dotted paths (exact case) that holds a value other than null. With
  /// `accepts`, a value that it refuses counts as null. A name mapped again replaces the earlier mapping.
  DataModel& map(std::string_view name, std::initializer_list<std::string_view> paths,
                 Accepts accepts = nullptr) {
    Mapping mapping{.name = std::string{name}, .accepts = accepts};
    for (const std::string_view path : paths) mapping.paths.emplace_back(path);
    std::erase_if(mappings_, [&](const Mapping& old) { return old.name == name; });
    mappings_.push_back(std::move(mapping));
    return *this;
  }

  [[nodiscard]] const std::string& log_type() const { return log_type_; }

  /// The value behind the name, null when the record has none; nothing when the name is not mapped.
  template <Record R>
  [[nodiscard]] std::optional<Value> read(const R& record, std::string_view name) const {
    const auto mapping = std::ranges::find(mappings_, name, &Mapping::name);
    if (mapping == mappings_.end()) return std::nullopt;
    for (const Path& path : mapping->paths) {
      const Value value = path(record);
      if (!value.is_null() && (mapping->accepts == nullptr || mapping->accepts(value))) return value;
    }
    return Value{};
  }

 private:
  struct Mapping {
    std::string name{};
    std::vector<Path> paths{};
    Accepts accepts{};
  };

  std::string log_type_;
  std::vector<Mapping> mappings_;
};

/// Panther's two ways to read CloudTrail's sourceIPAddress, which may hold the name of an AWS service.
enum class SourceIp : std::uint8_t {
  as_recorded,    ///< a plain path, as in the first versions [MEM]: a service's name is looked up like an
                  ///< address
  addresses_only  ///< `load_ip_address` of the present one (read 2026): what is no IPv4 or IPv6 address is
                  ///< null
};

/// For AWS.CloudTrail, in the shape of panther-analysis `data_models/aws_cloudtrail_data_model.yml` (read
/// 2026). There actor_user, event_type and source_ip are functions. Here actor_user is the IAM user's name or
/// else the role's, and event_type is the record's eventName, where Panther has its own enumeration and None
/// for most events.
[[nodiscard]] inline DataModel cloudtrail_data_model(SourceIp source_ip = SourceIp::as_recorded) {
  const DataModel::Accepts is_address = [](const Value& value) {
    const std::string_view text = value.text_or("");
    return parse_ipv4(text).has_value() || parse_ipv6(text).has_value();
  };
  DataModel model{std::string{cloudtrail::log_type}};
  model
      .map("source_ip", {cloudtrail::source_ip_address},
           source_ip == SourceIp::addresses_only ? is_address : nullptr)
      .map("user_agent", {cloudtrail::user_agent})
      .map("actor_user", {cloudtrail::user_name, cloudtrail::session_issuer_user_name})
      .map("event_type", {cloudtrail::event_name})
      .map("user", {"responseElements.user.userName"})
      .map("user_account_id", {"responseElements.user.userId"});
  return model;
}

}  // namespace rushhour::event
