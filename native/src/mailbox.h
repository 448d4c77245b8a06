// The way back to the JavaScript thread: threads of the pool post operations, the event loop
// delivers them.
//
// There is one mailbox for each environment (the main thread's, each worker thread's). It keeps its
// event loop alive while an operation is under way, and only then. When the environment ends,
// operations under way are asked to end and what they post is dropped.
#ifndef INFERCORE_NATIVE_MAILBOX_H_
#define INFERCORE_NATIVE_MAILBOX_H_

#include <napi.h>

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace infercore::native {

class Operation;

/// Something to tell JavaScript that ends no operation.
class News {
 public:
  virtual ~News() = default;
  /// JavaScript thread. Leaves no exception behind.
  virtual void deliver(Napi::Env env) = 0;
};

class Mailbox {
 public:
  static std::shared_ptr<Mailbox> open(Napi::Env env);

  /// JavaScript thread: `operation` is under way until it was posted as done.
  void expect(std::shared_ptr<Operation> operation);

  /// Any thread: has the event loop call operation->deliver(env, done).
  void post(std::shared_ptr<Operation> operation, bool done);
  /// Any thread: the same for news, in order with the operations. They keep no event loop alive.
  void post(std::shared_ptr<News> news);

 private:
  struct Letter {
    std::shared_ptr<Operation> operation;
    bool done;
    std::shared_ptr<News> news;  ///< instead of an operation
  };
  void put(Letter letter);

  static void deliver_all(napi_env env, napi_value, void* context, void*);
  static void close(void* mailbox);
  void deliver_all(Napi::Env env);

  std::mutex mutex_;
  napi_threadsafe_function wake_ = nullptr;  ///< nullptr once closed
  std::vector<Letter> letters_;

  // JavaScript thread alone.
  napi_env env_ = nullptr;
  std::vector<std::shared_ptr<Operation>> under_way_;
};

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_MAILBOX_H_
