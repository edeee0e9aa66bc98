// Dates in queries: partial ones, date math, rounding, now (new-terms.md 3.2: a range from the first to the
// last instant of the value).

#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include <rushhour/elastic/documents.hpp>
#include <rushhour/elastic/kql.hpp>
#include <rushhour/event/json.hpp>
#include <rushhour/input_error.hpp>

#include "kql_types.hpp"

namespace rushhour::elastic {
namespace {

const Instant wednesday = *parse_iso8601("2024-01-31T10:30:15.500Z");

struct Row {
  std::string_view query;
  std::string_view date;  ///< JSON
  bool matches;

  friend void PrintTo(const Row& row, std::ostream* out) { *out << row.query << "  on  " << row.date; }
};

class KqlDates : public testing::TestWithParam<Row> {};

TEST_P(KqlDates, AreComparedAsRanges) {
  const Documents documents{type_by_name};
  const std::string document = "{\"d\": " + std::string{GetParam().date} + "}";
  EXPECT_EQ((Query{GetParam().query, documents, {.now = wednesday}}(event::from_json(document))),
            GetParam().matches);
  EXPECT_EQ((Query{GetParam().query, documents}(event::from_json(document, {.arrival = wednesday}))),
            GetParam().matches)
      << "now is the arrival of the event";
}

const Row rows[] = {
    {"d:2024-01-02", "\"2024-01-02T00:00:00Z\"", true},
    {"d:2024-01-02", "\"2024-01-02T23:59:59.999Z\"", true},
    {"d:2024-01-02", "\"2024-01-02T23:59:59.999999Z\"", true},  // finer than a millisecond is cut off
    {"d:2024-01-02", "\"2024-01-03T00:00:00Z\"", false},
    {"d:2024-01-02", "\"2024-01-01T23:59:59.999Z\"", false},
    {"d:\"2024-01-02T10\"", "\"2024-01-02T10:59:59Z\"", true},
    {"d:\"2024-01-02T10:30\"", "\"2024-01-02T10:30:59Z\"", true},
    {"d:\"2024-01-02T10:30:15\"", "\"2024-01-02T10:30:15.999Z\"", true},
    {"d:\"2024-01-02T10:30:15\"", "\"2024-01-02T10:30:16Z\"", false},
    {"d:\"2024-01-02T10:30:15Z\"", "\"2024-01-02T10:30:15Z\"", true},
    {"d:\"2024-01-02T10:30:15.5Z\"", "\"2024-01-02T10:30:15.500Z\"", true},
    {"d:\"2024-01-02T10:30:15.5Z\"", "\"2024-01-02T10:30:15.501Z\"", false},
    {"d:\"2024-01-02T10:30:15+01:00\"", "\"2024-01-02T09:30:15Z\"", true},
    {"d:\"2024-01-02T10:30:15+0100\"", "\"2024-01-02T09:30:15Z\"", true},
    {"d:\"2024-01-02T10:30:15-02\"", "\"2024-01-02T12:30:15Z\"", true},
    {"d:2024-01", "\"2024-01-31T12:00:00Z\"", true},
    {"d:2024-02", "\"2024-02-29T23:59:59Z\"", true},
    {"d:2024", "\"2024-12-31T23:59:59Z\"", true},
    {"d:2023", "\"2024-01-01T00:00:00Z\"", false},
    {"d:1704153600000", "\"2024-01-02T00:00:00Z\"", true},
    {"d:1704153600000", "1704153600000", true},
    {"d:1704153600000", "1704153600000.7", true},
    {"d:1704153600000", "\"1704153600000\"", true},
    {"d:1704153600000", "1704153600001", false},
    {"d:2024-01-02", "1704153600000", true},
    {"d:2024-01-02", "\"soon\"", false},
    {"d:2024-01-02", "null", false},
    {"d:2024-01-02", "[\"2023-01-01\", \"2024-01-02\"]", true},
    {"d > 2024-01-02", "\"2024-01-02T23:59:59Z\"", false},
    {"d > 2024-01-02", "\"2024-01-02T23:59:59.999Z\"", false},
    {"d > 2024-01-02", "\"2024-01-03T00:00:00Z\"", true},
    {"d >= 2024-01-02", "\"2024-01-02T00:00:00Z\"", true},
    {"d < 2024-01-02", "\"2024-01-01T23:59:59.999Z\"", true},
    {"d < 2024-01-02", "\"2024-01-02T00:00:00Z\"", false},
    {"d <= 2024-01-02", "\"2024-01-02T23:59:59.999Z\"", true},
    {"d <= 2024-01-02", "\"2024-01-03T00:00:00Z\"", false},
    {"d >= \"2024-01-02T00:00:00Z\" and d < \"2024-01-03T00:00:00Z\"", "\"2024-01-02\"", true},
    {"d:2024-01-02||/M", "\"2024-01-31T12:00:00Z\"", true},
    {"d:2024-01-02||/M", "\"2024-02-01T00:00:00Z\"", false},
    {"d:2024-01-02||/d", "\"2024-01-02T12:00:00Z\"", true},
    {"d >= 2024-01-02||+1M", "\"2024-02-02T00:00:00Z\"", true},
    {"d >= 2024-01-02||+1M", "\"2024-02-01T00:00:00Z\"", false},
    {"d:2024-01-31||+1M", "\"2024-02-29T00:00:00Z\"", true},
    {"d:2024-02-29||+1y", "\"2025-02-28T00:00:00Z\"", true},
    {"d:2024-02-29||-1y/M", "\"2023-02-01T00:00:00Z\"", true},
    {"d:2024-01-02||+1h", "\"2024-01-02T01:00:00Z\"", true},  // the day before || is its first instant
    {"d:2024-01-02||+1h", "\"2024-01-02T05:00:00Z\"", false},
    {"d:2024-01-02||/w", "\"2024-01-01T00:00:00Z\"", true},  // a week begins on Monday
    {"d:2024-01-02||/w", "\"2024-01-07T23:59:59Z\"", true},
    {"d:2024-01-02||/w", "\"2024-01-08T00:00:00Z\"", false},
    {"d:2024-01-02||/y", "\"2024-12-31T00:00:00Z\"", true},
    {"d:2024-01-02||+1d+2h", "\"2024-01-03T02:00:00Z\"", true},
    {"d:2024-01-02||+d", "\"2024-01-03T00:00:00Z\"", true},
    {"d:2024-01-02||+36h-1m+2s", "\"2024-01-03T11:59:02Z\"", true},
    {"d:2024-01-02||+1w", "\"2024-01-09T00:00:00Z\"", true},
    {"d > 2024-01-02||/d", "\"2024-01-02T12:00:00Z\"", false},
    {"d < 2024-01-02||/M", "\"2023-12-31T23:59:59Z\"", true},
    {"d <= 2024-01-02||/M", "\"2024-01-31T23:59:59Z\"", true},
    {"d:now", "\"2024-01-31T10:30:15.500Z\"", true},
    {"d:now", "\"2024-01-31T10:30:15.501Z\"", false},
    {"d >= now-1d", "\"2024-01-30T10:30:15.500Z\"", true},
    {"d >= now-1d", "\"2024-01-30T10:30:15.499Z\"", false},
    {"d >= now-1d/d", "\"2024-01-30T00:00:00Z\"", true},
    {"d < now/d", "\"2024-01-30T23:59:59Z\"", true},
    {"d <= now/d", "\"2024-01-31T23:59:59Z\"", true},
    {"d > now/d", "\"2024-02-01T00:00:00Z\"", true},
    {"d:now/h", "\"2024-01-31T10:59:59Z\"", true},
    {"d:now/H", "\"2024-01-31T11:00:00Z\"", false},
    {"d:now+1M/M", "\"2024-02-15T00:00:00Z\"", true},
    {"d:(2023 or now/d)", "\"2024-01-31T00:00:00Z\"", true},
    {"d >= now-15m and d <= now", "\"2024-01-31T10:20:00Z\"", true},
    {"d:1969-12-31", "-1", true},
    {"d:-1", "\"1969-12-31T23:59:59.999Z\"", true},
};
INSTANTIATE_TEST_SUITE_P(Rows, KqlDates, testing::ValuesIn(rows));

TEST(KqlDate, OfTheQueryMustBeOne) {
  const Documents documents{type_by_name};
  for (const std::string_view text : {"d:soon",
                                      "d:2024-13",
                                      "d:2024-02-30",
                                      "d:2024-00",
                                      "d:2024-01-00",
                                      "d:24-01-01",
                                      "d:2024-1-1",
                                      "d:\"2024-01-01T25\"",
                                      "d:\"2024-01-01T10:60\"",
                                      "d:\"2024-01-01T10:00:60\"",
                                      "d:\"2024-01T10\"",
                                      "d:\"2024-01-01 10:00\"",
                                      "d:\"2024-01-01T10:00:00X\"",
                                      "d:\"2024-01-01T10:00:00.\"",
                                      "d:\"2024-01-01T10:00:00+99\"",
                                      "d:now-",
                                      "d:now-1",
                                      "d:now-1x",
                                      "d:now/",
                                      "d:now/5d",
                                      "d:nowhere",
                                      "d:now 1d",
                                      "d:2024-01-01||+99999999999d",
                                      "d:2024-01-01||+999999999y",
                                      "d:now+999999999w",
                                      "d:\"\"",
                                      "d > soon",
                                      "d:true",
                                      "d:12345678901234567890"}) {
    EXPECT_THROW((Query{text, documents}), InputError) << text;
  }
}

TEST(KqlDate, NowIsTheArrivalOfEachEvent) {
  const Documents documents{type_by_name};
  const Query query{"d >= now-1h", documents};
  const std::string_view document = R"({"d": "2024-01-31T10:00:00Z"})";
  EXPECT_TRUE(query(event::from_json(document, {.arrival = wednesday})));
  EXPECT_FALSE(query(event::from_json(document, {.arrival = wednesday + std::chrono::hours{1}})));
  const Query fixed{"d >= now-1h", documents, {.now = wednesday}};
  EXPECT_TRUE(fixed(event::from_json(document, {.arrival = wednesday + std::chrono::hours{1}})));
}

}  // namespace
}  // namespace rushhour::elastic
