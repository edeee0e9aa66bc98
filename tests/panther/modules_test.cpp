#include <rushhour/panther/modules.hpp>

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/panther/python_thread.hpp>

#include "pack_folder.hpp"
#include "python_fixture.hpp"

namespace rushhour::panther {
namespace {

using testing::HasSubstr;

class ModulesTest : public testing::Test {
 protected:
  /// What the module of a rule with this Python has under a name, as Python's repr; or what it raised.
  [[nodiscard]] std::string value(Modules& modules, const char* name) {
    try {
      const Object module = modules.execute(modules.code().rule(0));
      return repr(attribute(module.get(), name));
    } catch (const PythonError& error) {
      return error.what();
    }
  }
  [[nodiscard]] std::string value(const std::string& python, const char* name = "x") {
    folder.write_rule("Our.Rule", python);
    const RulePack pack = load_pack(folder.path());
    const PackCode code{pack};
    Modules modules{code};
    return value(modules, name);
  }

  PackFolder folder;
  PythonThread thread{test_host()};
  Inside inside{thread};
};

TEST_F(ModulesTest, AreNamedAsTheirRules) {
  EXPECT_EQ(value("x = __name__"), "'Our.Rule'");
  EXPECT_EQ(value("x = __file__"), "'" + folder.path() + "/rules/Our.Rule.py'");
}

TEST_F(ModulesTest, ImportHelpersAndEverythingElse) {
  folder.write_helper("our_helper", "import json\nname = __name__\ndef twice(n): return 2 * n");
  EXPECT_EQ(value("import our_helper\nx = our_helper.twice(4)"), "8");
  EXPECT_EQ(value("from our_helper import twice, name\nx = (twice(4), name)"), "(8, 'our_helper')");
  EXPECT_EQ(value("from our_helper import *\nx = twice(4)"), "8");
  EXPECT_EQ(value("import our_helper as o\nx = o.json.dumps([1])"), "'[1]'");
  EXPECT_EQ(value("import os.path\nfrom collections import abc\nx = (os.path.sep, abc.Mapping.__name__)"),
            "('/', 'Mapping')");
  EXPECT_EQ(value("x = __import__('our_helper', fromlist=('twice',)).twice(1)"), "2");
}

TEST_F(ModulesTest, ImportInsideFunctionsToo) {
  folder.write_helper("our_helper", "def twice(n):\n  import other_helper\n  return other_helper.factor * n");
  folder.write_helper("other_helper", "factor = 2");
  EXPECT_EQ(value("def f():\n  from our_helper import twice\n  return twice(4)\nx = f()"), "8");
}

TEST_F(ModulesTest, GiveEachContainerItsOwnCopy) {
  folder.write_helper("memory", "seen = []\ndef see(what):\n  seen.append(what)\n  return list(seen)");
  folder.write_rule("Our.Rule", "import memory, json\nx = memory.see('once')\ny = json");
  const RulePack pack = load_pack(folder.path());
  const PackCode code{pack};
  Modules one{code};
  Modules other{code};
  EXPECT_EQ(value(one, "x"), "['once']");
  EXPECT_EQ(value(one, "x"), "['once', 'once']") << "a rule is new after a reload, its helper is not";
  EXPECT_EQ(value(other, "x"), "['once']");
  EXPECT_EQ(repr(attribute(one.import("memory").get(), "seen")), "['once', 'once']");
  EXPECT_EQ(value(one, "y"), value(other, "y")) << "what is installed is shared";
}

TEST_F(ModulesTest, MayImportEachOther) {
  folder.write_helper("hen", "import egg\ndef name(): return 'hen'\ndef other(): return egg.name()");
  folder.write_helper("egg", "import hen\ndef name(): return 'egg'\ndef other(): return hen.name()");
  EXPECT_EQ(value("import hen, egg\nx = hen.other() + egg.other()"), "'egghen'");
}

TEST_F(ModulesTest, SayWhatIsMissing) {
  folder.write_helper("our_helper", "import not_there");
  EXPECT_EQ(value("import not_there_either"), "ModuleNotFoundError: No module named 'not_there_either'");
  EXPECT_EQ(value("import our_helper"), "ModuleNotFoundError: No module named 'not_there'");
  EXPECT_THAT(value("try:\n  import our_helper\nexcept ImportError: pass\nimport our_helper"),
              HasSubstr("'not_there'"))
      << "a helper that failed is tried again, as in Python";
  folder.write_helper("empty", "");
  EXPECT_THAT(value("from empty import x"), HasSubstr("ImportError: cannot import name 'x' from 'empty'"));
  EXPECT_EQ(value("import empty.part"),
            "ModuleNotFoundError: No module named 'empty.part'; 'empty' is not a package");
}

TEST_F(ModulesTest, SayWhereTheSyntaxIsWrong) {
  folder.write_rule("Our.Rule", "def rule(event):\n  return (\n");
  const RulePack pack = load_pack(folder.path());
  const PackCode code{pack};
  ASSERT_TRUE(code.rule(0).error);
  EXPECT_EQ(code.rule(0).error->type(), "SyntaxError");
  EXPECT_EQ(code.rule(0).error->file(), folder.path() + "/rules/Our.Rule.py");
  EXPECT_EQ(code.rule(0).error->line(), 2);
  Modules modules{code};
  EXPECT_THAT(value(modules, "x"), HasSubstr("SyntaxError: '(' was never closed"));
}

TEST_F(ModulesTest, HaveLibrariesInThePlaceOfThoseThatAreNotInstalled) {
  folder.write_rule("Our.Rule",
                    "from outside_panther.caching import get\n"
                    "import outside_panther.caching\n"
                    "from outside_panther import caching\n"
                    "import json\n"
                    "x = (get(), outside_panther.caching.get(), caching.get(), json.dumps(1))");
  RulePack pack = load_pack(folder.path());
  pack.libraries.push_back(
      {.name = "outside_panther.caching", .file = "caching.py", .source = "def get(): return 'ours'"});
  pack.libraries.push_back(
      {.name = "json", .file = "json.py", .source = "raise RuntimeError('the installed one counts')"});
  const PackCode code{pack};
  Modules modules{code};
  EXPECT_EQ(value(modules, "x"), "('ours', 'ours', 'ours', '1')");
}

TEST_F(ModulesTest, OutliveTheirContainerIfTheyMust) {
  folder.write_helper("our_helper", "");
  folder.write_rule("Our.Rule", "def late():\n  import json\n  import our_helper");
  const RulePack pack = load_pack(folder.path());
  const PackCode code{pack};
  Object late;
  {
    Modules modules{code};
    late = attribute(modules.execute(code.rule(0)).get(), "late");
  }
  try {
    static_cast<void>(Object::steal(PyObject_CallNoArgs(late.get())));
    FAIL() << "the helper was found";
  } catch (const PythonError& error) {
    EXPECT_STREQ(error.what(), "ModuleNotFoundError: No module named 'our_helper'");
  }
}

TEST_F(ModulesTest, WriteJsonAsPythonDoes) {
  const RulePack pack;
  const PackCode code{pack};
  Modules modules{code};
  const auto json = [&](const std::string& expression) {
    try {
      const Object module = module_of("x = " + expression, "x.py");
      return modules.json_of(attribute(module.get(), "x").get());
    } catch (const PythonError& error) {
      return std::string{error.what()};
    }
  };
  EXPECT_EQ(json("{'a': [1, 2.5, None, True], 'b': 'é'}"), R"({"a": [1, 2.5, null, true], "b": "\u00e9"})");
  EXPECT_EQ(json("{1: (2,)}"), R"({"1": [2]})");
  EXPECT_EQ(json("{'a': {1}}"), "TypeError: Object of type set is not JSON serializable");
  EXPECT_EQ(json("{'a': b'x'}"), "TypeError: Object of type bytes is not JSON serializable");
  EXPECT_THAT(json("{'a': float('inf')}"), HasSubstr("ValueError: Out of range float values"));
}

}  // namespace
}  // namespace rushhour::panther
