/**
 * Lets the event loop turn once: signals, timers and the page's own work are heard. Not by a timer, because pages that
 * nobody sees get theirs once a second.
 */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      // An open port would keep Node's process alive.
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
