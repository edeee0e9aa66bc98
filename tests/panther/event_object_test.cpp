#include <rushhour/panther/event_object.hpp>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/event/json.hpp>

#include "python_fixture.hpp"

namespace rushhour::panther {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view record = R"({
  "eventName": "GetSecretValue", "EVENTname": "second", "Region": "us-east-1",
  "userIdentity": {"type": "IAMUser", "ARN": "arn:aws:iam::1:user/ada", "session": {"mfa": true, "age": 3.5}},
  "responseElements": null, "readOnly": true, "count": 9007199254740993, "empty": "", "none": [], "zero": 0,
  "tags": ["a", "b", "a"], "nested": [["x"], {"k": [1, 2]}, []], "hollow": [[], [[]]],
  "resources": [{"ARN": "r1", "type": "secret", "p": {"q": "1"}}, {"ARN": "r2", "p": {"q": "2"}}, {"ARN": "r1"}],
  "text": "é\u0001😀",
  "p_event_time": "2026-03-02 14:00:01.500000000",
  "p_udm": {"source_ip": "192.0.2.1", "empty": "", "deep": {"er": "value"}},
  "_mocked_lookup_data_": {"hosts": {"ada": {"owner": "Ada"}}}
})";

/// An event, and a module where it is called `event`.
class EventObjectTest : public ::testing::Test {
 protected:
  EventObjectTest()
      : source_(event::from_json(record, {.id = 7, .time = Instant{5s}, .log_type = "AWS.CloudTrail"})) {}

  [[nodiscard]] const EventType& type() const { return type_; }
  [[nodiscard]] const event::Event& source() const { return source_; }
  void remake(const UdmSource* udm, PantherFields fields = PantherFields::as_recorded) {
    event_ = type_.make(source_, udm, fields);
    checked(PyDict_SetItemString(names().get(), "event", event_.get()));
  }
  /// repr() of an expression, or what() of what it raises.
  std::string python(const std::string& expression) {
    if (!event_) remake(nullptr);
    try {
      return repr(
          Object::steal(PyRun_String(expression.c_str(), Py_eval_input, names().get(), names().get())));
    } catch (const PythonError& error) {
      return error.what();
    }
  }
  Object& names() {
    if (!names_) {
      names_ = Object::steal(PyDict_New());
      checked(PyDict_SetItemString(names_.get(), "__builtins__", PyEval_GetBuiltins()));
      static_cast<void>(Object::steal(PyRun_String("import copy, json, pickle\nfrom collections.abc import *",
                                                   Py_file_input, names_.get(), names_.get())));
    }
    return names_;
  }

 private:
  PythonThread thread_{test_host()};
  Inside inside_{thread_};
  EventType type_;
  event::Event source_;
  Object event_;
  Object names_;
};

TEST_F(EventObjectTest, GetsAKeyExactlyOrElseInAnyCase) {
  EXPECT_EQ(python("event.get('eventName')"), "'GetSecretValue'");
  EXPECT_EQ(python("event.get('EVENTname')"), "'second'");
  EXPECT_EQ(python("event.get('EVENTNAME')"), "'GetSecretValue'") << "the first of several";
  EXPECT_EQ(python("event['region'], 'REGION' in event, 'regio' in event"), "('us-east-1', True, False)");
  EXPECT_EQ(python("event['nothing']"), "KeyError: 'nothing'");
}

TEST_F(EventObjectTest, TakesADefaultByPlaceOrByName) {
  EXPECT_EQ(python("event.get('nothing'), event.get('nothing', 1), event.get('nothing', default='x')"),
            "(None, 1, 'x')");
  EXPECT_EQ(python("event.get('responseElements', {})"), "None") << "a null that is there stays None";
  EXPECT_EQ(python("event.get('a', defaults=1)"),
            "TypeError: get() got an unexpected keyword argument 'defaults'");
  EXPECT_EQ(python("event.get()"), "TypeError: get() takes a key and a default, saw 0 arguments");
}

