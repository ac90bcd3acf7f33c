/** What went wrong, in words for the person in front of the screen. */
import { isProblem, ProblemError, type Problem } from "@nodrake/client";
import { counted } from "$lib/i18n/counted";
import { isKey, locale, t } from "$lib/i18n/index.svelte";

export interface Trouble {
  /** What happened, and what to do next. */
  message: string;
  /** Of the message, where it is not the reader's: the service itself speaks English. */
  lang?: string;
  /** What else the service says of it, in English, where its code does not say enough. */
  detail?: string;
  /** By the name of the field, as the API calls it. */
  fields: Record<string, string>;
  /** For the people who run the service. */
  requestId: string | null;
  code: string | null;
}

// What is wrong with a file is said by nothing but these words.
const DETAILED = ["blocklists.unreadable_list", "shared.unreadable_library_export"];

/** Reads whatever was thrown by `unwrap` or came as an `error`. */
export function troubleOf(error: unknown): Trouble {
  const problem = error instanceof ProblemError ? error.problem : error;
  if (isProblem(problem)) return fromProblem(problem);
  return { message: t("problem.network"), fields: {}, requestId: null, code: null };
}

function fromProblem(problem: Problem): Trouble {
  const fields: Record<string, string> = {};
  const told = problem.errors ?? [];
  for (const { field, message } of told) fields[field] ??= wordsOfField(field) ?? message;
  const rest = { fields, requestId: problem.request_id, code: problem.code };
  const message = wordsOf(problem);
  if (message !== null) {
    const isSaid = told.every(({ field }) => wordsOfField(field) !== null);
    if (isSaid && !DETAILED.includes(problem.code)) return { message, ...rest };
    return { message, detail: problem.detail, ...rest };
  }
  const theirs = { message: `${problem.title}. ${problem.detail}`, ...rest };
  return locale.language === "en" ? theirs : { ...theirs, lang: "en" };
}

/** In the reader's language; of a code that is new there is only what the service says. */
function wordsOf({ code, status, retry_after: seconds }: Problem): string | null {
  if (status === 429 && seconds !== undefined) return counted("refused.too_many", seconds);
  const key = `refused.${code}`;
  if (isKey(key)) return t(key);
  return status >= 500 && status !== 503 ? t("problem.unexpected") : null;
}

/** What is expected of a field, wherever in the request it stands: `tracks[0].id` is an `id`. */
function wordsOfField(field: string): string | null {
  const key = `field.${field.split(".").at(-1)}`;
  return isKey(key) ? t(key) : null;
}
