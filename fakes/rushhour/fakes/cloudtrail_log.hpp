/// \file
/// AWS CloudTrail, whole: for every call to STS, Secrets Manager and IAM the record that the real service
/// writes, as JSON text. It keeps the last of them; files of them are cloudtrail_files.hpp's business.
///
/// Spec: aws.md 5. Where cloudtrail.hpp derives what a simulation's million calls must have looked like, this
/// sees the calls themselves, and costs some microseconds each. The members of requestParameters and
/// responseElements come from the operations' own tables, so an operation needs nothing here to be recorded.
///
/// No record is written of what fails authentication, an expired session included, and of what an injected
/// fault answers before that: nobody is known to have called. A refused AssumeRole is in the caller's trail
/// only: refusals name no resource [REC], so that whose role it was is not said [choice].
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/fakes/service.hpp>
#include <rushhour/fakes/service_events.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

/// One record in the trail of one account.
struct CloudTrailRecord {
  std::uint64_t number{};  ///< from 1, over all accounts
  Instant at{};            ///< of the call; eventTime is this in whole seconds
  std::string account{};   ///< whose trail it is in: recipientAccountId
  std::string region{};    ///< awsRegion
  std::string json{};      ///< one object, on one line
};

/// Hears of every record as it is written, which is at the instant of its call.
class CloudTrailRecords {
 public:
  CloudTrailRecords() = default;
  CloudTrailRecords(const CloudTrailRecords&) = delete;
  CloudTrailRecords& operator=(const CloudTrailRecords&) = delete;
  virtual ~CloudTrailRecords() = default;
  virtual void on_record(const CloudTrailRecord& record) = 0;
};

/// The first three are what records say of typed calls, which come from nowhere; the others are what nobody
/// has recorded or documented, each with what is likeliest.
struct CloudTrailLogOptions {
  std::string source_ip{"3.80.0.17"};  ///< one of EC2 in us-east-1
  std::string user_agent{
      "Boto3/1.34.131 md/Botocore#1.34.131 ua/2.0 os/linux#5.10.219 md/arch#x86_64 lang/python#3.11.9 "
      "md/pyimpl#CPython exec-env/AWS_Lambda_python3.11 cfg/retry-mode#legacy Botocore/1.34.131"};
  std::size_t capacity{10'000};  ///< records kept for records(); 0: none
  /// Throttled calls are recorded, with the code ThrottlingException whatever the answer's was [MEM].
  bool records_throttled{true};
  /// The code of Secrets Manager's refusals is AccessDenied, as in Panther's sample, and not
  /// AccessDeniedException, as the answer has it.
  bool shortens_access_denied{true};
  /// Failed calls to Secrets Manager and IAM keep their requestParameters: IAM [REC], Secrets Manager
  /// (Panther's sample, unverified). STS's signed calls never do: a refused AssumeRole has null [REC].
  bool keeps_parameters_of_failures{true};
  /// BatchGetSecretValue is followed by a GetSecretValue for each secret it read: so AWS says [DOC], and so
  /// nobody has recorded it [REC: 5 of 5 without].
  bool records_each_of_batch{true};
  /// CreateSecret says in responseElements what it made; AWS's example has null [DOC 2018].
  bool create_secret_answers{false};
  /// What the member `ARN` is called; before February 2024 it was `aRN` [DOC: AWS CloudTrail entries for
  /// Secrets Manager].
  std::string arn_member{"arn"};
  /// Calls to STS say in additionalEventData which kind of endpoint they were sent to and which Region served
  /// them [REC 2026, DOC AWS Security Blog 2025]; records of 2024 do not [REC]. Its ExtendedRequestId, whose
  /// form is unknown, is left out.
  bool tells_endpoint{true};
  /// responseElements of credentials say how large the session token is, as answers do since 2026; records of
  /// 2024 have no such members [REC].
  bool shows_token_sizes{};
  /// Calls that STS's token endpoints refuse without a signature are in the trail of the role's account.
  bool records_refused_federation{true};
};

/// Listens from its construction to its destruction. Memory: what `capacity` records take, some 1.5 KB each.
class CloudTrailLog final : public RequestObserver, public ServiceEvents {
 public:
  using Options = CloudTrailLogOptions;

  /// The world outlives it.
  explicit CloudTrailLog(World& world, Options options = {});
  ~CloudTrailLog() override;

  /// The observer hears of every record from now on; it outlives this or is told off before.
  void listen(CloudTrailRecords& observer) { observers_.push_back(&observer); }
  void unlisten(CloudTrailRecords& observer) { std::erase(observers_, &observer); }

  /// The kept records, oldest first.
  [[nodiscard]] const std::deque<CloudTrailRecord>& records() const { return records_; }
  /// Records written so far, kept or not.
  [[nodiscard]] std::uint64_t written() const { return written_; }
  /// Forgets the kept records; their numbers go on.
  void clear() { records_.clear(); }

  void on_request(const Arrival& arrival, const Caller& caller, const Call& call) override;
  void on_service_event(const ServiceEvent& event) override;

 private:
  struct Draft;  ///< what the records of one call have in common

  [[nodiscard]] bool is_recorded(const Arrival& arrival, const Caller& caller, const Call& call) const;
  [[nodiscard]] Draft draft(const Arrival& arrival, const Caller& caller, const Call& call);
  [[nodiscard]] std::string request_parameters(const Arrival& arrival, const Caller& caller,
                                               const Call& call) const;
  [[nodiscard]] std::string response_elements(const Arrival& arrival, const Call& call) const;
  [[nodiscard]] std::string_view error_code(const Arrival& arrival, const Call& call) const;
  void write(const Draft& draft);
  void write_each_of_batch(const Arrival& arrival, Draft draft);
  void keep(CloudTrailRecord record);
  [[nodiscard]] std::string new_uuid();

  World& world_;
  Options options_;
  Stream identifiers_;
  std::uint64_t identifiers_drawn_ = 0;
  std::uint64_t written_ = 0;
  std::deque<CloudTrailRecord> records_;
  std::vector<CloudTrailRecords*> observers_;
};

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/cloudtrail_log_inl.hpp>
#endif
