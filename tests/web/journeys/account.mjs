// From opening an account to getting back into it: mail, second factor, recovery code, password.
import assert from "node:assert/strict";
import {
  followsTheMail,
  PASSWORD,
  signsIn,
  signsOut,
  signsUp,
} from "../driver/person.mjs";
import { codesOfNow } from "../driver/totp.mjs";

// Five codes in a quarter of an hour are what an account may try; this journey needs all of them.
const EMAIL = "ada@example.org";
const NEW_PASSWORD = "nine loud herons on a pier";

export default async function ({ newBrowser, looks }) {
  const { newTab } = await newBrowser();
  const ada = await newTab();
  await signsUp(ada, EMAIL);

  // The address is proven by the link in the mail.
  await ada.goes("/settings/email");
  await ada.sees("email.unverified");
  await followsTheMail(ada, EMAIL, /is this your e-mail address/i, "/verify-email#");
  await ada.presses("link.verify_action");
  await ada.sees("link.verify_done");
  await ada.goes("/settings/email");
  await ada.sees("email.verified");

  // A second factor, with the secret of the QR code.
  await ada.follows("settings.security");
  await ada.presses("security.enable");
  const app = ada.within("dialog", "enrol.title");
  await app.seesA("img", "enrol.qr");
  await app.unfolds("enrol.type");
  await looks(ada, "dialog-enrol");
  const secret = await app.reads("code");
  const codes = await codesOfNow(secret);
  await app.types("enrol.code", codes.before);
  await app.presses("security.enable");
  const sheet = ada.within("dialog", "codes.title");
  await sheet.sees("codes.text");
  await looks(ada, "dialog-recovery-codes");
  const recovery = await sheet.readsAll("li");
  assert.equal(recovery.length, 10);
  await sheet.presses("form.done");
  await sheet.isWarned(/./); // not before they are kept
  await ada.hits("Escape");
  await ada.hits("Escape"); // which a browser lets nobody prevent
  await sheet.sees("codes.text");
  const kept = await sheet.downloads(() => sheet.presses("codes.download"));
  for (const code of recovery) assert(kept.content.includes(code), "a code is not in the file");
  await sheet.ticks("codes.kept");
  await sheet.presses("form.done");
  await ada.sees("security.on");

  // The code from the app, once the password is right.
  await signsOut(ada);
  await signsIn(ada, EMAIL);
  await ada.seesA("heading", "sign_in.second_title");
  await looks(ada, "sign-in-code");
  await ada.types("sign_in.code", codes.now);
  await ada.presses("sign_in.action");
  await ada.arrives("/settings/security"); // where they were

  // A recovery code in its place.
  const recovers = async (code) => {
    await ada.types("sign_in.recovery_code", code);
    await ada.presses("sign_in.action");
  };
  await signsOut(ada);
  await signsIn(ada, EMAIL);
  await ada.presses("sign_in.use_recovery");
  await recovers(recovery[0]);
  await ada.arrives("/settings/security");

  // A forgotten password; the second factor stays, and so the way back in asks for it.
  await signsOut(ada);
  await ada.follows("sign_in.forgot");
  await ada.arrives("/forgotten-password");
  await ada.types("form.email", EMAIL);
  await ada.presses("forgotten.action");
  await ada.isTold("forgotten.sent", { email: EMAIL });
  await followsTheMail(ada, EMAIL, /new password/i, "/reset-password#");
  await ada.types("link.new_password", NEW_PASSWORD);
  await ada.presses("link.reset_action");
  await ada.sees("link.reset_done");
  await ada.goes("/sign-in");
  await signsIn(ada, EMAIL, PASSWORD);
  await ada.isWarned(/./);
  await signsIn(ada, EMAIL, NEW_PASSWORD);
  await ada.presses("sign_in.use_recovery");
  await recovers(recovery[0]); // each works once
  await ada.isWarned(/./);
  await recovers(recovery[1]);
  await ada.arrives("/");
}
