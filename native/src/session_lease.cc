#include "session_lease.h"

#include <unistd.h>

#include <map>
#include <mutex>
#include <utility>

namespace infercore::native {
namespace {

/// Guards the leases' number in every session, and the shared ones.
std::mutex& mutex() {
  static auto* mutex = new std::mutex;  // never destroyed: threads may outlive static objects
  return *mutex;
}

/// Those that were shared and have a lease.
std::map<std::string, std::weak_ptr<Session>, std::less<>>& shared_sessions() {
  static auto* sessions = new std::map<std::string, std::weak_ptr<Session>, std::less<>>;
  return *sessions;
}

/// Tells a session of another process, whose token came by a message, from one that is gone.
std::string next_token() {
  static std::size_t sessions = 0;
  return std::to_string(getpid()) + ":" + std::to_string(++sessions);
}

}  // namespace

void SessionLease::take(std::shared_ptr<Session> session) {
  session_ = std::move(session);
  ++session_->leases;
}

std::shared_ptr<SessionLease> SessionLease::of(std::shared_ptr<Session> session) {
  auto lease = std::make_shared<SessionLease>();
  const std::lock_guard lock(mutex());
  lease->take(std::move(session));
  return lease;
}

std::shared_ptr<SessionLease> SessionLease::find(std::string_view token) {
  auto lease = std::make_shared<SessionLease>();
  const std::lock_guard lock(mutex());
  const auto found = shared_sessions().find(token);
  if (found == shared_sessions().end()) return nullptr;
  // There, since one that is listed has a lease.
  lease->take(found->second.lock());
  return lease;
}

SessionLease::~SessionLease() {
  if (session_ == nullptr) return;
  bool last = false;
  {
    const std::lock_guard lock(mutex());
    last = --session_->leases == 0;
    if (last && !session_->token.empty()) shared_sessions().erase(session_->token);
  }
  if (last) {
    session_->when_freed = std::move(freed_);
  } else if (freed_) {
    freed_();
  }
}

std::shared_ptr<Session> SessionLease::hold(const std::shared_ptr<SessionLease>& lease) {
  return {lease, lease->session_.get()};
}

std::string SessionLease::share() {
  const std::lock_guard lock(mutex());
  if (session_->token.empty()) {
    std::string token = next_token();
    shared_sessions().emplace(token, session_);
    session_->token = std::move(token);
  }
  return session_->token;
}

void SessionLease::when_ended(std::function<void()> freed) { freed_ = std::move(freed); }

}  // namespace infercore::native
