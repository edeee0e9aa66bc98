/// \file
/// The secrets of all accounts and Regions, as values, and how they are found. It judges no request and knows
/// no operation: secrets_manager.hpp does.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/api/secrets_manager.hpp>
#include <rushhour/aws/policy.hpp>
#include <rushhour/aws/shape.hpp>
#include <rushhour/fakes/text_map.hpp>
#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

/// The service's own staging labels.
inline constexpr std::string_view stage_current = "AWSCURRENT";
inline constexpr std::string_view stage_previous = "AWSPREVIOUS";
inline constexpr std::string_view stage_pending = "AWSPENDING";

/// DOC: "AWS Secrets Manager quotas", User Guide.
inline constexpr std::size_t stages_max = 20;     ///< of a secret, all versions together
inline constexpr std::size_t versions_max = 100;  ///< about; those of a day are kept whatever their number
inline constexpr std::size_t tags_max = 50;

/// What a secret holds: text or bytes, never both.
struct SecretValue {
  std::string bytes{};
  bool is_binary{};

  friend bool operator==(const SecretValue&, const SecretValue&) = default;
};

struct SecretVersion {
  std::string id{};
  std::optional<SecretValue> value{};  ///< nothing: made by a rotation, and not filled yet
  std::vector<std::string> stages{};   ///< staging labels, sorted; none: deprecated, readable by its id only
  Instant created{};
  std::optional<Instant> accessed{};  ///< midnight UTC of the day
  std::string kms_key_id{};           ///< empty: the account's default key

  [[nodiscard]] bool has_stage(std::string_view stage) const;
};

/// A copy in another Region, as its primary knows it.
struct Replica {
  std::string region{};
  std::string kms_key_id{};
  std::string status{"InProgress"};
  std::string status_message{};
  Instant in_sync_at{};  ///< when `InProgress` ends
};

/// The configuration of automatic rotation.
struct Rotation {
  bool is_enabled{};
  std::string lambda_arn{};
  std::optional<api::secretsmanager::RotationRules> rules{};
  std::optional<Instant> last{};  ///< LastRotatedDate
  std::optional<Instant> next{};  ///< NextRotationDate: the last second of the window
  std::optional<Instant> due{};   ///< when that window opens
  std::string token{};            ///< RotationToken of the rotation that runs; empty: none does
  std::vector<api::secretsmanager::ExternalSecretRotationMetadataItem> external_metadata{};
  std::string external_role_arn{};
};

struct Secret {
  std::uint64_t serial{};  ///< in the order of creation
  std::string account{};
  std::string region{};
  std::string name{};
  std::string arn{};
  std::string partial_arn{};  ///< without the hyphen and six characters
  std::optional<std::string> description{};
  std::optional<std::string> type{};
  std::string kms_key_id{};  ///< empty: the account's default key
  std::string owning_service{};
  std::optional<std::vector<api::secretsmanager::Tag>> tags{};  ///< nothing until the first one [REC]
  std::vector<SecretVersion> versions{};                        ///< oldest first
  Instant created{};
  Instant changed{};
  std::optional<Instant> accessed{};  ///< midnight UTC of the day
  /// Marked for deletion: when, and when it will be gone.
  std::optional<Instant> deleted{};
  std::optional<Instant> gone{};
  bool is_recoverable{true};            ///< false: deleted by force, and only not gone yet
  std::optional<aws::Policy> policy{};  ///< the resource policy, compiled, and as it was put
  std::string policy_text{};
  std::string primary_region{};     ///< of a secret that is or was replicated; empty: never was
  std::vector<Replica> replicas{};  ///< of a primary
  Rotation rotation{};

  [[nodiscard]] bool is_replica() const { return !primary_region.empty() && primary_region != region; }
  [[nodiscard]] SecretVersion* find_version(std::string_view id);
  [[nodiscard]] SecretVersion* find_stage(std::string_view stage);
  [[nodiscard]] std::size_t stage_count() const;  ///< staging labels of all versions

  /// Puts a label on one of the versions; it leaves the one that had it. AWSCURRENT leaves AWSPREVIOUS there,
  /// which leaves whatever had that [REC]. Returns the version that lost the label; null: none.
  SecretVersion* move_stage(std::string_view stage, SecretVersion& to);
  /// Adds a version, without labels whatever `version` says, and forgets the oldest of those that have no
  /// label and are a day old while there are more than a hundred [DOC]. Pointers to versions become invalid.
  SecretVersion& add_version(SecretVersion version, Instant now);
};

/// Secrets never move in memory while they exist.
class SecretStore {
 public:
  explicit SecretStore(Stream identifiers) : identifiers_(identifiers) {}

  /// Where a request looks: names are looked up here, ARNs in any account. Empty: ARNs only, of any place.
  struct Place {
    std::string_view account{};
    std::string_view region{};
    bool sees_other_regions{};  ///< ARNs of other Regions are found as well
  };

  /// Adds a secret that has account, Region and name; it gets its ARN, with six random characters. One of the
  /// same account, Region and name is removed before.
  Secret& add(Secret secret);
  /// Adds a replica, whose ARN is that of its primary with another Region.
  Secret& add_replica(Secret replica, const Secret& primary);
  void remove(const Secret& secret);

  /// By name, ARN, or ARN without its suffix; null: none, or gone by `now`. [REC] A partial ARN that ends
  /// like a complete one is taken for that, and misses. Other accounts' secrets are found by their whole ARN
  /// only [DOC].
  [[nodiscard]] Secret* find(std::string_view secret_id, Place place, Instant now);
  /// Those of one account and Region in the order of their creation, without those that are gone by `now`.
  [[nodiscard]] std::vector<Secret*> all(Place place, Instant now);

  /// A random UUID.
  [[nodiscard]] std::string new_uuid();
  [[nodiscard]] std::uint64_t draw() { return identifiers_.at(identifiers_drawn_++); }

  /// As if there had never been any.
  void clear() {
    identifiers_drawn_ = 0;
    secrets_.clear();
    index_.clear();
    last_found_ = {};
  }

 private:
  Secret& insert(Secret secret);
  void unindex(const Secret& secret);

  Stream identifiers_;
  std::uint64_t identifiers_drawn_ = 0;
  std::deque<std::optional<Secret>> secrets_;
  /// By every text that names a secret: ARN and partial ARN, and `account/region/name`.
  TextMap<std::size_t> index_;
  struct {
    std::string secret_id{};
    std::string account{};
    std::string region{};
    std::size_t at{};
  } last_found_{};
};

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/secret_store_inl.hpp>
#endif
