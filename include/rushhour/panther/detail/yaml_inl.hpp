/// \file
/// Builds the tree from the events of yaml-cpp's parser, which know their places. The only place that knows
/// yaml-cpp.
#pragma once

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <sstream>
#include <utility>

#include <rushhour/panther/detail/yaml_scalar.hpp>
#include <rushhour/panther/yaml.hpp>

namespace rushhour::panther {
namespace detail {

class YamlBuilder final : public YAML::EventHandler {
 public:
  explicit YamlBuilder(const std::string& file) : file_(file) {}

  [[nodiscard]] YamlValue take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(placed(mark), anchor, /*is_plain=*/true);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    YamlValue value = placed(mark);
    if (tag == "?") {
      resolve_plain(text, value);
      is_merge_ = text == "<<";
    } else {
      is_merge_ = false;
      resolve_tagged(tag, text, value);
    }
    add(std::move(value), anchor, tag == "?");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      fail(mark, "an alias of a value that is complete", "one inside its own anchor");
    }
    count(found->second.values, mark);
    YamlValue copy = found->second.value;
    copy.line = line(mark);
    copy.column = column(mark);
    is_merge_ = false;
    complete(std::move(copy), found->second.values);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    require_tag(mark, tag, "tag:yaml.org,2002:seq");
    open(YamlValue::Kind::sequence, mark, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    require_tag(mark, tag, "tag:yaml.org,2002:map");
    open(YamlValue::Kind::mapping, mark, anchor);
  }
  void OnMapEnd() override { close(); }

  [[noreturn]] void fail(const YAML::Mark& mark, std::string expected, std::string seen,
                         std::string advice = {}) const {
    throw InputError({.file = file_,
                      .line = line(mark),
                      .column = column(mark),
                      .expected = std::move(expected),
                      .seen = std::move(seen),
                      .advice = std::move(advice)});
  }

 private:
  /// A sequence or mapping that is being read.
  struct Open {
    YamlValue value{};
    YAML::anchor_t anchor{};
    std::size_t values{1};
    bool has_key{};   ///< of a mapping: the next value is that of `key`
    bool is_merge{};  ///< whose key is `<<`
    YamlValue key{};
    std::vector<YamlValue> merged{};  ///< what `<<` brought in, first come first
  };
  struct Anchored {
    YamlValue value{};
    std::size_t values{};
  };

  // Marks count from 0; yaml-cpp gives -1 where it knows no place.
  [[nodiscard]] static std::uint64_t line(const YAML::Mark& mark) {
    return static_cast<std::uint64_t>(mark.line) + 1;
  }
  [[nodiscard]] static std::uint64_t column(const YAML::Mark& mark) {
    return static_cast<std::uint64_t>(mark.column) + 1;
  }
  [[nodiscard]] static YamlValue placed(const YAML::Mark& mark) {
    YamlValue value;
    value.line = line(mark);
    value.column = column(mark);
    return value;
  }

  void resolve_tagged(const std::string& tag, const std::string& text, YamlValue& value) {
    using Kind = YamlValue::Kind;
    if (tag == "!" || tag == "tag:yaml.org,2002:str") {
      value.kind = Kind::text;
      value.text = text;
      return;
    }
    const Kind wanted = tag == "tag:yaml.org,2002:int"     ? Kind::integer
                        : tag == "tag:yaml.org,2002:float" ? Kind::real
                        : tag == "tag:yaml.org,2002:bool"  ? Kind::boolean
                                                           : Kind::null;
    const bool is_known = wanted != Kind::null || tag == "tag:yaml.org,2002:null";
    const YAML::Mark mark = mark_of(value);
    if (!is_known) refuse_tag(mark, tag);
    resolve_plain(text, value);
    if (wanted == Kind::real && value.kind == Kind::integer) {
      value.kind = Kind::real;
      value.real = static_cast<double>(value.integer);
    }
    if (value.kind != wanted) fail(mark, "a scalar that its tag " + tag + " allows", '"' + text + '"');
  }
  [[nodiscard]] static YAML::Mark mark_of(const YamlValue& value) {
    YAML::Mark mark;
    mark.line = static_cast<int>(value.line) - 1;
    mark.column = static_cast<int>(value.column) - 1;
    return mark;
  }
  [[noreturn]] void refuse_tag(const YAML::Mark& mark, const std::string& tag) const {
    fail(mark, "a tag of YAML's core schema, such as !!str", '"' + tag + '"', "leave the tag out");
  }
  void require_tag(const YAML::Mark& mark, const std::string& tag, std::string_view own) const {
    if (!tag.empty() && tag != "?" && tag != "!" && tag != own) refuse_tag(mark, tag);
  }

  void count(std::size_t values, const YAML::Mark& mark) {
    values_ += values;
    if (values_ > yaml_values_max) {
      fail(mark, "a document of at most " + std::to_string(yaml_values_max) + " values",
           "more, those of aliases counted");
    }
  }

  void open(YamlValue::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    count(1, mark);
    if (open_.size() == yaml_depth_max) {
      fail(mark, "at most " + std::to_string(yaml_depth_max) + " levels", "one more");
    }
    Open opened{.value = placed(mark), .anchor = anchor};
    opened.value.kind = kind;
    if (!open_.empty()) require_scalar_key(mark);
    open_.push_back(std::move(opened));
  }
  void require_scalar_key(const YAML::Mark& mark) const {
    const Open& parent = open_.back();
    if (parent.value.is_mapping() && !parent.has_key) {
      fail(mark, "a scalar as key", "a sequence or mapping", "JSON has no other keys than texts");
    }
  }

