// DynamoDB's expressions, without a table: what is read and refused, what conditions hold and updates make,
// and that no text whatever breaks anything. Texts of refusals: dynalite and ExtendDB, whose tests run
// against the service.

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rushhour/fakes/detail/dynamodb/condition.hpp>
#include <rushhour/fakes/detail/dynamodb/request.hpp>
#include <rushhour/fakes/detail/dynamodb/update.hpp>
#include <rushhour/random.hpp>

namespace rushhour::fakes::detail::dynamodb {
namespace {

using api::dynamodb::AttributeNames;
using V = AttributeValue;

/// One of each type, and a name that is reserved.
AttributeMap some_item() {
  return {{"key", V::string("k")},
          {"n", V::number(5)},
          {"s", V::string("hello")},
          {"b", V::binary("bytes")},
          {"yes", V::boolean(true)},
          {"nil", V::null()},
          {"ss", V::string_set({"a", "b"})},
          {"ns", V::number_set({"1", "2.5"})},
          {"l", V::list({V::number(1), V::string("x"), V::map({{"deep", V::string("er")}})})},
          {"m", V::map({{"a", V::number(7)}, {"parts", V::list({V::string("p"), V::string("q")})}})}};
}

AttributeMap values() {
  return {{":a", V::string("a")},
          {":n", V::number(1)},
          {":five", V::number("5.0")},
          {":b", V::binary("a")},
          {":t", V::boolean(true)},
          {":0", V::null()},
          {":ss", V::string_set({"b", "c"})},
          {":ns", V::number_set({"2.50", "3"})},
          {":bs", V::binary_set({"x"})},
          {":m", V::map({})},
          {":l", V::list({V::number(9)})},
          {":N", V::string("N")}};
}
AttributeNames names() { return {{"#s", "s"}, {"#three", "[3]"}, {"#status", "status"}}; }

/// Without what the expression did not use.
std::string relevant(const Refusal& refusal) {
  return !refusal || refusal->starts_with("Value provided") ? "" : *refusal;
}

struct Read {
  std::optional<std::string> update{};
  std::optional<std::string> condition{};
  std::optional<std::string> projection{};
  std::optional<AttributeNames> with_names{names()};
  std::optional<AttributeMap> with_values{values()};
  Expressions expressions{{&update, &condition, &projection, &with_names, &with_values}};
};

std::string mistake_of_update(std::string text) {
  Read read{.update = std::move(text)};
  return relevant(read.expressions.read());
}
std::string mistake_of_condition(std::string text) {
  Read read{.condition = std::move(text)};
  return relevant(read.expressions.read());
}
std::string mistake_of_projection(std::string text) {
  Read read{.projection = std::move(text)};
  return relevant(read.expressions.read());
}

/// Whether the condition holds of some_item(); its refusal, where it has one.
std::string judged(std::string text) {
  Read read{.condition = std::move(text)};
  std::string refusal = relevant(read.expressions.read());
  if (!refusal.empty()) return refusal;
  AttributeMap item = some_item();
  EXPECT_FALSE(normalise(item));
  return ConditionJudge{item}.holds(*read.expressions.condition) ? "holds" : "does not hold";
}

/// What an update leaves of one attribute of some_item(), as JSON.
std::string updated(std::string text, const std::string& attribute) {
  Read read{.update = std::move(text)};
  std::string refusal = relevant(read.expressions.read());
  if (!refusal.empty()) return refusal;
  AttributeMap item = some_item();
  AttributeMap after;
  EXPECT_FALSE(normalise(item));
  if (const Refusal wrong = Updater{item}.apply(*read.expressions.update, after)) return *wrong;
  std::string out;
  if (!after.contains(attribute)) return "gone";
  append_json(out, after.find(attribute)->second);
  return out;
}

using Table = std::vector<std::pair<std::string, std::string>>;

TEST(DynamoDbUpdateExpression, SyntaxErrorsShowTheTokenAndItsNeighbours) {
  for (const char* text : {"whatever",
                           "set a",
                           "add a",
                           "delete a",
                           "set a=set",
                           "remove a = b",
                           "add a = b",
                           "delete a b",
                           "delete a if_not_exist(b)",
                           "add abort b",
                           "remove a b",
                           "set a b",
                           "set :a = b",
                           "add :a b",
                           "remove :a",
                           "set a = b / c",
                           "set a = b * c",
                           "set a[1] = \"eight\"",
                           "set a[1] = 1",
                           "SET a = if_not_exist(a, 100)",
                           "SET if_not_exist(a, b) = a",
                           "set (a = (b + c))",
                           "set a = (b.c).d + e",
                           "set a = (b.c)[0] + e",
                           "set a = n + n + n",
                           "set a[-1] = b",
                           "set a[] = b",
                           "set a = b,",
                           "set a..b = c",
                           "set a = (b",
                           "set a = b)",
                           "set a[99999999999999999999] = b"}) {
    EXPECT_TRUE(mistake_of_update(text).starts_with("Invalid UpdateExpression: Syntax error; token: \""))
        << text << ": " << mistake_of_update(text);
  }
  EXPECT_EQ(mistake_of_update("set a = b + c + d"),
            "Invalid UpdateExpression: Syntax error; token: \"+\", near: \"c + d\"");
  EXPECT_EQ(mistake_of_update("set a"),
            "Invalid UpdateExpression: Syntax error; token: \"<EOF>\", near: \"a\"");
}

TEST(DynamoDbUpdateExpression, MistakesOfMeaningAreFoundInTheServicesOrder) {
  const Table table{
      {"", "The expression can not be empty;"},
      {" \t\n", "The expression can not be empty;"},
      {" set #c = :c set abOrt = n ", "Attribute name is a reserved keyword; reserved keyword: abOrt"},
      {"set #c = if_not_exist(:c) set c = d", "Invalid function name; function: if_not_exist"},
      {"set a = #c set c = :d", "The \"SET\" section can only be used once in an update expression;"},
      {"remove #d set a = b remove e",
       "The \"REMOVE\" section can only be used once in an update expression;"},
      {"SET #c = if_not_exists(:c)",
       "An expression attribute name used in the document path is not defined; attribute name: #c"},
      {"SET #s = if_not_exists(:c)",
       "An expression attribute value used in expression is not defined; attribute value: :c"},
      {"set d[1] = a, d.b = a, c[1].a = a, c = if_not_exists(a)",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [c, "
       "[1], a], path two: [c]"},
      {"set c[3].#three = a, c[3] = a",
       "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [c, "
       "[3], [3]], path two: [c, [3]]"},
      {"remove a.s set a[1] = n",
       "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: "
       "[a, "
       "s], path two: [a, [1]]"},
      {"set b = list_append(:a, a), c = if_not_exists(a) add a.b :a",
       "Incorrect operand type for operator or function; operator: ADD, operand type: STRING"},
      {"delete a :n",
       "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER"},
      {"add a :l", "Incorrect operand type for operator or function; operator: ADD, operand type: LIST"},
      {"set a = if_not_exists(c)",
       "Incorrect number of operands for operator or function; operator or function: if_not_exists, number "
       "of "
       "operands: 1"},
      {"set a = if_not_exists(:a, c)",
       "Operator or function requires a document path; operator or function: if_not_exists"},
      {"set a = list_append(:a, a)",
       "Incorrect operand type for operator or function; operator or function: list_append, operand type: S"},
      {"set a = :a - :b",
       "Incorrect operand type for operator or function; operator or function: -, operand type: S"},
      {"set a = n + :ss",
       "Incorrect operand type for operator or function; operator or function: +, operand type: SS"}};
  for (const auto& [text, mistake] : table) {
    EXPECT_EQ(mistake_of_update(text), "Invalid UpdateExpression: " + mistake) << text;
  }
}

TEST(DynamoDbUpdateExpression, ComputesOnTheItemAsItWas) {
  struct Row {
    const char* text;
    const char* attribute;
    const char* left;
  };
  for (const Row& row : std::vector<Row>{
           {"SET n = n + :n, x = n", "n", R"({"N":"6"})"},
           {"SET n = n + :n, x = n", "x", R"({"N":"5"})"},
           {"SET n = (n - :n)", "n", R"({"N":"4"})"},
           {"SET x = if_not_exists(x, :n) + n", "x", R"({"N":"6"})"},
           {"SET n = if_not_exists(n, :n)", "n", R"({"N":"5"})"},
           {"SET x = if_not_exists(y, if_not_exists(z, s))", "x", R"({"S":"hello"})"},
           {"SET l = list_append(l, :l)", "l",
            R"({"L":[{"N":"1"},{"S":"x"},{"M":{"deep":{"S":"er"}}},{"N":"9"}]})"},
           {"SET l[0] = :a, l[9] = :n REMOVE l[1]", "l",
            R"({"L":[{"S":"a"},{"M":{"deep":{"S":"er"}}},{"N":"1"}]})"},
           {"SET l[7] = :n, l[5] = :a", "l",
            R"({"L":[{"N":"1"},{"S":"x"},{"M":{"deep":{"S":"er"}}},{"S":"a"},{"N":"1"}]})"},
           {"REMOVE l[0], l[2]", "l", R"({"L":[{"S":"x"}]})"},
           {"SET m.#status = m.a REMOVE m.parts[0]", "m",
            R"({"M":{"a":{"N":"7"},"parts":{"L":[{"S":"q"}]},"status":{"N":"7"}}})"},
           {"SET l[2].deep = m.parts[1]", "l", R"({"L":[{"N":"1"},{"S":"x"},{"M":{"deep":{"S":"q"}}}]})"},
           {"REMOVE s", "s", "gone"},
           {"REMOVE nothing", "s", R"({"S":"hello"})"},
           {"ADD n :n", "n", R"({"N":"6"})"},
           {"ADD x :n", "x", R"({"N":"1"})"},
           {"ADD ss :ss", "ss", R"({"SS":["a","b","c"]})"},
           {"ADD x :ss", "x", R"({"SS":["b","c"]})"},
           {"ADD ns :ns", "ns", R"({"NS":["1","2.5","3"]})"},
           {"DELETE ss :ss", "ss", R"({"SS":["a"]})"},
           {"DELETE ns :ns", "ns", R"({"NS":["1"]})"},
           {"DELETE x :ss", "x", "gone"},
           {"SET x = y", "x",
            "The provided expression refers to an attribute that does not exist in the item"},
           {"SET x = s + :n", "x", "An operand in the update expression has an incorrect data type"},
           {"SET x = list_append(s, :l)", "x",
            "An operand in the update expression has an incorrect data type"},
           {"ADD s :n", "s", "An operand in the update expression has an incorrect data type"},
           {"DELETE ns :ss", "ns", "An operand in the update expression has an incorrect data type"},
           {"SET x.y = :n", "x", "The document path provided in the update expression is invalid for update"},
           {"SET s.y = :n", "s", "The document path provided in the update expression is invalid for update"},
           {"SET m[0] = :n", "m",
            "The document path provided in the update expression is invalid for update"},
           {"REMOVE x.y", "x",
            "The document path provided in the update expression is invalid for update"}}) {
    EXPECT_EQ(updated(row.text, row.attribute), row.left) << row.text;
  }
}

TEST(DynamoDbUpdateExpression, ASetOfWhichNothingIsLeftGoes) {
  Read read{.update = "DELETE ss :all",
            .with_names = {},
            .with_values = AttributeMap{{":all", V::string_set({"b", "a"})}}};
  AttributeMap after;
  ASSERT_FALSE(read.expressions.read());
  ASSERT_FALSE(Updater{some_item()}.apply(*read.expressions.update, after));
  EXPECT_FALSE(after.contains("ss"));
}

TEST(DynamoDbConditionExpression, MistakesAreFoundInTheServicesOrder) {
  const Table table{
      {"", "The expression can not be empty;"},
      {"n", R"(Syntax error; token: "<EOF>", near: "n")"},
      {"n = ", R"(Syntax error; token: "<EOF>", near: "= ")"},
      {"n = 5", R"(Syntax error; token: "5", near: "= 5")"},
      {"NOT NOT n = s", R"(Syntax error; token: "NOT", near: "NOT NOT n")"},
      {"n IN (s, b", R"(Syntax error; token: "<EOF>", near: "b")"},
      {"n BETWEEN s OR b", R"(Syntax error; token: "OR", near: "s OR b")"},
      {"(n = s) = b", R"(Syntax error; token: "=", near: ") = b")"},
      {"((n = s))", "The expression has redundant parentheses;"},
      {"((n)) = s", "The expression has redundant parentheses;"},
      {"foo(n)", "Invalid function name; function: foo"},
      {"size(n)", "The function is not allowed to be used this way in an expression; function: size"},
      {"attribute_exists(n) = s",
       "The function is not allowed to be used this way in an expression; function: attribute_exists"},
      {"status = :a", "Attribute name is a reserved keyword; reserved keyword: status"},
      {"n.status = :a", "Attribute name is a reserved keyword; reserved keyword: status"},
      {"#no = :a",
       "An expression attribute name used in the document path is not defined; attribute name: #no"},
      {"n = :no", "An expression attribute value used in expression is not defined; attribute value: :no"},
      {"attribute_exists(n, s)",
       "Incorrect number of operands for operator or function; operator or function: attribute_exists, "
       "number "
       "of operands: 2"},
      {"n = n",
       "The first operand must be distinct from the remaining operands for this operator or function; "
       "operator: "
       "=, first operand: [n]"},
      {"attribute_exists(:a)",
       "Operator or function requires a document path; operator or function: attribute_exists"},
      {"begins_with(s, :n)",
       "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N"},
      {"attribute_type(s, :n)",
       "Incorrect operand type for operator or function; operator or function: attribute_type, operand type: "
       "N"},
      {"attribute_type(s, :a)",
       "Invalid attribute type name found; type: a, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"},
      {"size(:t) > :n",
       "Incorrect operand type for operator or function; operator or function: size, operand type: BOOL"},
      {"n > :t",
       "Incorrect operand type for operator or function; operator or function: >, operand type: BOOL"},
      {"NOT (n <= :ss)",
       "Incorrect operand type for operator or function; operator or function: <=, operand type: SS"},
      {"attribute_exists(zzz) AND n BETWEEN :t AND :t",
       "Incorrect operand type for operator or function; operator or function: BETWEEN, operand type: BOOL"},
      {"n BETWEEN :five AND :n",
       "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound "
       "operand: AttributeValue: {N:5}, upper bound operand: AttributeValue: {N:1}"},
      {"n BETWEEN :n AND :a",
       "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: "
       "AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:a}"}};
  for (const auto& [text, mistake] : table) {
    EXPECT_EQ(mistake_of_condition(text), "Invalid ConditionExpression: " + mistake) << text;
  }
}

TEST(DynamoDbConditionExpression, HoldsOrNot) {
  for (const char* text : {"n = :five",
                           "n <> :n",
                           "n > :n",
                           "n >= :five",
                           "n <= :five",
                           ":n < n",
                           "n BETWEEN :n AND :five",
                           "n IN (:n, :a, :five)",
                           "n IN (:five, :n)",
                           "s > :a",
                           "b > :b",
                           "absent <> :n",
                           "absent <> elsewhere",
                           "yes = :t",
                           "nil = :0",
                           "attribute_exists(n)",
                           "attribute_exists(m.a)",
                           "attribute_exists(l[2].deep)",
                           "attribute_exists(nil)",
                           "attribute_not_exists(m.b)",
                           "attribute_not_exists(l[3])",
                           "attribute_type(n, :N)",
                           "begins_with(s, :a) OR n = :n OR :five = n",
                           "contains(ss, :a)",
                           "contains(ns, :five) OR contains(l, :n)",
                           "contains(s, :a) OR size(s) = :five",
                           "size(ss) > :n",
                           "size(m) < :five",
                           "size(l) BETWEEN :n AND :five",
                           "size(b) = n",
                           "size(n) <> :n",
                           "NOT n = :n AND NOT (s = :a OR yes <> :t)",
                           "n = :n OR s <> :a AND yes = :t",
                           "#s <> :a",
                           "(m.parts)[1] <> :a",
                           "n = :five AND (attribute_exists(s) AND (yes = :t))",
                           "ss <> :ss",
                           "N <> :n"}) {
    EXPECT_EQ(judged(text), "holds") << text;
  }
  for (const char* text : {"n = :n",
                           "n = :a",
                           "absent = :n",
                           "absent = elsewhere",
                           "absent < :n",
                           "n > :a",
                           "yes > :n",
                           "nil >= :n",
                           "ss > :n",
                           "size(n) > :n",
                           "size(yes) = :n",
                           "size(absent) >= :n",
                           "attribute_exists(absent)",
                           "attribute_exists(s.a)",
                           "attribute_exists(m[0])",
                           "attribute_not_exists(n)",
                           "attribute_type(s, :N)",
                           "attribute_type(absent, :N)",
                           "begins_with(s, :a)",
                           "begins_with(n, :a)",
                           "contains(ss, :n)",
                           "contains(absent, :a)",
                           "contains(n, :n)",
                           "n IN (:n, :a)",
                           "n = :n AND n = :five",
                           "NOT n = :five",
                           "NOT (n = :n OR n = :five)"}) {
    EXPECT_EQ(judged(text), "does not hold") << text;
  }
}

TEST(DynamoDbConditionExpression, SetsAndNumbersAreComparedByWhatTheyAre) {
  Read read{
      .condition = "ss = :same AND n = :n AND m = :m",
      .with_names = {},
      .with_values = AttributeMap{
          {":same", V::string_set({"b", "a"})},
          {":n", V::number("0.5e1")},
          {":m", V::map({{"parts", V::list({V::string("p"), V::string("q")})}, {"a", V::number("7.00")}})}}};
  ASSERT_FALSE(read.expressions.read());
  EXPECT_TRUE(ConditionJudge{some_item()}.holds(*read.expressions.condition));
}

TEST(DynamoDbProjectionExpression, PicksOutWhatIsThere) {
  const auto picked = [](std::string text) {
    Read read{.projection = std::move(text)};
    EXPECT_EQ(relevant(read.expressions.read()), "");
    std::string out;
    append_json(out, project(some_item(), *read.expressions.projection));
    return out;
  };
  EXPECT_EQ(picked("n, #s"), R"({"n":{"N":"5"},"s":{"S":"hello"}})");
  EXPECT_EQ(picked("l[2].deep, l[0]"), R"({"l":{"L":[{"N":"1"},{"M":{"deep":{"S":"er"}}}]}})");
  EXPECT_EQ(picked("m.parts[1], m.a, absent, m.b, s.t"),
            R"({"m":{"M":{"a":{"N":"7"},"parts":{"L":[{"S":"q"}]}}}})");
  EXPECT_EQ(picked("absent"), "{}");
}

TEST(DynamoDbProjectionExpression, MistakesAreTheServices) {
  EXPECT_EQ(mistake_of_projection(""), "Invalid ProjectionExpression: The expression can not be empty;");
  EXPECT_EQ(mistake_of_projection("a..b"),
            R"(Invalid ProjectionExpression: Syntax error; token: ".", near: "..b")");
  EXPECT_EQ(
      mistake_of_projection("a, a.b"),
      "Invalid ProjectionExpression: Two document paths overlap with each other; must remove or rewrite "
      "one of these paths; path one: [a], path two: [a, b]");
  EXPECT_EQ(mistake_of_projection("a.abORt"),
            "Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: abORt");
}

TEST(DynamoDbPlaceholders, AreHeldAgainstTheExpressions) {
  const auto refusal = [](std::optional<AttributeNames> with_names, std::optional<AttributeMap> with_values,
                          std::optional<std::string> update = "SET a = :v") {
    Read read{.update = std::move(update),
              .with_names = std::move(with_names),
              .with_values = std::move(with_values)};
    Refusal out = read.expressions.check_presence();
    if (!out) out = read.expressions.read();
    return out.value_or("");
  };
  const AttributeMap v{{":v", V::number(1)}};
  EXPECT_EQ(refusal({}, v), "");
  EXPECT_EQ(refusal(AttributeNames{{"#a", "a"}, {"#b", "b"}}, v),
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}");
  EXPECT_EQ(refusal({}, AttributeMap{{":v", V::number(1)}, {":w", V::number(1)}}),
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}");
  EXPECT_EQ(refusal(AttributeNames{}, v), "ExpressionAttributeNames must not be empty");
  EXPECT_EQ(refusal({}, AttributeMap{}), "ExpressionAttributeValues must not be empty");
  EXPECT_EQ(refusal(AttributeNames{{"a", "a"}}, v),
            R"(ExpressionAttributeNames contains invalid key: Syntax error; key: "a")");
  EXPECT_EQ(refusal(AttributeNames{{"#", "a"}}, v),
            R"(ExpressionAttributeNames contains invalid key: Syntax error; key: "#")");
  EXPECT_EQ(
      refusal(AttributeNames{{"#" + std::string(255, 'a'), "a"}}, v),
      "ExpressionAttributeNames contains invalid key: The expression attribute map contains a key that is "
      "too long; size of key: 256");
  EXPECT_EQ(refusal(AttributeNames{{"#a", ""}}, v),
            "ExpressionAttributeNames contains invalid value: Empty attribute name for key #a");
  EXPECT_EQ(refusal({}, AttributeMap{{":v-w", V::number(1)}}),
            R"(ExpressionAttributeValues contains invalid key: Syntax error; key: ":v-w")");
  EXPECT_EQ(
      refusal({}, AttributeMap{{":v", V{}}}),
      "ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, must contain "
      "exactly one of the supported datatypes for key :v");
  EXPECT_EQ(
      refusal({}, AttributeMap{{":v", V::number("12e")}}),
      "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric "
      "value: 12e for key :v");
  EXPECT_EQ(refusal(AttributeNames{{"#a", "a"}}, {}, std::nullopt),
            "ExpressionAttributeNames can only be specified when using expressions");
  EXPECT_EQ(refusal({}, v, std::nullopt),
            "ExpressionAttributeValues can only be specified when using expressions: UpdateExpression and "
            "ConditionExpression are null");
}

TEST(DynamoDbExpressions, AreBounded) {
  const std::string deep = std::string(30, '(') + "n = :n" + std::string(30, ')');
  EXPECT_EQ(
      mistake_of_condition(deep),
      "Invalid ConditionExpression: The expression has more than 20 levels of parentheses and functions;");
  EXPECT_EQ(mistake_of_condition("n = :n OR " + std::string(5'000, ' ') + "n = :n"),
            "Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; expression "
            "size: 5016");
  std::string nested = "x";
  for (int i = 0; i < 30; ++i) nested = "if_not_exists(y, " + nested + ")";
  EXPECT_EQ(mistake_of_update("SET x = " + nested),
            "Invalid UpdateExpression: The expression has more than 20 levels of parentheses and functions;");
}

TEST(DynamoDbExpressions, NoTextBreaksThem) {
  constexpr std::string_view words[] = {
      "SET",         "REMOVE",   "ADD",    "DELETE", "AND",  "OR",  "NOT",  "BETWEEN",
      "IN",          "a",        "n",      "#s",     ":n",   ":ss", ":",    "#",
      "(",           ")",        "[",      "]",      "0",    "99",  ",",    ".",
      "=",           "<>",       "<",      ">=",     "+",    "-",   "size", "if_not_exists",
      "list_append", "contains", "status", "\"",     "\xF0", " "};
  for (std::uint64_t seed = 1; seed <= 4'000; ++seed) {
    const Stream random = Random{seed}.stream("dynamodb.texts");
    std::string text;
    const std::uint64_t size = 1 + uniform_below(random.at(0), 14);
    for (std::uint64_t i = 1; i <= size; ++i) {
      text += words[uniform_below(random.at(i), std::size(words))];
      if (random.at(100 + i) % 3 != 0) text += ' ';
    }
    // Whatever it says, it says something or nothing: and then it can be asked and done.
    if (judged(text).empty() || updated(text, "n").empty()) ADD_FAILURE() << "seed " << seed << ": " << text;
    static_cast<void>(mistake_of_projection(text));
  }
}

TEST(DynamoDbDecimal, KeepsThirtyEightDigitsAndItsOwnForm) {
  const auto kept = [](std::string text) {
    const Refusal refusal = normalise_number(text);
    return refusal.value_or(text);
  };
  EXPECT_EQ(kept("007.500"), "7.5");
  EXPECT_EQ(kept("-0"), "0");
  EXPECT_EQ(kept("1E+3"), "1000");
  EXPECT_EQ(kept("-12.5e-3"), "-0.0125");
  EXPECT_EQ(kept("12345678901234567890123456789012345678"), "12345678901234567890123456789012345678");
  EXPECT_EQ(kept("1e125"), "1" + std::string(125, '0'));
  EXPECT_EQ(kept("123456789012345678901234567890123456789"),
            "Attempting to store more than 38 significant digits in a Number");
  EXPECT_EQ(kept("1e126"),
            "Number overflow. Attempting to store a number with magnitude larger than supported range");
  EXPECT_EQ(kept("-1e-131"),
            "Number underflow. Attempting to store a number with magnitude smaller than supported range");
  for (const char* text :
       {"abc", "1e", "1e+", "--1", "1 ", "1.2.3", "e5", "NaN", "Infinity", "0x10", "1e5.5"}) {
    EXPECT_EQ(kept(text), "The parameter cannot be converted to a numeric value: " + std::string{text});
  }
  EXPECT_EQ(kept(""), "The parameter cannot be converted to a numeric value");
}

TEST(DynamoDbDecimal, AddsAndComparesLikeIntegers) {
  for (std::uint64_t seed = 1; seed <= 5'000; ++seed) {
    const Stream random = Random{seed}.stream("dynamodb.numbers");
    const auto number = [&](std::uint64_t at) {
      const auto magnitude = static_cast<std::int64_t>(random.at(at) >> (24 + random.at(at + 1) % 38));
      return random.at(at + 2) % 2 == 0 ? magnitude : -magnitude;
    };
    const std::int64_t a = number(0);
    const std::int64_t b = number(10);
    Decimal x;
    Decimal y;
    ASSERT_EQ(Decimal::parse(std::to_string(a), x), "");
    ASSERT_EQ(Decimal::parse(std::to_string(b) + "e-0", y), "");
    EXPECT_EQ((x + y).text(), std::to_string(a + b)) << "seed " << seed;
    EXPECT_EQ((x - y).text(), std::to_string(a - b)) << "seed " << seed;
    EXPECT_EQ(x < y, a < b) << "seed " << seed;
    EXPECT_EQ(x == y, a == b) << "seed " << seed;
  }
  Decimal tiny;
  Decimal huge;
  ASSERT_EQ(Decimal::parse("1e-130", tiny), "");
  ASSERT_EQ(Decimal::parse("1e125", huge), "");
  EXPECT_EQ((huge + tiny).check(), "Attempting to store more than 38 significant digits in a Number");
  EXPECT_LT(tiny, huge);
}

}  // namespace
}  // namespace rushhour::fakes::detail::dynamodb
