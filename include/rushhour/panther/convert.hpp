/// \file
/// Whole trees between Python and rushhour: what a rule returns as JSON text or as a Value, and a Value as a
/// plain dict. Events that rules only read are event_object.hpp's business, which converts nothing ahead.
#pragma once

#include <rushhour/panther/object.hpp>

#include <string>

#include <rushhour/config.hpp>
#include <rushhour/event/arena.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/value.hpp>

namespace rushhour::panther {

class EventType;

/// A plain `dict`, `list`, `str` ... of a value without slots; lone surrogates come back as they were. Throws
/// PythonError when CPython has no memory.
[[nodiscard]] Object to_python(const event::Value& value);
/// The whole record as a plain `dict`, every slot made.
[[nodiscard]] Object to_python(const event::Event& event);

/// The text of `json.dumps(value)`, byte for byte: ASCII, `", "` and `": "` as separators, NaN and Infinity
/// as Python writes them, integers of any length. With `events`, what is inside an event is written too, as
/// by `json.dumps(value, default=event.json_encoder)`. Throws PythonError with Python's own words: a
/// TypeError for what is no JSON (`Object of type set is not JSON serializable`), a ValueError for a circle,
/// a RecursionError.
[[nodiscard]] std::string to_json(PyObject* value, const EventType* events = nullptr);
/// The same at the end of `out`, which keeps its memory from one alert to the next.
void append_json(std::string& out, PyObject* value, const EventType* events = nullptr);

/// The value in the arena's memory. Tuples become arrays, keys become texts as JSON writes them, integers
/// beyond 64 bits with sign become reals. Throws PythonError: a TypeError for what is no JSON, an
/// OverflowError for integers that no real holds.
[[nodiscard]] event::Value from_python(PyObject* value, event::Arena& arena,
                                       const EventType* events = nullptr);

}  // namespace rushhour::panther

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/panther/detail/convert_inl.hpp>
#endif
