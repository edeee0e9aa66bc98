/// \file
/// What the readers of a scenario's parts have in common: bounds, and refusals of words and pairs. One part,
/// one file: read_traffic.hpp, read_fleet.hpp, read_detections.hpp, read_world.hpp.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/scenario/detail/words.hpp>
#include <rushhour/scenario/metrics.hpp>
#include <rushhour/scenario/reader.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario::detail {

inline constexpr std::uint64_t events_max = 1'000'000'000;
/// Below the 365 days of synthetic traffic, and so that sums of instants and durations stay within 64 bits.
inline constexpr Duration duration_max = std::chrono::days{364};
inline constexpr Duration latency_max = std::chrono::days{1};
/// Back-off without a cap doubles: the 20th attempt waits up to 73 hours, the 34th would wait up to 136
/// years.
inline constexpr unsigned attempts_max = 20;

inline std::vector<const api::Operation*> operations_of(std::string_view service) {
  std::vector<const api::Operation*> out = all_operations();
  std::erase_if(out,
                [service](const api::Operation* each) { return api::to_text(each->service) != service; });
  return out;
}

/// Paths in a scenario begin in its own folder.
inline std::string beside(const std::string& scenario_file, const std::string& path) {
  return (std::filesystem::path{scenario_file}.parent_path() / path).lexically_normal().string();
}

/// Refuses a word that is none of the known: a text, or the key of a member whose value is `value`.
inline void require_word(const Value& value, std::string_view word,
                         const std::vector<std::string_view>& known) {
  if (std::find(known.begin(), known.end(), word) != known.end()) return;
  Place where = value.place();
  if (value.node().key == word) {
    where.line = value.node().key_line;
    where.column = value.node().key_column;
  }
  where.fail("one of " + list_in_quotes(known, ", "), in_quotes(word), did_you_mean(word, known));
}

/// Of everything that has a name, for require_word().
template <class Named>
[[nodiscard]] std::vector<std::string_view> names_of(const std::vector<Named>& named) {
  std::vector<std::string_view> out;
  out.reserve(named.size());
  for (const Named& each : named) out.push_back(each.name);
  return out;
}

/// A duration of which there may be none: `"60s"`, or the word `"none"`.
inline std::optional<Duration> read_timeout(const Value& value) {
  if (value.is(Node::Kind::text) && value.node().text == "none") return std::nullopt;
  return value.duration({.min = Duration{1}, .max = duration_max});
}

/// Refuses an object that has both of two keys, or neither.
inline void require_one(const Value& object, const std::string& a, bool has_a, const std::string& b,
                        bool has_b) {
  if (has_a != has_b) return;
  object.place().fail("either " + a + " or " + b, has_a ? "both" : "neither");
}

}  // namespace rushhour::scenario::detail
