/// \file
/// All fakes wired together on one clock, one journal and one seed: what a test or a simulation holds.
/// panther_world() fills it with the two accounts of Panther's guide. It opens no socket; front_door.hpp lets
/// HTTP messages in.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/api/endpoint.hpp>
#include <rushhour/aws/global_endpoint.hpp>
#include <rushhour/calls.hpp>
#include <rushhour/fakes/dynamodb.hpp>
#include <rushhour/fakes/iam.hpp>
#include <rushhour/fakes/iam_service.hpp>
#include <rushhour/fakes/ledger.hpp>
#include <rushhour/fakes/secrets_manager.hpp>
#include <rushhour/fakes/sts.hpp>
#include <rushhour/fakes/virustotal.hpp>
#include <rushhour/fault.hpp>
#include <rushhour/random.hpp>
#include <rushhour/time.hpp>

namespace rushhour::fakes {

/// Which endpoint of STS the clients of a world use that say nothing of it.
enum class StsEndpoint : std::uint8_t {
  regional,  ///< the world's Region's
  global     ///< https://sts.amazonaws.com, which has quotas of its own (aws/global_endpoint.hpp)
};

struct WorldOptions {
  std::uint64_t seed{1};
  Instant start{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};  ///< when what exists was created
  std::string region{"us-east-1"};
  std::vector<std::string> regions{};    ///< that messages may be signed for; empty: any
  StsEndpoint sts_endpoint{};            ///< of typed calls; of a message its Host says it
  std::size_t journal_capacity{10'000};  ///< calls kept; 0 keeps tallies only
  VirusTotalOptions virustotal{};        ///< its report_date is `start`, whatever it says
  DynamoDbOptions dynamodb{};
};

/// The services of one simulated world. Single-threaded: a server brings its own lock (http::Gate).
class World final : public api::Endpoint {
 public:
  using Options = WorldOptions;

  explicit World(Options chosen = {})
      : options(std::move(chosen)),
        random(options.seed),
        ledger(options.journal_capacity, options.region),
        faults(random),
        iam(ledger.names(), random, {.start = options.start}),
        sts(ledger, faults, iam, random),
        secretsmanager(ledger, faults, iam, random, options.region),
        iam_service(ledger, faults, iam),
        virustotal(ledger, faults, random, started(options)),
        dynamodb(ledger, faults, iam, options.region) {
    dynamodb.options = options.dynamodb;
  }

  const Options options;
  const Random random;
  Ledger ledger;
  Faults faults;
  Iam iam;
  Sts sts;
  SecretsManager secretsmanager;
  IamService iam_service;
  VirusTotal virustotal;
  DynamoDb dynamodb;

  [[nodiscard]] const Journal& journal() const { return ledger.journal(); }
  /// The journal in words, as it stands now: for tests and for whoever prints it.
  [[nodiscard]] Calls calls() const { return {ledger.journal(), ledger.names(), options.seed}; }
  [[nodiscard]] Service& service(api::Service id) {
    Service* const services[api::service_count] = {&sts, &secretsmanager, &virustotal, &dynamodb,
                                                   &iam_service};
    return *services[static_cast<std::size_t>(id)];
  }

  /// The direct way in: typed requests, no message.
  bool perform(const api::Exchange& exchange, Instant now) override {
    return service(exchange.operation.service)
        .perform({.operation = exchange.operation,
                  .identity = exchange.identity,
                  .attribution = exchange.attribution,
                  .input = const_cast<void*>(exchange.input),  // read-only without a decoder
                  .output = exchange.output,
                  .failure = exchange.failure,
                  .delay = exchange.delay,
                  .region = region_of(exchange)},
                 now);
  }
  /// Where calls to STS go that name no Region; empty: as all others.
  [[nodiscard]] std::string_view sts_region() const {
    return options.sts_endpoint == StsEndpoint::global ? aws::global_endpoint : std::string_view{};
  }

  /// Empties the journal and the digest, fills every quota and removes the faults. What exists stays.
  void reset() {
    ledger.clear();
    faults.clear();
    virustotal.forget_usage();
    dynamodb.refill();
    for (std::size_t i = 0; i < api::service_count; ++i) {
      service(static_cast<api::Service>(i)).quotas().reset();
    }
  }

  /// As reset(), and nothing exists any more but what `set_up` makes: the same set-up makes the same world,
  /// ids and keys included, and credentials that its principals had stay good.
  template <class SetUp>
  void begin_anew(SetUp set_up) {
    reset();
    sts.clear();
    secretsmanager.clear();
    virustotal.clear();
    dynamodb.clear();
    for (std::size_t i = 0; i < api::service_count; ++i) {
      service(static_cast<api::Service>(i)).rewordings().clear();
    }
    const std::size_t principals = iam.clear();
    set_up();
    iam.retire(principals);
  }

