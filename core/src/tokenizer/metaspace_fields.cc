#include "tokenizer/metaspace_fields.h"

#include "unicode/utf.h"

namespace infercore {

MetaspaceFields read_metaspace_fields(const Fields& fields) {
  MetaspaceFields result;
  char buffer[4];
  result.replacement.assign(buffer, unicode::encode_utf8(fields.character("replacement"), buffer));
  result.split = fields.boolean("split", true);
  if (const JsonValue scheme = fields.get("prepend_scheme"); scheme.exists()) {
    const std::string_view name = scheme.is(JsonType::kString) ? scheme.string() : "";
    if (name == "never") {
      result.scheme = PrependScheme::kNever;
    } else if (name == "first") {
      result.scheme = PrependScheme::kFirst;
    } else if (name != "always") {
      fields.faults().expect(scheme, "\"always\", \"first\" or \"never\"");
    }
  }
  if (!fields.boolean("add_prefix_space", true) && result.scheme != PrependScheme::kNever) {
    fields.faults().expect(fields.get("add_prefix_space"),
                           "true, or prepend_scheme \"never\" beside it,");
  }
  return result;
}

}  // namespace infercore
