/** Who is signed in. Nothing of it is written down: the cookie that keeps it no script can read. */
import { getProfile, Session, unwrap, type UserProfile } from "@nodrake/client";
import { locale } from "$lib/i18n/index.svelte";
import { theme } from "$lib/theme/theme.svelte";
import { mayHaveSession } from "./session-mark";
import { stepUp } from "./step-up.svelte";

type State = "unknown" | "signed_in" | "signed_out";

class Account {
  state = $state<State>("unknown");
  user = $state.raw<UserProfile | null>(null);
  /** Whether somebody was signed in since the page was loaded. */
  isKnown = false;
  readonly session = new Session({
    baseUrl: location.origin,
    cookie: true,
    onSignedOut: () => this.#left(),
    onOtherUser: () => location.reload(),
    onProofWanted: stepUp.ask,
  });

  get client() {
    return this.session.client;
  }

  /** Go on where the browser was signed in; throws where the service cannot be reached. */
  async resume(): Promise<void> {
    if (!mayHaveSession() || !(await this.session.resume())) {
      this.#left();
      return;
    }
    this.entered(await unwrap(getProfile({ client: this.client })));
  }

  entered(user: UserProfile): void {
    this.user = user;
    this.isKnown = true;
    this.state = "signed_in";
    theme.use(user.settings.theme);
    void locale.use(user.settings.language);
  }

  /** Throws where the service did not answer: then one is still signed in. */
  async signOut(): Promise<void> {
    await this.session.signOut();
    this.#left();
  }

  #left(): void {
    this.user = null;
    this.state = "signed_out";
  }
}

export const account = new Account();
