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

namespace rushhour::detail {
class JsonCursor;  // json_cursor.hpp: for who reads
}

namespace rushhour::aws {

enum class Kind : std::uint8_t { string, integer, boolean, timestamp, blob, structure, list, map, custom };

/// Bytes that are no text: base64 in messages.
struct Blob {
  std::string bytes{};

  friend bool operator==(const Blob&, const Blob&) = default;
};

struct Shape;

inline constexpr std::int64_t unbounded = -1;

/// A member's constraint, as the service model states it: a length in UTF-16 units for strings, in bytes for
/// blobs, in elements for lists; a range for integers.
struct Constraint {
  std::int64_t min{0};
  std::int64_t max{unbounded};
  bool (*matches)(std::string_view text){};    ///< null: any text
  std::string_view pattern{};                  ///< the pattern as errors print it
  std::span<const std::string_view> values{};  ///< empty: any
};

[[nodiscard]] constexpr Constraint length(std::int64_t min, std::int64_t max) { return {min, max}; }
[[nodiscard]] constexpr Constraint range(std::int64_t min, std::int64_t max) { return {min, max}; }
/// Texts of a pattern: one of patterns.hpp, in both its forms.
[[nodiscard]] constexpr Constraint matching(std::string_view pattern, bool (*matches)(std::string_view),
                                            Constraint rest = {}) {
  return {rest.min, rest.max, matches, pattern};
}
[[nodiscard]] constexpr Constraint one_of(std::span<const std::string_view> values) {
  return {.values = values};
}

/// One row of a structure's table.
struct Member {
  std::string_view name;  ///< wire name: `RoleArn`
  const Shape* shape;
  const void* (*in)(const void* object);    ///< where it lies in the object
  const void* (*held)(const void* object);  ///< what it holds there; null: it is absent
  Constraint constraint{};
  bool required{};        ///< in requests; in answers it is written even when it is an empty list
  bool sensitive{};       ///< never written to CloudTrail or a journal
  Constraint elements{};  ///< of a list of strings: what each must satisfy
};

using Members = std::span<const Member>;

/// Specialise for each described struct: `static constexpr std::array members{...}`.
template <class T>
struct Described;

/// Specialise for a type whose JSON no table of members describes, such as a union that contains itself:
/// `static void append(std::string& out, const T& value)` and `static bool read(rushhour::detail::JsonCursor&
/// json, T& value, std::string& mistake)`. Where the value that comes next is none for it, read() is false,
/// and `mistake` is AWS's text for it, if it has one. Such types are known to JSON only, and have no
/// constraints.
template <class T>
struct Custom;

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
  void (*write)(std::string& out, const void* held){};  ///< customs
  bool (*read)(rushhour::detail::JsonCursor& json, void* held, std::string& mistake){};
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
concept IsCustom = requires { &Custom<T>::append; };

template <class T>
constexpr Kind kind_of() {
  if constexpr (IsCustom<T>) {
    return Kind::custom;
  } else if constexpr (std::is_same_v<T, std::string>) {
    return Kind::string;
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    return Kind::integer;
  } else if constexpr (std::is_same_v<T, bool>) {
    return Kind::boolean;
  } else if constexpr (std::is_same_v<T, Instant>) {
    return Kind::timestamp;
  } else if constexpr (std::is_same_v<T, Blob>) {
    return Kind::blob;
  } else if constexpr (is_list<T>) {
    return Kind::list;
  } else if constexpr (is_map<T>) {
    return Kind::map;
  } else {
    static_assert(
        std::is_class_v<T>,
        "a member is std::string, std::int64_t, bool, Instant, aws::Blob, a described struct, a type with an "
        "aws::Custom, or an optional, vector or map<string, ...> of these");
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
  if constexpr (IsCustom<T>) {
    shape.write = [](std::string& out, const void* held) {
      Custom<T>::append(out, *static_cast<const T*>(held));
    };
    shape.read = [](rushhour::detail::JsonCursor& json, void* held, std::string& mistake) {
      return Custom<T>::read(json, *static_cast<T*>(held), mistake);
    };
  } else if constexpr (is_list<T>) {
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

/// A string that need not be there and is no optional: absent when empty, as in answers, where no such member
/// is ever empty.
inline constexpr Shape string_unless_empty = [] {
  Shape shape = make_shape<std::string>();
  shape.present = [](const void* value) { return !static_cast<const std::string*>(value)->empty(); };
  return shape;
}();

template <class T>
constexpr const Shape* shape_for(bool required) {
  if constexpr (std::is_same_v<T, std::string>) {
    if (!required) return &string_unless_empty;
  }
  return &ShapeOf<T>::value;
}

template <class>
struct MemberPointer;
template <class C, class M>
struct MemberPointer<M C::*> {
  using Object = C;
  using Type = M;
};

template <auto pointer, bool is_required>
constexpr Member make_member(std::string_view name, Constraint constraint) {
  using P = MemberPointer<decltype(pointer)>;
  return {.name = name,
          .shape = shape_for<typename P::Type>(is_required),
          .in = [](const void* object) -> const void* {
            return &(static_cast<const typename P::Object*>(object)->*pointer);
          },
          // The shape's functions, known here: one call where a walker would make three.
          .held = [](const void* object) -> const void* {
            constexpr const Shape* shape = shape_for<typename P::Type>(is_required);
            const void* const field = &(static_cast<const typename P::Object*>(object)->*pointer);
            return shape->present(field) ? shape->get(field) : nullptr;
          },
          .constraint = constraint,
          .required = is_required};
}

}  // namespace detail

/// `member<&AssumeRole::external_id>("ExternalId", length(2, 1224))`
template <auto pointer>
[[nodiscard]] constexpr Member member(std::string_view name, Constraint constraint = {}) {
  return detail::make_member<pointer, false>(name, constraint);
}
template <auto pointer>
[[nodiscard]] constexpr Member required(std::string_view name, Constraint constraint = {}) {
  return detail::make_member<pointer, true>(name, constraint);
}
[[nodiscard]] constexpr Member sensitive(Member row) {
  row.sensitive = true;
  return row;
}

/// What each string of a list must satisfy: `each(member<&S::tag_keys>("TagKeys"), length(1, 128))`
[[nodiscard]] constexpr Member each(Member row, Constraint elements) {
  row.elements = elements;
  return row;
}

/// What reading a request found besides its members.
struct Read {
  std::vector<std::string_view> absent{};  ///< required members that were not there, by wire name
  std::vector<std::string_view> empty{};   ///< lists that were there and had no element, by wire name
  std::vector<std::string> unknown{};      ///< members that the table does not have
  std::optional<std::string> malformed{};  ///< why the text could not be read at all
};

/// The violated constraints in AWS's words, or nothing: `1 validation error detected: Value 'x' at
/// 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2`; of
/// several, in the table's order, with `; ` between them. A member of a list's structure is
/// `tags.1.member.key`.
/// \param read  of the outermost structure
[[nodiscard]] std::optional<std::string> violation(Members members, const void* object, const Read& read);
/// Of an object that nobody read from a message.
[[nodiscard]] std::optional<std::string> violation(Members members, const void* object);

/// `RoleArn` as errors and CloudTrail write it: `roleArn`. `ARN` becomes `aRN`, as AWS has it.
[[nodiscard]] std::string lower_camel(std::string_view wire_name);

}  // namespace rushhour::aws

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/aws/detail/shape_inl.hpp>
#endif
