/** The rows that were left out, as a file to mend and to import again. */
import type { RejectedRow } from "@nodrake/client";

export function rejectedAsCsv(rows: readonly RejectedRow[]): Blob {
  const lines = rows.map(({ line, reason }) => `${line},${quoted(reason)}\r\n`);
  return new Blob(["line,reason\r\n", ...lines], { type: "text/csv" });
}

/** RFC 4180; and a cell that a spreadsheet would take for a formula is text to it. */
function quoted(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
