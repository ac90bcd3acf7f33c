// Somebody in front of the screen: what they do is told by roles, and by names from the catalogue.
import assert from "node:assert/strict";
import { pattern, t } from "./texts.mjs";

/** A name that is not the app's: what somebody has typed, or a page that is not of the app. */
export const words = (text) => ({ text });
const nameOf = (key, values) => (typeof key === "string" ? t(key, values) : key.text);
const patternOf = (key, values) =>
  typeof key === "string" ? pattern(key, values) : key.text instanceof RegExp ? key.text : key.text;

export class Person {
  #place;

  constructor(page, origin, report, place = page) {
    this.page = page;
    this.origin = origin;
    this.report = report;
    this.#place = place;
  }

  /** The same person, who looks at one part of the screen only: a dialog, a row, a section. */
  within(role, key, values) {
    const place = this.#place.getByRole(role, { name: patternOf(key, values) });
    return new Person(this.page, this.origin, this.report, place);
  }

  /** …at the one that holds a text, such as the row of an artist. */
  withinThat(role, key, values) {
    const place = this.#place.getByRole(role).filter({ hasText: patternOf(key, values) });
    return new Person(this.page, this.origin, this.report, place);
  }

  /** Types an address, or reloads the page. */
  async goes(path) {
    this.#did("goes", path);
    await this.page.goto(this.origin + path);
  }

  async reloads() {
    this.#did("reloads");
    await this.page.reload();
  }

  async presses(key, values) {
    await this.#on("presses", "button", key, values, (it) => it.click());
  }

  async follows(key, values) {
    await this.#on("follows", "link", key, values, (it) => it.click());
  }

  /** Opens what is folded away. */
  async unfolds(key, values) {
    this.#did("unfolds", key);
    await this.#place.getByText(nameOf(key, values), { exact: true }).click();
  }

  async types(key, text) {
    this.#did("types into", key);
    await this.#field(key).fill(text);
  }

  /** With a key between the letters, as people do: for fields that answer while one types. */
  async typesSlowly(key, text) {
    this.#did("types into", key);
    await this.#field(key).pressSequentially(text, { delay: 30 });
  }

  async ticks(key, values) {
    await this.#on("ticks", "checkbox", key, values, (it) => it.check());
  }

  async chooses(key, values) {
    await this.#on("chooses", "radio", key, values, (it) => it.check());
  }

  /** An entry of a list that opens, by what it says. */
  async selects(key, option) {
    this.#did("selects", option);
    await this.#place.getByLabel(nameOf(key), { exact: true }).selectOption({ label: nameOf(option) });
  }

  /** Files are handed to a field that takes them. */
  async hands(key, file) {
    this.#did("hands over", file);
    await this.#place.getByLabel(nameOf(key)).setInputFiles(file);
  }

  async hits(key) {
    this.#did("hits", key);
    await this.page.keyboard.press(key);
  }

  /** Waits for a text. */
  async sees(key, values) {
    this.#did("sees", key);
    const text = this.#place.getByText(patternOf(key, values)).filter({ visible: true });
    await text.first().waitFor();
  }

  async seesA(role, key, values) {
    await this.#on("sees a " + role, role, key, values, (it) => it.waitFor());
  }

  /** Waits until the text is gone. */
  async misses(key, values) {
    this.#did("misses", key);
    const text = this.#place.getByText(patternOf(key, values)).filter({ visible: true });
    await text.first().waitFor({ state: "hidden" });
  }

  /** What is told in a hurry, with what to do next; returns all of it. */
  async isWarned(expected) {
    this.#did("is warned", String(expected));
    const alert = this.#place.getByRole("alert").filter({ hasText: expected }).first();
    await alert.waitFor();
    return alert.innerText();
  }

  /** What is told by the way, and by screen readers: a toast. */
  async isTold(key, values) {
    this.#did("is told", key);
    await this.page.getByRole("status").filter({ hasText: patternOf(key, values) }).first().waitFor();
  }

  async reads(selector) {
    this.#did("reads", selector);
    return (await this.#place.locator(selector).first().innerText()).trim();
  }

  async readsAll(selector) {
    this.#did("reads all", selector);
    return (await this.#place.locator(selector).allInnerTexts()).map((text) => text.trim());
  }

  async counts(role) {
    return this.#place.getByRole(role).count();
  }

  /** Waits for the screen at an address. */
  async arrives(path) {
    this.#did("arrives at", path);
    await this.page.waitForURL((url) => url.pathname === path);
    await this.page.getByRole("heading", { level: 1 }).first().waitFor();
  }

  /** What the browser downloads while `work` is done: its name and content. */
  async downloads(work) {
    const [download] = await Promise.all([this.page.waitForEvent("download"), work()]);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return { name: download.suggestedFilename(), content: Buffer.concat(chunks) };
  }

  async #on(verb, role, key, values, work) {
    this.#did(verb, key);
    await work(this.#place.getByRole(role, { name: nameOf(key, values), exact: true }).first());
  }

  #field(key) {
    return this.#place.getByLabel(nameOf(key), { exact: true });
  }

  #did(verb, what = "") {
    this.report.steps.push(`${verb} ${typeof what === "string" ? what : String(what.text)}`.trim());
  }
}

/** What most journeys begin with. */
export const PASSWORD = "seven quiet otters on a raft";

export async function signsUp(person, email, password = PASSWORD) {
  await person.goes("/");
  await person.arrives("/welcome");
  await person.follows("sign_up.action");
  await person.arrives("/sign-up");
  await person.types("form.email", email);
  await person.types("form.password", password);
  await person.presses("sign_up.action");
  await person.arrives("/");
}

export async function signsIn(person, email, password = PASSWORD) {
  await person.types("form.email", email);
  await person.types("form.password", password);
  await person.presses("sign_in.action");
}

export async function signsOut(person) {
  await person.presses("nav.sign_out");
  await person.arrives("/sign-in");
}

/** Proves once more who they are, where the app asks. */
export async function proves(person, password = PASSWORD) {
  const dialog = person.within("dialog", "step_up.title");
  await dialog.types("form.password", password);
  await dialog.presses("step_up.action");
}

/** The newest message to them with that subject, on the page for developers; its link is followed. */
export async function followsTheMail(person, email, subject, path) {
  for (let turn = 0; ; turn += 1) {
    await person.goes("/dev/mail");
    const own = person.page.getByRole("listitem").filter({ hasText: email });
    const mail = own.getByRole("link", { name: subject });
    if (await mail.count()) {
      await mail.first().click();
      break;
    }
    assert(turn < 100, `no mail came: ${subject}`);
    await person.page.waitForTimeout(100);
  }
  const message = await person.reads("pre");
  const link = message.split(/\s/).find((word) => word.includes(path));
  assert(link, `no link to ${path} in: ${message}`);
  await person.page.goto("about:blank"); // the link comes from elsewhere, and the page is new
  await person.page.goto(link);
}
