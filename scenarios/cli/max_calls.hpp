/// \file
/// `--max-calls virustotal=1`: how many requests a command, or each of its tests, may send. What a test is
/// says whoever resets the world between two of them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/fakes/world.hpp>
#include <rushhour/fault.hpp>
#include <rushhour/http/service.hpp>

namespace rushhour::cli {

/// Attempts, answered or refused, since all of them cost the service something.
struct MaxCalls {
  std::string text{};       ///< as it was given
  std::string service{};    ///< `virustotal`
  std::string operation{};  ///< `AssumeRole`; empty: all of the service
  std::uint64_t limit{};
};

/// \throws InputError unless it is SERVICE=N or SERVICE.OPERATION=N, of a service and an operation that there
/// are.
[[nodiscard]] MaxCalls read_max_calls(const std::string& text);

/// The attempts between two resets, by operation (`sts:AssumeRole`).
struct Section {
  std::string test{};     ///< empty: outside any test
  bool has_own_limits{};  ///< which the test is held to by who runs it, instead of the command line's
  std::map<std::string, std::uint64_t, std::less<>> attempts{};

  [[nodiscard]] std::uint64_t count(const MaxCalls& limit) const;
};

/// Before the control interface: it sees each reset, and keeps what came before it.
class Sections final : public http::Service {
 public:
  /// All outlive it. `faults` strike again after each reset, which removes them.
  Sections(fakes::World& world, http::Service& inner, const std::vector<Fault>& faults)
      : world_(world), inner_(inner), faults_(faults) {}

  [[nodiscard]] http::Response handle(const http::Request& request, http::Gate& gate) override;
  [[nodiscard]] http::Response refuse(const http::Request& request, http::Gate& gate,
                                      http::Unfit why) override {
    return inner_.refuse(request, gate, why);
  }

  /// All sections with calls in them, the current one included. Once nobody is served any more.
  [[nodiscard]] const std::vector<Section>& finish();

  /// How often the world was reset. Likewise.
  [[nodiscard]] std::uint64_t resets() const { return resets_; }

  /// Of a reset: which test begins with it; and, with any value, that it has limits of its own.
  static constexpr std::string_view test_header = "x-rushhour-test";
  static constexpr std::string_view own_limits_header = "x-rushhour-own-limits";
  /// Of further tests only the totals are known. [CHOICE]
  static constexpr std::size_t sections_max = 100'000;

 private:
  void close();

  fakes::World& world_;
  http::Service& inner_;
  const std::vector<Fault>& faults_;
  Section current_{};
  std::uint64_t resets_{};
  std::vector<Section> sections_{};
};

}  // namespace rushhour::cli
