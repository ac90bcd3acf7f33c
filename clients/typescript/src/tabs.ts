/** The tabs of one browser, which share a session: they tell each other what has become of it. */

/** The access token that counts from now on; `null` after signing out. It is never written down. */
export interface TabMessage {
  accessToken: string | null;
  staleAt: number;
}

const NAME = "nodrake-session";

export class Tabs {
  readonly #channel: BroadcastChannel | null;

  constructor(hear: (message: TabMessage) => void) {
    this.#channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(NAME);
    this.#channel?.addEventListener("message", (event) => hear(event.data as TabMessage));
    // Under Node an open channel keeps the process alive.
    (this.#channel as { unref?: () => void } | null)?.unref?.();
  }

  tell(message: TabMessage): void {
    this.#channel?.postMessage(message);
  }

  /**
   * Do something while no other tab does. Pages without TLS have no locks: there the service's
   * patience with a token that comes twice within ten seconds has to do.
   */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const locks = globalThis.navigator?.locks as LockManager | undefined;
    return locks === undefined ? work() : locks.request(NAME, work);
  }
}
