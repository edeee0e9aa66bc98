#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/aws/arn.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/scenario/detail/read_customers.hpp>
#include <rushhour/scenario/detail/read_policies.hpp>
#include <rushhour/scenario/detail/read_rewordings.hpp>
#include <rushhour/scenario/detail/read_rotation_functions.hpp>
#include <rushhour/scenario/detail/read_secrets.hpp>
#include <rushhour/scenario/detail/read_tables.hpp>
#include <rushhour/scenario/detail/read_virustotal_objects.hpp>
#include <rushhour/scenario/reader.hpp>
#include <rushhour/scenario/state.hpp>

namespace rushhour::scenario {

namespace detail {

/// Reads the accounts of one file into one world.
class StateLoader {
 public:
  StateLoader(fakes::World& world, Instant now) : world_(world), now_(now) {}

  /// What others refer to comes first: managed policies before who has them, groups before their members,
  /// roles before the functions that run as them.
  void read_account(const Value& value) {
    Reader reader = value.object();
    account_ = reader.text("id");
    if (!aws::is_account_id(account_)) reader.at("id").fail("an account id of 12 digits");
    out_.accounts.push_back(account_);
    const std::string root{world_.iam.root_of(account_).arn};
    read_service_control_policies(reader.optional_array("scps"));
    for (const Value& each : reader.optional_array("managed_policies")) read_managed_policy(each);
    for (const Value& each : reader.optional_array("groups")) read_group(each);
    for (const Value& each : reader.optional_array("users")) read_user(each);
    for (const Value& each : reader.optional_array("roles")) read_role(each);
    for (const Value& each : reader.optional_array("root_access_keys")) read_key(each, root);
    for (const Value& each : reader.optional_array("rotation_functions")) {
      out_.rotation_functions.push_back(read_rotation_function(each, account_, world_));
    }
    for (const Value& each : reader.optional_array("secrets")) read_secret(each, account_, world_, now_);
    reader.done();
  }

  [[nodiscard]] LoadedState take() { return std::move(out_); }

 private:
  void read_service_control_policies(const std::vector<Value>& values) {
    std::vector<std::string> documents;
    for (const Value& value : values) {
      documents.push_back(read_policy(value));
      with_policy(value, [&] { world_.iam.set_service_control_policies(account_, documents); });
    }
  }

  void read_managed_policy(const Value& value) {
    Reader reader = value.object();
    const fakes::NewManagedPolicy policy{.account = account_,
                                         .name = read_name(reader),
                                         .path = read_path(reader),
                                         .document = read_policy(reader.at("document", "{...}")),
                                         .description = reader.optional_text("description", ""),
                                         .tags = read_tags<fakes::IamTag>(reader),
                                         .created = now_};
    reader.done();
    with_policy(reader.at("document"), [&] { world_.iam.add_managed_policy(policy); });
  }

  void read_group(const Value& value) {
    Reader reader = value.object();
    const fakes::NewGroup group{
        .account = account_, .name = read_name(reader), .path = read_path(reader), .created = now_};
    read_policies(reader, world_.iam.add_group(group));
    reader.done();
  }

  void read_user(const Value& value) {
    Reader reader = value.object();
    const fakes::NewUser user{.account = account_,
                              .name = read_name(reader),
                              .path = read_path(reader),
                              .tags = read_tags<fakes::IamTag>(reader),
                              .created = now_};
    const std::string arn = world_.iam.add_user_without_key(user);
    for (const Value& group : reader.optional_array("groups")) {
      if (!world_.iam.add_to_group(arn, group.text())) group.fail("the name of a group of this account");
    }
    read_policies(reader, arn);
    read_boundary(reader, arn);
    if (const auto keys = reader.find("access_keys")) {
      for (const Value& key : keys->array()) read_key(key, arn);
    } else {
      out_.keys.push_back({arn, world_.iam.add_access_key(arn, now_).value()});
    }
    reader.done();
  }

  void read_role(const Value& value) {
    using std::chrono::hours;
    Reader reader = value.object();
    const Value trust = reader.at("trust", "{...}");
    const fakes::NewRole role{.account = account_,
                              .name = read_name(reader),
                              .path = read_path(reader),
                              .trust_policy = read_policy(trust),
                              .session_duration_max = reader.optional_duration(
                                  "max_session_duration", hours{1}, {.min = hours{1}, .max = hours{12}}),
                              .description = reader.optional_text("description", ""),
                              .tags = read_tags<fakes::IamTag>(reader),
                              .created = now_};
    const std::string arn = with_policy(trust, [&] { return world_.iam.add_role(role); });
    read_policies(reader, arn);
    read_boundary(reader, arn);
    reader.done();
  }

