/** Waits until a hitch has passed, counts the seconds, and tries again by itself. */
import type { Hitch } from "./hitch";

const FIRST = 5;
const LONGEST = 60;

export class Patience {
  hitch = $state.raw<Hitch | null>(null);
  /** How many are left; nothing where only the connection's return ends the wait. */
  seconds = $state<number | null>(null);
  #again = () => {};
  #timer: ReturnType<typeof setInterval> | undefined;
  #tries = 0;

  get isWaiting(): boolean {
    return this.hitch !== null && this.hitch.passes;
  }

  /** Calls `again` when it is time; of a hitch that does not pass only when asked to, by `now`. */
  wait(hitch: Hitch, again: () => void): void {
    this.#rest();
    this.hitch = hitch;
    this.#again = again;
    if (!hitch.passes) return;
    addEventListener("online", this.now);
    if (hitch.kind === "offline") return;
    this.seconds = hitch.seconds ?? Math.min(LONGEST, FIRST * 2 ** this.#tries);
    this.#tries += 1;
    this.#timer = setInterval(this.#tick, 1_000);
  }

  now = (): void => {
    if (this.hitch === null) return;
    this.#rest();
    this.#again();
  };

  /** It went well, or is not wanted any more. */
  over(): void {
    this.#rest();
    this.#tries = 0;
  }

  #tick = (): void => {
    this.seconds = Math.max(0, (this.seconds ?? 0) - 1);
    if (this.seconds === 0) this.now();
  };

  #rest(): void {
    clearInterval(this.#timer);
    removeEventListener("online", this.now);
    this.hitch = null;
    this.seconds = null;
  }
}
