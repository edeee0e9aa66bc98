/// \file
/// Reads the secrets of a state file, by doing what its author would have done with the service: so a secret
/// is refused there for what the service refuses, in its words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/aws/shape.hpp>
#include <rushhour/detail/base64.hpp>
#include <rushhour/detail/uuid.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/result.hpp>
#include <rushhour/scenario/detail/read_policies.hpp>
#include <rushhour/scenario/reader.hpp>

namespace rushhour::scenario::detail {

/// Runs operations as the root user of an account, without permissions, quotas or the journal.
class SecretsAuthor {
 public:
  SecretsAuthor(fakes::World& world, const std::string& account, std::string_view region, Instant now)
      : world_(world), now_(now), tokens_(world.random.stream("state.version_ids").part(hash(account))) {
    const fakes::Principal& root = world.iam.root_of(account);
    caller_ = {.kind = fakes::CallerKind::root,
               .subject = root.index,
               .principal = root.arn_name,
               .account = root.account,
               .region = world.ledger.region_name(region)};
  }

  /// \throws InputError at the value when the service refuses it.
  template <class Op>
  typename Op::Output perform(const Op& request, const Value& value) {
    using Output = typename Op::Output;
    if (auto violation = aws::violation(api::operation_of<Op>.input, &request)) value.fail(*violation);
    if (auto refusal = world_.secretsmanager.check(request)) refuse(*refusal, value);
    if constexpr (requires { world_.secretsmanager.on(request, caller_, now_); }) {
      Result<Output> result = world_.secretsmanager.on(request, caller_, now_);
      if (!result.ok()) refuse(result.failure(), value);
      return std::move(*result);
    } else {
      value.fail("nothing here: " + std::string{Op::operation_name} + " is not modelled yet");
    }
  }
  /// For versions that the file gives no id.
  [[nodiscard]] std::string new_token() {
    const Stream bits = tokens_.part(tokens_drawn_++);
    return rushhour::detail::uuid_text(bits.at(0), bits.at(1));
  }

 private:
  [[noreturn]] static void refuse(const Failure& failure, const Value& value) {
    value.fail("a secret that the service takes", "it would answer " + failure.code + ": " + failure.message);
  }

  fakes::World& world_;
  Instant now_;
  Stream tokens_;
  std::uint64_t tokens_drawn_ = 0;
  fakes::Caller caller_{};
};

/// The members `value`, a text or JSON that is stored as its text, or `binary`, base64.
template <class Request>
void read_secret_value(Reader& reader, Request& request) {
  const auto text = reader.find("value");
  const auto binary = reader.find("binary");
  if (text && binary) binary->fail("either \"value\" or \"binary\"");
  if (text) {
    if (text->is(Node::Kind::object)) {
      request.secret_string.emplace();
      append_json(*request.secret_string, text->node());
    } else {
      request.secret_string = text->text();
    }
  }
  if (binary) {
    auto bytes = rushhour::detail::decode_base64(binary->text());
    if (!bytes) binary->fail("base64");
    request.secret_binary = aws::Blob{std::move(*bytes)};
  }
}

/// `{"env": "prod"}`
template <class Tag>
std::vector<Tag> read_tags(Reader& reader) {
  std::vector<Tag> out;
  auto tags = reader.optional_object("tags");
  if (!tags) return out;
  for (const auto& [key, value] : tags->members()) {
    if (!value.is(Node::Kind::text)) value.fail("a text");
    out.push_back({.key = key, .value = value.node().text});
  }
  tags->done();
  return out;
}

/// One more version, oldest first in the file: `{"id": "...", "value": "...", "stages": ["AWSCURRENT"]}`.
inline void read_version(const Value& value, const std::string& arn, SecretsAuthor& author) {
  Reader reader = value.object();
  api::secretsmanager::PutSecretValue request{.secret_id = arn};
  request.client_request_token = reader.optional_text("id", author.new_token());
  read_secret_value(reader, request);
  for (const Value& stage : reader.optional_array("stages")) request.version_stages.push_back(stage.text());
  reader.done();
  author.perform(request, value);
}

inline void read_secret(const Value& value, const std::string& account, fakes::World& world, Instant now) {
  namespace sm = api::secretsmanager;
  Reader reader = value.object();
  const std::string region = reader.optional_text("region", world.options.region);
  SecretsAuthor author{world, account, region, now};
  sm::CreateSecret request{.name = reader.text("name"), .tags = read_tags<sm::Tag>(reader)};
  if (const auto text = reader.find("description")) request.description = text->text();
  if (const auto text = reader.find("kms_key_id")) request.kms_key_id = text->text();
  request.client_request_token = reader.optional_text("version_id", author.new_token());
  read_secret_value(reader, request);
  const std::vector<Value> versions = reader.optional_array("versions");
  const auto policy = reader.find("policy");
  reader.done();
  const std::string arn = author.perform(request, value).arn;
  for (const Value& version : versions) read_version(version, arn, author);
  if (!policy) return;
  const sm::PutResourcePolicy put{.secret_id = arn, .resource_policy = read_policy(*policy)};
  with_policy(*policy, [&] { author.perform(put, *policy); });
}

}  // namespace rushhour::scenario::detail
