#include "infercore/status.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace infercore {
namespace {

TEST(Status, EveryCodeHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(Code::kNotSupported); ++code) {
    const std::string_view name = code_name(static_cast<Code>(code));
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_EQ(name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"), std::string_view::npos);
  }
  EXPECT_EQ(code_name(Code::kOk), "OK");
  EXPECT_EQ(code_name(Code::kInvalidInput), "INVALID_INPUT");
  EXPECT_EQ(code_name(Code::kNotSupported), "NOT_SUPPORTED");
}

TEST(Status, OfOneFaultStandsOnOneLine) {
  const Status status =
      Status::from_faults("the feeds", {{"x", Code::kInvalidInput, "is missing"}});
  EXPECT_EQ(status.code(), Code::kInvalidInput);
  EXPECT_EQ(status.message(), "the feeds: is missing");
}

TEST(Status, OfManyFaultsTellsTheFirstEightAndKeepsAll) {
  const std::vector<Fault> faults(20, {"x", Code::kInvalidOption, "wrong"});
  const Status status = Status::from_faults("the options", faults, "see the guide");
  EXPECT_NE(status.message().find("and 12 more"), std::string::npos) << status.message();
  EXPECT_EQ(status.faults(), faults);
  EXPECT_EQ(status.hint(), "see the guide");
}

}  // namespace
}  // namespace infercore
