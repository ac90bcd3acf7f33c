/** The files that a list can be taken along as. */
import type { ExportBlockedArtistsData } from "@nodrake/client";
import type { Key } from "$lib/i18n/index.svelte";

export interface Format {
  name: NonNullable<NonNullable<ExportBlockedArtistsData["query"]>["format"]>;
  extension: string;
  type: string;
  title: Key;
  purpose: Key;
  holds: Key;
}

export const FORMATS: readonly Format[] = [
  {
    name: "csv",
    extension: "csv",
    type: "text/csv",
    title: "export.csv",
    purpose: "export.csv_for",
    holds: "export.csv_holds",
  },
  {
    name: "json",
    extension: "json",
    type: "application/json",
    title: "export.json",
    purpose: "export.json_for",
    holds: "export.json_holds",
  },
  {
    name: "trashbin",
    extension: "trashbin.json",
    type: "application/json",
    title: "export.trashbin",
    purpose: "export.trashbin_for",
    holds: "export.trashbin_holds",
  },
  {
    name: "text",
    extension: "txt",
    type: "text/plain",
    title: "export.text_format",
    purpose: "export.text_for",
    holds: "export.text_holds",
  },
];
