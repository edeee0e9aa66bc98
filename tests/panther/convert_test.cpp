#include <rushhour/panther/convert.hpp>

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/event/json.hpp>
#include <rushhour/event/layout.hpp>
#include <rushhour/panther/event_object.hpp>

#include "python_fixture.hpp"

namespace rushhour::panther {
namespace {

class ConvertTest : public ::testing::Test {
 protected:
  ConvertTest() {
    names_ = Object::steal(PyDict_New());
    checked(PyDict_SetItemString(names_.get(), "__builtins__", PyEval_GetBuiltins()));
    run(R"(
import collections, enum, json, random
class Level(enum.IntEnum):
    HIGH = 3
class Name(str, enum.Enum):
    ADA = 'ada'
class Odd(dict):
    def items(self):
        return [('odd', 1)]
circle = []
circle.append({'again': circle})
twice = ['x']
def nested(depth):
    value = 'end'
    for _ in range(depth):
        value = [value]
    return value
def tree(rng, depth=0):
    kind = rng.randrange(9 if depth < 4 else 6)
    if kind == 0:
        return rng.choice([None, True, False])
    if kind == 1:
        return rng.choice([0, -1, 2**31, -2**63, 2**63 - 1, 2**63, -2**64, 10**40, rng.randrange(-1000, 1000)])
    if kind == 2:
        return rng.choice([0.0, -0.0, 1e16, 1e-7, 0.1, 123456789.123, float('inf'), 2.0**80, rng.uniform(-1, 1)])
    if kind < 6:
        return ''.join(rng.choice('ab "\\/\b\f\n\r\t\0\x1f\x7f\x80\xe9\u2028\ud800\udfff\uffff\U0001f600') for _ in range(rng.randrange(12)))
    if kind == 6:
        return [tree(rng, depth + 1) for _ in range(rng.randrange(5))]
    if kind == 7:
        return tuple(tree(rng, depth + 1) for _ in range(rng.randrange(3)))
    return {rng.choice([tree(rng, 9), 'k%d' % i]): tree(rng, depth + 1) for i in range(rng.randrange(5))}
)");
  }

  void run(const std::string& source) {
    static_cast<void>(Object::steal(PyRun_String(source.c_str(), Py_file_input, names_.get(), names_.get())));
  }
  [[nodiscard]] Object value(const std::string& expression) const {
    return Object::steal(PyRun_String(expression.c_str(), Py_eval_input, names_.get(), names_.get()));
  }
  /// What `function` makes of the expression's value, or what() of what it raises.
  template <class Function>
  [[nodiscard]] std::string outcome(const std::string& expression, const Function& function) const {
    try {
      return function(value(expression));
    } catch (const PythonError& error) {
      return error.what();
    }
  }
  [[nodiscard]] std::string ours(const std::string& expression) const {
    return outcome(expression, [](const Object& made) { return to_json(made.get()); });
  }
  [[nodiscard]] std::string pythons(const std::string& expression) const {
    return outcome("json.dumps(" + expression + ")", [](const Object& made) { return utf8(made.get()); });
  }
  /// JSON of from_python(), or what() of what it raises.
  [[nodiscard]] std::string kept(const std::string& expression) const {
    return outcome(expression, [](const Object& made) {
      event::Arena arena;
      return event::to_json(from_python(made.get(), arena));
    });
  }

