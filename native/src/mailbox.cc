#include "mailbox.h"

#include <utility>

#include "operation.h"

namespace infercore::native {

std::shared_ptr<Mailbox> Mailbox::open(Napi::Env env) {
  auto mailbox = std::make_shared<Mailbox>();
  mailbox->env_ = env;
  napi_value name = Napi::String::New(env, "infercore");
  napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr,
                                  mailbox.get(), &Mailbox::deliver_all, &mailbox->wake_);
  napi_unref_threadsafe_function(env, mailbox->wake_);
  // Hooks run in reverse order, so this one comes before the thread-safe function's own.
  napi_add_env_cleanup_hook(env, &Mailbox::close, new std::shared_ptr<Mailbox>(mailbox));
  return mailbox;
}

void Mailbox::expect(std::shared_ptr<Operation> operation) {
  if (under_way_.empty()) napi_ref_threadsafe_function(env_, wake_);
  operation->place_ = under_way_.size();
  under_way_.push_back(std::move(operation));
}

void Mailbox::post(std::shared_ptr<Operation> operation, bool done) {
  put({std::move(operation), done, nullptr});
}

void Mailbox::post(std::shared_ptr<News> news) { put({nullptr, false, std::move(news)}); }

void Mailbox::put(Letter letter) {
  const std::lock_guard lock(mutex_);
  if (wake_ == nullptr) return;
  letters_.push_back(std::move(letter));
  // One call wakes the loop for all letters that arrive until it looks.
  if (letters_.size() == 1) {
    napi_call_threadsafe_function(wake_, nullptr, napi_tsfn_nonblocking);
  }
}

void Mailbox::deliver_all(napi_env env, napi_value, void* context, void*) {
  // Without an environment the function is being torn down.
  if (env != nullptr) static_cast<Mailbox*>(context)->deliver_all(Napi::Env(env));
}

void Mailbox::deliver_all(Napi::Env env) {
  std::vector<Letter> letters;
  {
    const std::lock_guard lock(mutex_);
    letters.swap(letters_);
  }
  for (Letter& letter : letters) {
    const Napi::HandleScope scope(env);
    if (letter.news != nullptr) {
      letter.news->deliver(env);
      continue;
    }
    letter.operation->deliver(env, letter.done);
    if (!letter.done) continue;
    const std::size_t place = letter.operation->place_;
    std::swap(under_way_[place], under_way_.back());
    under_way_[place]->place_ = place;
    under_way_.pop_back();
  }
  if (under_way_.empty()) napi_unref_threadsafe_function(env, wake_);
}

void Mailbox::close(void* mailbox) {
  const std::unique_ptr<std::shared_ptr<Mailbox>> owner(
      static_cast<std::shared_ptr<Mailbox>*>(mailbox));
  Mailbox& self = **owner;
  std::vector<Letter> letters;
  {
    const std::lock_guard lock(self.mutex_);
    napi_release_threadsafe_function(self.wake_, napi_tsfn_release);
    self.wake_ = nullptr;
    letters.swap(self.letters_);
  }
  for (const auto& operation : self.under_way_) operation->cancel(Code::kAborted);
  for (const auto& operation : self.under_way_) operation->let_go();
  self.under_way_.clear();
}

}  // namespace infercore::native
