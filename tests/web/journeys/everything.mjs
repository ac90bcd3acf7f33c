// The whole way with a list: from a file that a community keeps to leaving with one's own.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aList } from "../driver/belongings.mjs";
import { signsIn, signsOut, signsUp } from "../driver/person.mjs";
import { codesOfNow } from "../driver/totp.mjs";

const EMAIL = "whole@example.org";
const FOUND = "Señor Ocaso"; // of the sample that the catalogue begins with
const ID = "3ec16T2vMbjJi4luOqt6ps";

export default async function ({ newBrowser, looks, settings }) {
  const folder = mkdtempSync(join(tmpdir(), "nodrake-"));
  const file = (name, content) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  try {
    const { newTab } = await newBrowser();
    const ada = await newTab();
    await signsUp(ada, EMAIL);
    const many = await importsAList(ada, settings.list ?? file("list.csv", aList(7_477)), looks);
    await findsAndAdds(ada, looks);
    await edits(ada, looks);
    await exceptsAndSkips(ada, looks);
    await takesTheListAlong(ada, many + 1);
    await enrolsAndComesBack(ada);
    await checksALibrary(ada, file("YourLibrary.json", library()), looks);
    await leaves(ada);
    return { many };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function importsAList(ada, path, looks) {
  await ada.goes("/");
  await ada.follows("list.empty_import_action");
  await ada.arrives("/import");
  await ada.hands("file.choose", path);
  const action = ada.page.getByRole("button", { name: /^Import [\d,]+ artists$/ });
  await action.waitFor();
  const many = Number((await action.innerText()).replace(/\D/g, ""));
  await looks(ada, "import-preview");
  await action.click();
  await ada.seesA("heading", "import.done_many", { count: many.toLocaleString("en-GB") });
  await looks(ada, "import-done");
  await ada.follows("import.see_list");
  await ada.arrives("/");
  await ada.sees("list.artists_many", { count: many.toLocaleString("en-GB") });
  return many;
}

async function findsAndAdds(ada, looks) {
  await ada.hits("Control+k");
  await ada.typesSlowly("search.label", "senor oc");
  await ada.page.getByRole("option", { name: new RegExp(FOUND) }).first().waitFor();
  await looks(ada, "search");
  await ada.hits("Enter");
  await ada.isTold("search.added", { name: FOUND });
  await ada.sees("list.artists_many");
}

async function edits(ada, looks) {
  await ada.presses("list.edit_it", { name: FOUND });
  const dialog = ada.within("dialog", "edit.title", { name: FOUND });
  await dialog.types("edit.tags", "evening");
  await ada.hits("Enter");
  await dialog.types("edit.note", "Not before breakfast.");
  await looks(ada, "dialog-edit");
  await dialog.presses("form.save");
  await ada.isTold("edit.saved", { name: FOUND });
  await ada.sees({ text: "Not before breakfast." });
}

/** Nobody may block one artist any more, and a single track is skipped; both are looked at. */
async function exceptsAndSkips(ada, looks) {
  await ada.follows("list.part_exceptions");
  await ada.sees("exceptions.none");
  await looks(ada, "exceptions-none");
  await ada.typesSlowly("exceptions.label", "static bl");
  await ada.page.getByRole("option", { name: /Static Bloom/ }).first().waitFor();
  await ada.hits("Enter");
  await ada.isTold("exceptions.added", { name: "Static Bloom" });
  await ada.seesA("button", "exceptions.remove_it", { name: "Static Bloom" });
  await looks(ada, "exceptions", true);
  await ada.follows("list.part_tracks");
  await ada.sees("tracks.none");
  await ada.presses("tracks.add");
  const dialog = ada.within("dialog", "tracks.add");
  await dialog.types("tracks.link", "https://open.spotify.com/album/4cOdK2wGLETKBW3PvgPWqT");
  await dialog.types("tracks.title", "Slow Rain");
  await dialog.types("tracks.artists", "Clear Morning");
  await dialog.presses("tracks.add");
  await dialog.sees("tracks.unreadable", { service: "Spotify" });
  await looks(ada, "dialog-track", true);
  await dialog.types("tracks.link", "https://open.spotify.com/track/4cOdK2wGLETKBW3PvgPWqT?si=1");
  await dialog.presses("tracks.add");
  await ada.isTold("tracks.added", { title: "Slow Rain" });
  await ada.seesA("button", "tracks.remove_it", { title: "Slow Rain" });
  await looks(ada, "tracks", true);
}

async function takesTheListAlong(ada, many) {
  await ada.follows("nav.export");
  await ada.arrives("/export");
  const { name, content } = await ada.downloads(() => ada.presses("export.download_it", { format: "CSV" }));
  assert.match(name, /\d{4}-\d\d-\d\d\.csv$/);
  const lines = content.toString().trim().split(/\r?\n/);
  assert.equal(lines.length, many + 1);
  assert(lines.some((line) => line.includes(FOUND) && line.includes("Not before breakfast.")));
}

async function enrolsAndComesBack(ada) {
  await ada.goes("/settings/security");
  await ada.presses("security.enable");
  const app = ada.within("dialog", "enrol.title");
  await app.unfolds("enrol.type");
  const codes = await codesOfNow(await app.reads("code"));
  await app.types("enrol.code", codes.before);
  await app.presses("security.enable");
  const sheet = ada.within("dialog", "codes.title");
  await sheet.ticks("codes.kept");
  await sheet.presses("form.done");
  await ada.sees("security.on");
  await signsOut(ada);
  await signsIn(ada, EMAIL);
  await ada.types("sign_in.code", codes.now);
  await ada.presses("sign_in.action");
  await ada.arrives("/settings/security");
}

async function checksALibrary(ada, path, looks) {
  await ada.goes("/scan");
  await ada.arrives("/scan");
  await ada.hands("file.choose", path);
  await ada.seesA("heading", "scan.result", { name: "YourLibrary.json" });
  await ada.sees("scan.found");
  await ada.sees({ text: "Slow Tide" });
  await looks(ada, "scan-result");
  const { name, content } = await ada.downloads(() => ada.presses("scan.checklist"));
  assert.match(name, /\.md$/);
  assert(content.includes("Slow Tide"));
}

async function leaves(ada) {
  await ada.goes("/settings/data");
  await ada.presses("deletion.action");
  const question = ada.within("dialog", "deletion.ask");
  await question.types("deletion.type_email", EMAIL);
  await question.presses("deletion.action");
  await ada.isTold("deletion.requested");
  await ada.sees("deletion.pending");
}

/** What Spotify hands out of a library, with one track by somebody on the list and one by nobody. */
function library() {
  return JSON.stringify({
    tracks: [
      { artist: FOUND, album: "Tides", track: "Slow Tide" },
      { artist: "Clear Morning", album: "Fog", track: "Dew" },
    ],
    albums: [],
    artists: [{ name: "Neural Groove Machine", uri: `spotify:artist:${ID}` }],
  });
}
