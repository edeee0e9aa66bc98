/// \file
/// The fake of AWS STS: temporary credentials for roles, under trust policies and duration caps, and who the
/// caller is. Spec: aws.md 2.2. Who may assume what is decided with iam.hpp.
#pragma once

#include <string>
#include <utility>

#include <rushhour/api/sts.hpp>
#include <rushhour/fakes/iam.hpp>
#include <rushhour/fakes/service.hpp>

namespace rushhour::fakes {

class Sts final : public Service {
 public:
  Sts(Ledger& ledger, Faults& faults, Iam& iam)
      : Service(api::Service::sts, ledger, faults, dialect(), behaviours(),
                Quotas{api::Service::sts, limit::profiles::of("sts")}),
        iam_(iam) {}

  [[nodiscard]] std::optional<Failure> check(const api::sts::AssumeRole& request) const;
  [[nodiscard]] bool authorize(const api::sts::AssumeRole& request, const Caller& caller, Instant now,
                               Failure& failure);
  [[nodiscard]] Result<api::sts::AssumeRole::Output> on(const api::sts::AssumeRole& request,
                                                        const Caller& caller, Instant now);
  [[nodiscard]] Result<api::sts::GetCallerIdentity::Output> on(const api::sts::GetCallerIdentity& request,
                                                               const Caller& caller, Instant now);

 private:
  static Dialect dialect();
  static std::span<const Behaviour> behaviours() {
    static constexpr auto rows = behaviours_of<Sts>(api::OperationsOf<api::Service::sts>::Type{});
    return rows;
  }
  friend class Service;

  bool authenticate(const Arrival& arrival, Instant now, Caller& caller) override;

  Iam& iam_;
};

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/sts_inl.hpp>
#endif
