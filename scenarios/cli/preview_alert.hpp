/// \file
/// What an analyst needs to triage an alert: the rule's own words, who did it from where, and what else is
/// known of them from the documents that are previewed.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include <rushhour/elastic/rule.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/schema.hpp>
#include <rushhour/time.hpp>

namespace rushhour::cli {

/// What every document says of who did what, for questions that alerts raise. An identity is user.id.
class Activity {
 public:
  /// The schema outlives it.
  explicit Activity(const event::Schema& schema);

  /// \param matches  whether the rule's query and exceptions let it through
  void see(const event::Event& document, Instant time, bool matches);

  /// Adds to an alert of a document seen: user agent, source, identity, and `prevalence` and `history` of it.
  void describe(nlohmann::ordered_json& alert, std::uint64_t document) const;

 private:
  struct Seen {
    Instant time{};
    std::uint32_t identity{};  ///< 0: none
    std::uint32_t action{};    ///< 0: none
    bool matches{};
    std::string user_agent{};  ///< kept of those that match
    std::string source{};
    std::string request_parameters{};
  };

  [[nodiscard]] std::uint32_t intern(const std::string& text);
  [[nodiscard]] std::string read(const event::Field& field, const event::Event& document);

  std::shared_ptr<const event::Field> identity_;
  std::shared_ptr<const event::Field> action_;
  std::shared_ptr<const event::Field> user_agent_;
  std::shared_ptr<const event::Field> source_;
  std::shared_ptr<const event::Field> request_parameters_;
  std::unordered_map<std::string, std::uint32_t> number_of_{};
  std::vector<std::string> texts_{""};
  std::unordered_map<std::uint64_t, Seen> seen_{};            // by document
  std::vector<std::vector<std::uint64_t>> documents_of_{{}};  // of each identity
  event::Arena scratch_{};
};

/// The rule's part of an alert: id, severity, risk score, threat, tags, references, false positives, note.
void describe_rule(nlohmann::ordered_json& alert, const elastic::Rule& rule);

}  // namespace rushhour::cli
