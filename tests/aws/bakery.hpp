// A made-up service's request with a member of every kind, for the tests of the protocols.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <rushhour/aws/shape.hpp>

namespace rushhour::aws::bakery {

[[nodiscard]] constexpr bool is_letters(std::string_view text) {
  for (const char c : text) {
    if ((c | 32) < 'a' || (c | 32) > 'z') return false;
  }
  return true;
}

struct Topping {
  std::string name{};
  std::optional<std::int64_t> grams{};

  friend bool operator==(const Topping&, const Topping&) = default;
};

struct Order {
  std::string cake{};
  std::optional<std::int64_t> slices{};
  std::optional<bool> candles{};
  std::optional<Instant> due{};
  std::optional<Topping> glaze{};
  std::vector<Topping> toppings{};
  std::vector<std::string> notes{};
  std::map<std::string, std::vector<std::string>> tables{};
  std::optional<std::string> passphrase{};

  friend bool operator==(const Order&, const Order&) = default;
};

/// An order with everything in it.
inline Order birthday() {
  return {.cake = "Sacher",
          .slices = 12,
          .candles = true,
          .due = Instant{std::chrono::milliseconds{1'772'460'000'250}},
          .glaze = Topping{.name = "chocolate", .grams = 200},
          .toppings = {{.name = "cherries"}, {.name = "nuts", .grams = 30}},
          .notes = {"no \"raisins\"", "& <sugar>"},
          .tables = {{"north", {"Ada", "Bob"}}, {"south", {}}},
          .passphrase = "open"};
}

}  // namespace rushhour::aws::bakery

namespace rushhour::aws {

template <>
struct Described<bakery::Topping> {
  using S = bakery::Topping;
  static constexpr std::array members{required<&S::name>("Name", length(2, 10)),
                                      member<&S::grams>("Grams", range(1, 500))};
};

template <>
struct Described<bakery::Order> {
  using S = bakery::Order;
  static constexpr std::array members{
      required<&S::cake>("Cake", matching("[A-Za-z]*", bakery::is_letters, length(2, 12))),
      member<&S::slices>("Slices", range(1, 24)),
      member<&S::candles>("Candles"),
      member<&S::due>("Due"),
      member<&S::glaze>("Glaze"),
      member<&S::toppings>("Toppings"),
      member<&S::notes>("Notes"),
      member<&S::tables>("Tables"),
      sensitive(member<&S::passphrase>("PassPhrase", length(2, 8)))};
};

}  // namespace rushhour::aws
