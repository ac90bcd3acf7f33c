/** What somebody writes about an entry, as the form has it. */
import type { DnpEntry, EntryChange } from "@nodrake/client";

export interface Draft {
  tags: string[];
  note: string;
  /** A day where the reader is, such as `2046-01-31`, or nothing. */
  day: string;
}

export function draftOf(entry: DnpEntry): Draft {
  return { tags: [...entry.tags], note: entry.note ?? "", day: entry.until ? dayOf(entry.until) : "" };
}

/** Only what is other than before; an end keeps its hour where the day stays. */
export function changeOf(before: DnpEntry, draft: Draft): EntryChange {
  const was = draftOf(before);
  return {
    ...(draft.tags.join("\n") !== was.tags.join("\n") && { tags: draft.tags }),
    ...(draft.note.trim() !== was.note && { note: draft.note.trim() || null }),
    ...(draft.day !== was.day && { until: draft.day === "" ? null : endOf(draft.day) }),
  };
}

/** What somebody has changed, on top of what is there now: the rest stays as it is there. */
export function onto(now: DnpEntry, before: DnpEntry, draft: Draft): Draft {
  const mine = changeOf(before, draft);
  const theirs = draftOf(now);
  return {
    tags: "tags" in mine ? draft.tags : theirs.tags,
    note: "note" in mine ? draft.note : theirs.note,
    day: "until" in mine ? draft.day : theirs.day,
  };
}

export function dayOf(iso: string): string {
  const date = new Date(iso);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The last second of the day, where the reader is. */
function endOf(day: string): string {
  return new Date(`${day}T23:59:59`).toISOString();
}
