/// \file
/// How a request struct of VirusTotal becomes an HTTP request and back. VirusTotal is REST, so in place of a
/// member table an operation has a row: method, path, and where each of its fields travels. It holds the row
/// and no operation; encoding and decoding are api/detail/virustotal_requests.hpp.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <rushhour/api/operation.hpp>

namespace rushhour::api::virustotal {

inline constexpr std::string_view host = "www.virustotal.com";
inline constexpr std::string_view base_path = "/api/v3";

/// Where a field travels.
enum class Place : std::uint8_t {
  path,       ///< the next `{}` of the path
  query,      ///< `?name=value`
  form,       ///< of an application/x-www-form-urlencoded body
  attribute,  ///< `{"data":{"type":...,"attributes":{name:value}}}`
  data,       ///< `{"data":value}`
  file,       ///< the content of a part of a multipart/form-data body
  file_name   ///< the file name of that part
};

/// One field of a request struct: a text, or a whole number that may be left out.
struct Field {
  std::string_view name;
  Place place;
  /// Views the text, or writes the number into `scratch`; nothing: absent. A field of the path is always
  /// there.
  std::optional<std::string_view> (*text)(const void* input, std::string& scratch);
  bool (*set)(void* input, std::string text);  ///< false: it should be a whole number
};

/// Specialised for each operation: `method`, `path`, `fields`; where it has one, `collection` (goes before
/// the path), `selector` (a parameter whose presence tells it from another operation of the same path), and
/// `object_type` (of a body with attributes).
template <class Op>
struct Routed;

namespace detail {

template <class>
struct FieldPointer;
template <class C, class M>
struct FieldPointer<M C::*> {
  using Object = C;
  using Type = M;
};

}  // namespace detail

/// `field<&ListComments::limit>("limit", Place::query)`
template <auto pointer>
[[nodiscard]] constexpr Field field(std::string_view name, Place place) {
  using Object = typename detail::FieldPointer<decltype(pointer)>::Object;
  using Type = typename detail::FieldPointer<decltype(pointer)>::Type;
  if constexpr (std::is_same_v<Type, std::string>) {
    return {.name = name,
            .place = place,
            .text = [](const void* input, std::string&) -> std::optional<std::string_view> {
              return static_cast<const Object*>(input)->*pointer;
            },
            .set =
                [](void* input, std::string text) {
                  static_cast<Object*>(input)->*pointer = std::move(text);
                  return true;
                }};
  } else {
    static_assert(std::is_same_v<Type, std::optional<std::int64_t>>,
                  "a field is a std::string or a std::optional<std::int64_t>");
    return {.name = name,
            .place = place,
            .text = [](const void* input, std::string& scratch) -> std::optional<std::string_view> {
              const Type& value = static_cast<const Object*>(input)->*pointer;
              if (!value) return std::nullopt;
              return scratch = std::to_string(*value);
            },
            .set =
                [](void* input, std::string text) {
                  std::int64_t value = 0;
                  const char* const end = text.data() + text.size();
                  const auto read = std::from_chars(text.data(), end, value);
                  if (read.ec != std::errc{} || read.ptr != end) return false;
                  static_cast<Object*>(input)->*pointer = value;
                  return true;
                }};
  }
}

/// The row of an operation, for whoever writes or reads requests.
struct Route {
  const Operation* operation;
  std::string_view method;      ///< `GET`
  std::string_view collection;  ///< goes before the path: `ip_addresses`; empty: nothing does
  std::string_view path;        ///< `/{}/comments`; after base_path, unless it begins with `/_ah/`
  std::string_view selector;    ///< this parameter must be in the query; empty: none
  std::string_view object_type;
  std::span<const Field> fields;
  void (*append_answer)(std::string& out, const void* output);
  bool (*read_answer)(std::string_view text, void* output);  ///< false: the text is no such answer
};

}  // namespace rushhour::api::virustotal
