/// \file
/// What a container's rules share: the module state of Panther's global helpers. It lives as long as the
/// container does, while a rule's own state dies when the engine reloads the rules.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/config.hpp>

namespace rushhour::detect {

/// Modules by name, each made when first asked for.
///
/// \code
///   struct Seen { std::set<std::string> users; };
///   auto& seen = context.helpers().module<Seen>("seen_users");
/// \endcode
///
/// Panther imports a global helper once for each container (spec panther.md 1.1: a cache in a rule module
/// dies every five minutes, one in a helper lives as long as the Lambda container).
class HelperModules {
 public:
  HelperModules() = default;
  HelperModules(const HelperModules&) = delete;
  HelperModules& operator=(const HelperModules&) = delete;
  ~HelperModules() = default;

  /// The module of this name; the reference holds as long as the container. One name means one type.
  template <class Module>
  [[nodiscard]] Module& module(std::string_view name) {
    for (const Entry& entry : entries_) {
      if (entry.name != name) continue;
      RUSHHOUR_ASSERT(entry.type == &type_of<Module>, "a helper module is asked for as another type");
      return static_cast<Holder<Module>&>(*entry.held).module;
    }
    auto held = std::make_unique<Holder<Module>>();
    Module& made = held->module;
    entries_.push_back({std::string{name}, &type_of<Module>, std::move(held)});
    return made;
  }

 private:
  struct AnyHolder {
    AnyHolder() = default;
    AnyHolder(const AnyHolder&) = delete;
    AnyHolder& operator=(const AnyHolder&) = delete;
    virtual ~AnyHolder() = default;
  };
  template <class Module>
  struct Holder final : AnyHolder {
    Module module{};
  };
  /// Its address stands for the type.
  template <class Module>
  static constexpr char type_of{};

  struct Entry {
    std::string name{};
    const char* type{};
    std::unique_ptr<AnyHolder> held{};
  };
  std::vector<Entry> entries_;
};

}  // namespace rushhour::detect
