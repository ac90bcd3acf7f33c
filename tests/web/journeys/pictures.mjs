// The pictures of the README: the list, a search, an import before it happens, a library.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { caller } from "../driver/belongings.mjs";
import { signsUp } from "../driver/person.mjs";

const EMAIL = "ada@example.org";
const SIZE = { width: 1100, height: 880 };
const LIST = [
  ["Neural Groove Machine", "evening;loud", "Every other song on the way home."],
  ["Smokey September", "evening", ""],
  ["Static Bloom", "", "Only until the exams are over."],
  ["The Quiet Engine", "loud", ""],
  ["Тихая машина", "", ""],
  ["Paper Lanterns of Lund", "sleep", "Too soft for the gym."],
];
const idOf = (number) => number.toString(36).padStart(22, "0");

export default async function ({ newBrowser, settings, origin }) {
  const folder = mkdtempSync(join(tmpdir(), "nodrake-"));
  try {
    const { newTab } = await newBrowser({ viewport: SIZE, colorScheme: "light", reducedMotion: "reduce" });
    const ada = await newTab();
    const shoot = (name) => ada.page.screenshot({ path: join(settings.folder, `${name}.png`) });
    await signsUp(ada, EMAIL);
    const call = await caller(origin, EMAIL);
    const rows = LIST.map(([name, tags, note], number) => `${name},${idOf(number)},${tags},${note}`);
    await call("POST", "/dnp/import", ["artist,id,tags,note", ...rows, ""].join("\n"), "text/csv");
    await ada.goes("/");
    await ada.sees("list.artists_many", { count: LIST.length });
    await ada.page.waitForLoadState("networkidle");
    await shoot("list");

    await ada.hits("Control+k");
    await ada.typesSlowly("search.label", "senor oc");
    await ada.page.getByRole("option").first().waitFor();
    await shoot("search");

    const list = join(folder, "quiet-evenings.csv");
    const others = Array.from({ length: 40 }, (_, number) => `${WORDS[number % 8]} ${WORDS[(number * 5 + 3) % 8]} ${number + 1},${idOf(100 + number)}`);
    writeFileSync(list, ["artist,id", ...rows.slice(0, 2).map((row) => row.split(",", 2).join(",")), ...others, ""].join("\n"));
    await ada.goes("/import");
    await ada.hands("file.choose", list);
    await ada.seesA("heading", "import.preview", { name: "quiet-evenings.csv" });
    await shoot("import");

    const library = join(folder, "YourLibrary.json");
    const tracks = Array.from({ length: 120 }, (_, number) => ({
      artist: number % 3 ? "Clear Morning" : LIST[number % 4][0],
      album: "Fog",
      track: number % 10 ? `Dew ${number}` : `Rain ${number} (feat. Smokey September)`,
    }));
    writeFileSync(library, JSON.stringify({ tracks, albums: [], artists: [] }));
    await ada.goes("/scan");
    await ada.hands("file.choose", library);
    await ada.seesA("heading", "scan.result", { name: "YourLibrary.json" });
    await shoot("library");
  } finally {
    rmSync(folder, { recursive: true });
  }
}
const WORDS = ["Velvet", "Harbour", "Orbit", "Meadow", "Copper", "Lantern", "Northern", "Tide"];