TEST_F(EventObjectTest, AnswersTheSameWhenAskedAgain) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(python("[event.get(k) for k in ('eventName', 'nothing', 'readonly', 'Region')]"),
              "['GetSecretValue', None, True, 'us-east-1']");
  }
  EXPECT_EQ(python("event['userIdentity'] is event.get('useridentity')"), "True") << "made once";
  EXPECT_EQ(python("[event.get('n' + str(i)) for i in range(1000)] == [None] * 1000"), "True");
  EXPECT_EQ(python("event.get('tag' + 's')[0]"), "'a'") << "also under a text made at run time";
}

TEST_F(EventObjectTest, KnowsOnlyTextsAsKeys) {
  EXPECT_EQ(python("event.get(1), 1 in event, event.get(None, 2)"), "(None, False, 2)");
  EXPECT_EQ(python("event.get([])"), "TypeError: unhashable type: 'list'");
  EXPECT_EQ(python("event.get('\\udc80', 3)"), "3");
  EXPECT_EQ(python("event[2]"), "KeyError: 2");
}

TEST_F(EventObjectTest, HasThePythonTypesOfItsValues) {
  EXPECT_EQ(
      python("event['readOnly'], event['count'], event['userIdentity']['session']['age'], event['text']"),
      "(True, 9007199254740993, 3.5, '\xC3\xA9\\x01\xF0\x9F\x98\x80')");
  EXPECT_EQ(
      python("type(event).__name__, type(event['userIdentity']).__name__, type(event['tags']).__name__"),
      "('PantherEvent', 'ImmutableCaseInsensitiveDict', 'ImmutableList')");
  EXPECT_EQ(python("isinstance(event, Mapping), isinstance(event['userIdentity'], Mapping)"), "(True, True)");
  EXPECT_EQ(python("isinstance(event['tags'], Sequence), isinstance(event['tags'], (dict, list))"),
            "(True, False)");
}

TEST_F(EventObjectTest, DeepGetsThroughDictsOnly) {
  EXPECT_EQ(python("event.deep_get('userIdentity', 'arn')"), "'arn:aws:iam::1:user/ada'");
  EXPECT_EQ(python("event.deep_get('USERIDENTITY', 'Session', 'MFA')"), "True");
  EXPECT_EQ(python("event.deep_get('userIdentity', 'nothing', 'at', default=4)"), "4");
  EXPECT_EQ(python("event.deep_get('responseElements', default='x')"), "'x'") << "None counts as missing";
  EXPECT_EQ(python("event.deep_get('responseElements', 'a', default='x')"), "'x'");
  EXPECT_EQ(python("event.deep_get('eventName', 'a'), event.deep_get('tags', 0)"), "(None, None)");
  EXPECT_EQ(python("event.deep_get('zero', default=1), event.deep_get('empty', default=1)"), "(0, '')");
  EXPECT_EQ(python("event['userIdentity'].deep_get('session', 'mfa')"), "True");
  EXPECT_EQ(python("event.deep_get('a', [])"), "None") << "nobody asks for the second key";
  EXPECT_EQ(python("event.deep_get('a', fallback=1)"),
            "TypeError: deep_get() got an unexpected keyword argument 'fallback'");
}

TEST_F(EventObjectTest, DeepWalksThroughListsToo) {
  EXPECT_EQ(python("event.deep_walk('userIdentity', 'session', 'mfa')"), "True");
  EXPECT_EQ(python("event.deep_walk('resources', 'ARN')"), "['r1', 'r2']") << "each once, in order";
  EXPECT_EQ(python("event.deep_walk('resources', 'arn', return_val='first')"), "'r1'");
  EXPECT_EQ(python("event.deep_walk('resources', 'arn', return_val='last')"), "'r2'");
  EXPECT_EQ(python("event.deep_walk('resources', 'type')"), "'secret'") << "one value is no list";
  EXPECT_EQ(python("event.deep_walk('resources', 'p', 'q')"), "['1', '2']");
  EXPECT_EQ(python("event.deep_walk('resources', 'nothing', default='x')"), "'x'");
  EXPECT_EQ(python("event.deep_walk('nested', 'k')"), "[1, 2]");
  EXPECT_EQ(python("event.deep_walk('responseElements', 'k', default='x')"), "'x'");
  EXPECT_EQ(python("event.deep_walk('eventName', 'k', default='x')"), "'x'");
}

