/// \file
/// Operations' structs as Python objects: the arguments of a call to a request struct, an output to the dict
/// that botocore's parsers would return. By the member tables, without going through any message.
///
/// Sources: botocore 1.29, parsers.py and utils.py: texts, numbers and booleans as themselves, blobs as
/// bytes, dates of JSON in the local zone (dateutil's tzlocal), those of the query protocol in UTC
/// (tzutc, or tzlocal where that is UTC);
/// absent members are left out.
#pragma once

#include <rushhour/panther/object.hpp>

#include <datetime.h>

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include <rushhour/aws/shape.hpp>
#include <rushhour/time.hpp>

namespace rushhour::panther::detail {

/// How precise dates of a protocol are, and in which zone botocore gives them.
enum class Dates : std::uint8_t {
  iso8601,  ///< whole seconds, UTC: the query protocol
  epoch     ///< milliseconds, local: JSON
};

class ShapeObjects {
 public:
  ShapeObjects() = default;
  ShapeObjects(const ShapeObjects&) = delete;
  ShapeObjects& operator=(const ShapeObjects&) = delete;
  ~ShapeObjects() = default;

  /// Reads the arguments into the struct. False: some are not as the members want them, or are none of them.
  [[nodiscard]] static bool read(PyObject* arguments, aws::Members members, void* object) {
    if (PyDict_Check(arguments) == 0) return false;
    PyObject* key = nullptr;
    PyObject* value = nullptr;
    for (Py_ssize_t at = 0; PyDict_Next(arguments, &at, &key, &value) != 0;) {
      const aws::Member* const member = find(members, key);
      if (member == nullptr || !read_value(value, *member->shape, const_cast<void*>(member->in(object))))
        return false;
    }
    return true;
  }

  /// The bits of the members that the arguments name, in the order of the table; nothing when one is of no
  /// member, or beyond the 64th.
  [[nodiscard]] static std::optional<std::uint64_t> mask(PyObject* arguments, aws::Members members) {
    std::uint64_t bits = 0;
    PyObject* key = nullptr;
    PyObject* value = nullptr;
    for (Py_ssize_t at = 0; PyDict_Next(arguments, &at, &key, &value) != 0;) {
      const aws::Member* const member = find(members, key);
      const auto place = member - members.data();
      if (member == nullptr || place >= 64) return std::nullopt;
      bits |= std::uint64_t{1} << place;
    }
    return bits;
  }

  /// A dict of the members that are present.
  [[nodiscard]] Object write(aws::Members members, const void* object, Dates dates) {
    Object out = Object::steal(PyDict_New());
    for (const aws::Member& member : members) {
      const Name& name = name_of(member);
      if (name.is_hidden) continue;
      const void* held = member.held(object);
      if (held == nullptr) {
        if (!member.required) continue;
        held = member.shape->get(member.in(object));
      }
      const Object value = write_value(*member.shape, held, dates);
      checked(PyDict_SetItem(out.get(), name.text.get(), value.get()));
    }
    return out;
  }

  /// Hides members that the installed botocore does not know: it leaves them out of its answers.
  /// \param known  names of members as a dict, with such a dict for those of structures
  void hide_unknown(aws::Members members, PyObject* known) {
    for (const aws::Member& member : members) {
      Name& name = name_of(member);
      PyObject* const found =
          PyDict_CheckExact(known) != 0 ? PyDict_GetItem(known, name.text.get()) : nullptr;
      name.is_hidden = found == nullptr;
      const aws::Shape* shape = member.shape;
      while (shape->kind == aws::Kind::list || shape->kind == aws::Kind::map) shape = shape->element;
      if (shape->kind == aws::Kind::structure && !name.is_hidden) hide_unknown(shape->members(), found);
    }
  }

 private:
  /// Members have at most some twenty rows, and calls name the first of them.
  [[nodiscard]] static const aws::Member* find(aws::Members members, PyObject* key) {
    Py_ssize_t size = 0;
    const char* const text = PyUnicode_Check(key) != 0 ? PyUnicode_AsUTF8AndSize(key, &size) : nullptr;
    if (text == nullptr) {
      PyErr_Clear();
      return nullptr;
    }
    const std::string_view name{text, static_cast<std::size_t>(size)};
    for (const aws::Member& member : members) {
      if (member.name == name) return &member;
    }
    return nullptr;
  }

