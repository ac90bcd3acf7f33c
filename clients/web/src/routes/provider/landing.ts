/** What a browser that comes back from a provider carries in the fragment of its address. */
import { isPlace } from "../back";

// Anybody can make a link here: what is shown of it must not be words of theirs.
const CODE = /^[a-z_.]{1,60}$/;
const PROVIDER = /^[a-z][a-z0-9-]{0,31}$/;

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
  const linked = told.get("linked");
  return {
    code: told.get("code"),
    linked: linked !== null && PROVIDER.test(linked) ? linked : null,
    to: isPlace(to) ? to : "/",
  };
}

/** Why a sign-in failed, as the service has put it; nothing where it is none of its codes. */
export function refusalIn(fragment: string): string | null {
  const code = new URLSearchParams(fragment.replace(/^#/, "")).get("code");
  return code !== null && CODE.test(code) ? code : null;
}