TEST_F(EventObjectTest, DeepWalksToWholeListsAndNeverToHollowOnes) {
  EXPECT_EQ(python("event.deep_walk('tags')"), "ImmutableList(('a', 'b', 'a'))");
  EXPECT_EQ(python("event.deep_walk('none', default='x'), event.deep_walk('hollow', default='y')"),
            "('x', 'y')");
  EXPECT_EQ(python("event.deep_walk() is event"), "True");
  EXPECT_EQ(python("event.deep_walk('resources', 'p')"),
            "TypeError: unhashable type: 'rushhour.ImmutableCaseInsensitiveDict'");
  EXPECT_EQ(python("event.deep_walk('resources', 'arn', return_val='some')"),
            "ValueError: deep_walk() takes return_val \"all\", \"first\" or \"last\", saw 'some'");
}

TEST_F(EventObjectTest, IteratesAsAMapping) {
  EXPECT_EQ(python("list(event)[:3]"), "['eventName', 'EVENTname', 'Region']");
  EXPECT_EQ(python("len(event), len(event['userIdentity']), len(event['tags'])"), "(18, 3, 3)");
  EXPECT_EQ(python("list(event['userIdentity'].keys()), 'arn' in event['userIdentity'].keys()"),
            "(['type', 'ARN', 'session'], True)");
  EXPECT_EQ(python("[v for k, v in event['userIdentity'].items() if k != 'session']"),
            "['IAMUser', 'arn:aws:iam::1:user/ada']");
  EXPECT_EQ(python("list(event['p_udm'].values())[:2]"), "['192.0.2.1', '']");
  EXPECT_EQ(python("sorted(dict(**event['userIdentity'])) == sorted(event['userIdentity'])"), "True");
  EXPECT_EQ(python("dict(event.items())['eventName']"), "'GetSecretValue'");
  EXPECT_EQ(python("bool(event), bool(event['none']), event['none'] == []"), "(True, False, True)");
}

TEST_F(EventObjectTest, ComparesWithPlainDictsAndLists) {
  EXPECT_EQ(python("event['userIdentity'] == {'type': 'IAMUser', 'ARN': 'arn:aws:iam::1:user/ada', "
                   "'session': {'mfa': True, 'age': 3.5}}"),
            "True");
  EXPECT_EQ(python("{'mfa': True, 'age': 3.5} == event['userIdentity']['session']"), "True");
  EXPECT_EQ(python("event['userIdentity'] != event['p_udm'], event == event, event == 1"),
            "(True, True, False)");
  EXPECT_EQ(
      python("event['tags'] == ['a', 'b', 'a'], ('a', 'b', 'a') == event['tags'], event['tags'] == ['a']"),
      "(True, True, False)");
  EXPECT_EQ(python("event['tags'] == event['nested'][0], event['nested'][0] == ['x']"), "(False, True)");
  EXPECT_EQ(python("event['tags'] < ['b']"),
            "TypeError: '<' not supported between instances of 'rushhour.ImmutableList' and 'list'");
}

TEST_F(EventObjectTest, PrintsAsPantherDoes) {
  EXPECT_EQ(python("event['nested']"), "ImmutableList((['x'], {'k': [1, 2]}, []))");
  EXPECT_EQ(python("f\"{event['tags']}\""), "\"ImmutableList(('a', 'b', 'a'))\"");
  EXPECT_EQ(python("str(event['nested'][0]), repr(event['none'])"),
            "(\"ImmutableList(('x',))\", 'ImmutableList(())')");
  EXPECT_EQ(python("event['userIdentity']['session']"),
            "ImmutableCaseInsensitiveDict({'mfa': True, 'age': 3.5})");
  EXPECT_EQ(python("repr(event)[:45]"), "\"PantherEvent({'eventName': 'GetSecretValue', \"");
}