 private:
  [[nodiscard]] std::string_view region_of(const api::Exchange& exchange) const {
    const bool is_unsaid = exchange.operation.service == api::Service::sts && exchange.region.empty();
    return is_unsaid ? sts_region() : exchange.region;
  }
  static VirusTotalOptions started(const Options& of) {
    VirusTotalOptions out = of.virustotal;
    out.report_date = of.start;
    return out;
  }
};

/// What the customer's secret holds.
enum class SecretFormat : std::uint8_t {
  plain,     ///< the API key, and nothing else
  key_value  ///< `{"API_KEY":"..."}`, as the console's form "Key/value" stores it: sent whole as the key, as
             ///< the guide's code does, VirusTotal answers 401 WrongCredentialsError
};

/// One customer of the engine: where its secret lives, and which VirusTotal key is in it. No two have the
/// same name, nor the same role or secret in one account.
struct CustomerOptions {
  std::string name{};     ///< what detections call it
  std::string account{};  ///< 12 digits
  std::string region{};   ///< where its secret is; empty: the world's own
  std::string role{"panther-secrets-access"};
  std::string secret_name{"panther-secrets/virus-total"};
  std::string key{};  ///< by its name; empty: the world's first
  SecretFormat secret_format{};
};

/// What the only customer and the only key of a world are called that says no more of them.
inline constexpr std::string_view only_customer_name = "customer";
inline constexpr std::string_view only_key_name = "virustotal-key";

/// Panther's guide as a world. Each gate can be left shut, to see what a detection meets then: it is one for
/// all customers.
struct PantherWorldOptions {
  WorldOptions world{};
  std::string engine_account{"111122223333"};    ///< whose Lambda runs the rules
  std::string customer_account{"444455556666"};  ///< yours, where the secret lives
  std::string engine_role{"detections-engine"};
  std::string unit_tests_role{"unit-tests"};
  std::string customer_role{"panther-secrets-access"};
  std::string secret_name{"panther-secrets/virus-total"};
  std::string api_key{"4f2c9b7e61d8a0355e9d17c48ab6f30212ce94d7508be3fa6190cd8724eb5f1a"};
  std::vector<limit::Profile> virustotal_quota{limit::profiles::virustotal_public()};
  SecretFormat secret_format{};
  /// In place of customer_account, customer_role, secret_name and secret_format; the first is the one that
  /// tests and detections get unless they name another.
  std::vector<CustomerOptions> customers{};
  /// In place of api_key and virustotal_quota; the first is in the secrets of customers that name none.
  std::vector<VirusTotalKey> virustotal_keys{};
  std::vector<VirusTotalGroup> virustotal_groups{};
  /// Those that name no account are the engine's, and its roles may use them all.
  std::vector<NewTable> tables{kv_store_table()};
  bool registered{true};         ///< the backend lists the customer's role as one that the engine may assume
  bool trusts_engine{true};      ///< the customer's role names the engine's role
  bool trusts_unit_tests{true};  ///< and the unit tests' role
  bool policy_covers_secret{true};  ///< the role's policy names the secret
};

/// A customer as it exists in a world.
struct Customer {
  std::string name{};
  std::string account{};
  std::string region{};  ///< where its secret is
  std::string role_arn{};
  std::string secret_name{};
  std::string secret_arn{};
  std::string key{};  ///< the name of the VirusTotal key that its secret holds
};

/// The guide's two accounts: roles, policies, the secret, and the VirusTotal key that it holds; or one
/// engine's account and several customers'.
class PantherWorld {
 public:
  explicit PantherWorld(PantherWorldOptions chosen = {});

  World world;
  const PantherWorldOptions options;  ///< as it was made
  std::string engine_role_arn{};
  std::string unit_tests_role_arn{};
  std::vector<Customer> customers{};  ///< at least one
  std::string customer_role_arn{};    ///< of the first customer, as the next two
  std::string secret_arn{};
  std::string secret_name{};
  std::string kv_store_arn{};  ///< of the table panther-kv-store; empty: the options have none

  /// By name, the first customer by an empty one; null: there is none.
  [[nodiscard]] const Customer* find_customer(std::string_view name) const {
    if (name.empty()) return &customers.front();
    for (const Customer& customer : customers) {
      if (customer.name == name) return &customer;
    }
    return nullptr;
  }

  /// Credentials of the engine's Lambda, as the platform gives them: a session of its role.
  [[nodiscard]] Session engine_session(Instant now, Duration length = std::chrono::hours{12}) {
    return world.iam.issue(*world.iam.find(engine_role_arn), "panther-rules-engine", now, length);
  }
  [[nodiscard]] Session unit_tests_session(Instant now, Duration length = std::chrono::hours{12}) {
    return world.iam.issue(*world.iam.find(unit_tests_role_arn), "panther-unit-tests", now, length);
  }

  /// World::begin_anew() with the guide's two accounts, and then what `add` adds to them.
  template <class Add>
  void begin_anew(Add add) {
    world.begin_anew([&] {
      set_up();
      add();
    });
  }
  void begin_anew() {
    begin_anew([] {});
  }

 private:
  void set_up();
  /// The ARNs of those that are the engine's.
  std::vector<std::string> add_tables();
};

}  // namespace rushhour::fakes

#if RUSHHOUR_HEADER_ONLY
#include <rushhour/fakes/detail/world_inl.hpp>
#endif
