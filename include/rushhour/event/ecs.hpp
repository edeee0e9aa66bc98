/// \file
/// Elastic's view of CloudTrail: a raw record read as the ECS document that Elastic's rules see. Fields are
/// read one by one from the raw record; no document is built unless ecs_document() is asked for one. It
/// judges no query, and keeps no index.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/event/ecs_types.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/schema.hpp>
#include <rushhour/time.hpp>

namespace rushhour::event {

/// Who wrote the documents.
enum class EcsShape : std::uint8_t {
  /// Elastic Agent with the AWS package, index `logs-aws.cloudtrail-*`: drops null, "", [] and {} first.
  fleet,
  /// Filebeat's older aws module, index `filebeat-*`: nothing is dropped. There is no data_stream.dataset,
  /// aws.cloudtrail.request_id (it looks for `requestId`, which no record has), event_category,
  /// session_credential_from_console, resources in a list, tls.*, related.entity, group.*, user.target.* and
  /// user.changes.*; related.user lacks the caller. Flattened objects have no limit of size.
  filebeat
};

struct EcsOptions {
  EcsShape shape{EcsShape::fleet};
  /// How long after its arrival a record is indexed: event.ingested is their sum, cut to whole seconds as
  /// Fleet's final pipeline does. [CHOICE] Of Filebeat's documents, too: it makes ties the norm, which is the
  /// harder case for rules.
  Duration ingest_delay{};
};

/// The schema. [DOC] spec of new-terms rules, 5; elastic/integrations `packages/aws/data_stream/cloudtrail`
/// (default.yml, entity.yml, fields.yml) and elastic/beats `x-pack/filebeat/module/aws/cloudtrail`, read
/// 2026.
///
/// Values are those of the index, not of the document's source: keywords are texts (`true` for a boolean,
/// `3600` for a number), dates are integers of milliseconds since 1970, several values of an object in a list
/// are an array, and a keyword beyond `ignore_above` is null (ecs_ignore_above()). What would make
/// Elasticsearch refuse the whole document, such as an object for a keyword, is null, too.
///
/// Where Elastic looks something up that is in no record, the field is absent unless the record has it under
/// the field's own name, `{"source": {"as": {"number": 29518}}}`: source.geo.* and source.as.* (there is no
/// GeoIP database here), and entity.target.id, host.target.entity.id, service.target.entity.id and
/// user.target.entity.id of newer packages, whose rules are not known.
///
/// event.category and event.type follow the package's table of 52 actions; all others have `info` and no
/// category. Not here are what depends on the agent (agent.*, cloud.provider, tags, event.original), the
/// other parts of user_agent, digest and Insights records.
class EcsCloudTrail final : public Schema {
 public:
  using Options = EcsOptions;

  explicit EcsCloudTrail(Options options = {});

  /// `user.name`, `aws.cloudtrail.flattened.request_parameters.secretId`, ... Every call makes a new field
  /// with a memory of layouts of its own, so fields are made once for a rule and not shared between threads.
  /// Where all that a field is read from is the same for a layout, so is its constant(), which lives as long
  /// as the field; @timestamp, event.created and event.ingested are not in the record and have none.
  ///
  /// @timestamp is Event::time(), which a replay may have moved; of an event without one (from_json's
  /// default) the record's eventTime, else the arrival.
  [[nodiscard]] std::shared_ptr<const Field> field(std::string_view name) const override;
  [[nodiscard]] FieldType type(std::string_view name) const override { return ecs_field_type(name); }
  /// Flattened objects are given leaf by leaf; sub-fields (`.text`) are not given. Not to be called by two
  /// threads at once.
  void for_each(const Event& event, Arena& scratch,
                const std::function<void(std::string_view name, const Value& value)>& visit) const override;

  [[nodiscard]] const Options& options() const { return options_; }

 private:
  struct Named {
    std::string_view name{};
    std::shared_ptr<const Field> field{};
  };

  Options options_;
  std::vector<Named> fields_;  // all but the flattened ones, in order of names
};

/// How a document is written.
enum class EcsKeys : std::uint8_t {
  nested,  ///< `{"event":{"action":"GetSecretValue"}}`
  flat     ///< `{"event.action":"GetSecretValue"}`
};

/// Every field that has a value, as JSON text, for printing alerts: dates as ISO 8601 with milliseconds, and
/// fields that are lists in ECS (event.category, event.type, related.*) as lists. A key of a flattened object
/// that is both a value and an object stays dotted where it is the object.
[[nodiscard]] std::string ecs_document(const EcsCloudTrail& schema, const Event& event,
                                       EcsKeys keys = EcsKeys::nested);

}  // namespace rushhour::event

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/event/detail/ecs_document_inl.hpp>
#include <rushhour/event/detail/ecs_inl.hpp>
#endif
