#include <rushhour/panther/python_thread.hpp>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/sim/container_clock.hpp>
#include <rushhour/sim/event_loop.hpp>

#include "python_fixture.hpp"

namespace rushhour::panther {
namespace {

using namespace std::chrono_literals;

/// What a rule's wait ends up in: `wait(milliseconds)` of the module under test.
PyObject* wait(PyObject*, PyObject* milliseconds) {
  return as_hook([&] {
    const long length = PyLong_AsLong(milliseconds);
    Clock& clock = *PythonThread::current()->attached<Clock>();
    {
      const Outside outside;
      clock.sleep_for(std::chrono::milliseconds{length});
    }
    return Object::share(Py_None);
  });
}
PyMethodDef wait_method{"wait", wait, METH_O, nullptr};

class PythonThreadTest : public ::testing::Test {
 protected:
  /// A container: its thread, and its copy of the module.
  struct Container {
    explicit Container(const std::string& source) : thread(test_host()) {
      const Inside inside{thread};
      module = Object::steal(PyModule_New("rule"));
      const Object hook = Object::steal(PyCFunction_New(&wait_method, nullptr));
      PyObject* const globals = PyModule_GetDict(module.get());
      checked(PyDict_SetItemString(globals, "__builtins__", PyEval_GetBuiltins()));
      checked(PyDict_SetItemString(globals, "wait", hook.get()));
      const Object code = Object::steal(Py_CompileString(source.c_str(), "rules/rule.py", Py_file_input));
      static_cast<void>(Object::steal(PyEval_EvalCode(code.get(), globals, globals)));
    }
    Container(const Container&) = delete;
    Container& operator=(const Container&) = delete;
    ~Container() {
      const Inside inside{thread};
      module = {};
    }
    PythonThread thread;
    Object module;
  };

  /// One worker for each of `count` containers, which calls rule(number) and keeps repr() of the answer.
  std::vector<std::string> run(const std::string& source, int count) {
    sim::EventLoop loop{{.stack_bytes = PythonThread::stack_bytes}};
    std::vector<std::unique_ptr<Container>> containers;
    std::vector<std::string> answers(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
      Container& container = *containers.emplace_back(std::make_unique<Container>(source));
      container.thread.attach<Clock>(&loop);
      loop.spawn([&container, &answer = answers[static_cast<std::size_t>(i)], i] {
        const Inside inside{container.thread};
        answer = repr(call(container.module, "rule", integer(i)));
      });
    }
    loop.run();
    end_ = loop.now();
    return answers;
  }

  [[nodiscard]] Instant end() const { return end_; }

