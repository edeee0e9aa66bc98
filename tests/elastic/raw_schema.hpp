/// \file
/// A schema for tests: fields are the keys of the record, dotted, as they stand there.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/event/arena.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/schema.hpp>
#include <rushhour/event/value.hpp>

namespace rushhour::elastic {

/// `{"user": {"id": 1}, "source.ip": "..."}` has `user.id` and `source.ip`. Types are as given, else keyword.
class RawSchema final : public event::Schema {
 public:
  explicit RawSchema(std::map<std::string, event::FieldType, std::less<>> types = {})
      : types_(std::move(types)) {}

  [[nodiscard]] std::shared_ptr<const event::Field> field(std::string_view name) const override {
    return std::make_shared<RawField>(name, type(name) == event::FieldType::nested);
  }
  [[nodiscard]] event::FieldType type(std::string_view name) const override {
    const auto found = types_.find(name);
    return found == types_.end() ? event::FieldType::keyword : found->second;
  }
  void for_each(const event::Event& event, event::Arena& /*scratch*/,
                const std::function<void(std::string_view, const event::Value&)>& visit) const override {
    for (const event::Member& member : event.root().members()) visit(member.key, member.value);
  }

 private:
  class RawField final : public event::Field {
   public:
    RawField(std::string_view name, bool is_nested) : name_(name), is_nested_(is_nested) {}
    [[nodiscard]] event::Value read(const event::Event& event, event::Arena& scratch) const override {
      std::vector<event::Value> found;
      collect(event.root(), name_, found);
      if (found.empty()) return {};
      return found.size() == 1 ? found.front() : event::array(scratch, found);
    }

   private:
    void collect(const event::Value& value, std::string_view path, std::vector<event::Value>& found) const {
      for (const event::Value& item : value.items()) collect(item, path, found);
      if (path.empty()) {
        if (!value.is_null() && !value.is_array() && value.is_object() == is_nested_) found.push_back(value);
        return;
      }
      for (const event::Member& member : value.members()) {
        if (path == member.key) {
          collect(member.value, {}, found);
        } else if (path.starts_with(member.key) && path[member.key.size()] == '.') {
          collect(member.value, path.substr(member.key.size() + 1), found);
        }
      }
    }

    std::string name_;
    bool is_nested_;
  };

  std::map<std::string, event::FieldType, std::less<>> types_;
};

}  // namespace rushhour::elastic
