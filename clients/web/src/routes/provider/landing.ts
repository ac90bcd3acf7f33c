/** What a browser that comes back from a provider carries in the fragment of its address. */
import { isPlace } from "../back";

export interface Landing {
  /** To be exchanged for a session, once. */
  code: string | null;
  /** The provider that was linked to the account that is signed in. */
  linked: string | null;
  /** Where to go on. */
  to: string;
}

let taken: Landing | null = null;

/** Reads the fragment once and takes it out of the address, so that it is in no history. */
export function takeLanding(): Landing {
  if (location.hash === "" && taken !== null) return taken;
  taken = landingOf(location.hash);
  history.replaceState(history.state, "", location.pathname);
  return taken;
}

export function landingOf(fragment: string): Landing {
  const told = new URLSearchParams(fragment.replace(/^#/, ""));
  const to = told.get("return_to");
  return { code: told.get("code"), linked: told.get("linked"), to: isPlace(to) ? to : "/" };
}
