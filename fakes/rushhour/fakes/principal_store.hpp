/// \file
/// Keeps the principals, groups, policies and access keys of all accounts, and changes them. It asks nobody
/// whether that is allowed: a test sets its world up with it, and iam_service.hpp lets HTTP at it. Documents
/// that are no policy throw InputError; a change of what does not exist answers false.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/aws/policy.hpp>
#include <rushhour/aws/sigv4.hpp>
#include <rushhour/fakes/condition_keys.hpp>
#include <rushhour/fakes/principals.hpp>
#include <rushhour/fakes/text_map.hpp>
#include <rushhour/names.hpp>
#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

class PrincipalStore {
 public:
  /// \param start  when what names no date of its own was created
  PrincipalStore(Names& names, Stream identifiers, Instant start);
  PrincipalStore(const PrincipalStore&) = delete;
  PrincipalStore& operator=(const PrincipalStore&) = delete;

  // ---- All of it ----

  /// Removes all that exists but AWS's own policies. Ids are drawn from the beginning again: the same set-up
  /// makes the same principals, and sessions of theirs go on. Returns how many there were, for retire().
  std::size_t clear();
  /// After the set-up: sessions of principals that were made later, and there are no more, are nobody's, so
  /// that no newcomer takes them over.
  void retire(std::size_t count);

  // ---- Roles and users ----

  /// Returns the role's ARN. A role of that name is deleted first: the new one has another unique id, and the
  /// sessions of the old one end.
  std::string add_role(const NewRole& role);
  /// Without an access key. Returns the ARN. A user of that name is deleted first.
  std::string add_user_without_key(const NewUser& user);
  /// Returns the user's first access key.
  aws::Credentials add_user(const NewUser& user);
  /// A role or user, with its keys, devices and memberships. Whoever holds a session of it is refused from
  /// now on.
  bool remove_principal(std::string_view arn);

  /// A role, user or root user that exists; null when there is none. The one that was found last is looked at
  /// first.
  [[nodiscard]] const Principal* find(std::string_view arn);
  [[nodiscard]] const Principal* find_role(std::string_view arn);
  /// By its name, without path and case, as IAM's operations name it.
  [[nodiscard]] const Principal* find_named(Principal::Kind kind, std::string_view account,
                                            std::string_view name) const;
  /// All of one kind in an account, by name.
  [[nodiscard]] std::vector<const Principal*> list(Principal::Kind kind, std::string_view account) const;
  /// The root user of an account, made when it is first asked for.
  const Principal& root_of(std::string_view account);
  /// Whether anything has ever been made in it.
  [[nodiscard]] bool has_account(std::string_view account) const { return accounts_.contains(account); }

  bool set_trust_policy(std::string_view role_arn, std::string_view document);
  bool set_description(std::string_view role_arn, std::string_view text);
  bool set_session_duration_max(std::string_view role_arn, Duration length);
  /// ARN of a managed policy that exists; empty: takes the boundary away.
  bool set_boundary(std::string_view principal_arn, std::string_view policy_arn);

  /// Who exists: for documents that came in a request, where nobody else may be named.
  [[nodiscard]] const aws::PrincipalDirectory& directory() const { return existing_; }
  /// For documents of a set-up, which may name who is yet to be made: an ARN that nobody has gets the id that
  /// its first holder will have. The trust policies of the store are compiled with it.
  [[nodiscard]] const aws::PrincipalDirectory& set_up_directory() const { return expected_; }
  /// Throws InputError as putting the document would, and also where it names a role or user that does not
  /// exist.
  void check_policy(aws::PolicyKind kind, std::string_view document) const;

  // ---- Policies ----

  /// Adds an inline policy to a role, user or group, under the next free name `policy-N`.
  void add_policy(std::string_view arn, std::string_view document);
  /// Of a role, user or group: makes it, or replaces it.
  bool put_inline_policy(std::string_view arn, std::string_view name, std::string_view document);
  bool remove_inline_policy(std::string_view arn, std::string_view name);
  [[nodiscard]] const PolicyDocument* find_inline_policy(std::string_view arn, std::string_view name);

  /// Returns the ARN. One of that name is replaced.
  std::string add_managed_policy(const NewManagedPolicy& policy);
  /// Not one that is attached, or somebody's boundary: IAM's DeleteConflict.
  bool remove_managed_policy(std::string_view policy_arn);
  [[nodiscard]] const ManagedPolicy* managed_policy(std::string_view policy_arn) const;
  /// The document; null: there is no such policy.
  [[nodiscard]] const std::string* find_managed_policy(std::string_view policy_arn) const;
  /// Of an account, or AWS's own (`aws`), by ARN.
  [[nodiscard]] std::vector<const ManagedPolicy*> managed_policies(std::string_view account) const;
  /// To a role, user or group; again: nothing happens.
  bool attach_policy(std::string_view arn, std::string_view policy_arn);
  bool detach_policy(std::string_view arn, std::string_view policy_arn);
  /// To how many roles, users and groups.
  [[nodiscard]] std::size_t attachments(std::string_view policy_arn) const;
  /// Of how many roles and users it is the boundary.
  [[nodiscard]] std::size_t boundary_uses(std::string_view policy_arn) const;

  /// In place of those of before; none: the account is not restrained, as one outside an organisation. They
  /// apply to everyone in it, the root user too.
  void set_service_control_policies(std::string_view account, const std::vector<std::string>& documents);

  // ---- Groups ----

