#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rushhour/aws/query_xml.hpp>
#include <rushhour/http/message.hpp>

#include "bakery.hpp"

namespace rushhour::aws {
namespace {

using bakery::Order;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Members members = Described<Order>::members;

/// Query has no maps.
Order birthday() {
  Order order = bakery::birthday();
  order.tables.clear();
  order.due = std::chrono::floor<std::chrono::seconds>(*order.due);
  return order;
}

std::vector<Parameter> parameters(std::string_view form) {
  std::vector<Parameter> out;
  for (http::FormField& field : http::parse_form(form))
    out.emplace_back(std::move(field.name), std::move(field.value));
  return out;
}

struct Reading {
  Order order{};
  Read read{};
};
Reading reading(std::string_view form) {
  Reading out;
  out.read = read_query(parameters(form), members, &out.order);
  return out;
}
Reading reading_xml(std::string_view xml, std::string_view name = "OrderResult") {
  Reading out;
  out.read = read_xml(xml, name, members, &out.order);
  return out;
}
std::string xml_of(const Order& order) {
  std::string out;
  append_xml(out, members, &order);
  return out;
}

TEST(AppendQuery, NumbersListsAndEncodesValues) {
  std::string out = "Action=Bake";
  const Order order = birthday();
  append_query(out, members, &order);
  EXPECT_EQ(out,
            "Action=Bake&Cake=Sacher&Slices=12&Candles=true&Due=2026-03-02T14%3A00%3A00Z&Glaze.Name=chocolate"
            "&Glaze.Grams=200&Toppings.member.1.Name=cherries&Toppings.member.2.Name=nuts&Toppings.member.2."
            "Grams=30"
            "&Notes.member.1=no%20%22raisins%22&Notes.member.2=%26%20%3Csugar%3E&PassPhrase=open");
}

TEST(ReadQuery, ReadsWhatAppendQueryWrites) {
  std::string form = "Action=Bake&Version=2026-03-02";
  const Order order = birthday();
  append_query(form, members, &order);
  const Reading seen = reading(form);
  EXPECT_EQ(seen.order, order);
  EXPECT_EQ(seen.read.malformed, std::nullopt);
  EXPECT_THAT(seen.read.absent, IsEmpty());
  EXPECT_THAT(seen.read.unknown, IsEmpty());
}

TEST(ReadQuery, TellsWhatIsAbsentAndWhatIsUnknown) {
  const Reading seen = reading("Action=Bake&Icing.member.1=x&Slices=3");
  EXPECT_THAT(seen.read.absent, ElementsAre("Cake"));
  EXPECT_THAT(seen.read.unknown, ElementsAre("Icing"));
  EXPECT_EQ(seen.order.slices, 3);
}

TEST(ReadQuery, TakesAnEmptyValueForPresent) {
  const Reading seen = reading("Cake=");
  EXPECT_THAT(seen.read.absent, IsEmpty());
  EXPECT_EQ(seen.order.cake, "");
}

TEST(ReadQuery, RefusesValuesAndFormsThatDoNotFit) {
  for (const std::string_view form :
       {"Slices=many", "Slices=3x", "Slices=", "Candles=yes", "Due=tomorrow", "Glaze=sugar",
        "Glaze.Colour=red", "Toppings=nuts", "Toppings.1.Name=nuts", "Toppings.member.0.Name=nuts",
        "Toppings.member.x.Name=nuts", "Toppings.member.3.Name=nuts",
        "Toppings.member.99999999999999999999.Name=nuts", "Cake.Name=x", "Notes.member.", "Toppings.member.1",
        "Cake."}) {
    EXPECT_TRUE(reading(form).read.malformed.has_value()) << form;
  }
}

TEST(ReadQuery, TakesParametersInAnyOrder) {
  const Reading seen = reading(
      "Notes.member.10=j&Toppings.member.2.Name=nuts&Notes.member.2=b&Cake=ab&Notes.member.1=a&Notes.member."
      "3=c&"
      "Notes.member.5=e&Notes.member.4=d&Notes.member.9=i&Notes.member.8=h&Toppings.member.2.Grams=7&"
      "Notes.member.7=g&Notes.member.6=f&Toppings.member.1.Name=jam");
  EXPECT_EQ(seen.read.malformed, std::nullopt);
  EXPECT_THAT(seen.order.notes, ElementsAre("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"));
  EXPECT_EQ(seen.order.toppings,
            (std::vector<bakery::Topping>{{.name = "jam"}, {.name = "nuts", .grams = 7}}));
}

TEST(ReadQuery, RefusesGapsAndRepetitions) {
  for (const std::string_view form :
       {"Notes.member.1=a&Notes.member.3=c", "Notes.member.3=c&Notes.member.1=a", "Notes.member.2=b",
        "Notes.member.18446744073709551615=x", "Cake=ab&Cake=cd", "Slices=1&Slices=1", "Notes.member.01=a",
        "Notes.member.1x=a", "Notes.member.1Name=a"}) {
    EXPECT_TRUE(reading(form).read.malformed.has_value()) << form;
  }
}

TEST(AppendXml, NestsStructuresAndLists) {
  EXPECT_EQ(
      xml_of(birthday()),
      "<Cake>Sacher</Cake><Slices>12</Slices><Candles>true</Candles><Due>2026-03-02T14:00:00Z</Due>"
      "<Glaze><Name>chocolate</Name><Grams>200</Grams></Glaze>"
      "<Toppings><member><Name>cherries</Name></member><member><Name>nuts</Name><Grams>30</Grams></member>"
      "</Toppings><Notes><member>no &quot;raisins&quot;</member><member>&amp; &lt;sugar&gt;</member></Notes>"
      "<PassPhrase>open</PassPhrase>");
}

TEST(AppendXmlText, KeepsEveryCharacter) {
  std::string out;
  append_xml_text(out, "a<b>&\"c\"'\r\n\xc3\xbc");
  EXPECT_EQ(out, "a&lt;b&gt;&amp;&quot;c&quot;'&#13;\n\xc3\xbc");
}

TEST(ReadXml, ReadsWhatAppendXmlWrites) {
  Order order = birthday();
  order.cake = "line\r\nbreak & <tag> \"quoted\"";
  const Reading seen =
      reading_xml("<OrderResponse><OrderResult>" + xml_of(order) + "</OrderResult></OrderResponse>");
  EXPECT_EQ(seen.read.malformed, std::nullopt);
  EXPECT_EQ(seen.order, order);
}

TEST(ReadXml, ReadsWhatAwsIndents) {
  const Reading seen = reading_xml(R"(<?xml version="1.0"?>
<OrderResponse xmlns="https://bakery.example/doc/">
  <OrderResult>
    <Unknown><Cake>no</Cake><Empty/></Unknown>
    <Cake>Linzer</Cake>
    <Toppings>
      <member>
        <Name>&#x6A;am &#38; &apos;more&#39;</Name>
      </member>
      <member/>
    </Toppings>
    <PassPhrase/>
  </OrderResult>
  <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>
</OrderResponse>)");
  EXPECT_EQ(seen.read.malformed, std::nullopt);
  EXPECT_EQ(seen.order, (Order{.cake = "Linzer", .toppings = {{.name = "jam & 'more'"}, {}}}));
}

TEST(ReadXml, LeavesAloneWhatIsNoEntity) {
  EXPECT_EQ(
      reading_xml("<OrderResult><Cake>a & b &nbsp; &#; &#xzz; &#1114112;&</Cake></OrderResult>").order.cake,
      "a & b &nbsp; &#; &#xzz; &#1114112;&");
}

TEST(ReadXml, TakesAnEmptyElementForAnAnswerWithoutMembers) {
  EXPECT_EQ(reading_xml("<OrderResponse><OrderResult/></OrderResponse>").read.malformed, std::nullopt);
}

TEST(ReadXml, RefusesAnotherAnswerOrValue) {
  EXPECT_TRUE(reading_xml("<ErrorResponse/>").read.malformed.has_value());
  EXPECT_TRUE(reading_xml("").read.malformed.has_value());
  EXPECT_TRUE(reading_xml("<OrderResult><Slices>many</Slices></OrderResult>").read.malformed.has_value());
}

TEST(ReadXml, EndsOnATextThatEndsTooSoon) {
  const std::string whole = "<OrderResult>" + xml_of(birthday()) + "</OrderResult>";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    static_cast<void>(
        reading_xml(std::string_view{whole}.substr(0, size)));  // returns, and reads no byte beyond
  }
}

TEST(ReadXmlError, FindsCodeAndMessage) {
  const ErrorText error = read_xml_error(
      R"(<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>Throttling</Code>)"
      R"(<Message>Rate &lt;exceeded&gt;</Message></Error><RequestId>1</RequestId></ErrorResponse>)");
  EXPECT_EQ(error.code, "Throttling");
  EXPECT_EQ(error.message, "Rate <exceeded>");
  EXPECT_EQ(read_xml_error("<Error><Code></Code><Message/></Error>").code, "");
  EXPECT_EQ(read_xml_error("{}").code, "");
}

}  // namespace
}  // namespace rushhour::aws
