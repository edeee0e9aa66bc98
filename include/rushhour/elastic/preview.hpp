/// \file
/// A rule of any kind run at chosen instants over documents that are all there: what Kibana's rule preview
/// does, but at exact instants and with what it searched. Streams of events are trial.hpp's business.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/elastic/exceptions.hpp>
#include <rushhour/elastic/execution.hpp>
#include <rushhour/elastic/new_terms.hpp>
#include <rushhour/elastic/query_rule.hpp>
#include <rushhour/elastic/rule.hpp>
#include <rushhour/elastic/rule_reader.hpp>
#include <rushhour/elastic/schedule.hpp>
#include <rushhour/elastic/term_reader.hpp>
#include <rushhour/elastic/threshold_rule.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/schema.hpp>
#include <rushhour/time.hpp>

namespace rushhour::elastic {

struct PreviewOptions {
  Executor executor{Executor::aggregation};  ///< of new-terms rules
  Ties ties{Ties::alternating};              ///< of new-terms rules
};

class Preview {
 public:
  using Options = PreviewOptions;

  /// The rule and the schema outlive the preview.
  /// \throws InputError as RuleReader does, and for a history window that does not begin before the
  /// look-back.
  Preview(const Rule& rule, const event::Schema& schema, const Options& options = {},
          const ExceptionList& exceptions = {});

  /// A document that runs find from its arrival on; in any order, before the first run. Its number is
  /// Event::id().
  Passage see(const event::Event& document);

  /// Runs ever later.
  [[nodiscard]] Execution run(Instant started);

  /// Of the documents that match: the earliest and the latest that ranges look at. Nothing without any.
  [[nodiscard]] std::optional<Tuple> span() const;

 private:
  struct Document {
    Instant arrival{};
    Instant rule_time{};
    std::uint64_t number{};
    bool is_fallback{};
    std::vector<std::string> keys{};     ///< terms, or the groups of a threshold
    std::vector<std::string> counted{};  ///< values whose cardinality is asked for
  };

  void hand_over(const Document& document);

  const Rule& rule_;
  RuleReader reader_;
  TermReader groups_;
  TermReader counted_;
  RuleTimes times_;
  std::variant<NewTerms, QueryRule, ThresholdRule> executor_;
  std::vector<Document> documents_{};  // from `found_` on not found yet
  std::size_t found_{};
  bool is_sorted_{};
  std::optional<Instant> previous_{};
  event::Arena scratch_{};
};

}  // namespace rushhour::elastic

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/elastic/detail/preview_inl.hpp>
#endif