  /// Returns the ARN. A group of that name is replaced and loses its members.
  std::string add_group(const NewGroup& group);
  bool remove_group(std::string_view account, std::string_view name);
  [[nodiscard]] const Group* find_group(std::string_view account, std::string_view name) const;
  [[nodiscard]] std::vector<const Group*> groups_of(std::string_view account) const;
  [[nodiscard]] std::vector<const Principal*> members_of(const Group& group) const;
  bool add_to_group(std::string_view user_arn, std::string_view group_name);
  bool remove_from_group(std::string_view user_arn, std::string_view group_name);

  // ---- Access keys ----

  /// Of a user or root user. Nothing when there is no such principal.
  std::optional<aws::Credentials> add_access_key(std::string_view principal_arn,
                                                 std::optional<Instant> created = {});
  /// Of an account's root user.
  aws::Credentials add_root_key(std::string_view account);
  /// A key that somebody chose, as of a configuration. Replaces one of that id.
  bool put_access_key(std::string_view principal_arn, const aws::Credentials& chosen,
                      std::optional<Instant> created = {});
  bool set_access_key_active(std::string_view access_key_id, bool is_active);
  bool remove_access_key(std::string_view access_key_id);
  [[nodiscard]] const AccessKey* find_access_key(std::string_view access_key_id) const;

  // ---- Tags and MFA devices ----

  /// Of a role, user or managed policy. A key that is there gets the new value.
  bool tag(std::string_view arn, const IamTag& tag);
  /// A key that is not there is no mistake.
  bool untag(std::string_view arn, std::string_view key);
  /// Of a user or root user. `secret` is what the codes are made from, bytes.
  bool add_mfa_device(std::string_view principal_arn, const MfaDevice& device);
  bool remove_mfa_device(std::string_view serial);
  /// What the device shows at `now`: six digits. Nothing when there is no such device.
  [[nodiscard]] std::optional<std::string> mfa_code(std::string_view serial, Instant now) const;
  /// Whether the principal has that device, and it shows that code now.
  [[nodiscard]] bool is_mfa_code(const Principal& principal, std::string_view serial, std::string_view code,
                                 Instant now) const;

 protected:
  ~PrincipalStore() = default;

  struct Account {
    std::vector<aws::Policy> service_control{};
    std::optional<std::uint32_t> root{};
    bool reads_conditions{};
  };

  [[nodiscard]] const Principal& at(std::uint32_t index) const { return principals_[index]; }
  [[nodiscard]] std::size_t size() const { return principals_.size(); }
  [[nodiscard]] const Names& names() const { return names_; }
  [[nodiscard]] std::span<const aws::Policy> service_control_of(const Principal& principal) const;
  /// \param owner  for errors: whose the policy is
  [[nodiscard]] aws::Policy compile(aws::PolicyKind kind, std::string_view text,
                                    std::string_view owner) const;
  /// Counts the changes of policies: what was concluded from them holds no longer.
  [[nodiscard]] std::uint64_t generation() const { return generation_; }

 private:
  class Directory final : public aws::PrincipalDirectory {
   public:
    Directory(PrincipalStore& store, bool promises) : store_(store), promises_(promises) {}
    [[nodiscard]] std::optional<std::string> unique_id_of(std::string_view arn) const override;

   private:
    PrincipalStore& store_;
    bool promises_;
  };

  [[nodiscard]] Instant date(const std::optional<Instant>& wanted) const { return wanted.value_or(start_); }
  Account& account(std::string_view id);
  Principal& add(Principal principal);
  [[nodiscard]] std::string unique_id(std::string_view prefix);
  /// What set_up_directory() has promised, or a new one.
  [[nodiscard]] std::string unique_id_for(const Principal& principal);
  [[nodiscard]] aws::Credentials new_key(std::string_view account);
  /// Null unless it exists.
  [[nodiscard]] Principal* mutable_find(std::string_view arn);
  void add_policies_of_aws();
  [[nodiscard]] Group* mutable_group(std::string_view arn);
  [[nodiscard]] PolicyList* policies_of(std::string_view arn);
  [[nodiscard]] std::vector<IamTag>* tags_of(std::string_view arn);
  void put(PolicyList& list, std::string_view owner, std::string_view name, std::string_view document) const;
  void fill(PolicyList& list, std::string_view owner, const std::vector<std::string>& documents,
            const std::vector<std::string>& attached) const;
  void collect(const PolicyList& list, std::vector<aws::Policy>& into) const;
  /// Works out anew which policies apply.
  void refresh(Principal& principal);
  void refresh_all();
  void refresh_holder(std::string_view arn);

  Names& names_;
  Stream identifiers_;
  Instant start_;
  std::uint64_t identifiers_drawn_ = 0;
  std::uint64_t generation_ = 0;
  std::uint32_t last_found_ = 0;
  std::deque<Principal> principals_;  // a deque: pointers stay valid
  TextMap<std::uint32_t> by_arn_;
  TextMap<std::string> promised_;                              // unique ids by the ARNs of who is yet to come
  std::map<std::string, std::uint32_t, std::less<>> by_name_;  // `role/123456789012/name`
  std::map<std::string, Group, std::less<>> groups_;           // `123456789012/name`
  std::map<std::string, ManagedPolicy, std::less<>> managed_;  // by ARN
  std::map<std::string, Account, std::less<>> accounts_;
  TextMap<AccessKey> access_keys_;
  Directory existing_{*this, false};
  Directory expected_{*this, true};
};

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/principal_policies_inl.hpp>
#include <rushhour/fakes/detail/principal_store_inl.hpp>
#endif
