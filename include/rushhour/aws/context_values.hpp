/// \file
/// The condition keys of one request and their values, gathered only when a policy asks for one. What a key
/// means is the business of who adds it.
#pragma once

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/aws/policy_request.hpp>

namespace rushhour::aws {

/// Owns its texts. A key with several values is added once for each.
class ContextValues {
 public:
  void add(std::string_view key, std::string value) {
    const std::string& kept = texts_.emplace_back(std::move(value));
    values_.push_back({.key = key, .value = kept});
  }
  /// For keys that are made for the request: `aws:PrincipalTag/team`.
  void add_named(std::string key, std::string value) {
    const std::string_view kept = texts_.emplace_back(std::move(key));
    add(kept, std::move(value));
  }

  [[nodiscard]] std::span<const ContextValue> view() const { return values_; }

 private:
  std::deque<std::string> texts_;
  std::vector<ContextValue> values_;
};

/// Knows the keys of a request. Asked at most once for each decision, and not at all where no policy has a
/// condition or a variable.
class ContextSource {
 public:
  ContextSource() = default;
  ContextSource(const ContextSource&) = delete;
  ContextSource& operator=(const ContextSource&) = delete;
  virtual ~ContextSource() = default;
  virtual void add_to(ContextValues& values) const = 0;
};

}  // namespace rushhour::aws
