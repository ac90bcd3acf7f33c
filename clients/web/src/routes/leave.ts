/** Signing out, and what to say where that did not work. */
import { troubleOf } from "$lib/api/problems";
import { account } from "$lib/api/session.svelte";
import { t } from "$lib/i18n/index.svelte";
import { toasts } from "$lib/ui/toasts.svelte";

let said = -1;

export async function leave(): Promise<void> {
  toasts.dismiss(said);
  try {
    await account.signOut();
  } catch (error) {
    const { message, requestId } = troubleOf(error);
    const words = [t("sign_out.failed"), message];
    if (requestId) words.push(t("problem.request", { id: requestId }));
    said = toasts.offer(words.join(" "), t("form.try_again"), () => void leave());
  }
}