 private:
  Instant end_{};
};

std::vector<std::string> each(int count, const std::function<std::string(int)>& answer) {
  std::vector<std::string> out;
  out.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) out.push_back(answer(i));
  return out;
}

TEST_F(PythonThreadTest, ParksAHundredRulesInTheMiddle) {
  const std::vector<std::string> answers =
      run("def rule(n):\n"
          "    total = 0\n"
          "    for i in range(10):\n"
          "        wait(1 + n % 7)\n"
          "        total += n\n"
          "    return total\n",
          100);
  EXPECT_EQ(answers, each(100, [](int n) { return std::to_string(10 * n); }));
  EXPECT_EQ(end(), Instant{70ms}) << "they wait at the same time";
}

TEST_F(PythonThreadTest, KeepsTheExceptionsOfParkedRulesApart) {
  const std::vector<std::string> answers =
      run("import sys\n"
          "def rule(n):\n"
          "    try:\n"
          "        raise KeyError(n)\n"
          "    except KeyError as error:\n"
          "        wait(1 + n % 3)\n"
          "        try:\n"
          "            raise ValueError(n)\n"
          "        except ValueError:\n"
          "            wait(1 + n % 5)\n"
          "            inner = (sys.exc_info()[1].args[0], sys.exc_info()[1].__context__ is error)\n"
          "        wait(1)\n"
          "        try:\n"
          "            raise\n"
          "        except KeyError as again:\n"
          "            return inner + (again.args[0],)\n",
          100);
  EXPECT_EQ(answers,
            each(100, [](int n) { return "(" + std::to_string(n) + ", True, " + std::to_string(n) + ")"; }));
}

TEST_F(PythonThreadTest, ParksInsideGeneratorsAndContextManagers) {
  const std::vector<std::string> answers =
      run("import contextlib\n"
          "@contextlib.contextmanager\n"
          "def waiting(n):\n"
          "    wait(n % 4)\n"
          "    try:\n"
          "        yield n\n"
          "    finally:\n"
          "        wait(n % 3)\n"
          "def steps(n):\n"
          "    for i in range(3):\n"
          "        wait(n % 5)\n"
          "        yield from (wait(1) or n * i for i in [i])\n"
          "def rule(n):\n"
          "    with waiting(n) as m:\n"
          "        return sorted(steps(m), key=lambda x: wait(1) or -x)\n",
          100);
  EXPECT_EQ(answers,
            each(100, [](int n) { return "[" + std::to_string(2 * n) + ", " + std::to_string(n) + ", 0]"; }));
}

TEST_F(PythonThreadTest, CountsTheDepthOfEachRuleByItself) {
  const std::vector<std::string> answers =
      run("def deep(n, depth):\n"
          "    if depth == 0:\n"
          "        wait(1 + n % 3)\n"
          "        return 0\n"
          "    return 1 + deep(n, depth - 1)\n"
          "def rule(n):\n"
          "    try:\n"
          "        deep(n, 2000)\n"
          "    except RecursionError:\n"
          "        return deep(n, 900)\n",
          50);
  EXPECT_EQ(answers, each(50, [](int) { return "900"; }));
}

// Through C each level takes some of the fiber's stack, until Python's own limit is met.
TEST_F(PythonThreadTest, HasStackForTheDeepestRecursionThroughC) {
  const std::vector<std::string> answers =
      run("import functools, json\n"
          "class Lazy:\n"
          "    def __getattr__(self, name):\n"
          "        return getattr(self, name)\n"
          "class Text:\n"
          "    def __repr__(self):\n"
          "        return f'{[self]!r}'\n"
          "def fold(depth):\n"
          "    return functools.reduce(lambda a, b: fold(depth + 1), [1, 2])\n"
          "def listed(n):\n"
          "    return list(map(listed, [n]))\n"
          "def nested():\n"
          "    value = []\n"
          "    for _ in range(5000):\n"
          "        value = [value]\n"
          "    return value\n"
          "def ends(function):\n"
          "    try:\n"
          "        function()\n"
          "    except RecursionError:\n"
          "        return True\n"
          "def rule(n):\n"
          "    wait(1)\n"
          "    return [ends(lambda: Lazy().x), ends(lambda: repr(Text())), ends(lambda: fold(0)),\n"
          "            ends(lambda: listed(0)), ends(lambda: json.dumps(nested(), indent=1)),\n"
          "            ends(lambda: json.loads('[' * 5000))]\n",
          2);
  EXPECT_EQ(answers, each(2, [](int) { return "[True, True, True, True, True, True]"; }));
}

TEST_F(PythonThreadTest, GivesEachRuleItsOwnContextVariables) {
  const std::vector<std::string> answers =
      run("import contextvars, decimal, threading\n"
          "mine = contextvars.ContextVar('mine')\n"
          "local = threading.local()\n"
          "def rule(n):\n"
          "    mine.set(n)\n"
          "    local.n = n\n"
          "    decimal.getcontext().prec = 1 + n\n"
          "    wait(1 + n % 3)\n"
          "    return mine.get(), local.n, decimal.getcontext().prec\n",
          20);
  EXPECT_EQ(answers, each(20, [](int n) {
              return "(" + std::to_string(n) + ", " + std::to_string(n) + ", " + std::to_string(n + 1) + ")";
            }));
}

TEST_F(PythonThreadTest, ImportsInTheMiddleOfARule) {
  const std::vector<std::string> answers =
      run("def rule(n):\n"
          "    wait(1 + n % 3)\n"
          "    import colorsys, xml.dom.minidom\n"
          "    wait(1)\n"
          "    from email.mime.text import MIMEText\n"
          "    return colorsys.__name__, MIMEText.__name__\n",
          10);
  EXPECT_EQ(answers, each(10, [](int) { return "('colorsys', 'MIMEText')"; }));
}

TEST_F(PythonThreadTest, LetsARuleHaveThreadsOfTheSystem) {
  const std::vector<std::string> answers =
      run("import concurrent.futures\n"
          "def rule(n):\n"
          "    wait(1 + n % 3)\n"
          "    with concurrent.futures.ThreadPoolExecutor(2) as pool:\n"
          "        doubled = list(pool.map(lambda x: sum(range(1000)) and 2 * x, [n, n + 1]))\n"
          "    wait(1)\n"
          "    return doubled\n",
          10);
  EXPECT_EQ(answers, each(10, [](int n) {
              return "[" + std::to_string(2 * n) + ", " + std::to_string(2 * n + 2) + "]";
            }));
}

// Extension modules ask for the running state by PyGILState_Ensure().
TEST_F(PythonThreadTest, IsFoundByCallbacksOfCtypes) {
  const std::vector<std::string> answers =
      run("import ctypes\n"
          "def rule(n):\n"
          "    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)\n"
          "    def back(x):\n"
          "        wait(1 + x % 3)\n"
          "        return x + 1\n"
          "    wait(1)\n"
          "    first = back(n)\n"
          "    wait(n % 5)\n"
          "    return first, back(n)\n",
          20);
  EXPECT_EQ(answers,
            each(20, [](int n) { return "(" + std::to_string(n + 1) + ", " + std::to_string(n + 1) + ")"; }));
}

// What a rule's first call does: the largest import, and a client's way down to where requests are sent.
TEST_F(PythonThreadTest, HasStackForBoto3) {
  const std::vector<std::string> answers =
      run("def answer(request, **more):\n"
          "    import botocore.awsrequest, io\n"
          "    wait(5)\n"
          "    body = io.BytesIO(b'{\"SecretString\": \"key\"}')\n"
          "    body.stream = lambda: iter([body.read()])\n"
          "    return botocore.awsrequest.AWSResponse(request.url, 200, {}, body)\n"
          "def rule(n):\n"
          "    try:\n"
          "        import boto3\n"
          "    except ImportError:\n"
          "        return 'no boto3'\n"
          "    session = boto3.session.Session(aws_access_key_id='AKIA', aws_secret_access_key='x')\n"
          "    client = session.client('secretsmanager', region_name='us-east-1')\n"
          "    client.meta.events.register('before-send', answer)\n"
          "    return client.get_secret_value(SecretId=str(n))['SecretString']\n",
          2);
  if (answers.front() == "'no boto3'")
    GTEST_SKIP() << "boto3 is not installed: apt-get install python3-boto3";
  EXPECT_EQ(answers, each(2, [](int) { return "'key'"; }));
}

/// Runs rule() of the source on one worker whose loop is stopped at 5 ms; what the rule noted in `order`.
std::string cancelled_rule(const std::string& source) {
  sim::EventLoop loop{{.stack_bytes = PythonThread::stack_bytes}};
  PythonThread thread{test_host()};
  thread.attach<Clock>(&loop);
  std::string order;
  loop.spawn([&] {
    const Inside inside{thread};
    const Object hook = Object::steal(PyCFunction_New(&wait_method, nullptr));
    const Object module = Object::steal(PyModule_New("rule"));
    PyObject* const globals = PyModule_GetDict(module.get());
    checked(PyDict_SetItemString(globals, "__builtins__", PyEval_GetBuiltins()));
    checked(PyDict_SetItemString(globals, "wait", hook.get()));
    const Object code =
        Object::steal(Py_CompileString(("order = []\n" + source).c_str(), "rules/rule.py", Py_file_input));
    static_cast<void>(Object::steal(PyEval_EvalCode(code.get(), globals, globals)));
    try {
      static_cast<void>(call(module, "rule"));
      order = "returned ";
    } catch (const sim::Cancelled&) {
      order = "cancelled ";
    } catch (const PythonError& error) {
      order = std::string{"failed with "} + error.what() + " ";
    }
    order += repr(attribute(module.get(), "order"));
  });
  loop.run_until(Instant{5ms});
  loop.stop();
  return order;
}

TEST(PythonThreadCancel, UnwindsThroughPythonAndRunsItsCleanUp) {
  EXPECT_EQ(cancelled_rule("def rule():\n"
                           "    try:\n"
                           "        try:\n"
                           "            wait(10)\n"
                           "        except Exception:\n"
                           "            order.append('swallowed')\n"
                           "        order.append('went on')\n"
                           "    finally:\n"
                           "        order.append('finally')\n"),
            "cancelled ['finally']");
}

TEST(PythonThreadCancel, MeetsARuleThatSwallowsItAtTheNextCall) {
  EXPECT_EQ(cancelled_rule("def rule():\n"
                           "    try:\n"
                           "        wait(10)\n"
                           "    except BaseException as error:\n"
                           "        order.append(type(error).__name__)\n"
                           "    wait(10)\n"
                           "    order.append('went on')\n"),
            "cancelled ['Cancelled']");
}

TEST(PythonThreadCancel, LetsARuleReturnThatCallsNothingMore) {
  EXPECT_EQ(cancelled_rule("def rule():\n"
                           "    try:\n"
                           "        wait(10)\n"
                           "    except:\n"
                           "        order.append('swallowed')\n"),
            "returned ['swallowed']");
}

TEST(PythonThreadCancel, ShowsWhatARuleRaisesInstead) {
  EXPECT_EQ(cancelled_rule("def rule():\n"
                           "    try:\n"
                           "        wait(10)\n"
                           "    finally:\n"
                           "        raise ValueError('instead')\n"),
            "failed with ValueError: instead []");
}

TEST(PythonThreadDeathTest, EndsARuleThatSwallowsItForEver) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(static_cast<void>(cancelled_rule("def rule():\n"
                                                "    while True:\n"
                                                "        try:\n"
                                                "            wait(10)\n"
                                                "        except:\n"
                                                "            pass\n")),
               "rules/rule.py:[56]: a rule that was told to end swallows that for ever");
}

