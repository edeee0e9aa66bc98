/// \file
/// What a rule groups its alerts by: values of the event, as `def dedup(event): return f"{a}:{b}"` joins
/// them. Grouping itself is the engine's business.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <rushhour/event/event.hpp>
#include <rushhour/event/path.hpp>

namespace rushhour::detect {

/// \code
///   DedupKeys keys{{"source_ip", "userIdentity.arn"}};
///   keys(event);  // "198.51.100.7:arn:aws:iam::111122223333:user/alice"
/// \endcode
class DedupKeys {
 public:
  /// Each a name for event::Event::udm(), or with dots a path of exact case. Throws InputError when a path
  /// has an empty key.
  explicit DedupKeys(const std::vector<std::string>& names) {
    keys_.reserve(names.size());
    for (const std::string& name : names) keys_.push_back({name, event::Path{name}});
  }

  /// The values joined by colons: texts as they are, a missing one as Python's None, others as JSON. Empty
  /// when all of them are missing.
  [[nodiscard]] std::string operator()(const event::Event& event) const {
    std::string out;
    bool found = false;
    for (const Key& key : keys_) {
      if (&key != &keys_.front()) out += ':';
      const bool is_path = key.path.keys().size() > 1;
      const event::Value value = is_path ? key.path(event) : event.udm(key.name);
      if (value.is_null()) {
        out += "None";
        continue;
      }
      found = true;
      if (const auto text = value.as_text()) {
        out += *text;
      } else {
        event::append_json(out, value, [&event](event::Value slot) { return event.resolve(slot); });
      }
    }
    if (!found) out.clear();
    return out;
  }

 private:
  struct Key {
    std::string name;
    event::Path path;
  };
  std::vector<Key> keys_{};
};

}  // namespace rushhour::detect
