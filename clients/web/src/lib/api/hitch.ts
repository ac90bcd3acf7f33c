/** Why a request came to nothing, and whether waiting helps. */
import { isProblem } from "@nodrake/client";
import { troubleOf, type Trouble } from "./problems";

/** `offline`: no network. `throttled`: too many requests. `busy` and `unreachable`: the service. */
export type HitchKind = "offline" | "throttled" | "busy" | "unreachable" | "other";

export class Hitch extends Error {
  override readonly name = "Hitch";

  constructor(
    readonly kind: HitchKind,
    readonly trouble: Trouble,
    /** How long the service asks to wait. */
    readonly seconds: number | null = null,
  ) {
    super(trouble.message);
  }

  /** Whether the same request may well work later. */
  get passes(): boolean {
    return this.kind !== "other";
  }
}

type Answer<T> = Promise<{ data?: T; error?: unknown; response?: Response }>;

/** The data of an answer and the answer itself; a `Hitch` is thrown in place of anything else. */
export async function answered<T>(call: Answer<T>): Promise<{ data: T; response: Response }> {
  const { data, error, response } = await call.catch((thrown: unknown) => ({
    data: undefined,
    error: thrown,
    response: undefined,
  }));
  if (response?.ok && error === undefined) return { data: data as T, response };
  throw new Hitch(kindOf(error, response), troubleOf(error), secondsOf(response));
}

function kindOf(error: unknown, response: Response | undefined): HitchKind {
  if (response === undefined) return navigator.onLine ? "unreachable" : "offline";
  if (response.status === 429) return "throttled";
  if (response.status === 503) return "busy";
  // What answers in the place of the service is a proxy before it.
  return isProblem(error) ? "other" : "unreachable";
}

function secondsOf(response: Response | undefined): number | null {
  const seconds = Number(response?.headers.get("retry-after") ?? NaN);
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : null;
}
