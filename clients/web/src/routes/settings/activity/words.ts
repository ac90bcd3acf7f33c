/** What was done, in words: `accounts.session_opened.v1` is "Signed in". */
import { isKey, t } from "$lib/i18n/index.svelte";

/** An action that this page does not know yet is shown as it is called. */
export function wordsFor(action: string): string {
  const key = `did.${action.replace(/\.v\d+$/, "")}`;
  return isKey(key) ? t(key) : action;
}
