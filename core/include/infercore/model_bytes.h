// Is this an ONNX model, and if not, what is it?
//
//   Status status = check_model_bytes(first_bytes, file_size);
//   status.message();  // expected an ONNX model, received an HTML page ("<!DOCTYPE html>…")
//   status.hint();     // the address answered with a page, often a 404: open it in a browser
//
// A runtime says «protobuf parsing failed» for all of them.
#ifndef INFERCORE_MODEL_BYTES_H_
#define INFERCORE_MODEL_BYTES_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "infercore/status.h"

namespace infercore {

/// As many first bytes as check_model_bytes can make use of; it takes fewer and more.
inline constexpr std::size_t kModelHeadBytes = 4096;

/// Looks at the first bytes of a file of `size` bytes. Success for an ONNX file (a ModelProto: each
/// leading top-level field is one it may have, and none runs past the end) and for ONNX Runtime's
/// own format; what follows after `head` is not judged. Errors: NOT_A_MODEL, with what the bytes
/// are (an empty or cut file, a web page, a Git-LFS pointer, an archive, JSON, text, a picture, a
/// model of another framework) and what to do.
Status check_model_bytes(std::span<const std::uint8_t> head, std::uint64_t size);

}  // namespace infercore

#endif  // INFERCORE_MODEL_BYTES_H_
