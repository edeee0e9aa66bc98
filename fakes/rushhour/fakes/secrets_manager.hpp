/// \file
/// The fake of AWS Secrets Manager: secrets with versions and staging labels, looked up and worded as the
/// real service does. Spec: aws.md 2.1 and 3; who may read what is decided with iam.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/fakes/iam.hpp>
#include <rushhour/fakes/service.hpp>
#include <rushhour/fakes/text_map.hpp>
#include <rushhour/random.hpp>

namespace rushhour::fakes {

/// A secret to put into the fake, with its value as the AWSCURRENT version.
struct NewSecret {
  std::string account{};
  std::string region{};  ///< empty: the fake's own
  std::string name{};
  std::string value{};
  std::string description{};
  std::vector<api::secretsmanager::Tag> tags{};
};

class SecretsManager final : public Service {
 public:
  /// \param region  where its callers look secrets up by name
  SecretsManager(Ledger& ledger, Faults& faults, Iam& iam, Random random, std::string region)
      : Service(api::Service::secretsmanager, ledger, faults, dialect(), behaviours(),
                Quotas{api::Service::secretsmanager, limit::profiles::of("secretsmanager")}),
        iam_(iam),
        identifiers_(random.stream("secretsmanager.identifiers")),
        region_(std::move(region)) {}

  /// Returns the ARN, with its six random characters. A name that exists in the account and Region is
  /// replaced.
  std::string add_secret(NewSecret secret, Instant now);
  /// Gives a secret a new value: it becomes AWSCURRENT, the former value AWSPREVIOUS. False: no such secret.
  bool put_value(std::string_view arn, std::string value, Instant now);

  [[nodiscard]] std::optional<Failure> check(const api::secretsmanager::GetSecretValue& request) const {
    return check_name(request.secret_id);
  }
  [[nodiscard]] std::optional<Failure> check(const api::secretsmanager::DescribeSecret& request) const {
    return check_name(request.secret_id);
  }
  [[nodiscard]] bool authorize(const api::secretsmanager::GetSecretValue& request, const Caller& caller,
                               Instant /*now*/, Failure& failure) {
    return authorize_on("secretsmanager:GetSecretValue", request.secret_id, caller, failure);
  }
  [[nodiscard]] bool authorize(const api::secretsmanager::DescribeSecret& request, const Caller& caller,
                               Instant /*now*/, Failure& failure) {
    return authorize_on("secretsmanager:DescribeSecret", request.secret_id, caller, failure);
  }
  [[nodiscard]] Result<api::secretsmanager::GetSecretValue::Output> on(
      const api::secretsmanager::GetSecretValue& request, const Caller& caller, Instant now);
  [[nodiscard]] Result<api::secretsmanager::DescribeSecret::Output> on(
      const api::secretsmanager::DescribeSecret& request, const Caller& caller, Instant now);

 private:
  struct Version {
    std::string id{};
    std::string value{};
    std::vector<std::string> stages{};
    Instant created{};
  };
  struct Secret {
    std::string account{};
    std::string arn{};
    std::string partial_arn{};  ///< without the hyphen and six characters
    std::string name{};
    std::string description{};
    std::vector<api::secretsmanager::Tag> tags{};
    std::vector<Version> versions{};  ///< oldest first
    Instant created{};
    Instant changed{};
    std::optional<Instant> accessed{};  ///< midnight UTC of the day
  };

  static Dialect dialect();
  static std::span<const Behaviour> behaviours() {
    static constexpr auto rows =
        behaviours_of<SecretsManager>(api::OperationsOf<api::Service::secretsmanager>::Type{});
    return rows;
  }
  friend class Service;

  bool authenticate(const Arrival& arrival, Instant now, Caller& caller) override;
  [[nodiscard]] static std::optional<Failure> check_name(std::string_view secret_id);
  [[nodiscard]] bool authorize_on(std::string_view action, const std::string& secret_id, const Caller& caller,
                                  Failure& failure);
  /// The one that was found last is looked at first.
  [[nodiscard]] Secret* find(std::string_view secret_id, std::string_view account);
  [[nodiscard]] std::string new_version_id();

  Iam& iam_;
  Stream identifiers_;
  std::uint64_t identifiers_drawn_ = 0;
  std::string region_;
  std::vector<Secret> secrets_;
  /// By every text that names a secret: ARN and partial ARN, and `account/name`.
  TextMap<std::size_t> index_;
  struct {
    std::string secret_id{};
    std::string account{};
    std::size_t at{};
  } last_found_{};
};

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/secrets_manager_inl.hpp>
#endif
