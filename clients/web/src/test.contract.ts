/** What the API's description says of the operations that the app calls. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Schema {
  $ref?: string;
  allOf?: Schema[];
  enum?: string[];
  properties?: Record<string, Schema>;
}
interface Described {
  properties: { code: { description: string } };
}
interface Body {
  content?: Record<string, { schema: Schema }>;
}
interface Operation {
  operationId: string;
  requestBody?: Body;
  responses: Record<string, Body>;
}

const ROOT = join(import.meta.dirname, "../../..");
const document = JSON.parse(readFileSync(join(ROOT, "spec/openapi.json"), "utf8")) as {
  components: { schemas: { RejectedRow: Described } };
  paths: Record<string, Record<string, Operation>>;
};

/** Of the app, and of the client by hand, which signs in and keeps the session. */
function written(): string {
  const folders = ["clients/web/src", "clients/typescript/src"].map((path) => join(ROOT, path));
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
      ({ parentPath, name }) =>
        /\.(ts|svelte)$/.test(name) && !/\btest\b/.test(name) && !parentPath.includes("generated"),
    ),
  );
  return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8")).join("\n");
}

const source = written();
const operations = Object.values(document.paths)
  .flatMap((methods) => Object.values(methods))
  .filter(({ operationId }) => new RegExp(`\\b${operationId}\\b`).test(source));

/** The codes of what may be refused, each with a status that it comes with. */
export function refusals(): Map<string, number> {
  const found = new Map<string, number>();
  for (const { responses } of operations) {
    for (const [status, { content = {} }] of Object.entries(responses)) {
      if (Number(status) < 400) continue;
      const parts = Object.values(content).flatMap(({ schema }) => schema.allOf ?? []);
      const codes = parts.flatMap(({ properties }) => properties?.["code"]?.enum ?? []);
      for (const code of codes) found.set(code, Number(status));
    }
  }
  return found;
}

/** What people type that the app shows refused at its place: `trouble.fields.…` and `refused("…")`. */
export function inputs(): Set<string> {
  const shown = source.matchAll(/\.trouble\?\.fields\.(\w+)|trouble\?\.fields\.(\w+)|\brefused\("(\w+)"\)/g);
  return new Set([...shown].map((match) => (match[1] ?? match[2] ?? match[3])!));
}

/** Why a row of a file may be left out, by its codes. */
export function reasons(): string[] {
  const { description } = document.components.schemas.RejectedRow.properties.code;
  return [...description.matchAll(/`(\w+)`/g)].map((match) => match[1]!);
}
