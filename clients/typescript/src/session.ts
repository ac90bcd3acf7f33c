/**
 * A signed-in session on top of the generated client: tokens, silent refresh, typed problems.
 *
 * Everything else in this package is generated from the API's document.
 */
import { createClient, type Client } from "./generated/client/index.js";
import { once } from "./once.js";
import { Tabs, type TabMessage } from "./tabs.js";
import {
  completeProviderSignIn,
  logIn,
  logOut,
  refreshSession,
  registerUser,
  signInWithPasskey,
  startPasskeySignIn,
} from "./generated/sdk.gen.js";
import type {
  PasskeyAssertion,
  PasskeyRequestOptions,
  Problem,
  ProviderSignIn,
  TokenPair,
  UserProfile,
} from "./generated/types.gen.js";

/** Where the refresh token lives between runs; pages of the service itself use `cookie` instead. */
export interface TokenStore {
  load(): string | null | Promise<string | null>;
  save(refreshToken: string | null): void | Promise<void>;
}

export interface SessionOptions {
  /** The address of the service, such as `https://music.example.org`. */
  baseUrl: string;
  /** Defaults to the global `fetch`. */
  fetch?: typeof fetch;
  /** Defaults to memory: the session ends with the process. Of no use with `cookie`. */
  store?: TokenStore;
  /**
   * For the service's own pages: the refresh token stays in a cookie that no script can read, and
   * all tabs of the browser are signed in and out together.
   */
  cookie?: boolean;
  /** Called when a refresh is refused: the session has expired, or was ended elsewhere. */
  onSignedOut?: () => void;
  /**
   * With `cookie`: called when another tab has signed in, as somebody else than this one or while
   * this one was signed out. Load the page anew: what it shows is another account's.
   */
  onOtherUser?: () => void;
  /**
   * Called when an operation wants a fresh proof of who somebody is. Ask for one, hand it to
   * `reauthenticate` or `reauthenticateWithPasskey`, and answer whether it was given: then the
   * request is sent again. Calls that wait at the same time ask once.
   */
  onProofWanted?: () => Promise<boolean>;
}

/** A refusal of the API (RFC 9457), thrown by `Session` and by `unwrap`. */
export class ProblemError<P extends Problem = Problem> extends Error {
  override readonly name = "ProblemError";

  constructor(readonly problem: P) {
    super(`${problem.title}. ${problem.detail} (${problem.code}, request ${problem.request_id})`);
  }

  /** What was refused, in a word that stays the same: `blocklists.artist_already_blocked`. */
  get code(): P["code"] {
    return this.problem.code;
  }
}

/** Whether a value is a problem document, and not a network failure or something else. */
export function isProblem(value: unknown): value is Problem {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Problem).code === "string" &&
    typeof (value as Problem).request_id === "string"
  );
}

/** The data of an answer; a `ProblemError` is thrown in place of a problem. */
export async function unwrap<T>(
  answer: Promise<{ data?: T; error?: unknown; response?: Response }>,
): Promise<T> {
  const { data, error, response } = await answer;
  if (isProblem(error)) throw new ProblemError(error);
  if (error !== undefined || (response !== undefined && !response.ok)) {
    throw new Error(`No usable answer: ${response?.status ?? error}`, { cause: error });
  }
  return data as T;
}

// Refreshed this long before it expires, so that no request meets an expired token in flight.
const REFRESH_AHEAD_MS = 30_000;

export class Session {
  /** Pass it to every generated function: `listBlockedArtists({ client: session.client })`. */
  readonly client: Client;

  #accessToken: string | null = null;
  #userId: string | null = null; // whose token it is
  #staleAt = 0;
  #refreshing: Promise<boolean> | null = null;
  #changes = 0; // grows whenever a session begins or ends
  readonly #store: TokenStore;
  readonly #tabs: Tabs | null;
  readonly #fetch: typeof fetch;
  readonly #onSignedOut: () => void;
  readonly #onOtherUser: () => void;
  readonly #onProofWanted: (() => Promise<boolean>) | undefined;
  #proving: Promise<boolean> | null = null;

  constructor(options: SessionOptions) {
    this.#tabs = options.cookie ? new Tabs((told) => this.#heard(told)) : null;
    this.#store = options.store ?? inMemory();
    this.#fetch = options.fetch ?? ((...args) => globalThis.fetch(...args));
    this.#onSignedOut = options.onSignedOut ?? (() => {});
    this.#onOtherUser = options.onOtherUser ?? (() => {});
    this.#onProofWanted = options.onProofWanted;
    this.client = createClient({
      baseUrl: options.baseUrl,
      auth: () => this.#freshToken(),
      fetch: (input, init) => this.#send(new Request(input, init)),
    });
  }

