/** Where everything is. Screens are loaded when somebody goes there. */
import { createRouter } from "sv-router";
import { account } from "$lib/api/session.svelte";
import { isPlace } from "./routes/back";
import Frame from "./routes/Frame.svelte";

const SIGN_IN = "/sign-in";

/** Only whoever is signed in; back to the same place after signing in. */
function signedIn({ pathname, search }: { pathname: string; search: object }) {
  if (account.state === "signed_in") return;
  if (pathname === "/") throw navigate(account.isKnown ? SIGN_IN : "/welcome", { replace: true });
  throw navigate(SIGN_IN, { search: { to: pathname + query(search) }, replace: true });
}

/** Whoever has signed in goes back to where they were, within the app only. */
function signedOut({ search }: { search: { to?: unknown } }) {
  if (account.state !== "signed_in") return;
  const to = typeof search.to === "string" && isPlace(search.to) ? search.to : "/";
  const { pathname, searchParams } = new URL(to, location.origin);
  throw navigate(pathname as "/", { search: Object.fromEntries(searchParams), replace: true });
}

/** Somebody has signed in or out: this screen may not be for them. */
export function goWhereAllowed(): Promise<unknown> {
  const search = Object.fromEntries(new URLSearchParams(location.search));
  return navigate(location.pathname as "/", { search, hash: location.hash, replace: true });
}

function query(search: object): string {
  const text = new URLSearchParams(search as Record<string, string>).toString();
  return text ? `?${text}` : "";
}

/** Moves the focus to the new screen's heading, where screen readers go on reading. */
function arrive() {
  requestAnimationFrame(() => document.querySelector<HTMLElement>("main h1")?.focus());
}

export const { p, navigate, isActive, route } = createRouter({
  hooks: { afterLoad: arrive },
  "/welcome": {
    "/": () => import("./routes/start/Start.svelte"),
    hooks: { beforeLoad: signedOut },
  },
  "/sign-in": {
    "/": () => import("./routes/sign-in/SignIn.svelte"),
    hooks: { beforeLoad: signedOut },
  },
  "/sign-up": {
    "/": () => import("./routes/sign-up/SignUp.svelte"),
    hooks: { beforeLoad: signedOut },
  },
  "/forgotten-password": {
    "/": () => import("./routes/forgotten-password/ForgottenPassword.svelte"),
    hooks: { beforeLoad: signedOut },
  },
  "/signed-in": () => import("./routes/provider/SignedIn.svelte"),
  "/sign-in-failed": () => import("./routes/provider/SignInFailed.svelte"),
  "/verify-email": () => import("./routes/link/FollowLink.svelte"),
  "/reset-password": () => import("./routes/link/FollowLink.svelte"),
  "/confirm-email": () => import("./routes/link/FollowLink.svelte"),
  "/undo-email-change": () => import("./routes/link/FollowLink.svelte"),
  "/settings": {
    "/": () => import("./routes/settings/profile/Profile.svelte"),
    "/email": () => import("./routes/settings/email/EmailAddress.svelte"),
    "/security": () => import("./routes/settings/security/Security.svelte"),
    "/passkeys": () => import("./routes/settings/passkeys/Passkeys.svelte"),
    "/providers": () => import("./routes/settings/providers/Providers.svelte"),
    "/sessions": () => import("./routes/settings/sessions/Sessions.svelte"),
    "/tokens": () => import("./routes/settings/tokens/Tokens.svelte"),
    "/activity": () => import("./routes/settings/activity/Activity.svelte"),
    "/data": () => import("./routes/settings/data/YourData.svelte"),
    layout: () => import("./routes/settings/SettingsFrame.svelte"),
    hooks: { beforeLoad: signedIn },
  },
  "/": {
    "/": () => import("./routes/list/List.svelte"),
    "/import": () => import("./routes/import/Import.svelte"),
    "/export": () => import("./routes/export/Export.svelte"),
    "/scan": () => import("./routes/scan/Scan.svelte"),
    layout: Frame,
    hooks: { beforeLoad: signedIn },
  },
  "*": () => import("./routes/NotFound.svelte"),
});
