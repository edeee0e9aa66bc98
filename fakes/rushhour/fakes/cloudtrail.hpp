/// \file
/// AWS CloudTrail of the fakes' own calls: which accounts get a record of a call to STS or Secrets Manager,
/// and what it says. It keeps no record and delivers none: whoever wants them listens, as feedback.hpp does.
///
/// Spec: aws.md 5. A Call carries no request, so a record says of the request what a PantherWorld lets one
/// derive:
///   * roleArn: the role of the customer for whom the detection works (assign()), and secretId: the name of
///     the secret of the customer whose role calls. Exact for detections that follow the guide;
///   * roleSessionName and the names of callers' sessions: of the options;
///   * accessKeyId: a function of role, event and detection, so a session that reads a secret for the event
///     for which it was made has the key that the record of AssumeRole shows. Not the key that the fake gave,
///     and different in every event for a session that is kept;
///   * errorMessage: of refusals the fake's own text with the most usual reason; left out for other errors.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/aws/global_endpoint.hpp>
#include <rushhour/config.hpp>
#include <rushhour/event/arena.hpp>
#include <rushhour/event/layout.hpp>
#include <rushhour/event/udm.hpp>
#include <rushhour/event/value.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/journal.hpp>
#include <rushhour/names.hpp>
#include <rushhour/random.hpp>
#include <rushhour/result.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

/// Which of the two accounts that a call can concern.
enum class TrailSide : std::uint8_t {
  caller,  ///< the one that called
  role     ///< the one whose role was assumed from another account
};

/// One record in the trail of one account: what is needed to write it down whenever somebody reads it.
struct TrailRecord {
  Instant at{};           ///< of the call
  std::uint64_t event{};  ///< that the detection was looking at; 0 when unknown
  std::uint64_t call{};   ///< a number of the call, from 1; the two records of one call have the same
  Name operation{};       ///< `sts:AssumeRole`
  Name principal{};       ///< who called: the ARN of a role or user
  Name account{};         ///< whose trail it is in
  Name region{};          ///< where the call was sent
  Name role{};            ///< the ARN of the role to be assumed; empty for other operations
  Name code{};            ///< error code on the wire; empty when ok
  Name detection{};       ///< which detection called; empty when unknown
  Outcome outcome{};
  std::uint8_t attempt{};  ///< 1 for the first; 0 when the client does not say
  TrailSide side{};
  bool shared{};  ///< the other account has a record as well, with the same sharedEventID
};
static_assert(sizeof(TrailRecord) <= 64, "a million-event hour writes 1.5 million records");

/// Hears of every record as it is written, which is at the instant of its call.
class TrailObserver {
 public:
  TrailObserver() = default;
  TrailObserver(const TrailObserver&) = delete;
  TrailObserver& operator=(const TrailObserver&) = delete;
  virtual ~TrailObserver() = default;
  virtual void on_record(const TrailRecord& record) = 0;
};

/// What records say that no call does. The defaults are those of a Lambda function in Python that does as the
/// guide.
struct CloudTrailOptions {
  std::string engine_session{"panther-rules-engine"};    ///< the session in which the engine's role calls
  std::string unit_tests_session{"panther-unit-tests"};  ///< and the unit tests' role
  std::string customer_session{"AssumeRoleSession1"};    ///< of a customer's role, as the guide names it
  std::string source_ip{"3.80.0.17"};                    ///< of all callers: one of EC2 in us-east-1 [MEM]
  std::string user_agent{
      "Boto3/1.34.131 md/Botocore#1.34.131 ua/2.0 os/linux#5.10.219 md/arch#x86_64 lang/python#3.11.9 "
      "md/pyimpl#CPython exec-env/AWS_Lambda_python3.11 cfg/retry-mode#legacy Botocore/1.34.131"};
  event::SourceIp udm_source_ip{event::SourceIp::as_recorded};
};

/// Writes the records of one world's calls, from its construction to its destruction.
///
/// One record for each attempt that authenticates, in the account that called; failed ones too, and throttled
/// ones [MEM]. A role that is assumed from another account adds one there (IAM User Guide, "Logging IAM and
/// AWS STS API calls with AWS CloudTrail", 2026: "all authenticated API requests"; CloudTrail User Guide,
/// sharedEventID).
///
/// No record, because nobody is known to have called: what fails authentication, an expired session included,
/// and what an injected fault answers before that. And none of a refused AssumeRole in the role's account:
/// refusals name no resource [REC], so that whose role it was is not said [choice].
class CloudTrail final : public Observer {
 public:
  using Options = CloudTrailOptions;

  /// The world outlives it.
  explicit CloudTrail(PantherWorld& world, Options options = {});
  ~CloudTrail() override { world_.world.ledger.unlisten(*this); }

