#include <rushhour/panther/python_host.hpp>

#include <csignal>
#include <cstdlib>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "python_fixture.hpp"

namespace rushhour::panther {
namespace {

/// repr() of an expression.
std::string evaluate(const char* expression) {
  PythonThread thread{test_host()};
  const Inside inside{thread};
  return repr(
      call(module_of(std::string{"import sys, os, signal, locale\ndef rule():\n    return "} + expression),
           "rule"));
}

TEST(PythonHost, HearsNothingOfTheEnvironment) {
  ::setenv("PYTHONPATH", "/somewhere/else", 1);
  ::setenv("PYTHONHASHSEED", "77", 1);
  EXPECT_EQ(evaluate("'/somewhere/else' in sys.path"), "False");
  EXPECT_EQ(evaluate("sys.flags.isolated, sys.flags.utf8_mode, sys.flags.dont_write_bytecode"), "(1, 1, 1)");
  EXPECT_EQ(evaluate("sys.getfilesystemencoding(), '\\u00e9'.encode()"), "('utf-8', b'\\xc3\\xa9')");
}

TEST(PythonHost, HashesTextsTheSameInEveryRun) {
  EXPECT_EQ(evaluate("sys.flags.hash_randomization"), "0");
  EXPECT_EQ(evaluate("hash('rushhour')"), "-7789005117345099430") << "as of PYTHONHASHSEED=0";
}

TEST(PythonHost, LeavesSignalsToTheProgram) {
  EXPECT_EQ(evaluate("signal.__name__"), "'signal'");
  struct sigaction now {};
  sigaction(SIGINT, nullptr, &now);
  EXPECT_EQ(now.sa_handler, SIG_DFL) << "not Python's, which would only note that the user wants to stop";
}

TEST(PythonHost, IsTheInstallationOfTheLinkedLibrary) {
  EXPECT_EQ(evaluate("sys.version_info[:2]"),
            "(" + std::to_string(PY_MAJOR_VERSION) + ", " + std::to_string(PY_MINOR_VERSION) + ")");
  EXPECT_EQ(evaluate("os.path.dirname(os.__file__) == "
                     "f'{sys.prefix}/lib/python{sys.version_info[0]}.{sys.version_info[1]}'"),
            "True");
}

TEST(PythonHost, TakesWhatExistsFromTheGarbageCollector) {
  PythonThread thread{test_host()};
  const Inside inside{thread};
  test_host().freeze();
  const Object collector = import_module("gc");
  const Object count = Object::steal(PyObject_CallMethod(collector.get(), "get_freeze_count", nullptr));
  EXPECT_GT(PyLong_AsLong(count.get()), 1000);
}

TEST(PythonHostDeathTest, IsAloneInItsProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  test_host();
  EXPECT_DEATH(PythonHost{}, "one PythonHost at a time");
}

}  // namespace
}  // namespace rushhour::panther
