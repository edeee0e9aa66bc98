/// \file
/// Shapes: how a C++ struct describes its members to the protocols, in the words of the AWS service models
/// (shape, member, constraint). A request or result is declared once, as a struct and a row table; the
/// walkers that derive JSON, Query, XML and validation from the table are compiled once, in json_1_1.hpp,
/// query_xml.hpp and here.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <rushhour/config.hpp>
#include <rushhour/time.hpp>

namespace rushhour::aws {

enum class Kind : std::uint8_t { string, integer, boolean, timestamp, structure, list, map };

struct Shape;

/// A member's constraint, as the service model states it. For strings a length, for integers a range.
struct Constraint {
  std::int64_t min{0};
  std::int64_t max{-1};              ///< -1: unbounded
  bool (*allows)(char character){};  ///< null: any character
  std::string_view pattern{};        ///< the pattern as errors print it
};

[[nodiscard]] constexpr Constraint length(std::int64_t min, std::int64_t max) {
  return {min, max, nullptr, {}};
}
[[nodiscard]] constexpr Constraint range(std::int64_t min, std::int64_t max) {
  return {min, max, nullptr, {}};
}
[[nodiscard]] constexpr Constraint matching(std::string_view pattern, bool (*allows)(char),
                                            Constraint rest = {}) {
  return {rest.min, rest.max, allows, pattern};
}

/// One row of a structure's table.
struct Member {
  std::string_view name;  ///< wire name: `RoleArn`
  const Shape* shape;
  const void* (*in)(const void* object);  ///< where it lies in the object
  Constraint constraint{};
  bool required{};
  bool sensitive{};  ///< never written to CloudTrail or a journal
};

using Members = std::span<const Member>;

/// Specialise for each described struct: `static constexpr std::array members{...}`.
template <class T>
struct Described;

/// Type-erased access to a C++ type. Optional types are the shape of what they hold, and may be absent.
struct Shape {
  Kind kind;
  bool (*present)(const void* value);
  const void* (*get)(const void* value);    ///< what a present value holds
  void* (*emplace)(void* value);            ///< makes it present, and default
  Members (*members)(){};                   ///< structures
  const Shape* element{};                   ///< lists and maps
  std::size_t (*size)(const void* held){};  ///< lists
  const void* (*at)(const void* held, std::size_t index){};
  void* (*append)(void* held){};
  void (*each)(const void* held, void* context,
               void (*visit)(void* context, std::string_view key, const void* value)){};
  void* (*insert)(void* held, std::string_view key){};  ///< maps
};

namespace detail {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = true;
template <class T>
inline constexpr bool is_map = false;
template <class T>
inline constexpr bool is_map<std::map<std::string, T>> = true;

template <class T>
constexpr Kind kind_of() {
  if constexpr (std::is_same_v<T, std::string>) {
    return Kind::string;
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    return Kind::integer;
  } else if constexpr (std::is_same_v<T, bool>) {
    return Kind::boolean;
  } else if constexpr (std::is_same_v<T, Instant>) {
    return Kind::timestamp;
  } else if constexpr (is_list<T>) {
    return Kind::list;
  } else if constexpr (is_map<T>) {
    return Kind::map;
  } else {
    static_assert(std::is_class_v<T>,
                  "a member is std::string, std::int64_t, bool, Instant, a described struct, or an "
                  "optional, vector or map<string, ...> of these");
    return Kind::structure;
  }
}

template <class T>
struct ShapeOf;

template <class T>
constexpr Shape make_shape() {
  Shape shape{.kind = kind_of<T>(),
              .present = [](const void*) { return true; },
              .get = [](const void* value) { return value; },
              .emplace = [](void* value) { return value; }};
  if constexpr (is_list<T>) {
    using E = typename T::value_type;
    shape.present = [](const void* value) { return !static_cast<const T*>(value)->empty(); };
    shape.element = &ShapeOf<E>::value;
    shape.size = [](const void* held) { return static_cast<const T*>(held)->size(); };
    shape.at = [](const void* held, std::size_t index) -> const void* {
      return &(*static_cast<const T*>(held))[index];
    };
    shape.append = [](void* held) -> void* { return &static_cast<T*>(held)->emplace_back(); };
  } else if constexpr (is_map<T>) {
    shape.present = [](const void* value) { return !static_cast<const T*>(value)->empty(); };
    shape.element = &ShapeOf<typename T::mapped_type>::value;
    shape.each = [](const void* held, void* context, void (*visit)(void*, std::string_view, const void*)) {
      for (const auto& [key, value] : *static_cast<const T*>(held)) visit(context, key, &value);
    };
    shape.insert = [](void* held, std::string_view key) -> void* {
      return &(*static_cast<T*>(held))[std::string{key}];
    };
  } else if constexpr (kind_of<T>() == Kind::structure) {
    shape.members = [] { return Members{Described<T>::members}; };
  }
  return shape;
}

template <class T>
struct ShapeOf {
  static constexpr Shape value = make_shape<T>();
};

template <class T>
struct ShapeOf<std::optional<T>> {
  static constexpr Shape value = [] {
    Shape shape = make_shape<T>();
    shape.present = [](const void* held) { return static_cast<const std::optional<T>*>(held)->has_value(); };
    shape.get = [](const void* held) -> const void* { return &**static_cast<const std::optional<T>*>(held); };
    shape.emplace = [](void* held) -> void* { return &static_cast<std::optional<T>*>(held)->emplace(); };
    return shape;
  }();
};

template <class>
struct MemberPointer;
template <class C, class M>
struct MemberPointer<M C::*> {
  using Object = C;
  using Type = M;
};

template <auto pointer>
constexpr Member make_member(std::string_view name, Constraint constraint, bool required) {
  using P = MemberPointer<decltype(pointer)>;
  return {.name = name,
          .shape = &ShapeOf<typename P::Type>::value,
          .in = [](const void* object) -> const void* {
            return &(static_cast<const typename P::Object*>(object)->*pointer);
          },
          .constraint = constraint,
          .required = required};
}

}  // namespace detail

/// `member<&AssumeRole::external_id>("ExternalId", length(2, 1224))`
template <auto pointer>
[[nodiscard]] constexpr Member member(std::string_view name, Constraint constraint = {}) {
  return detail::make_member<pointer>(name, constraint, false);
}
template <auto pointer>
[[nodiscard]] constexpr Member required(std::string_view name, Constraint constraint = {}) {
  return detail::make_member<pointer>(name, constraint, true);
}
[[nodiscard]] constexpr Member sensitive(Member row) {
  row.sensitive = true;
  return row;
}

/// The first violated constraint in AWS's words, or nothing: `1 validation error detected: Value 'x' at
/// 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2`.
/// \param absent  wire names of required members that the request did not carry
[[nodiscard]] std::optional<std::string> violation(Members members, const void* object,
                                                   std::span<const std::string_view> absent = {});

/// `RoleArn` as errors and CloudTrail write it: `roleArn`. `ARN` becomes `aRN`, as AWS has it.
[[nodiscard]] std::string lower_camel(std::string_view wire_name);

}  // namespace rushhour::aws

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/aws/detail/shape_inl.hpp>
#endif
