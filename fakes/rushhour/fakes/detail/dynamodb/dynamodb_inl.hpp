#pragma once

#include <algorithm>

#include <rushhour/aws/arn.hpp>
#include <rushhour/aws/patterns.hpp>
#include <rushhour/fakes/detail/dynamodb/condition.hpp>
#include <rushhour/fakes/detail/dynamodb/request.hpp>
#include <rushhour/fakes/detail/dynamodb/table.hpp>
#include <rushhour/fakes/detail/dynamodb/update.hpp>
#include <rushhour/fakes/dynamodb.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::fakes {

namespace detail::dynamodb {

/// Bytes of an item [DOC "Service, account, and table quotas": 400 KB].
inline constexpr std::size_t item_size_max = std::size_t{400} * 1024;

/// [REC: dynalite] of the operations on items.
RUSHHOUR_INLINE Failure table_not_found() {
  return dynamodb_failure(Outcome::not_found, "ResourceNotFoundException", "Requested resource not found");
}
/// Of what does not fit; with what it is asked to show of the item.
RUSHHOUR_INLINE Failure condition_failed(const std::optional<std::string>& shows, const AttributeMap* item) {
  Failure out =
      dynamodb_failure(Outcome::invalid, "ConditionalCheckFailedException", "The conditional request failed");
  if (shows == "ALL_OLD" && item != nullptr) {
    out.details = R"({"Item":)";
    api::dynamodb::append_json(out.details, *item);
    out.details += '}';
  }
  return out;
}
/// [DOC API Reference, errors of GetItem and TransactWriteItems]; the code on demand [REC: as quoted in
/// public reports; the page calls it ThrottlingError].
RUSHHOUR_INLINE Failure capacity_exceeded(BillingMode billing) {
  if (billing == BillingMode::provisioned) {
    return dynamodb_failure(Outcome::throttled, "ProvisionedThroughputExceededException",
                            "The level of configured provisioned throughput for the table was exceeded. "
                            "Consider increasing your provisioning level with the UpdateTable API.");
  }
  return dynamodb_failure(
      Outcome::throttled, "ThrottlingException",
      "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling "
      "your "
      "table or index so please try again shortly. If exceptions persist, check if you have a hot key: "
      "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html");
}

/// Half units of a read, and whole ones of a write: at least one, of nothing too.
RUSHHOUR_INLINE std::int64_t read_halves(const AttributeMap* item, bool is_consistent) {
  const std::size_t bytes = item == nullptr ? 0 : size_of(*item);
  const auto units = std::max<std::int64_t>(1, static_cast<std::int64_t>((bytes + 4'095) / 4'096));
  return is_consistent ? units * 2 : units;
}
RUSHHOUR_INLINE std::int64_t write_units(const AttributeMap* before, const AttributeMap* after) {
  const std::size_t bytes =
      std::max(before == nullptr ? 0 : size_of(*before), after == nullptr ? 0 : size_of(*after));
  return std::max<std::int64_t>(1, static_cast<std::int64_t>((bytes + 1'023) / 1'024));
}

RUSHHOUR_INLINE std::optional<api::dynamodb::ConsumedCapacity> capacity_answer(
    const std::optional<std::string>& wanted, const std::string& table, std::int64_t halves) {
  if (!wanted || *wanted == "NONE") return std::nullopt;
  api::dynamodb::ConsumedCapacity out{.table_name = table, .capacity_units = {halves}};
  if (*wanted == "INDEXES") out.table = api::dynamodb::Capacity{{halves}};
  return out;
}

/// Of an item, or of none.
[[nodiscard]] RUSHHOUR_INLINE bool holds(const Expressions& expressions, const AttributeMap* item) {
  const AttributeMap nothing;
  return !expressions.condition ||
         ConditionJudge{item == nullptr ? nothing : *item}.holds(*expressions.condition);
}

[[nodiscard]] RUSHHOUR_INLINE Refusal check_depth(const AttributeMap& item) {
  const bool is_deep = std::any_of(item.begin(), item.end(),
                                   [](const auto& each) { return depth_of(each.second) > nesting_max; });
  if (!is_deep) return std::nullopt;
  return "Nesting Levels have exceeded supported limits";
}

/// Whether an update leaves the key alone.
[[nodiscard]] RUSHHOUR_INLINE Refusal check_updates(const Expressions& expressions, const Table& table) {
  if (!expressions.update) return std::nullopt;
  for (const UpdateAction& action : expressions.update->actions) {
    const std::string& name = action.path.front().name;
    if (!table.is_key(name)) continue;
    return std::string{invalid_values} + "Cannot update attribute " + name +
           ". This attribute is part of the key";
  }
  return std::nullopt;
}

/// Makes of an item, or of the key of one that is not there, what the update says.
[[nodiscard]] RUSHHOUR_INLINE Refusal update(const Expressions& expressions, AttributeMap& item) {
  if (!expressions.update) return std::nullopt;
  AttributeMap after;
  if (Refusal refusal = Updater{item}.apply(*expressions.update, after)) return refusal;
  if (Refusal refusal = check_depth(after)) return refusal;
  if (size_of(after) > item_size_max) return "Item size to update has exceeded the maximum allowed size";
  item = std::move(after);
  return std::nullopt;
}

/// What ReturnValues asks for; nothing where there is nothing to show [REC ExtendDB].
[[nodiscard]] RUSHHOUR_INLINE std::optional<AttributeMap> returned(const api::dynamodb::UpdateItem& request,
                                                                   const Expressions& expressions,
                                                                   const AttributeMap* before,
                                                                   const AttributeMap& after) {
  const std::string wanted = request.return_values.value_or("NONE");
  if (wanted == "NONE") return std::nullopt;
  const AttributeMap* const shown = wanted.ends_with("OLD") ? before : &after;
  if (shown == nullptr) return std::nullopt;
  if (wanted.starts_with("ALL")) return *shown;
  std::vector<DocumentPath> paths;
  if (expressions.update) {
    for (const UpdateAction& action : expressions.update->actions) paths.push_back(action.path);
  }
  AttributeMap picked = project(*shown, paths);
  if (picked.empty()) return std::nullopt;
  return picked;
}

}  // namespace detail::dynamodb

RUSHHOUR_INLINE Dialect DynamoDb::dialect() {
  return {.throttled = detail::dynamodb::capacity_exceeded(BillingMode::provisioned),
          .validation_code = "ValidationException",
          .malformed_code = "SerializationException"};
}

RUSHHOUR_INLINE DynamoDb::DynamoDb(Ledger& ledger, Faults& faults, Iam& iam, std::string region)
    : Service(api::Service::dynamodb, ledger, faults, dialect(), behaviours(),
              Quotas{api::Service::dynamodb}),
      iam_(iam),
      region_(std::move(region)) {}
RUSHHOUR_INLINE DynamoDb::~DynamoDb() = default;

// ---- Set-up ----

RUSHHOUR_INLINE std::string DynamoDb::add_table(NewTable table) {
  if (table.region.empty()) table.region = region_;
  std::string arn = aws::table_arn({.region = table.region, .account = table.account, .name = table.name});
  tables_.insert_or_assign(arn, std::make_unique<detail::Table>(std::move(table), arn));
  return arn;
}

RUSHHOUR_INLINE detail::Table& DynamoDb::existing(std::string_view table_arn) {
  const auto found = tables_.find(table_arn);
  if (found == tables_.end()) {
    throw InputError(
        {.expected = "the ARN of a table that exists", .seen = "\"" + std::string{table_arn} + "\""});
  }
  return *found->second;
}

RUSHHOUR_INLINE void DynamoDb::put_item(std::string_view table_arn, AttributeMap item, Instant now) {
  detail::Table& table = existing(table_arn);
  detail::Table::Place place;
  detail::dynamodb::Refusal refusal = detail::dynamodb::normalise(item);
  if (!refusal) refusal = table.place_of_item(item, place);
  if (refusal) throw InputError({.expected = "an item for the table " + table.schema.name, .seen = *refusal});
  table.put(std::move(place.whole), std::move(item), now);
}

RUSHHOUR_INLINE std::optional<api::dynamodb::AttributeMap> DynamoDb::item(std::string_view table_arn,
                                                                          const AttributeMap& key,
                                                                          Instant now) {
  detail::Table& table = existing(table_arn);
  AttributeMap normal = key;
  detail::Table::Place place;
  if (detail::dynamodb::normalise(normal) || table.place_of_key(normal, place)) return std::nullopt;
  const AttributeMap* const found = table.find(place.whole, now, options.ttl_lag);
  return found == nullptr ? std::nullopt : std::optional{*found};
}

RUSHHOUR_INLINE std::size_t DynamoDb::size(std::string_view table_arn, Instant now) {
  return existing(table_arn).size(now, options.ttl_lag);
}

RUSHHOUR_INLINE void DynamoDb::refill() {
  for (auto& [arn, table] : tables_) table->refill();
  consumed_ = {};
}

RUSHHOUR_INLINE void DynamoDb::clear() {
  tables_.clear();
  consumed_ = {};
}

// ---- Who may do what, with which table ----

RUSHHOUR_INLINE std::string DynamoDb::arn_of(std::string_view table_name, const Caller& caller) {
  if (table_name.starts_with("arn:")) return std::string{table_name};
  const Names& names = ledger().names();
  return aws::table_arn(
      {.region = names.text(caller.region), .account = names.text(caller.account), .name = table_name});
}

RUSHHOUR_INLINE detail::Table* DynamoDb::find(std::string_view table_name, const Caller& caller) {
  const auto found = tables_.find(arn_of(table_name, caller));
  return found == tables_.end() ? nullptr : found->second.get();
}

RUSHHOUR_INLINE const NewTable* DynamoDb::schema_of(std::string_view table_name, const Caller& caller) {
  const detail::Table* const table = find(table_name, caller);
  return table == nullptr ? nullptr : &table->schema;
}

RUSHHOUR_INLINE bool DynamoDb::judge(std::string_view action, std::string_view table_name,
                                     const aws::ContextSource& context, const Caller& caller, Instant now,
                                     Failure& failure) {
  const std::string arn = arn_of(table_name, caller);
  const auto parts = aws::parse_arn(arn);
  const bool is_foreign = parts && parts->account != ledger().names().text(caller.account);
  const aws::Verdict verdict =
      iam_.authorize(caller, {.action = action,
                              .resource = arn,
                              .resource_account = is_foreign ? parts->account : std::string_view{},
                              .context = &context,
                              .now = now});
  if (verdict.allowed) return true;
  failure = detail::dynamodb::dynamodb_failure(
      Outcome::denied, "AccessDeniedException",
      "User: " + iam_.arn_of(caller) + " is not authorized to perform: " + std::string{action} +
          " on resource: " + arn + " " + aws::refusal_reason(verdict, action));
  return false;
}

RUSHHOUR_INLINE Result<detail::Table*> DynamoDb::open(std::string_view table_name, const Caller& caller) {
  if (!table_name.starts_with("arn:") && !aws::is_table_name(table_name)) {
    return detail::dynamodb::invalid_request_to_table(
        "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, and may "
        "contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'");
  }
  detail::Table* const table = find(table_name, caller);
  if (table == nullptr) return detail::dynamodb::table_not_found();
  return table;
}

RUSHHOUR_INLINE std::optional<Failure> DynamoDb::read(detail::Table& table, std::string_view hash_key,
                                                      std::int64_t halves, Instant now) {
  if (!table.throughput.try_read(hash_key, halves, now)) {
    return detail::dynamodb::capacity_exceeded(table.schema.capacity.billing);
  }
  consumed_.read_halves += static_cast<std::uint64_t>(halves);
  return std::nullopt;
}

RUSHHOUR_INLINE std::optional<Failure> DynamoDb::write(detail::Table& table, std::string_view hash_key,
                                                       std::int64_t units, Instant now) {
  if (!table.throughput.try_write(hash_key, units * 2, now)) {
    return detail::dynamodb::capacity_exceeded(table.schema.capacity.billing);
  }
  consumed_.write_halves += static_cast<std::uint64_t>(units * 2);
  return std::nullopt;
}

// ---- The operations ----

RUSHHOUR_INLINE Result<api::dynamodb::GetItem::Output> DynamoDb::on(const api::dynamodb::GetItem& request,
                                                                    const Caller& caller, Instant now) {
  AttributeMap key = request.key;
  detail::dynamodb::Expressions expressions{detail::dynamodb::expressions_of(request)};
  detail::Table::Place place;
  detail::dynamodb::Refusal refusal = expressions.check_presence();
  if (!refusal) refusal = detail::dynamodb::normalise(key);
  if (!refusal) refusal = expressions.read();
  if (refusal) return detail::dynamodb::invalid_request_to_table(std::move(*refusal));
  const auto opened = open(request.table_name, caller);
  if (!opened) return opened.failure();
  detail::Table& table = **opened;
  if ((refusal = table.place_of_key(key, place))) {
    return detail::dynamodb::invalid_request_to_table(std::move(*refusal));
  }

  const AttributeMap* const found = table.find(place.whole, now, options.ttl_lag);
  const std::int64_t halves = detail::dynamodb::read_halves(found, request.consistent_read.value_or(false));
  if (auto refused = read(table, place.hash, halves, now)) return std::move(*refused);
  api::dynamodb::GetItem::Output out;
  if (found != nullptr) {
    out.item = expressions.projection ? detail::dynamodb::project(*found, *expressions.projection) : *found;
  }
  out.consumed_capacity =
      detail::dynamodb::capacity_answer(request.return_consumed_capacity, table.schema.name, halves);
  return out;
}

RUSHHOUR_INLINE Result<api::dynamodb::PutItem::Output> DynamoDb::on(const api::dynamodb::PutItem& request,
                                                                    const Caller& caller, Instant now) {
  if (request.return_values && *request.return_values != "NONE" && *request.return_values != "ALL_OLD") {
    return detail::dynamodb::invalid_request_to_table("ReturnValues can only be ALL_OLD or NONE");
  }
  AttributeMap item = request.item;
  detail::dynamodb::Expressions expressions{detail::dynamodb::expressions_of(request)};
  detail::Table::Place place;
  detail::dynamodb::Refusal refusal = expressions.check_presence();
  if (!refusal) refusal = detail::dynamodb::normalise(item);
  if (!refusal) refusal = detail::dynamodb::check_depth(item);
  if (!refusal) refusal = expressions.read();
  if (refusal) return detail::dynamodb::invalid_request_to_table(std::move(*refusal));
  const auto opened = open(request.table_name, caller);
  if (!opened) return opened.failure();
  detail::Table& table = **opened;
  if (!(refusal = table.place_of_item(item, place)) &&
      detail::dynamodb::size_of(item) > detail::dynamodb::item_size_max) {
    refusal = "Item size has exceeded the maximum allowed size";
  }
  if (refusal) return detail::dynamodb::invalid_request_to_table(std::move(*refusal));

  const AttributeMap* const before = table.find(place.whole, now, options.ttl_lag);
  const bool holds = detail::dynamodb::holds(expressions, before);
  // A condition that fails costs what a write of the item as it is would cost [DOC "Condition expressions"].
  const std::int64_t units = detail::dynamodb::write_units(before, holds ? &item : nullptr);
  if (auto refused = write(table, place.hash, units, now)) return std::move(*refused);
  if (!holds)
    return detail::dynamodb::condition_failed(request.return_values_on_condition_check_failure, before);
  api::dynamodb::PutItem::Output out;
  if (request.return_values == "ALL_OLD" && before != nullptr) out.attributes = *before;
  table.put(std::move(place.whole), std::move(item), now);
  out.consumed_capacity =
      detail::dynamodb::capacity_answer(request.return_consumed_capacity, table.schema.name, units * 2);
  return out;
}

RUSHHOUR_INLINE Result<api::dynamodb::UpdateItem::Output> DynamoDb::on(
    const api::dynamodb::UpdateItem& request, const Caller& caller, Instant now) {
  AttributeMap key = request.key;
  detail::dynamodb::Expressions expressions{detail::dynamodb::expressions_of(request)};
  detail::Table::Place place;
  detail::dynamodb::Refusal refusal = expressions.check_presence();
  if (!refusal) refusal = detail::dynamodb::normalise(key);
  if (!refusal) refusal = expressions.read();
  if (refusal) return detail::dynamodb::invalid_request_to_table(std::move(*refusal));
  const auto opened = open(request.table_name, caller);
  if (!opened) return opened.failure();
  detail::Table& table = **opened;
  if (!(refusal = table.place_of_key(key, place)))
    refusal = detail::dynamodb::check_updates(expressions, table);
  if (refusal) return detail::dynamodb::invalid_request_to_table(std::move(*refusal));

  const AttributeMap* const before = table.find(place.whole, now, options.ttl_lag);
  AttributeMap after = before == nullptr ? std::move(key) : *before;
  const bool holds = detail::dynamodb::holds(expressions, before);
  if (holds && (refusal = detail::dynamodb::update(expressions, after))) {
    return detail::dynamodb::invalid_request_to_table(std::move(*refusal));
  }
  const std::int64_t units = detail::dynamodb::write_units(before, holds ? &after : nullptr);
  if (auto refused = write(table, place.hash, units, now)) return std::move(*refused);
  if (!holds)
    return detail::dynamodb::condition_failed(request.return_values_on_condition_check_failure, before);
  api::dynamodb::UpdateItem::Output out;
  out.attributes = detail::dynamodb::returned(request, expressions, before, after);
  table.put(std::move(place.whole), std::move(after), now);
  out.consumed_capacity =
      detail::dynamodb::capacity_answer(request.return_consumed_capacity, table.schema.name, units * 2);
  return out;
}

}  // namespace rushhour::fakes
