/// \file
/// What the truth is about, in terms of documents: which of them count, and what makes two of them the same
/// to it. truth.hpp remembers, this reads events.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/elastic/kql.hpp>
#include <rushhour/elastic/term_reader.hpp>
#include <rushhour/elastic/truth.hpp>
#include <rushhour/event/arena.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/schema.hpp>

namespace rushhour::elastic {

/// What the truth says of one event.
struct TruthMark {
  std::optional<Truth::Term> term{};  ///< nothing: it is not about this one
  bool is_first{};                    ///< as far as is known when it comes
};

class TruthReader {
 public:
  /// The schema outlives the reader.
  /// \param match   the documents that count, in KQL
  /// \param fields  a document without one of them does not count; several values of one are one term
  /// together \param window  after which a term is new again
  TruthReader(std::string_view match, std::span<const std::string> fields, Duration window,
              const event::Schema& schema)
      : query_(match, schema), terms_(fields, schema), truth_(window) {}

  TruthMark see(const event::Event& event) {
    if (!query_(event)) return {};
    scratch_.reset();
    const std::span<const std::string> keys = terms_.read(event, scratch_);
    if (keys.empty()) return {};
    joined_.clear();
    for (const std::string& key : keys) joined_ += key;
    const Truth::Term term = Truth::term(joined_);
    return {.term = term, .is_first = truth_.see(term, event.time(), event.id())};
  }

  [[nodiscard]] const Truth& truth() const { return truth_; }

 private:
  Query query_;
  TermReader terms_;
  Truth truth_;
  event::Arena scratch_{};
  std::string joined_{};
};

}  // namespace rushhour::elastic
