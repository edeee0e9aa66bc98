/// \file
/// Stubs: requests that a test answers itself, in a service's place. It finds the stub for a request, counts
/// what each has answered and says why none fits; the front door asks it before the service (front_door.hpp),
/// and POST /_rushhour/stubs fills it (admin.hpp). It reads no JSON but the bodies that it compares.
///
///     Stubs stubs;
///     stubs.add({.match = {.service = api::Service::virustotal,
///                          .path = TextMatch{.text = "/api/v3/ip_addresses/203.0.113.7"}},
///                .answers = {{.status = 503}, {.status = 200, .body = R"({"data":{}})"}}});
///     FrontDoor door{world, {.stubs = &stubs}};
///
/// A stub stands in front of everything that the service does: it answers whatever signature, quota,
/// permissions and faults would have said. The call is journaled all the same, as the operation and the
/// caller that it would have been, with the stub's status and marked `stubbed`; and it is charged to that
/// caller's quota where there is room, as the request would have been. CloudTrail has no record of it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/operation.hpp>
#include <rushhour/config.hpp>
#include <rushhour/http/message.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

/// How a text of a request must look.
struct TextMatch {
  enum class Kind : std::uint8_t {
    exact,
    prefix,
    contains,
    pattern,  ///< `*` stands for any characters but `/`, `**` for any at all, `?` for one that is not `/`
    present,  ///< whatever it is, `text` does not count
    absent
  };
  Kind kind{Kind::exact};
  std::string text{};

  friend bool operator==(const TextMatch&, const TextMatch&) = default;
};

/// A query parameter, a form field or a header, and how its value must look. One of several of the same name
/// will do. Names of headers have no case.
struct FieldMatch {
  std::string name{};
  TextMatch value{};

  friend bool operator==(const FieldMatch&, const FieldMatch&) = default;
};

/// Which requests a stub answers: all conditions hold; an empty one holds for every request.
struct StubMatch {
  std::optional<api::Service> service{};  ///< that the front door takes the request to be for
  std::string operation{};                ///< `GetSecretValue`, `ip_addresses`; empty: any, known or not
  std::string host{};                     ///< of the Host header, without a port; in any case
  std::string method{};
  std::optional<TextMatch> path{};    ///< without the query, percent-decoded
  std::vector<FieldMatch> query{};    ///< decoded
  std::vector<FieldMatch> headers{};  ///< as they came
  std::vector<FieldMatch> form{};     ///< the fields of a form body, decoded: AWS Query's parameters
  std::optional<TextMatch> body{};    ///< as it came
  /// JSON that the body must contain; empty: anything. Objects may have more members in the body, arrays have
  /// as many elements, and numbers are compared by value.
  std::string json{};

  friend bool operator==(const StubMatch&, const StubMatch&) = default;
};

/// What is sent.
struct StubAnswer {
  int status{200};
  http::Headers headers{};
  std::string body{};
  Duration delay{};  ///< before it is sent
  /// An error in the service's own form, with its headers, in place of `body`: the code; empty: none.
  std::string error_code{};
  std::string error_message{};  ///< with error_code

  friend bool operator==(const StubAnswer&, const StubAnswer&) = default;
};

struct Stub {
  std::string name{};  ///< for whoever reads the list; need not be unique
  StubMatch match{};
  std::vector<StubAnswer>
      answers{};          ///< one after the other; when all were given, the last goes on. At least one
  std::uint64_t times{};  ///< how many requests it answers before it is spent; 0: any number

  friend bool operator==(const Stub&, const Stub&) = default;
};

/// A request as the front door knows it.
struct StubRequest {
  const http::Request& request;
  api::Service service{};
  std::string_view operation{};  ///< empty: none that the service has
};

/// A stub as it stands. Views are good until the stubs change.
struct StubState {
  std::uint64_t id{};  ///< from 1, in the order of adding
  const Stub* stub{};
  std::uint64_t answered{};  ///< requests so far

  [[nodiscard]] bool is_spent() const { return stub->times != 0 && answered >= stub->times; }
};

/// Why a stub did not answer a request: a condition that failed.
struct FailedCondition {
  std::string what{};      ///< `path`, `query relationships`, `json /SecretId`
  std::string expected{};  ///< `"/api/v3/ip_addresses/8.8.8.8"`
  std::string saw{};       ///< `"/api/v3/ip_addresses/8.8.4.4"`; `nothing`

  friend bool operator==(const FailedCondition&, const FailedCondition&) = default;
};

/// A request that no stub answered, and the stub that came nearest: with the fewest failed conditions, then
/// with the most alike path, then the latest.
struct StubMiss {
  Instant at{};
  std::string method{};
  std::string target{};
  std::uint64_t nearest{};  ///< the stub's id; 0: there is none any more
  std::string name{};       ///< of that stub
  std::vector<FailedCondition> failed{};
};

/// The stubs of one front door. Only inside the gate, but for empty(), which any thread may ask.
class Stubs {
 public:
  /// More than anybody writes by hand, so that a loop without an end is noticed.
  static constexpr std::size_t count_max = 100'000;
  /// Requests that no stub answered, of which the last are kept; of their bodies, the beginning.
  static constexpr std::size_t misses_max = 100;
  static constexpr std::size_t missed_body_max = 16 << 10;

  Stubs();
  ~Stubs();
  Stubs(const Stubs&) = delete;
  Stubs& operator=(const Stubs&) = delete;

  /// Its id. The latest stub that fits a request answers it. At most count_max are there, and `match.json` is
  /// JSON.
  std::uint64_t add(Stub stub);
  /// False: there is no such stub.
  bool remove(std::uint64_t id);
  /// Removes all, and forgets the misses. Ids go on.
  void clear();

  /// Whether there are none: all that a request costs where nothing is stubbed.
  [[nodiscard]] bool empty() const { return count_.load(std::memory_order_relaxed) == 0; }
  [[nodiscard]] std::size_t size() const { return count_.load(std::memory_order_relaxed); }

  /// The answer to a request, which is counted; null, and a miss, where no stub fits that is not spent. Good
  /// until the stubs change. Stubs with an exact path are found by it, however many there are; all others are
  /// tried one after the other.
  const StubAnswer* answer(const StubRequest& request, Instant now);

  /// In the order of adding.
  [[nodiscard]] std::vector<StubState> list() const;
  /// The latest misses, newest last, at most `limit`. Explained now, against the stubs that are there now:
  /// each costs a walk over all of them.
  [[nodiscard]] std::vector<StubMiss> misses(std::size_t limit = 10) const;

  struct State;

 private:
  std::unique_ptr<State> state_;
  std::atomic<std::size_t> count_{0};
};

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/stubs_inl.hpp>
#endif