 private:
  PythonThread thread_{test_host()};
  Inside inside_{thread_};
  Object names_;
};

TEST_F(ConvertTest, WritesJsonAsPythonDoes) {
  for (const char* const expression :
       {"None", "[True, False]", "{'a': 1, 'b': [1.5, 'x', None]}", "[]", "{}", "()", "('a', 1)",
        "'\\u00e9\\u2028\\x7f'", "'\\ud800 \\U0001f600'", "[float('nan'), float('inf'), -float('inf')]",
        "[1e16, 0.1, -0.0, 1e-7, 5e-324]", "[2**63, -2**63 - 1, 10**30]",
        "{1: 1, 2.5: 2, None: 3, True: 4, False: 5}", "{Level.HIGH: Level.HIGH}", "[Name.ADA]",
        "collections.OrderedDict(b=1, a=2)", "Odd(a=1)", "[twice, twice]", "nested(900)",
        // What it refuses, in the same words.
        "{1, 2}", "b'bytes'", "object", "{(1, 2): 3}", "[lambda: 1]", "circle", "nested(5000)", "2j",
        "[10**5000]"}) {
    EXPECT_EQ(ours(expression), pythons(expression)) << expression;
  }
}

TEST_F(ConvertTest, WritesRandomTreesAsPythonDoes) {
  run("rng = random.Random(7)");
  for (int i = 0; i < 500; ++i) {
    run("made = tree(rng)");
    ASSERT_EQ(ours("made"), pythons("made"))
        << "tree " << i << " of random.Random(7): " << repr(value("made"));
  }
}

TEST_F(ConvertTest, WritesWhatIsInsideAnEvent) {
  const event::Event record = event::from_json(R"({"a": {"b": [1, {"c": "x"}]}, "t": ["y"]})");
  const EventType events;
  const Object event = events.make(record);
  const Object context = Object::steal(Py_BuildValue("{s:O,s:N}", "event", event.get(), "tags",
                                                     PyObject_GetItem(event.get(), text("t").get())));
  EXPECT_EQ(to_json(context.get(), &events),
            R"({"event": {"a": {"b": [1, {"c": "x"}]}, "t": ["y"]}, "tags": ["y"]})");
  EXPECT_THROW(static_cast<void>(to_json(context.get())), PythonError) << "json.dumps without the encoder";
  event::Arena arena;
  EXPECT_EQ(event::to_json(from_python(context.get(), arena, &events)),
            R"({"event":{"a":{"b":[1,{"c":"x"}]},"t":["y"]},"tags":["y"]})");
}

TEST_F(ConvertTest, AppendsToWhatIsThere) {
  std::string out = "[1] ";
  append_json(out, value("[2]").get());
  EXPECT_EQ(out, "[1] [2]");
}

TEST_F(ConvertTest, KeepsAPythonTreeAsAValue) {
  EXPECT_EQ(kept("{'a': [1, 2.5, None, True], 'b': {'c': ('x', 'y')}, 3: '\\u00e9'}"),
            R"({"a":[1,2.5,null,true],"b":{"c":["x","y"]},"3":")"
            "\xC3\xA9\"}");
  EXPECT_EQ(kept("[2**63 - 1, -2**63, 2**63, Level.HIGH]"),
            "[9223372036854775807,-9223372036854775808,9223372036854775808.0,3]")
      << "beyond 64 bits it is a real";
  EXPECT_EQ(kept("10**400"), "OverflowError: int too large to convert to float");
  EXPECT_EQ(kept("{'a': {1}}"), "TypeError: Object of type set is not JSON serializable");
  EXPECT_EQ(kept("circle"), "ValueError: Circular reference detected");
  EXPECT_EQ(kept("{(1,): 1}"), "TypeError: keys must be str, int, float, bool or None, not tuple");
}

TEST_F(ConvertTest, ComesBackAsItWas) {
  run("rng = random.Random(11)");
  for (int i = 0; i < 300; ++i) {
    run("made = json.loads(json.dumps(tree(rng)))");
    const Object made = value("made");
    event::Arena arena;
    const Object again = to_python(from_python(made.get(), arena));
    // Integers beyond 64 bits come back as reals, which compare equal or, rounded, nearly so.
    const Object same = Object::steal(PyObject_CallFunctionObjArgs(
        value("lambda a, b: json.dumps(a, default=float) == json.dumps(b) or any(len(x) > 18 for x in "
              "__import__('re').findall(r'\\d+', json.dumps(a)))")
            .get(),
        made.get(), again.get(), nullptr));
    ASSERT_EQ(same.get(), Py_True) << repr(made) << " became " << repr(again);
  }
}

TEST_F(ConvertTest, MakesPlainTreesOfValuesAndEvents) {
  event::Arena arena;
  EXPECT_EQ(repr(to_python(event::parse_json(R"({"a": [1, 2.5, null, true, "x"], "b": {}})", arena))),
            "{'a': [1, 2.5, None, True, 'x'], 'b': {}}");
  EXPECT_EQ(repr(to_python(event::Value{"\xED\xA0\x80 \xFF"})),
            "'\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD \xEF\xBF\xBD'");
  EXPECT_EQ(repr(to_python(event::Value{"\xED\xA0\x80"})), "'\\ud800'");
  EXPECT_EQ(repr(to_python(event::from_json(R"({"a": 1})"))), "{'a': 1}");
}

}  // namespace
}  // namespace rushhour::panther
