// Which weights of a model may lie in memory that several sessions share, and where they are.
//
//   struct File : ByteSource { … };  // of an ONNX file
//   for (const Weight& weight : find_weights(file)) {
//     weight.name;    // "encoder.layer.0.attention.query.weight"
//     weight.size;    // bytes, from weight.at on
//   }
//
// The file is read in pieces, and weights are passed over: of a model of gigabytes some hundred kB
// are read, in time proportional to its nodes.
#ifndef INFERCORE_WEIGHTS_H_
#define INFERCORE_WEIGHTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "infercore/byte_source.h"

namespace infercore {

struct Weight {
  std::string name;
  std::int32_t type = 0;  ///< ONNX's number: TensorProto.DataType
  std::vector<std::int64_t> dims;
  std::string file;        ///< its bytes' file, as the model calls it; empty: the model's own
  std::uint64_t at = 0;    ///< in that file
  std::uint64_t size = 0;  ///< bytes, as `type` and `dims` say
};

/// Below it a weight is not worth the trouble.
inline constexpr std::uint64_t kSmallestWeight = 1024;

/// The initializers of the main graph that a runtime takes as they are, by their names, and that
/// nobody may replace: what optimizers of graphs give other values under the same name (they
/// transpose operands of Add, Mul, DequantizeLinear and others in place) is not among them. So each
/// use of one, also in subgraphs, is by an operator of matrices, tables or recurrent cells, at a
/// place for weights. Nor are there those that a graph's input or output or a value of a subgraph
/// shares its name with, sparse ones, texts, those under 1 KiB, those written as lists of numbers,
/// and those whose size is not what type and dims say.
///
/// Empty for what is no ONNX file, or one that is broken: what is wrong with it, the runtime says
/// better. Whether an external file has these bytes, the caller has to look.
///
/// Source: onnx.proto (ModelProto, GraphProto, NodeProto, TensorProto)
std::vector<Weight> find_weights(ByteSource& model);

}  // namespace infercore

#endif  // INFERCORE_WEIGHTS_H_
