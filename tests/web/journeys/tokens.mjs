// A token for a script: made, shown once, used, revoked.
import assert from "node:assert/strict";
import { signsUp } from "../driver/person.mjs";

export default async function ({ newBrowser, looks, origin }) {
  const { newTab } = await newBrowser();
  const ada = await newTab();
  await signsUp(ada, "tokens@example.org");
  await ada.follows("nav.settings");
  await ada.follows("settings.tokens");
  await ada.sees("tokens.none");

  await ada.presses("tokens.make");
  const form = ada.within("dialog", "tokens.make");
  await form.types("form.name", "Home server");
  await looks(ada, "dialog-new-token");
  await form.presses("tokens.make");
  const shown = ada.within("dialog", "tokens.shown");
  const token = await shown.reads("code");
  await looks(ada, "dialog-token");
  await shown.presses("form.done");
  const asScript = () =>
    fetch(`${origin}/api/v1/dnp/list`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await asScript()).status, 200);

  await ada.reloads();
  await ada.sees({ text: "Home server" });
  assert(!(await ada.reads("main")).includes(token), "the token is shown again");
  await ada.presses("tokens.revoke_it", { name: "Home server" });
  await ada.within("dialog", "tokens.revoke_it", { name: "Home server" }).presses("tokens.revoke");
  await ada.isTold("tokens.gone");
  await ada.sees("tokens.revoked");
  await ada.page.waitForTimeout(5_000); // so long may it take
  assert.equal((await asScript()).status, 401);
}
