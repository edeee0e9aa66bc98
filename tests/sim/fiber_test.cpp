// What a prototype broke on: exceptions across parks, cancellation, destruction. Run under ASan and TSan too.

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rushhour/sim/fiber.hpp>

namespace rushhour::sim {
namespace {

using ::testing::ElementsAre;

/// A fiber whose function can park it: it learns its own address after construction.
class Parking {
 public:
  template <class Function>
  explicit Parking(Function function, std::size_t stack_bytes = Fiber::default_stack_bytes)
      : fiber_([this, body = std::move(function)]() mutable { body(*this); }, stack_bytes) {}

  void park() { fiber_.park(); }
  bool resume() { return fiber_.resume(); }
  void cancel() { fiber_.cancel(); }
  [[nodiscard]] bool done() const { return fiber_.done(); }
  [[nodiscard]] bool cancelled() const { return fiber_.cancelled(); }

 private:
  Fiber fiber_;
};

/// Runs its function when its scope ends.
template <class Function>
class AtExit {
 public:
  explicit AtExit(Function function) : function_(std::move(function)) {}
  AtExit(const AtExit&) = delete;
  AtExit& operator=(const AtExit&) = delete;
  ~AtExit() { function_(); }

 private:
  Function function_;
};

TEST(Fiber, RunsToItsParkAndThenToItsEnd) {
  std::string order;
  Parking fiber{[&](Parking& self) {
    order += "a";
    self.park();
    order += "b";
  }};
  EXPECT_EQ(order, "") << "it does not start by itself";
  EXPECT_TRUE(fiber.resume());
  EXPECT_EQ(order, "a");
  EXPECT_FALSE(fiber.resume());
  EXPECT_EQ(order, "ab");
  EXPECT_TRUE(fiber.done());
}

TEST(Fiber, TakesAFunctionThatCanOnlyBeMoved) {
  int seen = 0;
  Parking fiber{[&, value = std::make_unique<int>(7)](Parking&) { seen = *value; }};
  EXPECT_FALSE(fiber.resume());
  EXPECT_EQ(seen, 7);
}

TEST(Fiber, ResumesAnotherFromInside) {
  std::string order;
  Parking inner{[&](Parking& self) {
    order += "1";
    self.park();
    order += "2";
  }};
  Parking outer{[&](Parking& self) {
    inner.resume();
    order += "a";
    self.park();
    inner.resume();
    order += "b";
  }};
  outer.resume();
  outer.resume();
  EXPECT_EQ(order, "1a2b");
}

TEST(Fiber, HasRoomForItsStack) {
  int sum = 0;
  Parking fiber{[&](Parking& self) {
                  std::array<char, 600'000> large{};
                  large.fill(1);
                  self.park();
                  for (const char c : large) sum += c;
                },
                std::size_t{1} << 20};
  fiber.resume();
  fiber.resume();
  EXPECT_EQ(sum, 600'000);
}

// Without the exchange of __cxa_get_globals() in resume() nearly every fiber here rethrows another's
// exception.
TEST(Fiber, RethrowsItsOwnExceptionAfterAParkInsideCatch) {
  constexpr int count = 1'000;
  constexpr int rounds = 10;
  int right = 0;
  std::vector<std::unique_ptr<Parking>> fibers;
  for (int i = 0; i < count; ++i) {
    fibers.push_back(std::make_unique<Parking>([&right, i](Parking& self) {
      for (int round = 0; round < rounds; ++round) {
        try {
          throw i * rounds + round;
        } catch (...) {
          self.park();
          try {
            throw;
          } catch (int mine) {
            if (mine == i * rounds + round) ++right;
          }
        }
      }
    }));
  }
  for (int round = 0; round <= rounds; ++round) {
    for (int i = 0; i < count; ++i) fibers[static_cast<std::size_t>((i * 7 + round) % count)]->resume();
  }
  EXPECT_EQ(right, count * rounds);
  EXPECT_EQ(std::current_exception(), nullptr) << "nothing is left over outside the fibers";
}

/// The text of the exception that `throw;` would rethrow here.
std::string current_text() {
  try {
    throw;
  } catch (const std::exception& error) {
    return error.what();
  }
}

TEST(Fiber, KeepsNestedExceptionsApart) {
  std::vector<std::string> seen;
  const auto body = [&](const std::string& name) {
    return [&seen, name](Parking& self) {
      try {
        throw std::runtime_error(name + " outer");
      } catch (const std::exception&) {
        self.park();
        try {
          throw std::logic_error(name + " inner");
        } catch (const std::exception&) {
          self.park();
          seen.push_back(current_text());
        }
        self.park();
        seen.push_back(current_text());
      }
    };
  };
  Parking a{body("a")};
  Parking b{body("b")};
  while (!a.done() || !b.done()) {
    if (!a.done()) a.resume();
    if (!b.done()) b.resume();
  }
  EXPECT_THAT(seen, ElementsAre("a inner", "b inner", "a outer", "b outer"));
}

TEST(Fiber, ParksWhileAnExceptionUnwindsIt) {
  std::string order;
  const auto body = [&](const char* name) {
    return [&order, name](Parking& self) {
      try {
        const AtExit guard{[&] {
          self.park();
          order += name;
          order += std::to_string(std::uncaught_exceptions());
        }};
        throw std::runtime_error("unwinds");
      } catch (const std::runtime_error&) {
        order += std::to_string(std::uncaught_exceptions());
      }
    };
  };
  Parking a{body("a")};
  Parking b{body("b")};
  a.resume();
  EXPECT_EQ(std::uncaught_exceptions(), 0) << "a's is a's own";
  b.resume();
  a.resume();
  b.resume();
  EXPECT_EQ(order, "a10b10");
}

TEST(Fiber, StartsWithoutTheExceptionsOfWhoeverResumesIt) {
  int uncaught = -1;
  bool none = false;
  Parking fiber{[&](Parking&) {
    uncaught = std::uncaught_exceptions();
    none = std::current_exception() == nullptr;
  }};
  try {
    const AtExit guard{[&] { fiber.resume(); }};
    throw 1;
  } catch (int) {
    EXPECT_NE(std::current_exception(), nullptr);
  }
  EXPECT_EQ(uncaught, 0);
  EXPECT_TRUE(none);
}

TEST(Fiber, HandsOnWhatLeavesItsFunction) {
  Parking fiber{[](Parking& self) {
    self.park();
    throw std::runtime_error("from inside");
  }};
  fiber.resume();
  try {
    fiber.resume();
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "from inside");
  }
  EXPECT_TRUE(fiber.done());
}

TEST(FiberCancel, RunsTheDestructorsOfAParkedFiber) {
  auto alive = std::make_shared<int>(1);
  bool after = false;
  Parking fiber{[&after, alive](Parking& self) {
    const auto local = alive;
    const std::vector<std::string> more(100, std::string(100, 'x'));
    self.park();
    after = true;
  }};
  fiber.resume();
  EXPECT_EQ(alive.use_count(), 3);
  fiber.cancel();
  EXPECT_EQ(alive.use_count(), 1);
  EXPECT_TRUE(fiber.done());
  EXPECT_FALSE(after);
}

TEST(FiberCancel, PassesByHandlersOfStdException) {
  std::string order;
  Parking fiber{[&](Parking& self) {
    try {
      self.park();
    } catch (const std::exception&) {
      order += "swallowed";
    }
    order += "went on";
  }};
  fiber.resume();
  fiber.cancel();
  EXPECT_EQ(order, "");
}

TEST(FiberCancel, ThrowsAgainAtEveryFurtherPark) {
  int swallowed = 0;
  Parking fiber{[&](Parking& self) {
    for (int i = 0; i < 3; ++i) {
      try {
        self.park();
      } catch (...) {
        ++swallowed;
      }
    }
  }};
  fiber.resume();
  fiber.cancel();
  EXPECT_EQ(swallowed, 3);
  EXPECT_TRUE(fiber.done());
}

TEST(FiberCancel, DoesNotParkAFiberThatUnwinds) {
  std::string order;
  Parking fiber{[&](Parking& self) {
    const AtExit guard{[&] {
      self.park();  // a clean-up call: it must neither throw nor park
      order += self.cancelled() ? "cleaned up" : "parked";
    }};
    self.park();
  }};
  fiber.resume();
  fiber.cancel();
  EXPECT_EQ(order, "cleaned up");
}

TEST(FiberCancel, ReachesAFiberParkedInADestructorThatUnwindingRuns) {
  std::string order;
  Parking fiber{[&](Parking& self) {
    try {
      const AtExit guard{[&] {
        self.park();
        order += "destroyed ";
      }};
      throw std::runtime_error("first");
    } catch (const std::runtime_error&) {
      order += "caught ";
    }
    self.park();
    order += "went on";
  }};
  fiber.resume();  // parked in the destructor
  fiber.cancel();
  EXPECT_EQ(order, "destroyed caught ");
  EXPECT_TRUE(fiber.done());
}

TEST(FiberCancel, ReachesAFiberParkedInsideCatch) {
  std::string order;
  Parking fiber{[&](Parking& self) {
    try {
      throw std::runtime_error("first");
    } catch (const std::runtime_error&) {
      const AtExit guard{[&] { order += "unwound"; }};
      self.park();
      order += "went on";
    }
  }};
  fiber.resume();
  fiber.cancel();
  EXPECT_EQ(order, "unwound");
  EXPECT_EQ(std::current_exception(), nullptr);
}

TEST(FiberCancel, DoesNotStartAFiberThatNeverRan) {
  const auto captured = std::make_shared<int>(1);
  bool started = false;
  Parking fiber{[&started, captured](Parking&) { started = true; }};
  fiber.cancel();
  EXPECT_FALSE(started);
  EXPECT_TRUE(fiber.done());
  EXPECT_EQ(captured.use_count(), 1) << "what it captured is destroyed";
}

TEST(FiberCancel, LeavesAFiberThatHasEnded) {
  Parking fiber{[](Parking&) {}};
  fiber.resume();
  fiber.cancel();
  EXPECT_FALSE(fiber.cancelled());
}

TEST(FiberCancel, HandsOnWhatAHandlerThrowsInstead) {
  Parking fiber{[](Parking& self) {
    try {
      self.park();
    } catch (...) {
      throw std::runtime_error("instead");
    }
  }};
  fiber.resume();
  EXPECT_THROW(fiber.cancel(), std::runtime_error);
  EXPECT_TRUE(fiber.done());
}

TEST(FiberDeathTest, RefusesToDieWhileParked) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        Parking fiber{[](Parking& self) { self.park(); }};
        fiber.resume();
      },
      "cancel\\(\\) it first");
}

TEST(FiberDeathTest, RefusesToParkFromOutsideAndToResumeWhatHasEnded) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Parking fiber{[](Parking&) {}};
  EXPECT_DEATH(fiber.park(), "from inside the running fiber");
  fiber.resume();
  EXPECT_DEATH(fiber.resume(), "only a parked fiber");
}

/// Uses a kilobyte of stack for each step down.
int recurse(int depth) {
  std::array<char, 1024> frame{};
  volatile char* const used = frame.data();
  used[depth % 1024] = 1;
  return depth == 0 ? 0 : recurse(depth - 1) + used[depth % 1024];
}

void run_over() {
  Parking fiber{[](Parking&) { recurse(100'000); }, std::size_t{64} * 1024};
  fiber.resume();
}

// A stack that runs over hits its guard page: a fault, never a silent overwrite of the neighbour.
TEST(FiberDeathTest, FaultsWhenItsStackRunsOver) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(run_over(), "");
}

}  // namespace
}  // namespace rushhour::sim
