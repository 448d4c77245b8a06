// What one handle of JavaScript holds of a session, so that several may hold the same one: handles
// of the threads (worker_threads) that it is shared with.
//
//   auto lease = SessionLease::of(session);
//   const std::string token = lease->share();     // to another thread, where
//   auto other = SessionLease::find(token);       // holds the same session
//
// Runs hold the lease they were started with: it ends with the last of them. The lease that ends
// last frees the session.
#ifndef INFERCORE_NATIVE_SESSION_LEASE_H_
#define INFERCORE_NATIVE_SESSION_LEASE_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "session.h"

namespace infercore::native {

class SessionLease {
 public:
  static std::shared_ptr<SessionLease> of(std::shared_ptr<Session> session);

  /// By the token of share(), from any thread; nullptr where no lease of it is left.
  static std::shared_ptr<SessionLease> find(std::string_view token);

  SessionLease() = default;
  SessionLease(const SessionLease&) = delete;
  SessionLease& operator=(const SessionLease&) = delete;
  ~SessionLease();

  const Session& session() const noexcept { return *session_; }

  /// The session for a run, which holds the lease with it.
  static std::shared_ptr<Session> hold(const std::shared_ptr<SessionLease>& lease);

  /// What find() takes, in this process alone. The same one each time.
  std::string share();

  /// `freed` is called once nothing of this lease is left: where it is the last one, when the
  /// session's memory is free.
  void when_ended(std::function<void()> freed);

 private:
  void take(std::shared_ptr<Session> session);

  std::shared_ptr<Session> session_;  ///< nullptr before take() alone
  std::function<void()> freed_;
};

}  // namespace infercore::native

#endif  // INFERCORE_NATIVE_SESSION_LEASE_H_