  /// The observer hears of every record from now on; it outlives this or is told off before.
  void listen(TrailObserver& observer) { observers_.push_back(&observer); }
  void unlisten(TrailObserver& observer) { std::erase(observers_, &observer); }

  /// Says for which of the world's customers a detection works: whose role it assumes. Nothing said: the
  /// first's.
  void assign(Name detection, const Customer& customer);

  /// Records written so far, in all accounts.
  [[nodiscard]] std::uint64_t written() const { return written_; }
  [[nodiscard]] Names& names() { return names_; }

  void on_call(const Call& call) override {
    const std::size_t at = index(call.operation);
    const bool is_recorded = at < row_of_.size() && row_of_[at] != no_row;
    if (!is_recorded || call.account == Name{} || fails_authentication(call.code)) return;
    TrailRecord record{.at = call.at,
                       .event = call.event,
                       .call = ++calls_,
                       .operation = call.operation,
                       .principal = call.principal,
                       .account = call.account,
                       .region = world_.world.ledger.home_region(),
                       .code = call.code,
                       .detection = call.detection,
                       .outcome = call.outcome,
                       .attempt = call.attempt};
    separate_region(record);
    if (call.operation != assume_role_) return write(record);
    const Home& home = home_of(call.detection);
    record.role = home.role;
    record.shared = call.outcome == Outcome::ok && home.account != call.account;
    write(record);
    if (!record.shared) return;
    record.side = TrailSide::role;
    record.account = home.account;
    write(record);
  }

  // ---- What a record looks like to a detection. ----

  /// Lives as long as this.
  [[nodiscard]] const event::Layout& layout_of(const TrailRecord& record);
  /// What a slot of the layout holds for this record; the same whenever it is asked for.
  [[nodiscard]] event::Value make(const TrailRecord& record, std::uint32_t slot, event::Arena& arena) const;
  /// For udm().
  [[nodiscard]] const event::DataModel& model() const { return model_; }

 private:
  static constexpr std::uint8_t no_row = 255;

  /// A customer's role, and the account where it is.
  struct Home {
    Name role{};
    Name account{};
  };

  [[nodiscard]] const Home& home_of(Name detection) const {
    return homes_[index(detection) < customer_of_.size() ? customer_of_[index(detection)] : 0];
  }
  [[nodiscard]] bool fails_authentication(Name code) const {
    return code != Name{} && std::find(authentication_codes_.begin(), authentication_codes_.end(), code) !=
                                 authentication_codes_.end();
  }
  /// A call in another Region is charged to `444455556666/eu-west-1`, one at STS's global endpoint to
  /// `444455556666/aws-global`.
  void separate_region(TrailRecord& record) {
    const std::string_view charged = names_.text(record.account);
    const std::size_t slash = charged.find('/');
    if (slash == std::string_view::npos) return;
    record.region = names_.intern(aws::region_of(charged.substr(slash + 1)));
    record.account = names_.intern(std::string{charged.substr(0, slash)});
  }
  void write(const TrailRecord& record) {
    ++written_;
    for (TrailObserver* observer : observers_) observer->on_record(record);
  }
  void add_row(const api::Operation& operation);

  [[nodiscard]] std::string_view text(Name name) const { return names_.text(name); }
  [[nodiscard]] std::string_view session_of(Name principal) const;
  [[nodiscard]] const std::string& unique_id(Name principal) const;
  [[nodiscard]] const Customer& customer_of_role(Name role) const;
  [[nodiscard]] std::string caller_arn(const TrailRecord& record) const;
  [[nodiscard]] event::Value caller(const TrailRecord& record, std::uint32_t slot, event::Arena& arena) const;
  [[nodiscard]] event::Value assumption(const TrailRecord& record, std::uint32_t slot,
                                        event::Arena& arena) const;
  [[nodiscard]] Stream session_key(const TrailRecord& record, Name role) const;
  [[nodiscard]] Instant session_start(const TrailRecord& record) const;
  [[nodiscard]] std::string error_message(const TrailRecord& record) const;

  PantherWorld& world_;
  Names& names_;
  Options options_;
  Stream identifiers_, keys_;
  event::DataModel model_;
  std::vector<TrailObserver*> observers_;
  std::vector<const api::Operation*> rows_;  ///< whose calls are recorded
  std::vector<std::uint8_t> row_of_;         ///< by the name of the operation
  std::vector<Home> homes_;                  ///< as the world's customers
  std::vector<std::uint32_t> customer_of_;   ///< by the name of the detection
  std::vector<Name> authentication_codes_;
  /// By Region, caller and so on; null until the first record needs it.
  std::map<Name, std::vector<std::shared_ptr<const event::Layout>>> layouts_;
  Name assume_role_{}, engine_role_{}, unit_tests_role_{};
  std::uint64_t calls_ = 0;
  std::uint64_t written_ = 0;
};

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/cloudtrail_inl.hpp>
#endif
