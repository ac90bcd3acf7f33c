import { accountEn } from "./account.en";
import { activityEn } from "./activity.en";
import { awayEn } from "./away.en";
import { listEn } from "./list.en";
import { refusedEn } from "./refused.en";
import { scanEn } from "./scan.en";
import { searchEn } from "./search.en";
import { transferEn } from "./transfer.en";
import { servicesEn } from "./services.en";
import { settingsEn } from "./settings.en";
import { startEn } from "./start.en";

/** Every text of the app in English; other languages have the same keys. */
export const en = {
  ...accountEn,
  ...activityEn,
  ...awayEn,
  ...listEn,
  ...refusedEn,
  ...scanEn,
  ...searchEn,
  ...transferEn,
  ...servicesEn,
  ...settingsEn,
  ...startEn,
  "app.name": "No Drake in the House",
  "app.claim": "One do-not-play list for every streaming service.",
  "app.skip": "Skip to content",
  "app.menu": "Main menu",
  "app.loading": "Loading",
  "not_found.title": "There is nothing here",
  "not_found.text": "The address may have been mistyped, or what was here is gone.",
  "nav.list": "My list",
  "nav.list_short": "List",
  "nav.import": "Import",
  "nav.export": "Export",
  "nav.scan": "Library",
  "nav.settings": "Settings",
  "nav.sign_out": "Sign out",
  "form.email": "E-mail address",
  "form.password": "Password",
  "form.show_password": "Show password",
  "form.hide_password": "Hide password",
  "form.required": "This is needed.",
  "form.try_again": "Try again",
  "form.cancel": "Cancel",
  "form.close": "Close",
  "form.undo": "Undo",
  "problem.network": "The service cannot be reached. Check the connection, then try again.",
  "problem.unexpected": "Something went wrong on our side. Try again in a moment.",
  "problem.request": "Request {id}",
  "sign_in.title": "Welcome back",
  "sign_in.action": "Sign in",
  "sign_in.no_account": "No account yet?",
  "sign_in.forgot": "Forgotten your password?",
  "sign_in.passkey": "Sign in with a passkey",
  "sign_in.or": "or",
  "sign_in.with": "Continue with {provider}",
  "sign_in.code": "Code from your app",
  "sign_in.code_hint": "Six digits that change every half minute.",
  "sign_in.use_recovery": "Use a recovery code instead",
  "sign_in.use_app": "Use the code from your app instead",
  "sign_in.recovery_code": "Recovery code",
  "sign_in.recovery_hint": "One of the ten that you kept. Each works once.",
  "sign_in.second_title": "One more step",
  "sign_out.failed": "You are still signed in.",
  "sign_up.title": "Keep your list in one place",
  "sign_up.action": "Open an account",
  "sign_up.have_account": "Have an account already?",
  "sign_up.password_hint": "At least 12 characters. A sentence that nobody else would say is best.",
  "strength.label": "How hard it is to guess",
  "strength.short_one": "{count} more character is needed.",
  "strength.short_many": "{count} more characters are needed.",
  "strength.weak": "Easy to guess. Add a word or two that do not belong together.",
  "strength.fair": "Fair. Another word makes it good.",
  "strength.good": "Good.",
} as const;

export type Key = keyof typeof en;
export type Messages = Record<Key, string>;