  [[nodiscard]] static bool read_value(PyObject* value, const aws::Shape& shape, void* place) {
    switch (shape.kind) {
      case aws::Kind::string:
        return read_text(value, shape, place);
      case aws::Kind::integer:
        return read_integer(value, shape, place);
      case aws::Kind::boolean:
        if (PyBool_Check(value) == 0) return false;
        *static_cast<bool*>(shape.emplace(place)) = value == Py_True;
        return true;
      case aws::Kind::timestamp:
        return read_date(value, shape, place);
      case aws::Kind::blob:
        return read_blob(value, shape, place);
      case aws::Kind::structure:
        return read(value, shape.members(), shape.emplace(place));
      case aws::Kind::list:
        return read_list(value, shape, place);
      case aws::Kind::map:
        return read_map(value, shape, place);
      case aws::Kind::custom:
        return false;
    }
    return false;
  }
  [[nodiscard]] static bool read_text(PyObject* value, const aws::Shape& shape, void* place) {
    if (PyUnicode_Check(value) == 0) return false;
    Py_ssize_t size = 0;
    const char* const text = PyUnicode_AsUTF8AndSize(value, &size);
    if (text == nullptr) {
      PyErr_Clear();  // a lone surrogate: no service reads it either
      return false;
    }
    static_cast<std::string*>(shape.emplace(place))->assign(text, static_cast<std::size_t>(size));
    return true;
  }
  [[nodiscard]] static bool read_integer(PyObject* value, const aws::Shape& shape, void* place) {
    if (PyLong_Check(value) == 0) return false;
    int overflow = 0;
    const long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
    if (overflow != 0) return false;
    *static_cast<std::int64_t*>(shape.emplace(place)) = number;
    return true;
  }
  /// Whatever has a timestamp(), and numbers: what botocore makes of texts is left to botocore.
  [[nodiscard]] static bool read_date(PyObject* value, const aws::Shape& shape, void* place) {
    Object number = Object::share(value);
    if (PyLong_Check(value) == 0 && PyFloat_Check(value) == 0) {
      if (PyObject_HasAttrString(value, "timestamp") == 0) return false;
      number = Object::steal(PyObject_CallMethod(value, "timestamp", nullptr));
    }
    const double seconds = PyFloat_AsDouble(number.get());
    constexpr double limit = 9'223'372'036;  // what an Instant holds
    if (PyErr_Occurred() != nullptr) {
      PyErr_Clear();
      return false;
    }
    if (!(seconds < limit && seconds > -limit)) return false;
    *static_cast<Instant*>(shape.emplace(place)) =
        Instant{std::chrono::milliseconds{std::llround(seconds * 1000)}};
    return true;
  }
  [[nodiscard]] static bool read_blob(PyObject* value, const aws::Shape& shape, void* place) {
    char* bytes = nullptr;
    Py_ssize_t size = 0;
    if (PyBytes_Check(value) != 0) {
      checked(PyBytes_AsStringAndSize(value, &bytes, &size));
    } else if (PyByteArray_Check(value) != 0) {
      bytes = PyByteArray_AsString(value);
      size = PyByteArray_Size(value);
    } else if (PyUnicode_Check(value) != 0) {
      bytes = const_cast<char*>(PyUnicode_AsUTF8AndSize(value, &size));
      if (bytes == nullptr) PyErr_Clear();
    }
    if (bytes == nullptr) return false;
    static_cast<aws::Blob*>(shape.emplace(place))->bytes.assign(bytes, static_cast<std::size_t>(size));
    return true;
  }
  [[nodiscard]] static bool read_list(PyObject* value, const aws::Shape& shape, void* place) {
    if (PyList_Check(value) == 0 && PyTuple_Check(value) == 0) return false;
    void* const held = shape.emplace(place);
    const Py_ssize_t size = PySequence_Fast_GET_SIZE(value);
    for (Py_ssize_t i = 0; i < size; ++i) {
      if (!read_value(PySequence_Fast_GET_ITEM(value, i), *shape.element, shape.append(held))) return false;
    }
    return true;
  }
  [[nodiscard]] static bool read_map(PyObject* value, const aws::Shape& shape, void* place) {
    if (PyDict_Check(value) == 0) return false;
    void* const held = shape.emplace(place);
    PyObject* key = nullptr;
    PyObject* element = nullptr;
    for (Py_ssize_t at = 0; PyDict_Next(value, &at, &key, &element) != 0;) {
      Py_ssize_t size = 0;
      const char* const text = PyUnicode_Check(key) != 0 ? PyUnicode_AsUTF8AndSize(key, &size) : nullptr;
      if (text == nullptr) {
        PyErr_Clear();
        return false;
      }
      if (!read_value(element, *shape.element, shape.insert(held, {text, static_cast<std::size_t>(size)})))
        return false;
    }
    return true;
  }