/// Runs the source's rule() on a container clock whose invocation ends at 5 ms, a rule at 3 ms.
template <class Thrown>
void expect_thrown(bool rule_limit) {
  sim::EventLoop loop{{.stack_bytes = PythonThread::stack_bytes}};
  sim::ContainerClock clock{loop};
  PythonThread thread{test_host()};
  thread.attach<Clock>(&clock);
  bool thrown = false;
  loop.spawn([&] {
    clock.begin_invocation(Instant{5ms});
    if (rule_limit) clock.begin_rule(3ms);
    const Inside inside{thread};
    const Object hook = Object::steal(PyCFunction_New(&wait_method, nullptr));
    try {
      static_cast<void>(Object::steal(PyObject_CallOneArg(hook.get(), integer(10).get())));
    } catch (const Thrown&) {
      thrown = true;
    }
  });
  loop.run();
  EXPECT_TRUE(thrown);
  EXPECT_EQ(loop.now(), Instant{rule_limit ? 3ms : 5ms});
}

TEST(PythonThreadTimeout, IsTheClocksOwnExceptionAgainInCpp) {
  expect_thrown<sim::InvocationTimedOut>(false);
  expect_thrown<sim::RuleTimedOut>(true);
}

TEST(PythonThread, FindsItsAttachmentsFromInside) {
  PythonThread thread{test_host()};
  EXPECT_EQ(PythonThread::current(), nullptr);
  VirtualClock clock;
  thread.attach<Clock>(&clock);
  int number = 1;
  thread.attach(&number);
  const Inside inside{thread};
  ASSERT_EQ(PythonThread::current(), &thread);
  EXPECT_EQ(PythonThread::current()->attached<Clock>(), &clock);
  EXPECT_EQ(PythonThread::current()->attached<int>(), &number);
  EXPECT_EQ(PythonThread::current()->attached<long>(), nullptr);
  thread.attach<int>(nullptr);
  EXPECT_EQ(thread.attached<int>(), nullptr);
}

TEST(PythonThread, EntersWithinItselfAtNoCost) {
  PythonThread thread{test_host()};
  const Inside inside{thread};
  { const Inside again{thread}; }
  EXPECT_EQ(PythonThread::current(), &thread) << "still inside";
}

TEST(AsHook, TurnsWhatIsThrownIntoAPythonException) {
  PythonThread thread{test_host()};
  const Inside inside{thread};
  EXPECT_EQ(as_hook([]() -> Object { throw std::invalid_argument("no such client"); }), nullptr);
  try {
    throw_pending();
  } catch (const PythonError& error) {
    EXPECT_STREQ(error.what(), "RuntimeError: no such client");
  }
  EXPECT_EQ(as_hook([]() -> Object {
              PyErr_SetString(PyExc_LookupError, "as it was");
              throw_pending();
            }),
            nullptr);
  EXPECT_TRUE(PyErr_ExceptionMatches(PyExc_LookupError));
  PyErr_Clear();
}

}  // namespace
}  // namespace rushhour::panther
