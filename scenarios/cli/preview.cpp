// `rushhour preview`: one rule over documents at exact instants.

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <rushhour/elastic/preview.hpp>
#include <rushhour/elastic/term_key.hpp>
#include <rushhour/event/ecs.hpp>
#include <rushhour/input_error.hpp>
#include <rushhour/time.hpp>

#include "commands.hpp"
#include "document_file.hpp"
#include "preview_alert.hpp"
#include "rule_file.hpp"

namespace rushhour::cli {

namespace {

using Json = nlohmann::ordered_json;

/// A time as ISO 8601 or in milliseconds since 1970.
Instant instant_of(std::string_view text, const char* option) {
  std::int64_t ms = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, ms);
  const bool is_number = read.ec == std::errc{} && read.ptr == end;
  const auto instant = is_number ? elastic::as_date(ms) : parse_iso8601(text);
  if (instant) return *instant;
  throw InputError({.expected = std::string{"for "} + option +
                                " a time such as 2026-03-02T14:00:00Z, or milliseconds since 1970",
                    .seen = '"' + std::string{text} + '"'});
}

Duration ingest_delay_of(const PreviewCommand& command) {
  const auto delay = parse_duration(command.ingest_delay);
  if (delay) return *delay;
  throw InputError(
      {.expected = "for --ingest-delay a duration such as 30s", .seen = '"' + command.ingest_delay + '"'});
}

/// Reads the documents and hands them to the preview, each from the instant on at which runs can find it.
class Reading {
 public:
  Reading(const PreviewCommand& command, const event::Schema& schema)
      : is_raw_(command.ecs != "none"),
        delay_(ingest_delay_of(command)),
        timestamp_(schema.field("@timestamp")),
        ingested_(schema.field("event.ingested")) {
    if (command.alerts == "full") activity_.emplace(schema);
  }

  void read(const std::string& path, elastic::Preview& preview) {
    DocumentFile file{path, ids_.size()};
    for (event::Event document; file.next(document);) {
      const Instant time = set_arrival(document, path);
      const elastic::Passage passage = preview.see(document);
      ids_.push_back(id_of(document));
      if (activity_) activity_->see(document, time, passage == elastic::Passage::matches);
    }
  }

  [[nodiscard]] Json id_of(std::uint64_t document) const { return ids_[document - 1]; }
  [[nodiscard]] const std::optional<Activity>& activity() const { return activity_; }

 private:
  /// Gives the document's time. A top-level `visible` says when it can be found, for those who know;
  /// otherwise it is when it was ingested, or so long after its @timestamp as --ingest-delay says.
  Instant set_arrival(event::Event& document, const std::string& path) {
    scratch_.reset();
    const auto time = elastic::as_date(timestamp_->read(document, scratch_));
    const bool is_record = document.root().find(event::cloudtrail::event_time) != nullptr;
    if (!time || (is_raw_ && !is_record)) {
      throw InputError({.file = path,
                        .expected = "in document " + std::to_string(document.id()) +
                                    (is_raw_ ? " an eventTime" : " a @timestamp"),
                        .seen = "none",
                        .advice = is_raw_ ? "say --ecs none when these are ECS documents" : ""});
    }
    Instant found = *time + delay_;
    if (!is_raw_) {
      const event::Value ingested = ingested_->read(document, scratch_);
      found = elastic::as_date(ingested).value_or(found);
      const event::Value* const visible = document.root().find("visible");
      if (visible != nullptr) found = elastic::as_date(*visible).value_or(found);
    }
    document.arrive(is_raw_ ? *time : found);  // the schema of records adds the delay itself
    return *time;
  }

  [[nodiscard]] Json id_of(const event::Event& document) const {
    for (const char* const key : {"_id", "eventID", "id"}) {
      const event::Value* const id = document.root().find(key);
      if (id != nullptr && id->is_text()) return std::string{id->text_or("")};
      if (id != nullptr && id->as_integer()) return *id->as_integer();
    }
    return document.id();
  }

  bool is_raw_;
  Duration delay_;
  std::shared_ptr<const event::Field> timestamp_;
  std::shared_ptr<const event::Field> ingested_;
  std::vector<Json> ids_{};
  std::optional<Activity> activity_{};
  event::Arena scratch_{};
};

std::vector<Instant> starts_of(const PreviewCommand& command, const elastic::Rule& rule,
                               const elastic::Preview& preview) {
  std::vector<Instant> out;
  if (!command.starts.empty()) {
    if (!command.start.empty() || !command.end.empty())
      throw InputError({.expected = "either --starts, or --start and --end", .seen = "both"});
    for (std::string_view rest = command.starts;;) {
      const std::size_t comma = rest.find(',');
      out.push_back(instant_of(rest.substr(0, comma), "--starts"));
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
    if (std::ranges::adjacent_find(out, std::ranges::greater_equal{}) != out.end())
      throw InputError({.expected = "for --starts instants ever later"});
    return out;
  }
  const auto span = preview.span();
  if (!span && (command.start.empty() || command.end.empty())) return out;
  const Instant start =
      command.start.empty() ? span->from + rule.interval : instant_of(command.start, "--start");
  const Duration look_back = rule.to.at(start) - rule.from.at(start);
  const Instant end = command.end.empty() ? span->to + look_back : instant_of(command.end, "--end");
  if (end < start) {
    throw InputError({.expected = "an --end that is not before the --start, " + to_iso8601(start),
                      .seen = to_iso8601(end)});
  }
  for (Instant at = start;; at += rule.interval) {
    out.push_back(at);
    if (end - at < rule.interval) return out;
  }
}

Json value_json(const event::Value& value) { return Json::parse(event::to_json(value)); }

Json alert_json(const elastic::RuleAlert& alert, const Reading& reading, const elastic::Rule& rule) {
  event::Arena arena;
  Json terms = Json::array();
  const std::vector<event::Value> values = elastic::terms_of(alert.terms, arena);
  for (const event::Value& value : values) terms.push_back(value_json(value));
  Json out{{"document", reading.id_of(alert.document)}, {"terms", std::move(terms)}};
  if (reading.activity()) {
    reading.activity()->describe(out, alert.document);
    describe_rule(out, rule);
  }
  return out;
}

}  // namespace

int preview(const PreviewCommand& command) {
  const elastic::Rule rule = load_rule(command.rule);
  const std::unique_ptr<const event::Schema> schema = make_schema(command.ecs, ingest_delay_of(command));
  elastic::ExceptionList exceptions;
  if (!command.exceptions.empty()) exceptions = elastic::load_exceptions(command.exceptions);
  const elastic::PreviewOptions options{
      .executor = command.executor == "esql" ? elastic::Executor::esql : elastic::Executor::aggregation,
      .ties = command.ties == "stable" ? elastic::Ties::stable : elastic::Ties::alternating};
  elastic::Preview preview{rule, *schema, options, exceptions};
  Reading reading{command, *schema};
  for (const std::string& path : command.documents) reading.read(path, preview);

  const std::vector<Instant> starts = starts_of(command, rule, preview);
  for (const Instant start : starts) {
    const elastic::Execution execution = preview.run(start);
    Json line{{"started", to_iso8601(execution.started, Precision::milliseconds)}};
    line["alerts"] = Json::array();
    for (const elastic::RuleAlert& alert : execution.alerts)
      line["alerts"].push_back(alert_json(alert, reading, rule));
    line["truncated"] = execution.truncated;
    line["gap_ms"] = std::chrono::floor<std::chrono::milliseconds>(execution.gap).count();
    line["searches"] = execution.searches;
    std::puts(line.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
  }
  return exit_ok;
}

}  // namespace rushhour::cli
