/** What the links in messages are for; each carries a secret that works once. */
import {
  confirmEmailChange,
  resetPassword,
  undoEmailChange,
  unwrap,
  verifyEmail,
} from "@nodrake/client";
import { account } from "$lib/api/session.svelte";
import type { Key } from "$lib/i18n/index.svelte";

export type LinkPath = "/verify-email" | "/reset-password" | "/confirm-email" | "/undo-email-change";

interface Link {
  title: Key;
  text: Key;
  action: Key;
  done: Key;
  /** Whether a new password is to be chosen. */
  wantsPassword?: boolean;
  send: (token: string, password: string) => Promise<unknown>;
}

const { client } = account;

export const LINKS: Record<LinkPath, Link> = {
  "/verify-email": {
    title: "link.verify_title",
    text: "link.verify_text",
    action: "link.verify_action",
    done: "link.verify_done",
    send: (token) => unwrap(verifyEmail({ client, body: { token } })),
  },
  "/reset-password": {
    title: "link.reset_title",
    text: "link.reset_text",
    action: "link.reset_action",
    done: "link.reset_done",
    wantsPassword: true,
    send: (token, password) => unwrap(resetPassword({ client, body: { token, password } })),
  },
  "/confirm-email": {
    title: "link.confirm_title",
    text: "link.confirm_text",
    action: "link.confirm_action",
    done: "link.confirm_done",
    send: (token) => unwrap(confirmEmailChange({ client, body: { token } })),
  },
  "/undo-email-change": {
    title: "link.undo_title",
    text: "link.undo_text",
    action: "link.undo_action",
    done: "link.undo_done",
    send: (token) => unwrap(undoEmailChange({ client, body: { token } })),
  },
};

/** Reads the secret and takes it out of the address, so that it is in no history. */
export function takeToken(): string | null {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  history.replaceState(history.state, "", location.pathname);
  return token || null;
}