  /**
   * Open an account and sign in to it. Give it the `key` of an attempt whose answer never arrived
   * to learn what became of that.
   */
  async register(email: string, password: string, key = once()): Promise<UserProfile> {
    return this.#begin(
      await unwrap(registerUser({
          client: this.client,
          body: { email, password, refresh_token_in: this.#place },
          ...key,
        })),
    );
  }

  /**
   * Sign in with e-mail address and password. An account with a second factor answers
   * `accounts.totp_required`: sign in again with the code of the authenticator or a recovery code.
   */
  async signIn(
    email: string,
    password: string,
    secondFactor: { totp_code?: string; recovery_code?: string } = {},
  ): Promise<UserProfile> {
    const body = { email, password, ...secondFactor, refresh_token_in: this.#place };
    return this.#begin(await unwrap(logIn({ client: this.client, body })));
  }

  /** Sign in with a passkey; `ask` puts the question to `navigator.credentials.get`. */
  async signInWithPasskey(
    ask: (options: PasskeyRequestOptions) => Promise<PasskeyAssertion>,
  ): Promise<UserProfile> {
    const client = this.client;
    const credential = await ask(await unwrap(startPasskeySignIn({ client })));
    return this.#begin(await unwrap(
        signInWithPasskey({ client, body: { credential, refresh_token_in: this.#place } }),
      ));
  }

  /** Go on with the stored refresh token; `false` if there is none that still works. */
  async resume(): Promise<boolean> {
    return this.#refresh();
  }

  /**
   * End the session on the server and here. If the server cannot be told, it ends here all the same;
   * but not with `cookie`, which only the server can take away: then the session goes on.
   */
  async signOut(): Promise<void> {
    try {
      await this.#endOnServer();
    } catch (error) {
      if (this.#tabs === null) await this.#end();
      throw error;
    }
    await this.#end();
  }

  async #endOnServer(): Promise<void> {
    if (this.#accessToken === null && !(await this.#refresh())) return;
    const answer = await logOut({ client: this.client });
    const isRefused =
      isProblem(answer.error) && answer.error.code === "accounts.authentication_required";
    // An old token is refused as well: with a cookie the session is over where no other came for it.
    if (isRefused && (this.#tabs === null || this.#accessToken === null)) return;
    await unwrap(Promise.resolve(answer));
  }

  /** Sign in with what a provider has sent the browser back with. */
  async completeProviderSignIn(body: ProviderSignIn): Promise<UserProfile> {
    const client = this.client;
    return this.#begin(
      await unwrap(
        completeProviderSignIn({ client, body: { ...body, refresh_token_in: this.#place } }),
      ),
    );
  }

  get #place(): "cookie" | "body" {
    return this.#tabs === null ? "body" : "cookie";
  }

  async #begin(pair: TokenPair): Promise<UserProfile> {
    const staleAt = Date.now() + pair.expires_in * 1000 - REFRESH_AHEAD_MS;
    const adopted = { accessToken: pair.access_token, userId: pair.user.id, staleAt };
    this.#adopt(adopted);
    this.#tabs?.tell(adopted);
    if (this.#tabs === null) await this.#store.save(pair.refresh_token);
    return pair.user;
  }

  async #end(): Promise<void> {
    const nobody = { accessToken: null, userId: null, staleAt: 0 };
    this.#adopt(nobody);
    this.#tabs?.tell(nobody);
    await this.#store.save(null);
  }

  #adopt({ accessToken, userId, staleAt }: TabMessage): void {
    this.#changes += 1;
    this.#accessToken = accessToken;
    this.#userId = userId;
    this.#staleAt = staleAt;
  }

  /** Another tab has signed in or out, or has refreshed. */
  #heard(told: TabMessage): void {
    const wasSignedIn = this.#accessToken !== null;
    // What this tab shows must not be changed in the name of somebody else.
    if (wasSignedIn && told.accessToken !== null && told.userId !== this.#userId) {
      this.#onOtherUser();
      return;
    }
    this.#adopt(told);
    if (told.accessToken === null) {
      if (wasSignedIn) this.#onSignedOut();
    } else if (!wasSignedIn && this.#refreshing === null) {
      this.#onOtherUser(); // a tab that is refreshing has only waited for it
    }
  }

  async #freshToken(): Promise<string | undefined> {
    if (this.#accessToken !== null && Date.now() >= this.#staleAt) {
      await this.#refresh().catch(() => false); // the call itself will tell
    }
    return this.#accessToken ?? undefined;
  }

  /** One refresh at a time: a second one with the same token would look like theft. */
  #refresh(): Promise<boolean> {
    this.#refreshing ??= this.#exchangeAlone().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  /** One tab at a time: whoever has waited takes what the other has brought. */
  async #exchangeAlone(): Promise<boolean> {
    if (this.#tabs === null) return this.#exchange();
    const before = this.#accessToken;
    return this.#tabs.alone(() => {
      const isNew = this.#accessToken !== null && this.#accessToken !== before;
      return isNew && Date.now() < this.#staleAt ? Promise.resolve(true) : this.#exchange();
    });
  }

