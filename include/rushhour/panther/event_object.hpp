/// \file
/// The event as rules see it: a read-only Python mapping over event::Event, made without JSON and without a
/// dict. What is never read is never made; what one rule has read is there for the next. It runs no rule and
/// reads no data model file.
#pragma once

#include <rushhour/panther/object.hpp>

#include <cstdint>

#include <rushhour/config.hpp>
#include <rushhour/event/event.hpp>
#include <rushhour/panther/detail/event_node.hpp>
#include <rushhour/panther/udm_source.hpp>

namespace rushhour::panther {

/// Whether the event has the fields that Panther adds to each record.
enum class PantherFields : std::uint8_t {
  as_recorded,  ///< what the record has, as in `panther test`
  added  ///< what it lacks of p_log_type, p_event_time, p_parse_time and p_row_id is made from the event
};

/// The Python types of events and of what is inside them, in one interpreter: `PantherEvent`,
/// `ImmutableCaseInsensitiveDict` and `ImmutableList`. Their behaviour is spec of Panther, 1.5, as confirmed
/// by Panther's public rules; repr() of a dict and slices of a list are from memory [MEM].
///
/// \code
///   EventType type;
///   Object event = type.make(record);
///   call_rule(event.get());
///   type.expire(std::move(event));
/// \endcode
///
/// A get costs 13 ns, found or not, a deep_get of four keys 27 ns (bench/panther_event_bench.cpp).
class EventType {
 public:
  /// Inside Python, as everything here. Throws PythonError when CPython has no memory.
  EventType();
  EventType(const EventType&) = delete;
  EventType& operator=(const EventType&) = delete;
  /// Objects that rules have kept go on living.
  ~EventType();

  /// The event object. `record` stays as it is, and `udm` (null: no data model) stays there, until expire().
  /// A rule may see the object only in between.
  [[nodiscard]] Object make(const event::Event& record, const UdmSource* udm = nullptr,
                            PantherFields fields = PantherFields::as_recorded) const;
  /// Before `record` changes: drops the object. What a rule has kept of it, in a global or an exception, is
  /// copied and stays readable; only a kept event has no data model any more.
  static void expire(Object event);

  /// For isinstance() and messages: `PantherEvent`, `ImmutableCaseInsensitiveDict`, `ImmutableList`.
  [[nodiscard]] PyObject* event_type() const { return reinterpret_cast<PyObject*>(types_->event); }
  [[nodiscard]] PyObject* dict_type() const { return reinterpret_cast<PyObject*>(types_->dict); }
  [[nodiscard]] PyObject* list_type() const { return reinterpret_cast<PyObject*>(types_->list); }

  /// The value that a wrapper stands for, a plain `dict` or `list` all the way down; any other object as it
  /// is. `json.dumps(default=...)` calls it as `event.json_encoder`.
  [[nodiscard]] Object plain(PyObject* object) const;

 private:
  detail::EventTypes* types_;
};

}  // namespace rushhour::panther

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/panther/detail/event_dict_inl.hpp>
#include <rushhour/panther/detail/event_list_inl.hpp>
#include <rushhour/panther/detail/event_node_inl.hpp>
#include <rushhour/panther/detail/event_object_inl.hpp>
#include <rushhour/panther/detail/event_udm_inl.hpp>
#include <rushhour/panther/detail/event_walk_inl.hpp>
#endif
