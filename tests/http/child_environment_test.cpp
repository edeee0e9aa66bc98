#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <rushhour/http/child_environment.hpp>

namespace rushhour::http {
namespace {

using testing::ElementsAre;

const Variable* find(const std::vector<Variable>& variables, const std::string& name) {
  const auto found = std::find_if(variables.begin(), variables.end(),
                                  [&](const Variable& variable) { return variable.name == name; });
  return found == variables.end() ? nullptr : &*found;
}
std::string value(const std::vector<Variable>& variables, const std::string& name) {
  const Variable* const variable = find(variables, name);
  return variable != nullptr && variable->value ? *variable->value : "(none)";
}

const std::vector<Variable> usual = environment_for_child({.intercept_port = 4443,
                                                           .plain_port = 4080,
                                                           .ca_file = "/tmp/ca.pem",
                                                           .node_preload = "/tmp/a b/node.cjs"});

TEST(ChildEnvironment, NamesTheProxyInBothSpellings) {
  for (const char* name :
       {"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"})
    EXPECT_EQ(value(usual, name), "http://127.0.0.1:4443") << name;
}

TEST(ChildEnvironment, ExceptsLoopbackAloneFromTheProxy) {
  for (const char* name : {"NO_PROXY", "no_proxy"}) EXPECT_EQ(value(usual, name), "localhost,127.0.0.1,::1");
}

TEST(ChildEnvironment, NamesTheAuthorityToEveryClientAndTakesOthersAway) {
  for (const char* name :
       {"REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"})
    EXPECT_EQ(value(usual, name), "/tmp/ca.pem") << name;
  ASSERT_NE(find(usual, "SSL_CERT_DIR"), nullptr);
  EXPECT_EQ(find(usual, "SSL_CERT_DIR")->value, std::nullopt);
}

TEST(ChildEnvironment, TellsSdksThePlainServer) {
  for (const char* name :
       {"AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_SECRETS_MANAGER", "AWS_ENDPOINT_URL_IAM"})
    EXPECT_EQ(value(usual, name), "http://127.0.0.1:4080") << name;
  EXPECT_EQ(value(usual, "RUSHHOUR_ADMIN"), "http://127.0.0.1:4080/_rushhour");
  EXPECT_EQ(value(environment_for_child({.intercept_port = 4443}), "AWS_ENDPOINT_URL_STS"),
            "http://127.0.0.1:4443");
}

TEST(ChildEnvironment, LeavesCredentialsAloneUnlessItHasSome) {
  for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_REGION", "AWS_CONFIG_FILE"})
    EXPECT_EQ(find(usual, name), nullptr) << name;
  const std::vector<Variable> with =
      environment_for_child({.region = "eu-west-1",
                             .credentials = aws::Credentials{
                                 .access_key_id = "ASIA1", .secret_access_key = "s", .session_token = "t"}});
  EXPECT_EQ(value(with, "AWS_ACCESS_KEY_ID"), "ASIA1");
  EXPECT_EQ(value(with, "AWS_SESSION_TOKEN"), "t");
  EXPECT_EQ(value(with, "AWS_DEFAULT_REGION"), "eu-west-1");
  ASSERT_NE(find(with, "AWS_PROFILE"), nullptr);
  EXPECT_EQ(find(with, "AWS_PROFILE")->value, std::nullopt);
}

TEST(ChildEnvironment, TakesAnOldTokenAwayFromALongTermKey) {
  const std::vector<Variable> with =
      environment_for_child({.credentials = aws::Credentials{
                                 .access_key_id = "AKIA1", .secret_access_key = "s", .session_token = {}}});
  ASSERT_NE(find(with, "AWS_SESSION_TOKEN"), nullptr);
  EXPECT_EQ(find(with, "AWS_SESSION_TOKEN")->value, std::nullopt);
}

TEST(ChildEnvironment, GoesBeforeWhatTheMachineLoads) {
  const std::vector<Variable> with = environment_for_child({.node_preload = "/tmp/a b/node.cjs",
                                                            .library = "/usr/lib/shim.so",
                                                            .python_folder = "/tmp/python",
                                                            .node_options = "--no-warnings",
                                                            .ld_preload = "/lib/other.so",
                                                            .python_path = "/home/own",
                                                            .pytest_plugins = "own"});
  EXPECT_EQ(value(with, "PYTHONPATH"), "/tmp/python:/home/own");
  EXPECT_EQ(value(with, "PYTEST_PLUGINS"), "rushhour_pytest,own");
  EXPECT_EQ(value(with, "NODE_OPTIONS"), "--require \"/tmp/a b/node.cjs\" --no-warnings");
  EXPECT_EQ(value(with, "LD_PRELOAD"), "/usr/lib/shim.so:/lib/other.so");
  EXPECT_EQ(find(usual, "LD_PRELOAD"), nullptr);
}

TEST(ChildEnvironment, SaysEachNameOnce) {
  const std::vector<Variable> with = environment_for_child(
      {.node_preload = "a", .library = "b", .credentials = aws::Credentials{.access_key_id = "c"}});
  std::set<std::string> names;
  for (const Variable& variable : with) EXPECT_TRUE(names.insert(variable.name).second) << variable.name;
}

TEST(WithVariables, SetsUnsetsAndKeepsTheRest) {
  EXPECT_THAT(with_variables({"PATH=/bin", "A=1", "AB=2", "C=3", "A=4"},
                             {{"A", "new"}, {"C", std::nullopt}, {"D", "x=y"}}),
              ElementsAre("PATH=/bin", "AB=2", "A=new", "D=x=y"));
}

TEST(ShellText, QuotesWhatAShellWouldRead) {
  EXPECT_EQ(shell_text({{"A", "it's $HOME"}, {"B", std::nullopt}}), "export A='it'\\''s $HOME'\nunset B\n");
}

}  // namespace
}  // namespace rushhour::http