TEST_F(EventObjectTest, HasListsThatReadLikeLists) {
  EXPECT_EQ(python("event['tags'][0], event['tags'][-1], event['tags'][1:], event['tags'][::-2]"),
            "('a', 'a', ImmutableList(('b', 'a')), ImmutableList(('a', 'a')))");
  EXPECT_EQ(python("event['resources'][1:][0]['arn']"), "'r2'");
  EXPECT_EQ(python("event['tags'][3]"), "IndexError: list index out of range");
  EXPECT_EQ(python("event['tags']['a']"), "TypeError: list indices must be integers or slices, not str");
  EXPECT_EQ(python("'b' in event['tags'], ['x'] in event['nested'], event['tags'].count('a'), "
                   "event['tags'].index('b')"),
            "(True, True, 2, 1)");
  EXPECT_EQ(python("event['tags'].index('z')"), "ValueError: 'z' is not in list");
  EXPECT_EQ(
      python("[t for t in event['tags']], list(reversed(event['tags'])), set(event['tags']) == {'a', 'b'}"),
      "(['a', 'b', 'a'], ['a', 'b', 'a'], True)");
}

TEST_F(EventObjectTest, CannotBeChanged) {
  EXPECT_EQ(python("event.__setitem__('a', 1)"),
            "AttributeError: 'rushhour.PantherEvent' object has no attribute '__setitem__'");
  EXPECT_EQ(python("exec(\"event['a'] = 1\")"),
            "TypeError: 'rushhour.PantherEvent' object does not support item assignment");
  EXPECT_EQ(python("exec(\"del event['eventName']\")"),
            "TypeError: 'rushhour.PantherEvent' object does not support item deletion");
  EXPECT_EQ(python("exec(\"event['tags'][0] = 1\")"),
            "TypeError: 'rushhour.ImmutableList' object does not support item assignment");
  EXPECT_EQ(python("hash(event)"), "TypeError: unhashable type: 'rushhour.PantherEvent'");
  EXPECT_EQ(python("type(event)()"), "TypeError: cannot create 'rushhour.PantherEvent' instances");
}

TEST_F(EventObjectTest, CopiesToPlainDictsAllTheWayDown) {
  EXPECT_EQ(
      python(
          "type(event.to_dict()), type(event.copy()['userIdentity']['session']), event.to_dict() == event"),
      "(<class 'dict'>, <class 'dict'>, True)");
  EXPECT_EQ(python("event['nested'].copy(), event['tags'].as_list()"),
            "([['x'], {'k': [1, 2]}, []], ['a', 'b', 'a'])");
  EXPECT_EQ(python("json.loads(json.dumps(event.to_dict())) == event"), "True");
  EXPECT_EQ(python("json.dumps({'who': event['userIdentity']['session'], 'tags': event['tags']}, "
                   "default=event.json_encoder)"),
            "'{\"who\": {\"mfa\": true, \"age\": 3.5}, \"tags\": [\"a\", \"b\", \"a\"]}'");
  EXPECT_EQ(python("event.json_encoder(object)"), "TypeError: Object of type type is not JSON serializable");
  EXPECT_EQ(
      python("pickle.loads(pickle.dumps(event)) == event, copy.deepcopy(event['tags']) == ['a', 'b', 'a']"),
      "(True, True)");
}

TEST_F(EventObjectTest, TellsItsTime) { EXPECT_EQ(python("event.event_time_epoch()"), "1772460001"); }

TEST_F(EventObjectTest, LooksUpWhatATestHasMocked) {
  EXPECT_EQ(
      python("event.lookup('hosts', 'ada')['owner'], event.lookup('hosts', 'bob'), event.lookup('x', 'y')"),
      "('Ada', None, None)");
  EXPECT_EQ(python("event.lookup('hosts')"), "TypeError: lookup() takes a table's name and a key");
}

