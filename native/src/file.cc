#include "file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <utility>

#include "infercore/quote.h"

namespace infercore::native {
namespace {

Status file_error(const std::string& path, const std::string& what, int error) {
  if (error == ENOENT || error == ENOTDIR) {
    return {Code::kNotFound, "expected a file for " + what + ", there is none at " + escaped(path),
            "a relative path counts from the working directory of the process"};
  }
  return {Code::kRuntimeError,
          "can't read " + escaped(path) + " for " + what + ": " + std::strerror(error)};
}

Status check_kind(const std::string& path, const std::string& what, mode_t mode) {
  if (S_ISDIR(mode)) {
    return {Code::kNotFound, "expected a file for " + what + ", " + escaped(path) + " is a folder",
            "name the file in it"};
  }
  // Opening a pipe would keep this thread until somebody writes to it, perhaps for ever.
  if (!S_ISREG(mode)) {
    return {
        Code::kNotFound,
        "expected a file for " + what + ", " + escaped(path) + " is a pipe, a socket or a device",
        "read it yourself and pass the bytes"};
  }
  return {};
}

std::uint64_t size_of(int descriptor) {
  struct stat info {};
  if (descriptor < 0 || fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode)) return 0;
  return static_cast<std::uint64_t>(info.st_size);
}

}  // namespace

Result<FileHead> read_file_head(const std::string& path, const std::string& what,
                                std::size_t most) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return file_error(path, what, errno);
  if (Status status = check_kind(path, what, info.st_mode); !status.ok()) return status;
  const auto close = [](std::FILE* file) { std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(path.c_str(), "rb"), close);
  if (file == nullptr) return file_error(path, what, errno);
  FileHead head{{}, static_cast<std::uint64_t>(info.st_size)};
  head.bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(most, head.size)));
  head.bytes.resize(std::fread(head.bytes.data(), 1, head.bytes.size(), file.get()));
  if (std::ferror(file.get()) != 0) return file_error(path, what, errno);
  return head;
}

Result<std::vector<std::uint8_t>> read_file(const std::string& path, const std::string& what) {
  Result<FileHead> head = read_file_head(path, what, std::numeric_limits<std::size_t>::max());
  if (!head.ok()) return head.status();
  return std::move(head->bytes);
}

OpenFile::OpenFile(const std::string& path) : OpenFile(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}

OpenFile::OpenFile(int descriptor) : ByteSource(size_of(descriptor)), descriptor_(descriptor) {}

OpenFile::~OpenFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

std::string OpenFile::id() const {
  struct stat info {};
  if (descriptor_ < 0 || fstat(descriptor_, &info) != 0) return {};
  return std::to_string(info.st_dev) + ':' + std::to_string(info.st_ino);
}

bool OpenFile::read(std::uint64_t at, std::span<std::uint8_t> to) {
  while (!to.empty()) {
    const ssize_t count = pread(descriptor_, to.data(), to.size(), static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    to = to.subspan(static_cast<std::size_t>(count));
    at += static_cast<std::uint64_t>(count);
  }
  return true;
}

std::unique_ptr<OpenFile> open_inside(const std::string& folder, const std::string& name) {
  const auto real = [](const std::string& path) {
    const std::unique_ptr<char, void (*)(void*)> found(realpath(path.c_str(), nullptr), std::free);
    return std::string(found == nullptr ? "" : found.get());
  };
  const std::string place = real(folder);
  const std::string path = real(folder + name);
  if (place.empty() || !path.starts_with(place == "/" ? place : place + '/')) return nullptr;
  struct stat info {};
  // Opening a pipe would wait for somebody who writes to it.
  if (stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return nullptr;
  return std::make_unique<OpenFile>(path);
}

bool MemoryBytes::read(std::uint64_t at, std::span<std::uint8_t> to) {
  const auto part = bytes_.subspan(static_cast<std::size_t>(at), to.size());
  std::copy(part.begin(), part.end(), to.begin());
  return true;
}

Status check_folder_of(const std::string& prefix, const std::string& what) {
  const std::size_t slash = prefix.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : prefix.substr(0, slash + 1);
  struct stat info {};
  if (stat(folder.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) {
    return {Code::kNotFound,
            "expected a folder for " + what + ", there is none at " + escaped(folder),
            "a relative path counts from the working directory of the process"};
  }
  if (access(folder.c_str(), W_OK | X_OK) == 0) return {};
  return {Code::kRuntimeError,
          "can't write " + what + " to " + escaped(folder) + ": " + std::strerror(errno)};
}

}  // namespace infercore::native
