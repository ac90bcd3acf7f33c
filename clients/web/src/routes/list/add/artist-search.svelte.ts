/** What is found for what is typed: asked when the typing pauses, and only the latest counts. */
import { Hitch } from "$lib/api/hitch";
import { Patience } from "$lib/api/patience.svelte";
import { troubleOf } from "$lib/api/problems";
import { account } from "$lib/api/session.svelte";
import { t } from "$lib/i18n/index.svelte";
import { toasts } from "$lib/ui/toasts.svelte";
import { find, type Answer } from "./find";

const PAUSE_MS = 120;
const KEPT_ANSWERS = 50;

// Whoever has to sign in again finds what they had typed; for nobody else, and in memory only.
let leftBehind: { text: string; by: string | undefined } | null = null;

export class ArtistSearch {
  text = $state("");
  /** May still be that to an earlier text: see `isCurrent`. */
  answer = $state.raw<Answer | null>(null);
  busy = $state(false);
  readonly patience = new Patience();
  readonly #who = account.user?.id;
  readonly #answers = new Map<string, Answer>();
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: AbortController | null = null;

  constructor() {
    if (leftBehind === null || leftBehind.by !== this.#who) return;
    this.text = leftBehind.text;
    leftBehind = null;
  }

  get wanted(): string {
    return this.text.trim();
  }

  /** Whether the answer is to what is in the box now. */
  get isCurrent(): boolean {
    return this.answer !== null && this.answer.to === this.wanted;
  }

  /** The text has changed. */
  typed = (): void => {
    if (this.patience.isWaiting) return; // it will ask for what is there then
    this.#overtake();
    this.patience.over();
    const known = this.#answers.get(this.wanted);
    if (this.wanted === "" || known) {
      this.answer = known ?? null;
      return;
    }
    this.busy = true;
    this.#timer = setTimeout(this.ask, PAUSE_MS);
  };

  /** At once. */
  ask = async (): Promise<void> => {
    this.#overtake();
    const turn = this.#turn;
    const wanted = this.wanted;
    if (wanted === "") return;
    this.busy = true;
    this.#request = new AbortController();
    try {
      const answer = await find(wanted, this.#request.signal);
      if (turn !== this.#turn) return;
      this.answer = answer;
      this.#keep(answer);
      this.patience.over();
    } catch (error) {
      if (turn !== this.#turn) return;
      this.patience.wait(hitchOf(error), this.ask);
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  };

  /** Empty, ready for the next name. */
  clear(): void {
    this.#overtake();
    this.text = "";
    this.answer = null;
    if (!this.patience.isWaiting) this.patience.over();
  }

  /** The list has changed: what was found says otherwise. */
  forget(): void {
    this.#answers.clear();
    if (this.isCurrent) void this.ask();
  }

  /** The screen is left; `unsent` is what was to be added and was not. */
  leave(unsent = ""): void {
    const text = this.text || unsent;
    const wasRefused = this.patience.hitch?.trouble.code === "accounts.authentication_required";
    const wasAsked = this.busy || wasRefused || unsent !== "";
    this.#overtake();
    this.patience.over();
    if (text === "") return;
    // What goes is still shown what was: whether somebody was signed out shows a moment later.
    queueMicrotask(() => {
      if (account.state !== "signed_out") return;
      leftBehind = { text, by: this.#who };
      if (wasAsked) toasts.say(t("search.signed_out"));
    });
  }

  #keep(answer: Answer): void {
    if (this.#answers.size >= KEPT_ANSWERS) this.#answers.clear();
    this.#answers.set(answer.to, answer);
  }

  #overtake(): void {
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#request = null;
    this.busy = false;
  }
}

export function hitchOf(error: unknown): Hitch {
  return error instanceof Hitch ? error : new Hitch("other", troubleOf(error));
}
