#include "infercore/fault_list.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace infercore {
namespace {

TEST(FaultList, KeepsTheFirstHundred) {
  FaultList faults;
  EXPECT_TRUE(faults.empty());
  for (std::size_t i = 0; i < 1000; ++i) {
    EXPECT_EQ(faults.full(), i >= kMaxFaults);
    faults.add({std::to_string(i), Code::kInvalidInput, "wrong"});
  }
  EXPECT_EQ(faults.size(), kMaxFaults);
  EXPECT_EQ(std::move(faults).take().back().path, "99");
}

TEST(FaultList, OfElementsTellsTheirPathsAndTheFirstHint) {
  FaultList faults;
  faults.add_element("texts", 3, Status(Code::kLimitExceeded, "too long", "cut it"));
  faults.add_element("texts", 5, Status(Code::kInvalidInput, "empty", "fill it"));
  const Status status = std::move(faults).status("the texts can't be used");
  EXPECT_EQ(status.code(), Code::kLimitExceeded);
  EXPECT_EQ(status.message(),
            "the texts can't be used\n  - texts[3]: too long\n  - texts[5]: empty");
  EXPECT_EQ(status.hint(), "cut it");
  ASSERT_EQ(status.faults().size(), 2U);
  EXPECT_EQ(status.faults()[1], (Fault{"texts[5]", Code::kInvalidInput, "texts[5]: empty"}));
}

}  // namespace
}  // namespace infercore
