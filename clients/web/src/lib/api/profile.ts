/** Changes to one's own account, each made to what is there now and not to what was there before. */
import {
  getProfile,
  isProblem,
  unwrap,
  updateProfile,
  updateSettings,
  type Settings,
  type UserProfile,
} from "@nodrake/client";
import { locale } from "$lib/i18n/index.svelte";
import { account } from "./session.svelte";

interface Answer {
  data?: UserProfile;
  error?: unknown;
  response?: Response;
}

/**
 * Change some settings and leave the others as they are on the server, where another device may
 * have changed them: a change that was overtaken is made again, once, to the newer ones.
 */
export async function saveSettings(change: Partial<Settings>): Promise<void> {
  const once = async () => {
    const { profile, headers } = await read();
    const body = { ...profile.settings, ...change };
    return updateSettings({ client: account.client, body, headers });
  };
  let answer: Answer = await once();
  if (isProblem(answer.error) && answer.error.code === "shared.precondition_failed") {
    answer = await once();
  }
  account.entered(await unwrap(Promise.resolve(answer)));
}

/** Somebody who has just opened an account goes on in the language in which they opened it. */
export async function enterAnew(user: UserProfile): Promise<void> {
  const { language } = locale;
  account.entered({ ...user, settings: { ...user.settings, language } });
  if (user.settings.language === language) return;
  try {
    await saveSettings({ language });
  } catch {
    // The account is open; which language it speaks can be said in the settings.
  }
}

/** Change the name only where it is still the one that was on the screen. */
export async function saveDisplayName(name: string | null): Promise<void> {
  const shown = account.user?.display_name ?? null;
  const { profile, headers } = await read();
  if (profile.display_name !== shown) {
    account.entered(profile);
    throw new NameChangedElsewhere();
  }
  const body = { display_name: name };
  account.entered(await unwrap(updateProfile({ client: account.client, body, headers })));
}

/** Somebody has changed the name on another device; the screen shows theirs now. */
export class NameChangedElsewhere extends Error {}

/** Read the account anew, after something else than these functions has changed it. */
export async function readAgain(): Promise<void> {
  account.entered((await read()).profile);
}

async function read(): Promise<{ profile: UserProfile; headers: Record<string, string> }> {
  const answer = await getProfile({ client: account.client });
  const profile = await unwrap(Promise.resolve(answer));
  const etag = answer.response?.headers.get("etag");
  return { profile, headers: etag ? { "If-Match": etag } : {} };
}
