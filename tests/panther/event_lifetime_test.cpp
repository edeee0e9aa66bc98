#include <rushhour/panther/event_object.hpp>

#include <stdexcept>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/event/json.hpp>
#include <rushhour/event/layout.hpp>

#include "python_fixture.hpp"

namespace rushhour::panther {
namespace {

class EventLifetimeTest : public ::testing::Test {
 protected:
  /// An event whose text is overwritten when the next comes, as in a worker.
  void fill(const std::string& json) {
    event::Arena arena;
    const event::Value root = event::parse_json(json, arena);
    record_.assign({.id = 1, .log_type = "Test"}, root, arena);
  }
  [[nodiscard]] const event::Event& record() const { return record_; }
  [[nodiscard]] const EventType& type() const { return type_; }

 private:
  PythonThread thread_{test_host()};
  Inside inside_{thread_};
  EventType type_;
  event::Event record_;
};

TEST_F(EventLifetimeTest, EndsWithItsLastReference) {
  fill(R"({"a": {"b": ["x"]}})");
  Object event = type().make(record());
  PyObject* const raw = event.get();
  EXPECT_EQ(Py_REFCNT(raw), 1);
  const Object rule = module_of("def rule(event):\n    return event['a']['b'][0] == 'x'\n");
  EXPECT_EQ(repr(call(rule, "rule", event)), "True");
  EXPECT_EQ(Py_REFCNT(raw), 1);
  EventType::expire(std::move(event));
}

TEST_F(EventLifetimeTest, LeavesWhatARuleHasKeptReadable) {
  const Object rule = module_of(
      "kept = []\n"
      "def rule(event):\n"
      "    kept.append(event)\n"
      "    kept.append(event['who'])\n"
      "    kept.append(event.get('tags')[1:])\n"
      "def show():\n"
      "    return [kept[0]['text'], kept[0]['who']['name'], kept[1]['age'], kept[1] is kept[0]['who'],\n"
      "            kept[2], kept[0]['p_log_type'], kept[0].udm('text'), kept[0].get('nothing'), "
      "len(kept)]\n");
  for (const char* const json :
       {R"({"text": "first", "who": {"name": "ada", "age": 36}, "tags": ["a", "b"]})",
        R"({"text": "other", "who": {"name": "bob", "age": 63}, "tags": ["c", "d"]})"}) {
    fill(json);
    Object event = type().make(record(), nullptr, PantherFields::added);
    static_cast<void>(call(rule, "rule", event));
    EventType::expire(std::move(event));
  }
  fill(
      R"({"text": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"})");
  EXPECT_EQ(repr(call(rule, "show")),
            "['first', 'ada', 36, True, ImmutableList(('b',)), 'Test', 'first', None, 6]");
}

TEST_F(EventLifetimeTest, OutlivesTheTypeThatMadeIt) {
  fill(R"({"a": {"b": [1]}})");
  Object kept;
  {
    const EventType other;
    Object event = other.make(record());
    kept = Object::steal(PyObject_GetItem(event.get(), text("a").get()));
    EventType::expire(std::move(event));
  }
  EXPECT_EQ(repr(kept), "ImmutableCaseInsensitiveDict({'b': [1]})");
}

/// Makes slot 0 a text, slot 1 an object, and says how often it was asked.
class CountingMaker final : public event::SlotMaker {
 public:
  event::Value make(const event::Event&, std::uint32_t slot, event::Arena& arena) const override {
    ++made;
    if (slot == 2) throw std::runtime_error("no third slot");
    if (slot == 0) return arena.copy("made");
    return event::object(arena, {{"inner", arena.copy("deep")}});
  }
  mutable int made{};
};

TEST_F(EventLifetimeTest, MakesASlotWhenItIsReadAndAllWhenItIsKept) {
  event::Arena arena;
  const event::Value root = event::object(
      arena, {{"text", event::Value::slot(0)}, {"object", event::Value::slot(1)}, {"constant", "c"}});
  const auto layout = event::Layout::make(std::move(arena), root);
  const CountingMaker maker;
  event::Event record;
  record.assign({.id = 1}, *layout, maker);
  Object event = type().make(record);
  Object kept = event;
  EXPECT_EQ(repr(Object::steal(PyObject_GetItem(event.get(), text("constant").get()))), "'c'");
  EXPECT_EQ(maker.made, 0);
  EXPECT_EQ(repr(Object::steal(PyObject_GetItem(event.get(), text("text").get()))), "'made'");
  EXPECT_EQ(maker.made, 1);
  EventType::expire(std::move(event));
  EXPECT_EQ(maker.made, 2);
  record.assign({.id = 2}, *layout, maker);
  EXPECT_EQ(repr(kept), "PantherEvent({'text': 'made', 'object': {'inner': 'deep'}, 'constant': 'c'})");
}

TEST_F(EventLifetimeTest, RaisesWhatASlotThrows) {
  event::Arena arena;
  const auto layout =
      event::Layout::make(event::Arena{}, event::object(arena, {{"bad", event::Value::slot(2)}}));
  const CountingMaker maker;
  event::Event record;
  record.assign({.id = 1}, *layout, maker);
  const Object event = type().make(record);
  for (const char* const expression :
       {"event['bad']", "event.to_dict()", "event.deep_get('bad', 'x')", "repr(event)"}) {
    const Object names = Object::steal(PyDict_New());
    checked(PyDict_SetItemString(names.get(), "event", event.get()));
    checked(PyDict_SetItemString(names.get(), "__builtins__", PyEval_GetBuiltins()));
    try {
      static_cast<void>(Object::steal(PyRun_String(expression, Py_eval_input, names.get(), names.get())));
      ADD_FAILURE() << expression;
    } catch (const PythonError& error) {
      EXPECT_STREQ(error.what(), "RuntimeError: no third slot") << expression;
    }
  }
}

/// Python objects alive in this process.
Py_ssize_t allocated_blocks() {
  const Object system = import_module("sys");
  const Object blocks = Object::steal(PyObject_CallMethod(system.get(), "getallocatedblocks", nullptr));
  return PyLong_AsSsize_t(blocks.get());
}

TEST_F(EventLifetimeTest, LeavesNothingBehind) {
  if (allocated_blocks() == 0) GTEST_SKIP() << "objects come from malloc(), and nobody counts them";
  fill(
      R"({"a": {"b": [1, {"c": "x"}], "none": null}, "tags": ["x", "y"], "p_event_time": "2026-03-02 14:00:00",
           "p_udm": {"user": "ada"}, "_mocked_lookup_data_": {"t": {"k": 1}}})");
  const Object rule = module_of(R"(
import copy, json, pickle
def attempt(function):
    try:
        function()
    except (KeyError, TypeError, IndexError, ValueError, AttributeError):
        pass
def rule(event):
    event.get('a'), event.get('A'), event.get('no', default=1), 'a' in event, len(event), bool(event)
    [event.get('key %d' % i) for i in range(100)]
    event['a']['b'][1]['c'], event['tags'][-1], event['tags'][:1], 'x' in event['tags'], event['tags'].index('y')
    event.deep_get('a', 'b', default=3), event.deep_get('a', 'none', 'x'), event.deep_walk('a', 'b', 'c')
    event.deep_walk('tags', 'k', default=[1]), event.deep_walk('tags', return_val='last'), event['tags'].count('x')
    event.udm('user'), event.udm('a', 'b'), event.udm('no', default=2), event.udm_path('user'), event.event_time_epoch()
    event.lookup('t', 'k'), list(event), list(event.items()), list(event.values()), event.to_dict(), event.copy()
    event == event.to_dict(), event['tags'] == ['x', 'y'], event == 1, repr(event), repr(event['tags'])
    copy.deepcopy(event), pickle.loads(pickle.dumps(event)), event['tags'].as_list(), event['tags'].copy()
    json.dumps({'a': event['a']}, default=event.json_encoder)
    attempt(lambda: event['no']), attempt(lambda: event.get([])), attempt(lambda: hash(event))
    attempt(lambda: event['tags'][9]), attempt(lambda: event.deep_walk('a', 'b', return_val=3))
    attempt(lambda: event.get('a', wrong=1)), attempt(lambda: event.json_encoder(object())), attempt(lambda: type(event)())
    return [event['a']['b']]
)");
  const auto once = [&] {
    Object event = type().make(record(), nullptr, PantherFields::added);
    Object kept = call(rule, "rule", event);
    EventType::expire(std::move(event));
    EXPECT_EQ(repr(kept), "[ImmutableList((1, {'c': 'x'}))]");
  };
  for (int i = 0; i < 500; ++i) once();  // until what Python caches by itself is there
  const auto type_references = [&] {
    return Py_REFCNT(type().event_type()) + Py_REFCNT(type().dict_type()) + Py_REFCNT(type().list_type());
  };
  const Py_ssize_t types_before = type_references();
  const Py_ssize_t before = allocated_blocks();
  for (int i = 0; i < 500; ++i) once();
  EXPECT_LT(allocated_blocks() - before, 200) << "500 events would have left a block each";
  EXPECT_EQ(type_references(), types_before);
}

TEST_F(EventLifetimeTest, ReadsTheSameAfterAnExceptionHasKeptIt) {
  const Object rule = module_of("def rule(event):\n    return event['nothing']\n");
  fill(R"({"a": "first"})");
  Object event = type().make(record());
  std::string shown;
  try {
    static_cast<void>(call(rule, "rule", event));
  } catch (const PythonError& error) {
    EventType::expire(std::move(event));  // its traceback holds the event
    fill(R"({"a": "second"})");
    shown = error.what();
  }
  EXPECT_EQ(shown, "KeyError: 'nothing'");
}

}  // namespace
}  // namespace rushhour::panther
