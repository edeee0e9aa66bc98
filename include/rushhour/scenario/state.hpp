/// \file
/// What exists in a served world, from a file: accounts with their users, groups, roles, policies,
/// rotation functions and secrets, VirusTotal keys, and refusals in other words. It puts them straight into
/// the fakes and keeps nothing; what happens in the world is a scenario's business (scenario.hpp). The
/// format: scenarios/state.schema.json.
///
/// It stands here and not with the fakes, because it reads with a Reader and the fakes include no scenario.
#pragma once

#include <string>
#include <vector>

#include <rushhour/aws/sigv4.hpp>
#include <rushhour/config.hpp>
#include <rushhour/fakes/world.hpp>
#include <rushhour/scenario/document.hpp>
#include <rushhour/time.hpp>

namespace rushhour::scenario {

/// A long-term key that the file gave, or that was made because it left them out.
struct StateKey {
  std::string principal_arn{};  ///< of a user or root user
  aws::Credentials credentials{};
};

/// What whoever serves the world must tell its clients.
struct LoadedState {
  std::vector<std::string> accounts{};  ///< ids, in the order of the file
  std::vector<StateKey> keys{};
  std::vector<std::string> rotation_functions{};  ///< ARNs, for secrets to name
};

/// Adds what the document says to what exists in the world, as of `now`. Roles, users and groups of the same
/// name are replaced; a secret that exists is a mistake.
///
/// \throws InputError for every mistake, with line, column and pointer, those inside policies too. What was
/// read before it is in the world then.
LoadedState load_state(const Document& document, fakes::World& world, Instant now);

/// load_state() of a file's content.
inline LoadedState read_state(const std::string& path, fakes::World& world, Instant now) {
  return load_state(read_document(path), world, now);
}

}  // namespace rushhour::scenario

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/scenario/detail/state_inl.hpp>
#endif