  /** Whether there is a new access token; throws if the server gives no usable answer. */
  async #exchange(): Promise<boolean> {
    const before = this.#changes;
    const refreshToken = this.#tabs === null ? await this.#store.load() : undefined;
    if (refreshToken === null) return false;
    const body = refreshToken === undefined ? {} : { refresh_token: refreshToken };
    const pair = await unwrap(refreshSession({ client: this.client, body })).catch((error) => {
      // Only a refusal ends the session: a server that is away may be back in a moment.
      if (error instanceof ProblemError && error.code === "accounts.invalid_refresh_token") {
        return null;
      }
      throw error;
    });
    // Signed out, or in as somebody else, while the answer was on its way: it is not wanted.
    if (before !== this.#changes) return this.#accessToken !== null;
    if (pair !== null && this.#tabs !== null && this.#isOther(pair.user.id)) {
      this.#onOtherUser(); // the cookie is theirs, and their tabs have heard of it
      return false;
    }
    if (pair !== null) {
      await this.#begin(pair);
      return true;
    }
    const wasSignedIn = this.#tabs === null || this.#accessToken !== null;
    await this.#end();
    if (wasSignedIn) this.#onSignedOut();
    return false;
  }

  /** Whether it is somebody else than this session's. */
  #isOther(userId: string): boolean {
    return this.#userId !== null && this.#userId !== userId;
  }

  /** Sends it again where what was missing is there now; once for each thing that can be missing. */
  async #send(request: Request, asked: readonly string[] = []): Promise<Response> {
    const sent = request.headers.get("authorization");
    if (sent === null) return this.#fetch(request);
    const user = this.#userId;
    const again = request.clone(); // a body can be read once
    const response = await this.#fetch(request);
    const refusal = await refusalOf(response);
    const isMended =
      refusal !== null &&
      !asked.includes(refusal) &&
      (await this.#canMend(refusal, sent)) &&
      user === this.#userId; // never in the name of somebody else
    if (!isMended) {
      await again.body?.cancel();
      return response;
    }
    await response.body?.cancel();
    again.headers.set("authorization", `Bearer ${this.#accessToken}`);
    return this.#send(again, [...asked, refusal]);
  }

  /** Whether what the refusal asks for is there now. */
  async #canMend(refusal: string, sent: string): Promise<boolean> {
    if (refusal === "accounts.authentication_required") return this.#hasOtherToken(sent);
    if (refusal !== "accounts.fresh_authentication_required") return false;
    return (await this.#prove()) && this.#accessToken !== null;
  }

  /** One question at a time, however many calls wait for the answer. */
  #prove(): Promise<boolean> {
    if (this.#onProofWanted === undefined) return Promise.resolve(false);
    this.#proving ??= this.#onProofWanted().finally(() => {
      this.#proving = null;
    });
    return this.#proving;
  }

  /** Whether there is a token other than the one that was refused, after a refresh if need be. */
  async #hasOtherToken(refused: string): Promise<boolean> {
    // Somebody may have refreshed, or signed out, while the request was on its way.
    if (refused === `Bearer ${this.#accessToken}`) await this.#refresh().catch(() => false);
    return this.#accessToken !== null && refused !== `Bearer ${this.#accessToken}`;
  }
}

/** What a 401 asks for, by its code: a wrong password is one as well. */
async function refusalOf(response: Response): Promise<string | null> {
  if (response.status !== 401) return null;
  const problem: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return isProblem(problem) ? problem.code : null;
}

function inMemory(): TokenStore {
  let kept: string | null = null;
  return {
    load: () => kept,
    save: (refreshToken) => {
      kept = refreshToken;
    },
  };
}