TEST_F(EventObjectTest, HasTheFieldsThatPantherAddsWhenAskedTo) {
  EXPECT_EQ(python("event.get('p_log_type')"), "None");
  remake(nullptr, PantherFields::added);
  EXPECT_EQ(python("event['p_log_type'], event['P_ROW_ID']"),
            "('AWS.CloudTrail', '00000000000000000000000000000007')");
  EXPECT_EQ(python("event['p_event_time']"), "'2026-03-02 14:00:01.500000000'") << "the record's own stays";
  EXPECT_EQ(python("event['p_parse_time']"), "'1970-01-01 00:00:00.000000000'");
  EXPECT_EQ(python("len(event), list(event)[-3:], event.to_dict()['p_log_type']"),
            "(21, ['p_log_type', 'p_parse_time', 'p_row_id'], 'AWS.CloudTrail')");
}

/// A data model of paths and methods.
class TestModel final : public UdmSource {
 public:
  const UdmMapping* find(PyObject* name) const override {
    const auto at = mappings.find(utf8(name));
    return at == mappings.end() ? nullptr : &at->second;
  }
  Object lookup(PyObject* table, PyObject* key) const override {
    return utf8(table) == "engine" ? Object::share(key) : Object{};
  }
  void map(const std::string& name, std::initializer_list<const char*> keys) {
    UdmMapping& mapping = mappings[name];
    for (const char* const key : keys) {
      mapping.path.push_back(Object::steal(PyUnicode_InternFromString(key)));
      mapping.text += (mapping.text.empty() ? "" : ".") + std::string{key};
    }
  }
  std::map<std::string, UdmMapping> mappings;
};

TEST_F(EventObjectTest, ReadsCommonNamesWithoutADataModel) {
  EXPECT_EQ(python("event.udm('source_ip'), event.udm('deep', 'er'), event.udm('Region')"),
            "('192.0.2.1', 'value', 'us-east-1')");
  EXPECT_EQ(python("event.udm('userIdentity', 'type')"), "'IAMUser'");
  EXPECT_EQ(python("event.udm('zero', default=5), event.udm('empty', default=6), event.udm('nothing')"),
            "(5, 6, None)");
  EXPECT_EQ(python("event.udm_path('source_ip')"), "None");
}

TEST_F(EventObjectTest, ReadsCommonNamesByItsDataModel) {
  TestModel model;
  model.map("user", {"userIdentity", "type"});
  model.map("wrong_case", {"userIdentity", "arn"});
  model.map("through_list", {"tags", "a"});
  model.map("null", {"responseElements"});
  model.map("zero_value", {"zero"});
  model.mappings["method"].method = attribute(
      module_of(
          "def get_it(event):\n    return type(event).__name__, event['REGION'], hasattr(event, 'udm')\n")
          .get(),
      "get_it");
  model.mappings["method"].text = "get_it";
  model.mappings["nothing"].method = attribute(module_of("def f(event):\n    return None\n").get(), "f");
  model.mappings["broken"].method = attribute(module_of("def f(event):\n    return event['x']\n").get(), "f");
  remake(&model);
  EXPECT_EQ(python("event.udm('user'), event.udm('zero_value')"), "('IAMUser', 0)");
  EXPECT_EQ(python("event.udm('wrong_case', default='x'), event.udm('through_list', default='y')"),
            "('x', 'y')");
  EXPECT_EQ(python("event.udm('null'), event.udm('null', default='z')"), "(None, 'z')");
  EXPECT_EQ(python("event.udm('method')"), "('ImmutableCaseInsensitiveDict', 'us-east-1', False)");
  EXPECT_EQ(python("event.udm('nothing', default=1)"), "1");
  EXPECT_EQ(python("event.udm('broken')"), "KeyError: 'x'");
  EXPECT_EQ(python("event.udm('source_ip'), event.udm('user', 'x', default=2)"), "('192.0.2.1', 2)")
      << "not mapped, or more than one key";
  EXPECT_EQ(python("event.udm_path('user'), event.udm_path('method'), event.udm_path('other')"),
            "('userIdentity.type', 'get_it', None)");
  EXPECT_EQ(python("event.lookup('engine', 'key'), event.lookup('hosts', 'ada')['owner']"), "('key', 'Ada')");
  remake(nullptr);
}

}  // namespace
}  // namespace rushhour::panther
