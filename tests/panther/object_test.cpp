#include <rushhour/panther/object.hpp>

#include <memory>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "python_fixture.hpp"

namespace rushhour::panther {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;

class ObjectTest : public ::testing::Test {
 protected:
  PythonThread thread{test_host()};
  Inside inside{thread};
};

TEST_F(ObjectTest, CountsReferences) {
  PyObject* const list = PyList_New(0);
  {
    const Object owned = Object::steal(list);
    EXPECT_EQ(Py_REFCNT(list), 1);
    Object copy = owned;
    EXPECT_EQ(Py_REFCNT(list), 2);
    const Object moved = std::move(copy);
    EXPECT_EQ(Py_REFCNT(list), 2);
    const Object shared = Object::share(list);
    EXPECT_EQ(Py_REFCNT(list), 3);
    Py_INCREF(list);
  }
  EXPECT_EQ(Py_REFCNT(list), 1);
  Py_DECREF(list);
}

TEST_F(ObjectTest, ThrowsWhatIsPendingInPlaceOfNull) {
  EXPECT_THROW(static_cast<void>(import_module("no_such_module")), PythonError);
  EXPECT_EQ(PyErr_Occurred(), nullptr) << "no longer pending";
}

TEST_F(ObjectTest, ReadsTextsThatUtf8CannotHold) {
  const Object odd = Object::steal(PyUnicode_DecodeUTF8("a\xC3\xA9\xFF", 4, "surrogateescape"));
  EXPECT_EQ(utf8(odd.get()), "a\xC3\xA9\\udcff");
  EXPECT_THROW(static_cast<void>(utf8(Py_None)), PythonError);
}

/// What rule(argument) of the source raises.
std::unique_ptr<PythonError> error_of(const std::string& source, const char* file = "rules/rule.py") {
  try {
    static_cast<void>(call(module_of(source, file), "rule"));
  } catch (const PythonError& error) {
    return std::make_unique<PythonError>(error);
  }
  return nullptr;
}

using PythonErrorTest = ObjectTest;

TEST_F(PythonErrorTest, NamesTheTypeTheMessageAndTheLine) {
  const auto error = error_of(
      "def rule():\n"
      "    return inner({})\n"
      "def inner(response):\n"
      "    return response['data']\n");
  ASSERT_NE(error, nullptr);
  EXPECT_STREQ(error->what(), "KeyError: 'data'");
  EXPECT_EQ(error->type(), "KeyError");
  EXPECT_EQ(error->message(), "'data'");
  EXPECT_EQ(error->repr(), "KeyError('data')");
  EXPECT_EQ(error->file(), "rules/rule.py");
  EXPECT_EQ(error->line(), 4);
  EXPECT_EQ(error->traceback(),
            "Traceback (most recent call last):\n"
            "  File \"rules/rule.py\", line 2, in rule\n"
            "  File \"rules/rule.py\", line 4, in inner\n"
            "KeyError: 'data'\n");
}

TEST_F(PythonErrorTest, PointsAtTheRuleWhenALibraryRaises) {
  const auto error = error_of(
      "import json\n"
      "def rule():\n"
      "    return json.loads('{')\n");
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->type(), "JSONDecodeError");
  EXPECT_EQ(error->file(), "rules/rule.py");
  EXPECT_EQ(error->line(), 3);
  EXPECT_GT(error->frames().size(), 1U);
}

TEST_F(PythonErrorTest, PointsAtAMistakeOfSyntax) {
  try {
    static_cast<void>(module_of("def rule(event):\n    return event.get(\n", "rules/broken.py"));
    FAIL();
  } catch (const PythonError& error) {
    EXPECT_EQ(error.type(), "SyntaxError");
    EXPECT_EQ(error.file(), "rules/broken.py");
    EXPECT_EQ(error.line(), 2);
  }
}

TEST_F(PythonErrorTest, SurvivesAnExceptionThatCannotBePrinted) {
  const auto error = error_of(
      "class Mute(Exception):\n"
      "    def __str__(self):\n"
      "        raise ValueError\n"
      "    __repr__ = __str__\n"
      "def rule():\n"
      "    raise Mute\n");
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->message(), "<exception str() failed>");
  EXPECT_EQ(error->line(), 6);
}

TEST_F(PythonErrorTest, HasNoColonWithoutAMessage) {
  EXPECT_STREQ(error_of("def rule():\n    raise StopIteration\n")->what(), "StopIteration");
}

TEST_F(PythonErrorTest, KnowsItsTypeAndCanBeRaisedAgain) {
  const auto error = error_of("def rule():\n    return 1 // 0\n");
  EXPECT_TRUE(error->is(PyExc_ArithmeticError));
  EXPECT_FALSE(error->is(PyExc_KeyError));
  error->restore();
  EXPECT_TRUE(PyErr_ExceptionMatches(PyExc_ZeroDivisionError));
  PyErr_Clear();
}

TEST(PythonError, MayBeDestroyedOutsidePython) {
  PythonThread thread{test_host()};
  std::unique_ptr<PythonError> error;
  Object module;
  {
    const Inside inside{thread};
    module = module_of(
        "gone = []\n"
        "class Noting(Exception):\n"
        "    def __del__(self):\n"
        "        gone.append(1)\n"
        "def rule():\n"
        "    raise Noting\n"
        "def show():\n"
        "    for i in range(3):\n"
        "        pass\n"
        "    return gone\n");
    try {
      static_cast<void>(call(module, "rule"));
    } catch (const PythonError& caught) {
      error = std::make_unique<PythonError>(caught);
    }
  }
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->type(), "Noting");
  const auto shown = [&] {
    const Inside inside{thread};
    std::string out = repr(call(module, "show"));
    if (error == nullptr) module = {};
    return out;
  };
  EXPECT_EQ(shown(), "[]");
  error.reset();
  EXPECT_EQ(shown(), "[1]") << "dropped as soon as Python runs again";
}

}  // namespace
}  // namespace rushhour::panther
