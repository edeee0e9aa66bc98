/// \file
/// The terms of a document: each combination of the values of some fields, as keys of term_key.hpp. It knows
/// neither queries nor rules.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <rushhour/elastic/term_key.hpp>
#include <rushhour/event/arena.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/schema.hpp>

namespace rushhour::elastic {

/// Made once for a rule and used for each event; not shared between threads.
class TermReader {
 public:
  /// The schema outlives the reader.
  TermReader(std::span<const std::string> fields, const event::Schema& schema) {
    for (const std::string& field : fields) fields_.push_back(schema.field(field));
  }

  /// Distinct keys, in no particular order, which live until the next call. None when a field has no value:
  /// such a document counts nowhere (spec new-terms.md 1.3, `missing_bucket` false). Several when a field has
  /// several values: every value, and of several fields every combination.
  [[nodiscard]] std::span<const std::string> read(const event::Event& event, event::Arena& scratch) {
    if (keys_.empty()) keys_.emplace_back();
    keys_.front().clear();
    count_ = 1;
    for (const auto& field : fields_) {
      const event::Value value = field->read(event, scratch);
      if (value.is_array()) {
        multiply(value.items());
      } else if (value.is_null()) {
        count_ = 0;
      } else {
        for (std::string& key : std::span{keys_}.first(count_)) append_term(key, value);
      }
      if (count_ == 0) return {};
    }
    return std::span{keys_}.first(count_);
  }

 private:
  void multiply(std::span<const event::Value> values) {
    std::vector<std::string> longer;
    for (std::size_t i = 0; i < count_; ++i) {
      for (const event::Value& value : values) append_term(longer.emplace_back(keys_[i]), value);
    }
    std::ranges::sort(longer);
    longer.erase(std::unique(longer.begin(), longer.end()), longer.end());
    count_ = longer.size();
    if (keys_.size() < count_) keys_.resize(count_);
    std::ranges::move(longer, keys_.begin());
  }

  std::vector<std::shared_ptr<const event::Field>> fields_{};
  std::vector<std::string> keys_{};  // the first `count_` of them
  std::size_t count_{};
};

}  // namespace rushhour::elastic
