// What can go wrong on the way to the service: the screen says it, and how to go on.
import assert from "node:assert/strict";
import { signsUp } from "../driver/person.mjs";
import { pattern, t } from "../driver/texts.mjs";

export default async function ({ newBrowser, looks, ask }) {
  const { context, newTab } = await newBrowser();
  const ada = await newTab();
  await signsUp(ada, "unlucky@example.org");
  await ada.goes("/settings/sessions");
  await ada.sees("sessions.this_one");

  // A slow line: something moves until the answer is there.
  const line = await context.newCDPSession(ada.page);
  const slow = { offline: false, latency: 1_500, downloadThroughput: 20_000, uploadThroughput: 20_000 };
  await line.send("Network.enable");
  await line.send("Network.emulateNetworkConditions", slow);
  await ada.follows("settings.activity");
  await ada.isTold("app.loading");
  await ada.sees("did.accounts.user_registered");
  await line.send("Network.emulateNetworkConditions", { ...slow, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });

  // The service is away: the screen says so, and asks again when told to.
  await ada.follows("settings.tokens"); // loaded before
  await ada.sees("tokens.none");
  await ada.follows("settings.sessions");
  await ada.sees("sessions.this_one");
  await ask("stop");
  await ada.follows("settings.tokens");
  const away = await ada.isWarned(t("problem.network"));
  await ask("start");
  await ada.presses("form.try_again");
  await ada.sees("tokens.none");

  // …also while the app itself begins.
  const other = await newTab();
  await other.goes("/sign-in");
  await context.route("**/api/v1/auth/refresh", (route) => route.abort("connectionrefused"));
  await other.reloads();
  await other.seesA("heading", "away.title");
  await other.sees("away.text");
  await looks(other, "trouble-away");
  await context.unroute("**/api/v1/auth/refresh");
  await other.presses("form.try_again");
  await other.arrives("/");

  // Too many requests: when to come back, and a number to ask by.
  await ask("exhaust");
  await ada.follows("settings.activity");
  const tooMany = await ada.isWarned(pattern("problem.request"));
  assert.match(tooMany, /too many/i);
  assert.match(tooMany, /\d+ seconds/);
  await looks(ada, "trouble-too-many");
  await ask("forgive");
  await ada.presses("form.try_again");
  await ada.sees("did.accounts.user_registered");
  return { away, tooMany };
}
