/// \file
/// The bodies of event_object.hpp.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

#include <rushhour/panther/detail/event_node.hpp>
#include <rushhour/panther/event_object.hpp>

namespace rushhour::panther {

namespace detail {

/// Which of the fields that Panther adds the record lacks, a bit each.
inline std::uint32_t lacking(const event::Value& root) {
  std::uint32_t bits = (1U << panther_fields.size()) - 1;
  for (const event::Member& member : root.members()) {
    if (!member.key.starts_with("p_")) continue;
    for (std::size_t i = 0; i < panther_fields.size(); ++i) {
      if (member.key == panther_fields[i]) bits &= ~(1U << i);
    }
  }
  return bits;
}

}  // namespace detail

RUSHHOUR_INLINE EventType::EventType() : types_(new detail::EventTypes{.users = 1}) {
  try {
    const auto as_type = [](PyObject* made) {
      return reinterpret_cast<PyTypeObject*>(Object::steal(made).release());
    };
    types_->dict = as_type(detail::make_dict_type());
    types_->list = as_type(detail::make_list_type());
    types_->event = as_type(detail::make_event_type());
    types_->p_udm = Object::steal(PyUnicode_InternFromString("p_udm")).release();
    types_->p_event_time = Object::steal(PyUnicode_InternFromString("p_event_time")).release();
    types_->mocked_lookup = Object::steal(PyUnicode_InternFromString("_mocked_lookup_data_")).release();
    const Object abc = import_module("collections.abc");
    types_->keys_view = attribute(abc.get(), "KeysView").release();
    types_->items_view = attribute(abc.get(), "ItemsView").release();
    types_->values_view = attribute(abc.get(), "ValuesView").release();
    // isinstance(event, Mapping) must hold.
    const auto count_as = [&](const char* name, PyObject* type) {
      const Object base = attribute(abc.get(), name);
      static_cast<void>(Object::steal(PyObject_CallMethod(base.get(), "register", "O", type)));
    };
    count_as("Mapping", dict_type());
    count_as("Mapping", event_type());
    count_as("Sequence", list_type());
  } catch (...) {
    types_->release();
    throw;
  }
}

RUSHHOUR_INLINE EventType::~EventType() { types_->release(); }

RUSHHOUR_INLINE Object EventType::make(const event::Event& record, const UdmSource* udm,
                                       PantherFields fields) const {
  ++types_->users;
  auto* const state = new detail::EventState{.types = types_,
                                             .record = &record,
                                             .udm = udm,
                                             .users = 1,
                                             .header = {.id = record.id(),
                                                        .arrival = record.arrival(),
                                                        .time = record.time(),
                                                        .log_type = record.log_type()}};
  PyObject* const made = detail::make_root(
      *state, types_->event, fields == PantherFields::added ? detail::lacking(record.root()) : 0);
  state->release();  // its nodes hold it now
  return Object::steal(made);
}

RUSHHOUR_INLINE void EventType::expire(Object event) {
  detail::EventState& state = *reinterpret_cast<detail::Node*>(event.get())->state;
  ++state.users;
  event = {};
  if (state.living != nullptr) {
    for (detail::Node* node = state.living; node != nullptr; node = node->next) detail::keep(*node);
    state.header.log_type = state.kept.copy(state.header.log_type);
    state.record = nullptr;
    state.udm = nullptr;
  }
  state.release();
}

RUSHHOUR_INLINE Object EventType::plain(PyObject* object) const {
  if (!detail::is_dict(*types_, object) && !detail::is_list(*types_, object)) return Object::share(object);
  return Object::steal(detail::plain_node(*reinterpret_cast<detail::Node*>(object)));
}

}  // namespace rushhour::panther
