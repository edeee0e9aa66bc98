/// \file
/// Paths into items: finding, setting, removing and picking out what they lead to. Paths are bound: their
/// steps are names and indices.
///
/// Source: Amazon DynamoDB Developer Guide, "Referring to item attributes when using expressions" (spec tag
/// DOC); what a path beyond a list's end does: REC ExtendDB.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <rushhour/fakes/detail/dynamodb/expression.hpp>
#include <rushhour/fakes/detail/dynamodb/values.hpp>

namespace rushhour::fakes::detail::dynamodb {

/// What one step leads to; null: nothing.
[[nodiscard]] inline const AttributeValue* step_into(const AttributeMap& map, const PathStep& step) {
  const auto found = step.kind == PathStep::Kind::index ? map.end() : map.find(step.name);
  return found == map.end() ? nullptr : &found->second;
}
[[nodiscard]] inline const AttributeValue* step_into(const AttributeValue& value, const PathStep& step) {
  if (const auto* map = value.get<AttributeMap>()) return step_into(*map, step);
  const auto* list = value.get<AttributeList>();
  const bool is_inside = list != nullptr && step.kind == PathStep::Kind::index && step.index < list->size();
  return is_inside ? &(*list)[static_cast<std::size_t>(step.index)] : nullptr;
}

/// What a path leads to; null: nothing.
[[nodiscard]] inline const AttributeValue* find(const AttributeMap& item, std::span<const PathStep> path) {
  const AttributeValue* at = path.empty() ? nullptr : step_into(item, path.front());
  for (std::size_t i = 1; i < path.size() && at != nullptr; ++i) at = step_into(*at, path[i]);
  return at;
}
[[nodiscard]] inline AttributeValue* find(AttributeMap& item, std::span<const PathStep> path) {
  return const_cast<AttributeValue*>(find(std::as_const(item), path));
}

/// Whether a path has somewhere to lead to: the map or list that its last step is of.
[[nodiscard]] inline bool has_parent(const AttributeMap& item, const DocumentPath& path) {
  if (path.size() == 1) return true;
  const AttributeValue* const parent = find(item, std::span{path}.first(path.size() - 1));
  if (parent == nullptr) return false;
  return path.back().kind == PathStep::Kind::index ? parent->type() == AttributeType::list
                                                   : parent->type() == AttributeType::map;
}

/// Puts a value where the path leads, behind the end of a list where it leads beyond. It has a parent.
inline void set(AttributeMap& item, const DocumentPath& path, AttributeValue value) {
  AttributeValue* const parent =
      path.size() == 1 ? nullptr : find(item, std::span{path}.first(path.size() - 1));
  const PathStep& last = path.back();
  if (last.kind == PathStep::Kind::index) {
    auto& list = *parent->get<AttributeList>();
    if (last.index < list.size()) {
      list[static_cast<std::size_t>(last.index)] = std::move(value);
    } else {
      list.push_back(std::move(value));
    }
    return;
  }
  AttributeMap& map = parent == nullptr ? item : *parent->get<AttributeMap>();
  map.insert_or_assign(last.name, std::move(value));
}

/// Removes what the path leads to, if anything. It has a parent.
inline void remove(AttributeMap& item, const DocumentPath& path) {
  AttributeValue* const parent =
      path.size() == 1 ? nullptr : find(item, std::span{path}.first(path.size() - 1));
  const PathStep& last = path.back();
  if (last.kind == PathStep::Kind::index) {
    auto& list = *parent->get<AttributeList>();
    if (last.index < list.size()) list.erase(list.begin() + static_cast<std::ptrdiff_t>(last.index));
    return;
  }
  (parent == nullptr ? item : *parent->get<AttributeMap>()).erase(last.name);
}

// ---- Picking out ----

/// What is picked of one value: all of it, or what is below.
struct Pick {
  PathStep step{};
  bool is_whole{};
  std::vector<Pick> below{};
};

inline void add_pick(std::vector<Pick>& picks, std::span<const PathStep> path) {
  for (Pick& pick : picks) {
    if (!(pick.step == path.front())) continue;
    if (path.size() == 1) {
      pick.is_whole = true;
    } else {
      add_pick(pick.below, path.subspan(1));
    }
    return;
  }
  Pick& made = picks.emplace_back(Pick{.step = path.front(), .is_whole = path.size() == 1});
  if (path.size() > 1) add_pick(made.below, path.subspan(1));
}

[[nodiscard]] inline std::optional<AttributeValue> pick_of(const AttributeValue& value, const Pick& pick);

/// The members that are picked, and there.
[[nodiscard]] inline AttributeMap pick_of(const AttributeMap& map, const std::vector<Pick>& picks) {
  AttributeMap out;
  for (const Pick& pick : picks) {
    const AttributeValue* const found = step_into(map, pick.step);
    if (found == nullptr) continue;
    if (auto picked = pick_of(*found, pick)) out.insert_or_assign(pick.step.name, std::move(*picked));
  }
  return out;
}

/// Elements of a list close up, in the order of their indices.
[[nodiscard]] inline std::optional<AttributeValue> pick_of(const AttributeValue& value, const Pick& pick) {
  if (pick.is_whole) return value;
  if (const auto* map = value.get<AttributeMap>()) {
    AttributeMap picked = pick_of(*map, pick.below);
    if (picked.empty()) return std::nullopt;
    return AttributeValue::map(std::move(picked));
  }
  const auto* list = value.get<AttributeList>();
  if (list == nullptr) return std::nullopt;
  AttributeList picked;
  for (std::size_t i = 0; i < list->size(); ++i) {
    for (const Pick& each : pick.below) {
      if (each.step.kind != PathStep::Kind::index || each.step.index != i) continue;
      if (auto element = pick_of((*list)[i], each)) picked.push_back(std::move(*element));
    }
  }
  if (picked.empty()) return std::nullopt;
  return AttributeValue::list(std::move(picked));
}

/// Of an item what the paths lead to, each in the maps and lists that it is in.
[[nodiscard]] inline AttributeMap project(const AttributeMap& item, const std::vector<DocumentPath>& paths) {
  std::vector<Pick> picks;
  for (const DocumentPath& path : paths) add_pick(picks, path);
  return pick_of(item, picks);
}

}  // namespace rushhour::fakes::detail::dynamodb
