// Files that the addon reads itself.
#ifndef INFERCORE_NATIVE_FILE_H_
#define INFERCORE_NATIVE_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "infercore/byte_source.h"
#include "infercore/status.h"

namespace infercore::native {

struct FileHead {
  std::vector<std::uint8_t> bytes;
  std::uint64_t size;  ///< of the whole file
};

/// The first bytes of a file. `what` is it for messages, "the model". Errors: NOT_FOUND for what is
/// no file, RUNTIME_ERROR for one that can't be read, with the words of js/src/source.ts.
Result<FileHead> read_file_head(const std::string& path, const std::string& what, std::size_t most);

/// The whole file; errors as read_file_head has them.
Result<std::vector<std::uint8_t>> read_file(const std::string& path, const std::string& what);

/// A file for reads at any place. One that can't be opened has no bytes.
class OpenFile : public ByteSource {
 public:
  explicit OpenFile(const std::string& path);
  ~OpenFile() override;

  bool read(std::uint64_t at, std::span<std::uint8_t> to) override;
  /// The same for the same file, by whatever name it was opened.
  std::string id() const;

 private:
  explicit OpenFile(int descriptor);

  int descriptor_;
};

/// The file `name` in `folder` ("models/"), or in a folder inside it; nullptr where there is none,
/// where it is no file, or where links lead elsewhere.
std::unique_ptr<OpenFile> open_inside(const std::string& folder, const std::string& name);

/// Bytes of somebody else, who keeps them.
class MemoryBytes : public ByteSource {
 public:
  explicit MemoryBytes(std::span<const std::uint8_t> bytes)
      : ByteSource(bytes.size()), bytes_(bytes) {}

  bool read(std::uint64_t at, std::span<std::uint8_t> to) override;

 private:
  std::span<const std::uint8_t> bytes_;
};

/// Whether a file can be made that begins with `prefix`: "out/profile". Errors: NOT_FOUND where
/// there is no such folder, RUNTIME_ERROR where it may not be written to.
Status check_folder_of(const std::string& prefix, const std::string& what);

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_FILE_H_
