/// \file
/// The fake of Amazon DynamoDB, as far as Panther's key-value store needs it: GetItem, PutItem and
/// UpdateItem, their expressions, what they use up and what the table admits, and items that stay for a while
/// after their time is over. Tables come from set-up only; other operations answer that they are not
/// modelled.
///
/// What it leaves out: indices, streams, transactions, batches, resource policies, the legacy parameters that
/// expressions replaced, and stale reads: an eventually consistent one costs half, and sees the last write
/// like any other [CHOICE]. Calls are data events, which CloudTrail does not log by default (CloudTrail User
/// Guide, "Logging data events", spec tag DOC): neither do the fakes.
///
/// Sources: Amazon DynamoDB Developer Guide and API Reference (DOC); answers and texts that dynalite and
/// ExtendDB have seen from the service (REC); spec panther.md 2.4.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <rushhour/api/dynamodb.hpp>
#include <rushhour/aws/context_values.hpp>
#include <rushhour/fakes/dynamodb_table.hpp>
#include <rushhour/fakes/iam.hpp>
#include <rushhour/fakes/service.hpp>
#include <rushhour/fakes/text_map.hpp>

namespace rushhour::fakes {

namespace detail {
class Table;
}

struct DynamoDbOptions {
  /// How long items are still there after their time is over: half an hour in practice [REC panther-analysis
  /// PR 725], up to two days ("How it works: DynamoDB Time to Live") [DOC].
  Duration ttl_lag{std::chrono::minutes{30}};
};

/// Units that calls used up; what a limit refused, and what was invalid, uses none.
struct ConsumedUnits {
  std::uint64_t read_halves{};
  std::uint64_t write_halves{};

  friend bool operator==(const ConsumedUnits&, const ConsumedUnits&) = default;
};

class DynamoDb final : public Service {
 public:
  using Options = DynamoDbOptions;
  using AttributeMap = api::dynamodb::AttributeMap;

  /// \param region  where tables are put unless they say otherwise
  DynamoDb(Ledger& ledger, Faults& faults, Iam& iam, std::string region);
  ~DynamoDb() override;

  Options options{};  ///< may be changed at any time

  // ---- Set-up, without asking anyone ----

  /// Returns the ARN. A table that exists in the account and Region is replaced.
  std::string add_table(NewTable table);
  /// Puts an item into a table, and charges nobody. Throws InputError when it is none for it.
  void put_item(std::string_view table_arn, AttributeMap item, Instant now);
  /// Nothing: there is none.
  [[nodiscard]] std::optional<AttributeMap> item(std::string_view table_arn, const AttributeMap& key,
                                                 Instant now);
  /// How many items there are, those included whose time is over and that have not been removed.
  [[nodiscard]] std::size_t size(std::string_view table_arn, Instant now);
  /// Since the start or the last refill().
  [[nodiscard]] const ConsumedUnits& consumed() const { return consumed_; }
  /// Fills the capacity of all tables again, and forgets what was used up.
  void refill();
  /// Removes all tables.
  void clear();

  // ---- The pipeline's questions ----

  template <api::IsOperation Op>
  [[nodiscard]] bool authorize(const Op& request, const Caller& caller, Instant now, Failure& failure) {
    static const std::string action = "dynamodb:" + std::string{Op::operation_name};
    const RequestContext<Op> context{request, schema_of(request.table_name, caller)};
    return judge(action, request.table_name, context, caller, now, failure);
  }

  [[nodiscard]] Result<api::dynamodb::GetItem::Output> on(const api::dynamodb::GetItem& request,
                                                          const Caller& caller, Instant now);
  [[nodiscard]] Result<api::dynamodb::PutItem::Output> on(const api::dynamodb::PutItem& request,
                                                          const Caller& caller, Instant now);
  [[nodiscard]] Result<api::dynamodb::UpdateItem::Output> on(const api::dynamodb::UpdateItem& request,
                                                             const Caller& caller, Instant now);

 private:
  friend class Service;

  /// The condition keys of a request (Service Authorization Reference, "Actions, resources, and condition
  /// keys for Amazon DynamoDB"). dynamodb:Attributes and dynamodb:Select are not known, so policies that read
  /// them fail closed.
  template <class Op>
  class RequestContext final : public aws::ContextSource {
   public:
    RequestContext(const Op& request, const NewTable* table) : request_(request), table_(table) {}

    void add_to(aws::ContextValues& values) const override {
      if (table_ != nullptr) {
        values.add("aws:ResourceAccount", table_->account);
        const auto found = keys().find(table_->hash_key.name);
        const auto* text = found == keys().end() ? nullptr : found->second.template get<std::string>();
        if (text != nullptr) values.add("dynamodb:LeadingKeys", *text);
      }
      if constexpr (requires { request_.return_values; }) {
        values.add("dynamodb:ReturnValues", request_.return_values.value_or("NONE"));
      }
      values.add("dynamodb:ReturnConsumedCapacity", request_.return_consumed_capacity.value_or("NONE"));
    }

   private:
    [[nodiscard]] const AttributeMap& keys() const {
      if constexpr (requires { request_.key; }) {
        return request_.key;
      } else {
        return request_.item;
      }
    }

    const Op& request_;
    const NewTable* table_;  ///< null: there is none
  };

  static Dialect dialect();
  static std::span<const Behaviour> behaviours() {
    static constexpr auto rows = behaviours_of<DynamoDb>(api::OperationsOf<api::Service::dynamodb>::Type{});
    return rows;
  }
  bool authenticate(const Arrival& arrival, Instant now, Caller& caller) override {
    return iam_.authenticate(arrival, now, caller, Iam::json_errors());
  }
  [[nodiscard]] bool judge(std::string_view action, std::string_view table_name,
                           const aws::ContextSource& context, const Caller& caller, Instant now,
                           Failure& failure);

  /// `arn:aws:dynamodb:us-east-1:111122223333:table/NAME` of a name, or the ARN that it is already.
  [[nodiscard]] std::string arn_of(std::string_view table_name, const Caller& caller);
  /// Null: there is no such table.
  [[nodiscard]] detail::Table* find(std::string_view table_name, const Caller& caller);
  [[nodiscard]] const NewTable* schema_of(std::string_view table_name, const Caller& caller);
  [[nodiscard]] detail::Table& existing(std::string_view table_arn);
  [[nodiscard]] Result<detail::Table*> open(std::string_view table_name, const Caller& caller);

  /// Uses units up; the failure says that there were none.
  [[nodiscard]] std::optional<Failure> read(detail::Table& table, std::string_view hash_key,
                                            std::int64_t halves, Instant now);
  [[nodiscard]] std::optional<Failure> write(detail::Table& table, std::string_view hash_key,
                                             std::int64_t units, Instant now);

  Iam& iam_;
  std::string region_;
  TextMap<std::unique_ptr<detail::Table>> tables_;  ///< by ARN
  ConsumedUnits consumed_{};
};

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/dynamodb/dynamodb_inl.hpp>
#endif
