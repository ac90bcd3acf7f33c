// Two devices of one person: one signs the other out; two tabs of one browser are one device.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { signsIn, signsOut, signsUp } from "../driver/person.mjs";

const EMAIL = "grace@example.org";
const LATER = 20 * 60_000; // an access token lives for ten minutes
const REFRESH = "/api/v1/auth/refresh";

export default async function ({ newBrowser, looks }) {
  const laptop = await newBrowser();
  const grace = await laptop.newTab();
  await signsUp(grace, EMAIL);
  await grace.reloads(); // the cookie brings back who one is, and where one was
  await grace.arrives("/");

  const phone = await newBrowser({ userAgent: "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Firefox/140.0" });
  const elsewhere = await phone.newTab();
  await elsewhere.goes("/settings/sessions");
  await elsewhere.arrives("/sign-in");
  await signsIn(elsewhere, EMAIL);
  await elsewhere.arrives("/settings/sessions"); // back to where they were going

  // The other device is signed out, after a question.
  await grace.goes("/settings/sessions");
  const other = grace.withinThat("listitem", { text: /Firefox/ });
  await other.page.getByRole("listitem").filter({ hasText: "Firefox" }).getByRole("button").click();
  const question = grace.within("dialog", { text: /./ });
  await question.sees("sessions.end_text");
  await looks(grace, "dialog-confirm");
  await question.presses("sessions.end");
  await grace.isTold("sessions.ended");
  assert.equal(await grace.page.getByRole("listitem").filter({ hasText: "Firefox" }).count(), 0);
  await elsewhere.page.waitForTimeout(5_000); // so long may it take, says the question
  await elsewhere.follows("settings.tokens");
  await elsewhere.arrives("/sign-in");

  // The access token is old: the next request fetches another, and nobody notices.
  const refreshes = [];
  laptop.context.on("request", (request) => {
    if (new URL(request.url()).pathname === REFRESH) refreshes.push(request.method());
  });
  const second = await laptop.newTab();
  await second.goes("/settings/tokens");
  await second.sees("tokens.none");
  refreshes.length = 0; // a new page asks who it is
  // Slow enough for both tabs to want it.
  await laptop.context.route(`**${REFRESH}`, async (route) => {
    await sleep(700);
    await route.continue();
  });
  await laptop.context.clock.setSystemTime(Date.now() + LATER);
  await Promise.all([grace.follows("settings.activity"), second.follows("settings.activity")]);
  for (const tab of [grace, second]) await tab.sees("did.accounts.session_revoked");
  const ofBothTabs = refreshes.length;

  // The service refuses a token that the browser thought good: the same.
  refreshes.length = 0;
  let asked = 0;
  await laptop.context.route("**/api/v1/auth/sessions", async (route) => {
    const headers = await route.request().allHeaders();
    if (asked++ === 0) headers.authorization = `${headers.authorization}x`;
    await route.continue({ headers });
  });
  await grace.follows("settings.sessions");
  await grace.sees("sessions.this_one");
  const afterRefusal = { asked, refreshes: refreshes.length };

  // Signing out is for all tabs.
  await signsOut(grace);
  await second.arrives("/sign-in");
  return { ofBothTabs, afterRefusal };
}