  /// The members `policies`, inline ones by their names, and `managed_policies`, ARNs.
  void read_policies(Reader& reader, const std::string& arn) {
    if (auto policies = reader.optional_object("policies")) {
      for (const auto& [name, document] : policies->members()) {
        const std::string text = read_policy(document);
        with_policy(document, [&, &key = name] { world_.iam.put_inline_policy(arn, key, text); });
      }
      policies->done();
    }
    for (const Value& policy : reader.optional_array("managed_policies")) {
      require_managed(policy);
      world_.iam.attach_policy(arn, policy.text());
    }
  }
  void read_boundary(Reader& reader, const std::string& arn) {
    const auto boundary = reader.find("boundary");
    if (!boundary) return;
    require_managed(*boundary);
    world_.iam.set_boundary(arn, boundary->text());
  }
  void require_managed(const Value& value) const {
    if (world_.iam.managed_policy(value.text()) != nullptr) return;
    value.fail("the ARN of a managed policy: one of this file, or of AWS's own that the fakes know",
               "arn:aws:iam::aws:policy/AdministratorAccess is known; others can be written in this file");
  }

  /// `{"id": "AKIA...", "secret": "..."}`, or `{}` for one that is made.
  void read_key(const Value& value, const std::string& arn) {
    Reader reader = value.object();
    const auto id = reader.find("id");
    const auto secret = reader.find("secret");
    const bool is_active = reader.optional_boolean("active", true);
    reader.done();
    require_both(value, id.has_value(), secret.has_value());
    aws::Credentials key;
    if (id) {
      key = {.access_key_id = id->text(), .secret_access_key = secret->text()};
      const std::size_t size = key.access_key_id.size();
      if (!aws::is_word(key.access_key_id) || size < 16 || size > 128)
        id->fail("16 to 128 letters, digits and underscores");
      if (world_.iam.find_access_key(key.access_key_id) != nullptr) id->fail("an id that no other key has");
      world_.iam.put_access_key(arn, key, now_);
    } else {
      key = world_.iam.add_access_key(arn, now_).value();
    }
    if (!is_active) world_.iam.set_access_key_active(key.access_key_id, false);
    out_.keys.push_back({arn, std::move(key)});
  }
  static void require_both(const Value& value, bool has_id, bool has_secret) {
    if (has_id != has_secret) value.place().fail("\"id\" and \"secret\", or neither", "one of them");
  }

  /// IAM: 64 characters for roles and users, 128 for groups and policies; the longer serves all.
  [[nodiscard]] static std::string read_name(Reader& reader) {
    std::string name = reader.text("name");
    if (name.size() > 128 || !aws::is_session_name(name))
      reader.at("name").fail("1 to 128 letters, digits and _+=,.@-");
    return name;
  }
  [[nodiscard]] static std::string read_path(Reader& reader) {
    std::string path = reader.optional_text("path", "/");
    if (!path.starts_with('/') || !path.ends_with('/'))
      reader.at("path").fail("a path that begins and ends with /");
    return path;
  }

  fakes::World& world_;
  Instant now_;
  std::string account_;
  LoadedState out_;
};

/// `{"name": "soc", "key": "...", "quota": "public", "used": {"day": 120}, "group": "company"}`
inline void read_virustotal_key(const Value& value, fakes::World& world, Instant now) {
  Reader reader = value.object();
  fakes::VirusTotalKey key{.key = reader.optional_text("key", ""), .name = reader.text("name")};
  if (key.name.starts_with("group:")) reader.at("name").fail("a name that does not begin with \"group:\"");
  read_quota_and_use(reader, {}, key);
  key.group = read_group_name(reader, world.virustotal.groups(), "virustotal_groups");
  reader.done();
  world.virustotal.add_key(std::move(key), now);
}

}  // namespace detail

RUSHHOUR_INLINE LoadedState load_state(const Document& document, fakes::World& world, Instant now) {
  Reader root{document};
  static_cast<void>(root.find("$schema"));
  static_cast<void>(root.find("description"));
  detail::StateLoader loader{world, now};
  for (const Value& account : root.optional_array("accounts")) loader.read_account(account);
  for (const Value& each : root.optional_array("virustotal_groups")) {
    fakes::VirusTotal& virustotal = world.virustotal;
    virustotal.add_group(detail::read_group_of_keys(each.object(), {}, virustotal.groups()), now);
  }
  for (const Value& key : root.optional_array("virustotal_keys"))
    detail::read_virustotal_key(key, world, now);
  for (const Value& each : root.optional_array("rewordings")) detail::read_rewording(each, world);
  if (auto dynamodb = root.optional_object("dynamodb")) detail::read_dynamodb(std::move(*dynamodb), world);
  if (const auto objects = root.find("virustotal"))
    detail::read_virustotal_objects(*objects, world.virustotal);
  root.done();
  return loader.take();
}

}  // namespace rushhour::scenario
