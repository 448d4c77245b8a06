#include "feeds.h"

#include <emscripten/bind.h>

#include <string>

#include "marshal.h"
#include "status.h"

namespace infercore::wasm {
namespace {

std::size_t length_of(const val& list) { return list["length"].as<std::size_t>(); }

/// One input's feed, and the copy of its data that it points to.
struct Feed {
  FeedSignature signature;
  std::vector<std::uint8_t> data;
};

/// The bytes below a view on an ArrayBuffer.
std::vector<std::uint8_t> bytes_below(const val& view) {
  return copy_in<std::uint8_t>(
      val::global("Uint8Array").new_(view["buffer"], view["byteOffset"], view["byteLength"]));
}

std::vector<Feed> feeds_of(const val& list) {
  std::vector<Feed> feeds(length_of(list));
  for (std::size_t i = 0; i < feeds.size(); ++i) {
    const val value = list[i];
    FeedSignature& signature = feeds[i].signature;
    signature.name = text_in(value["name"]);
    signature.type = text_in(value["type"]);
    signature.dims = copy_in<double>(value["dims"]);
    signature.length = static_cast<std::uint64_t>(value["length"].as<double>());
    if (const val data = value["data"]; !data.isUndefined()) feeds[i].data = bytes_below(data);
    signature.data = feeds[i].data;
  }
  return feeds;
}

std::optional<double> number_of(const val& value) {
  if (value.isUndefined()) return std::nullopt;
  return value.as<double>();
}

std::vector<Constraint> constraints_of(const val& data) {
  std::vector<Constraint> constraints;
  if (data.isUndefined()) return constraints;
  const val keys = val::global("Object");
  const val inputs = keys.call<val>("keys", data);
  for (std::size_t i = 0; i < length_of(inputs); ++i) {
    const val by_axis = data[inputs[i]];
    const val axes = keys.call<val>("keys", by_axis);
    for (std::size_t a = 0; a < length_of(axes); ++a) {
      const val range = by_axis[axes[a]];
      Constraint constraint{text_in(inputs[i]), text_in(axes[a]), {}};
      constraint.range.min = number_of(range["min"]);
      constraint.range.max = number_of(range["max"]);
      constraint.range.multiple_of = number_of(range["multipleOf"]);
      const val finite = range["finite"];
      constraint.range.finite = !finite.isUndefined() && finite.as<bool>();
      constraints.push_back(std::move(constraint));
    }
  }
  return constraints;
}

val faults_list(const std::vector<Fault>& faults) {
  val list = val::array();
  for (const Fault& fault : faults) list.call<void>("push", fault_of(fault));
  return list;
}

val validate(const val& signature, const val& feeds, const val& constraints) {
  return plainly_guarded([&] {
    const std::vector<Feed> owned = feeds_of(feeds);
    std::vector<FeedSignature> signatures;
    signatures.reserve(owned.size());
    for (const Feed& feed : owned) signatures.push_back(feed.signature);
    return faults_list(
        validate_feeds(signature_of(signature), signatures, constraints_of(constraints)));
  });
}

}  // namespace

std::vector<ValueSignature> signature_of(const val& list) {
  std::vector<ValueSignature> signature(length_of(list));
  for (std::size_t i = 0; i < signature.size(); ++i) {
    const val value = list[i];
    signature[i].name = text_in(value["name"]);
    signature[i].type = text_in(value["type"]);
    const val required = value["required"];
    signature[i].required = required.isUndefined() || required.as<bool>();
    const val dims = value["dims"];
    for (std::size_t d = 0; d < length_of(dims); ++d) {
      const val dim = dims[d];
      signature[i].dims.push_back(
          dim.isString() ? Dimension::free(text_in(dim))
                         : Dimension::fixed(static_cast<std::int64_t>(dim.as<double>())));
    }
  }
  return signature;
}

EMSCRIPTEN_BINDINGS(feeds) { emscripten::function("validateFeeds", validate); }

}  // namespace infercore::wasm
