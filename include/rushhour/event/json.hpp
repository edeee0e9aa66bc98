/// \file
/// One event from JSON text, as a test writes it. Streams of recorded events are recorded.hpp's business,
/// which reads a hundred times faster and needs simdjson.
#pragma once

#include <string_view>

#include <rushhour/config.hpp>
#include <rushhour/event/arena.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/event/value.hpp>

namespace rushhour::event {

/// The text's value, copied into the arena. Members keep their order; of a key given twice the first place
/// and the last value stay. Integers beyond 64 bits with sign become reals. Throws InputError with line and
/// column when the text is not JSON.
[[nodiscard]] Value parse_json(std::string_view text, Arena& arena);

/// An event with the text as its record: `from_json(R"({"eventName": "GetSecretValue"})")`. Throws InputError
/// when the text is not JSON or no object. What the header points to outlives the event.
[[nodiscard]] Event from_json(std::string_view text, const EventHeader& header = {});

}  // namespace rushhour::event

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/event/detail/json_inl.hpp>
#endif
