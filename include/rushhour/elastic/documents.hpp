/// \file
/// Events that are ECS documents already, as Elasticsearch would index them: the schema of `--ecs none`. It
/// turns no record of a log into a document; that is another schema's part.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include <rushhour/config.hpp>
#include <rushhour/event/schema.hpp>

namespace rushhour::elastic {

/// Fields by dotted names, wherever the dots are in the document: `{"event.action": 1}`,
/// `{"event": {"action": 1}}` and mixtures are all the field `event.action`. Names are case-sensitive.
///
/// Arrays are only several values: those of `{"resources": [{"arn": "a"}, {"arn": "b"}]}` and of
/// `{"resources": {"arn": ["a", null, ["b"]]}}` are the same. The values of
///
/// * a `nested` field are the objects of the document, whole;
/// * a `flattened` field are keyword texts: of its key, or of all leaves below it;
/// * every other field are texts, numbers and booleans as the document has them. In a field without a type of
///   its own they behave as if mapped dynamically: queries compare numbers as numbers there, and texts as
///   keywords.
///
/// [CHOICE] A date in a text stays a keyword unless the type says `date`, and so does an address.
class Documents final : public event::Schema {
 public:
  /// The type of each field; unknown ones are keywords.
  using Types = std::function<event::FieldType(std::string_view name)>;

  explicit Documents(Types types = [](std::string_view) { return event::FieldType::keyword; });

  [[nodiscard]] std::shared_ptr<const event::Field> field(std::string_view name) const override;
  [[nodiscard]] event::FieldType type(std::string_view name) const override { return types_(name); }
  void for_each(
      const event::Event& event, event::Arena& scratch,
      const std::function<void(std::string_view name, const event::Value& value)>& visit) const override;

 private:
  Types types_;
};

}  // namespace rushhour::elastic

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/elastic/detail/documents_inl.hpp>
#endif
