// Which inputs of a model are rows of a table: an id has to have its row.
//
//   struct File : ByteSource { … };  // of an ONNX file
//   const std::string inputs[] = {"input_ids", "attention_mask"};
//   const auto tables = find_embedding_tables(inputs, file);
//   tables[0].input;  // "input_ids"
//   tables[0].rows;   // 30522
//
// The file is read in pieces, and weights are passed over: of a model of gigabytes some hundred kB
// are read, in time proportional to its nodes.
#ifndef INFERCORE_EMBEDDING_TABLES_H_
#define INFERCORE_EMBEDDING_TABLES_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "infercore/byte_source.h"

namespace infercore {

struct EmbeddingTable {
  std::string name;
  std::string input;
  std::int64_t rows = 0;
};

/// The tables that a Gather of the main graph takes rows of, by one of `inputs` as it is or after
/// an Identity or a Cast to int32 or int64: where the input holds whole numbers, each has to be in
/// [-rows, rows - 1] for the model to run. A table is an initializer, and none of `inputs`. The
/// list is in the order of the nodes, at most 256 long. Empty for what is no ONNX file, or one that
/// is broken: what is wrong with it, the runtime says better. Files are read as all exporters write
/// them, nodes before initializers.
///
/// Source: onnx.proto (ModelProto, GraphProto, NodeProto, TensorProto) and the operator's
/// definition, https://onnx.ai/onnx/operators/onnx__Gather.html
std::vector<EmbeddingTable> find_embedding_tables(std::span<const std::string> inputs,
                                                  ByteSource& model);

}  // namespace infercore

#endif  // INFERCORE_EMBEDDING_TABLES_H_
