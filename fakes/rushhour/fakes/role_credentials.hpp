/// \file
/// The credentials of code that runs as a role of a world, renewed as Lambda renews those of a function. It
/// grants nothing: whether the role may do anything is for its policies to say.
#pragma once

#include <string>
#include <utility>

#include <rushhour/api/credential_provider.hpp>
#include <rushhour/fakes/iam.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

class RoleCredentials final : public api::CredentialProvider {
 public:
  /// The role exists in `iam`, which outlives the provider.
  RoleCredentials(Iam& iam, std::string role_arn, std::string session_name)
      : iam_(iam), role_arn_(std::move(role_arn)), session_name_(std::move(session_name)) {}

  [[nodiscard]] const api::Identity& identity(Instant now) override {
    if (now + margin >= expires_) {
      const Principal* role = iam_.find(role_arn_);
      RUSHHOUR_ASSERT(role != nullptr, "the role does not exist");
      Session session = iam_.issue(*role, session_name_, now, length);
      identity_ = std::move(session.credentials);
      expires_ = session.expires;
    }
    return identity_;
  }

 private:
  static constexpr Duration length = std::chrono::hours{12};
  static constexpr Duration margin =
      std::chrono::minutes{15};  ///< a call that is under way does not meet the end

  Iam& iam_;
  std::string role_arn_;
  std::string session_name_;
  api::Identity identity_{};
  Instant expires_{Instant::min()};
};

}  // namespace rushhour::fakes
