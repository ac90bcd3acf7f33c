// Every screen in both themes, wide and on a phone, with something on it.
import { caller, moveIn } from "../driver/belongings.mjs";
import { signsUp } from "../driver/person.mjs";

// What a screen is told in its address, where it is told something.
const TOLD = { "/sign-in-failed": "#code=accounts.provider_unavailable", "/signed-in": "#code=none" };
const EMAIL = "looking@example.org";
const nameOf = (path) => path.slice(1).replaceAll("/", "-") || "list";

export default async function ({ newBrowser, looks, mirrors, settings, origin }) {
  const visited = [];
  const visits = async (person, path) => {
    await person.goes(path + (TOLD[path] ?? ""));
    await person.arrives(path);
    await person.page.waitForLoadState("networkidle");
    await looks(person, nameOf(path), true);
    await mirrors(person, nameOf(path));
    visited.push(path);
  };

  const stranger = await (await newBrowser()).newTab();
  for (const path of settings.signedOut) await visits(stranger, path);

  const { newTab } = await newBrowser();
  const ada = await newTab();
  await signsUp(ada, EMAIL);
  await moveIn(origin, EMAIL);
  for (const path of settings.signedIn) await visits(ada, path);

  // The longer words of another language, where the least room is.
  const call = await caller(origin, EMAIL);
  await call("PUT", "/users/settings", { language: "de", theme: "system", email_notifications: false });
  for (const path of ["/", "/?show=exceptions", "/import", "/settings"]) {
    await ada.goes(path);
    await ada.page.locator("html[lang=de]").waitFor();
    await ada.page.getByRole("heading", { level: 1 }).first().waitFor();
    await ada.page.waitForLoadState("networkidle");
    await looks(ada, `german-${nameOf(path.replace("?show=", ""))}`);
  }

  // The screen for what is not there: the app's own links lead nowhere wrong, an old one may.
  await ada.page.evaluate(() => {
    history.pushState(null, "", "/nowhere");
    dispatchEvent(new PopStateEvent("popstate"));
  });
  await ada.page.getByRole("heading", { level: 1 }).waitFor();
  await looks(ada, "not-found", true);
  visited.push("*");
  return { visited };
}