  void add(YamlValue value, YAML::anchor_t anchor, bool is_plain) {
    count(1, mark_of(value));
    if (!is_plain || value.is_null()) is_merge_ = false;
    if (anchor != 0) anchors_.insert_or_assign(anchor, Anchored{value, 1});
    complete(std::move(value), 1);
  }
  void close() {
    Open closed = std::move(open_.back());
    open_.pop_back();
    if (!closed.merged.empty()) {
      std::vector<YamlValue> own = std::move(closed.value.children);
      closed.value.children.clear();
      for (YamlValue& member : closed.merged) {
        const bool is_own = std::any_of(own.begin(), own.end(),
                                        [&](const YamlValue& each) { return each.key == member.key; });
        if (!is_own && closed.value.find(member.key) == nullptr) {
          closed.value.children.push_back(std::move(member));
        }
      }
      std::move(own.begin(), own.end(), std::back_inserter(closed.value.children));
    }
    is_merge_ = false;
    if (closed.anchor != 0) anchors_.insert_or_assign(closed.anchor, Anchored{closed.value, closed.values});
    complete(std::move(closed.value), closed.values);
  }

  /// Puts a complete value where it belongs.
  void complete(YamlValue value, std::size_t values) {
    if (open_.empty()) {
      root_ = std::move(value);
      return;
    }
    Open& parent = open_.back();
    parent.values += values;
    if (parent.value.is_sequence()) {
      parent.value.children.push_back(std::move(value));
    } else if (!parent.has_key) {
      begin_member(parent, std::move(value));
    } else {
      parent.has_key = false;
      if (parent.is_merge) {
        merge(parent, value);
      } else {
        value.key = std::move(parent.key.text);
        value.key_line = parent.key.line;
        value.key_column = parent.key.column;
        parent.value.children.push_back(std::move(value));
      }
    }
  }
  void begin_member(Open& mapping, YamlValue key) {
    require_key_kind(key);
    if (!key.is_text()) key.text = to_json(key);
    mapping.is_merge = is_merge_;
    mapping.has_key = true;
    const YamlValue* const before = is_merge_ ? nullptr : mapping.value.find(key.text);
    if (before != nullptr) {
      fail(mark_of(key), "each key once", '"' + key.text + "\" again",
           "it stands in line " + std::to_string(before->key_line) + ", too");
    }
    mapping.key = std::move(key);
  }
  void require_key_kind(const YamlValue& key) const {
    if (key.is_sequence() || key.is_mapping()) {
      fail(mark_of(key), "a scalar as key", panther::seen(key), "JSON has no other keys than texts");
    }
  }
  void merge(Open& mapping, const YamlValue& value) const {
    if (value.is_mapping()) {
      mapping.merged.insert(mapping.merged.end(), value.children.begin(), value.children.end());
      return;
    }
    bool is_list = value.is_sequence();
    for (const YamlValue& each : value.children) is_list = is_list && each.is_mapping();
    if (!is_list) {
      fail(mark_of(value), "for << a mapping or a sequence of mappings", panther::seen(value),
           "write \"<<\" in quotes if it is an ordinary key");
    }
    for (const YamlValue& each : value.children) merge(mapping, each);
  }

  const std::string& file_;
  YamlValue root_{};
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::size_t values_ = 0;
  bool is_merge_ = false;  ///< the scalar at hand is a plain `<<`
};

}  // namespace detail

RUSHHOUR_INLINE YamlValue parse_yaml(std::string_view text, const std::string& file) {
  std::istringstream stream{std::string{text}};
  detail::YamlBuilder builder{file};
  try {
    YAML::Parser parser{stream};
    if (!parser.HandleNextDocument(builder)) return {};
    YamlValue out = builder.take();
    detail::YamlBuilder second{file};
    if (parser.HandleNextDocument(second)) {
      const YamlValue more = second.take();
      throw InputError({.file = file,
                        .line = more.line,
                        .column = more.column,
                        .expected = "one document",
                        .seen = "a second one",
                        .advice = "put it into a file of its own"});
    }
    return out;
  } catch (const YAML::Exception& error) {
    builder.fail(error.mark, "YAML", {}, "yaml-cpp says: " + error.msg);
  }
}

RUSHHOUR_INLINE event::Value to_value(const YamlValue& value, event::Arena& arena) {
  switch (value.kind) {
    case YamlValue::Kind::null:
      return {};
    case YamlValue::Kind::boolean:
      return value.boolean;
    case YamlValue::Kind::integer:
      return value.integer;
    case YamlValue::Kind::real:
      return value.real;
    case YamlValue::Kind::text:
      return arena.copy(value.text);
    case YamlValue::Kind::sequence: {
      std::vector<event::Value> items;
      items.reserve(value.children.size());
      for (const YamlValue& child : value.children) items.push_back(to_value(child, arena));
      return event::array(arena, items);
    }
    case YamlValue::Kind::mapping:
      break;
  }
  std::vector<event::Member> members;
  members.reserve(value.children.size());
  for (const YamlValue& child : value.children) {
    members.push_back({arena.copy(child.key), to_value(child, arena)});
  }
  return event::object(arena, members);
}

RUSHHOUR_INLINE std::string to_json(const YamlValue& value) {
  event::Arena arena;
  return event::to_json(to_value(value, arena));
}

RUSHHOUR_INLINE std::string seen(const YamlValue& value) {
  constexpr std::size_t text_max = 60;
  switch (value.kind) {
    case YamlValue::Kind::sequence:
      return value.children.empty() ? "an empty sequence"
                                    : "a sequence of " + std::to_string(value.children.size());
    case YamlValue::Kind::mapping:
      return value.children.empty() ? "an empty mapping" : "a mapping";
    case YamlValue::Kind::text:
      if (value.text.size() > text_max) return "a text of " + std::to_string(value.text.size()) + " bytes";
      break;
    default:
      break;
  }
  return to_json(value);
}

}  // namespace rushhour::panther
