// Any bytes as JSON: what is read can be walked, and every value can say where it stands.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "json_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using infercore::JsonDocument;
  using infercore::JsonType;
  using infercore::JsonValue;
  const auto document =
      JsonDocument::parse({reinterpret_cast<const char*>(data), size}, infercore::JsonLimits{});
  if (!document.ok()) return 0;
  std::vector<JsonValue> waiting{document->root()};
  std::size_t seen = 0;
  while (!waiting.empty() && seen < 1000) {
    const JsonValue value = waiting.back();
    waiting.pop_back();
    ++seen;
    if (document->path_of(value).size() > size * 4 + 100) std::abort();
    if (value.is(JsonType::kString) && value.string().size() > size) std::abort();
    std::size_t children = 0;
    for (auto it = value.begin(); it != value.end(); ++it, ++children) {
      if (value.is(JsonType::kObject) && it.key().size() > size) std::abort();
      waiting.push_back(*it);
    }
    if (children != value.size()) std::abort();
  }
  return 0;
}
