/** The tabs of one browser, which share a session: they tell each other what has become of it. */

/** The access token that counts from now on; `null` after signing out. It is never written down. */
export interface TabMessage {
  accessToken: string | null;
  /** Whose it is. */
  userId: string | null;
  staleAt: number;
}

const NAME = "nodrake-session";
// What another tab tells can come a moment after the lock that it has given back.
const NEWS_MS = 200;
const TAKEN = Symbol("the lock is taken");

export class Tabs {
  readonly #channel: BroadcastChannel | null;
  #heard = 0;

  constructor(hear: (message: TabMessage) => void) {
    this.#channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(NAME);
    this.#channel?.addEventListener("message", (event) => {
      this.#heard += 1;
      hear(event.data as TabMessage);
    });
    // Under Node an open channel keeps the process alive.
    (this.#channel as { unref?: () => void } | null)?.unref?.();
  }

  tell(message: TabMessage): void {
    this.#channel?.postMessage(message);
  }

  /**
   * Do something while no other tab does; whoever had to wait for another has heard first what that
   * one has told. Pages without TLS have no locks: there the service's patience with a token that
   * comes twice within ten seconds has to do.
   */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const locks = globalThis.navigator?.locks as LockManager | undefined;
    if (locks === undefined) return work();
    const heard = this.#heard;
    const done = await locks.request(NAME, { ifAvailable: true }, (lock) =>
      lock === null ? TAKEN : work(),
    );
    if (done !== TAKEN) return done;
    return locks.request(NAME, async () => {
      await this.#news(heard);
      return work();
    });
  }

  /** Until there is news since then; a tab that was refused has none. */
  async #news(since: number): Promise<void> {
    for (const end = Date.now() + NEWS_MS; this.#heard === since && Date.now() < end; ) {
      await new Promise((resume) => setTimeout(resume, 5));
    }
  }
}