  [[nodiscard]] Object write_value(const aws::Shape& shape, const void* held, Dates dates) {
    switch (shape.kind) {
      case aws::Kind::string: {
        const auto& text = *static_cast<const std::string*>(held);
        return Object::steal(
            PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace"));
      }
      case aws::Kind::integer:
        return Object::steal(PyLong_FromLongLong(*static_cast<const std::int64_t*>(held)));
      case aws::Kind::boolean:
        return Object::share(*static_cast<const bool*>(held) ? Py_True : Py_False);
      case aws::Kind::timestamp:
        return write_date(*static_cast<const Instant*>(held), dates);
      case aws::Kind::blob: {
        const std::string& bytes = static_cast<const aws::Blob*>(held)->bytes;
        return Object::steal(PyBytes_FromStringAndSize(bytes.data(), static_cast<Py_ssize_t>(bytes.size())));
      }
      case aws::Kind::structure:
        return write(shape.members(), held, dates);
      case aws::Kind::list:
        return write_list(shape, held, dates);
      case aws::Kind::map:
        return write_map(shape, held, dates);
      case aws::Kind::custom:
        break;
    }
    return Object::share(Py_None);
  }
  [[nodiscard]] Object write_list(const aws::Shape& shape, const void* held, Dates dates) {
    const std::size_t size = shape.size(held);
    Object out = Object::steal(PyList_New(static_cast<Py_ssize_t>(size)));
    for (std::size_t i = 0; i < size; ++i) {
      Object element = write_value(*shape.element, shape.element->get(shape.at(held, i)), dates);
      PyList_SET_ITEM(out.get(), static_cast<Py_ssize_t>(i), element.release());
    }
    return out;
  }
  [[nodiscard]] Object write_map(const aws::Shape& shape, const void* held, Dates dates) {
    struct Context {
      ShapeObjects& self;
      const aws::Shape& element;
      Dates dates;
      Object out;
    } context{*this, *shape.element, dates, Object::steal(PyDict_New())};
    shape.each(held, &context, [](void* opaque, std::string_view key, const void* value) {
      auto& to = *static_cast<Context*>(opaque);
      const Object name =
          Object::steal(PyUnicode_DecodeUTF8(key.data(), static_cast<Py_ssize_t>(key.size()), "replace"));
      const Object made = to.self.write_value(to.element, to.element.get(value), to.dates);
      checked(PyDict_SetItem(to.out.get(), name.get(), made.get()));
    });
    return std::move(context.out);
  }

  [[nodiscard]] Object write_date(Instant instant, Dates dates) {
    if (PyDateTimeAPI == nullptr) PyDateTime_IMPORT;
    if (PyDateTimeAPI == nullptr) throw_pending();
    if (!iso_zone_) begin_dates();
    if (dates == Dates::epoch && !local_is_utc_) {
      const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(instant).time_since_epoch();
      return Object::steal(PyObject_CallFunction(
          from_timestamp_.get(), "dO", static_cast<double>(milliseconds.count()) / 1000, local_.get()));
    }
    const rushhour::detail::CivilTime time = rushhour::detail::civil(instant);
    const int microsecond = dates == Dates::epoch ? static_cast<int>(time.nanosecond / 1'000'000 * 1'000) : 0;
    const auto second = static_cast<int>(time.second_of_day);
    PyObject* const zone = dates == Dates::epoch ? local_.get() : iso_zone_.get();
    return Object::steal(PyDateTimeAPI->DateTime_FromDateAndTime(
        time.year, static_cast<int>(time.month), static_cast<int>(time.day), second / 3600, second / 60 % 60,
        second % 60, microsecond, zone, PyDateTimeAPI->DateTimeType));
  }
  /// The zones as dateutil has them, which botocore uses.
  void begin_dates() {
    const Object zones = import_module("dateutil.tz");
    local_ = Object::steal(PyObject_CallMethod(zones.get(), "tzlocal", nullptr));
    from_timestamp_ = attribute(reinterpret_cast<PyObject*>(PyDateTimeAPI->DateTimeType), "fromtimestamp");
    const Object time = import_module("time");
    // dateutil's parser takes "Z" for the local zone where that is called UTC.
    const Object utc = Object::steal(PyUnicode_FromString("UTC"));
    const bool is_local = checked(PySequence_Contains(attribute(time.get(), "tzname").get(), utc.get())) != 0;
    iso_zone_ = is_local ? local_ : Object::steal(PyObject_CallMethod(zones.get(), "tzutc", nullptr));
    local_is_utc_ = PyObject_IsTrue(attribute(time.get(), "timezone").get()) == 0 &&
                    PyObject_IsTrue(attribute(time.get(), "daylight").get()) == 0;
  }

  /// The key of a member in dicts.
  struct Name {
    Object text{};
    bool is_hidden{};
  };
  [[nodiscard]] Name& name_of(const aws::Member& member) {
    Name& name = names_[&member];
    if (!name.text) {
      name.text = Object::steal(
          PyUnicode_FromStringAndSize(member.name.data(), static_cast<Py_ssize_t>(member.name.size())));
    }
    return name;
  }

  std::unordered_map<const aws::Member*, Name> names_{};
  Object iso_zone_{};
  Object local_{};
  Object from_timestamp_{};
  bool local_is_utc_{};
};

}  // namespace rushhour::panther::detail
