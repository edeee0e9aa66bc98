/// \file
/// Reads the JSON of a policy document: where it stands in it, what it expects there, and the error when
/// something else is there. What the members mean is policy_compiler.hpp's business.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/aws/policy_request.hpp>
#include <rushhour/input_error.hpp>

namespace rushhour::aws::detail {

class PolicyReader {
 public:
  using Json = nlohmann::json;

  explicit PolicyReader(const PolicySource& source) : source_(source), pointer_(source.pointer) {}
  PolicyReader(const PolicyReader&) = delete;
  PolicyReader& operator=(const PolicyReader&) = delete;

  /// JSON pointer of where the reader stands.
  [[nodiscard]] const std::string& pointer() const { return pointer_; }

  /// Makes the pointer longer while it lives.
  class Step {
   public:
    Step(PolicyReader& reader, std::string_view token) : reader_(reader), size_(reader.pointer_.size()) {
      reader.pointer_ += '/';
      for (const char c : token) {
        reader.pointer_ += c == '/' ? std::string{"~1"} : c == '~' ? "~0" : std::string(1, c);
      }
    }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;
    ~Step() { reader_.pointer_.resize(size_); }

   private:
    PolicyReader& reader_;
    std::size_t size_;
  };

  [[noreturn]] void fail_with(std::string_view expected, std::string seen,
                              std::string_view advice = {}) const {
    throw InputError({.file = std::string{source_.file},
                      .pointer = pointer_,
                      .expected = std::string{expected},
                      .seen = std::move(seen),
                      .advice = std::string{advice}});
  }
  [[noreturn]] void fail(std::string_view expected, const Json& seen, std::string_view advice = {}) const {
    fail_with(expected, shown(seen), advice);
  }
  [[noreturn]] void fail_at(std::string_view key, std::string_view expected, const Json& seen,
                            std::string_view advice = {}) {
    const Step step{*this, key};
    fail(expected, seen, advice);
  }

  /// A scalar as it was written, up to 80 bytes of it; of the rest, which may be nested deeply, only the
  /// type.
  [[nodiscard]] static std::string shown(const Json& seen) {
    if (seen.is_object()) return seen.empty() ? "an empty object" : "an object";
    if (seen.is_array()) return seen.empty() ? "an empty list" : "a list";
    std::string text = seen.dump();
    if (text.size() <= 80) return text;
    std::size_t end = 77;
    while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not inside a UTF-8 sequence
    return text.substr(0, end) + "...";
  }

  /// nlohmann/json keeps the last of two equal members and says nothing: a second Condition would win.
  [[nodiscard]] Json parse() {
    std::vector<std::vector<std::string>> open;
    const auto watch = [&](int, Json::parse_event_t event, Json& parsed) {
      if (event == Json::parse_event_t::object_start) open.emplace_back();
      if (event == Json::parse_event_t::object_end) open.pop_back();
      if (event != Json::parse_event_t::key) return true;
      auto key = parsed.get<std::string>();
      if (std::find(open.back().begin(), open.back().end(), key) != open.back().end()) {
        fail_with("each member once", "\"" + key + "\" twice in one object");
      }
      open.back().push_back(std::move(key));
      return true;
    };
    try {
      return Json::parse(source_.text, watch);
    } catch (const Json::parse_error& error) {
      const std::string_view read = source_.text.substr(0, error.byte == 0 ? 0 : error.byte - 1);
      const std::size_t line_start = read.rfind('\n') + 1;  // 0 on the first line
      const std::string_view at = source_.text.substr(read.size(), 1);
      throw InputError({.file = source_.file.empty() ? "policy" : std::string{source_.file},
                        .line = static_cast<std::uint64_t>(std::count(read.begin(), read.end(), '\n')) + 1,
                        .column = read.size() - line_start + 1,
                        .pointer = pointer_,
                        .expected = "a policy document in JSON",
                        .seen = at.empty() ? "the end of the text" : "\"" + std::string{at} + "\" here"});
    }
  }

  void check_members(const Json& object, std::initializer_list<std::string_view> known) {
    std::string names;
    for (const std::string_view name : known) {
      names += names.empty() ? "" : ", ";
      names += name;
    }
    if (!object.is_object()) fail("an object with the members " + names, object);
    for (const auto& item : object.items()) {
      if (std::find(known.begin(), known.end(), item.key()) != known.end()) continue;
      fail_with("only the members " + names, "\"" + item.key() + "\"");
    }
  }

  const Json& member(const Json& object, std::string_view key, std::string_view expected) const {
    const auto found = object.find(key);
    if (found == object.end()) {
      fail_with("a member \"" + std::string{key} + "\": " + std::string{expected}, "nothing");
    }
    return *found;
  }

  std::string text_at(const Json& object, std::string_view key, std::string_view expected) {
    const Json& value = member(object, key, expected);
    if (!value.is_string()) fail_at(key, expected, value);
    return value.get<std::string>();
  }

  /// Calls `use(std::string, const Json& seen)` for a string, or for each string of a list that is not empty.
  template <class Use>
  void for_each_text(const Json& value, std::string_view expected, Use use) {
    if (!value.is_array()) {
      if (!value.is_string()) fail(expected, value);
      return use(value.get<std::string>(), value);
    }
    if (value.empty()) fail(expected, value);
    for (std::size_t i = 0; i < value.size(); ++i) {
      const Step step{*this, std::to_string(i)};
      if (!value[i].is_string()) fail(expected, value[i]);
      use(value[i].get<std::string>(), value[i]);
    }
  }

 private:
  const PolicySource& source_;
  std::string pointer_;
};

}  // namespace rushhour::aws::detail
