/** What went wrong, in words for the person in front of the screen. */
import { isProblem, ProblemError, type Problem } from "@nodrake/client";
import { counted } from "$lib/i18n/counted";
import { isKey, locale, t } from "$lib/i18n/index.svelte";

export interface Trouble {
  /** What happened, and what to do next. */
  message: string;
  /** Of the message, where it is not the reader's: the service itself speaks English. */
  lang?: string;
  /** By the name of the field, as the API calls it. */
  fields: Record<string, string>;
  /** For the people who run the service. */
  requestId: string | null;
  code: string | null;
}

/** Reads whatever was thrown by `unwrap` or came as an `error`. */
export function troubleOf(error: unknown): Trouble {
  const problem = error instanceof ProblemError ? error.problem : error;
  if (isProblem(problem)) return fromProblem(problem);
  return { message: t("problem.network"), fields: {}, requestId: null, code: null };
}

function fromProblem(problem: Problem): Trouble {
  const fields: Record<string, string> = {};
  const told = (problem as { errors?: { field: string; message: string }[] }).errors ?? [];
  for (const { field, message } of told) fields[field] ??= message;
  const rest = { fields, requestId: problem.request_id, code: problem.code };
  const message = wordsOf(problem);
  if (message !== null) return { message, ...rest };
  const theirs = { message: `${problem.title}. ${problem.detail}`, ...rest };
  return locale.language === "en" ? theirs : { ...theirs, lang: "en" };
}

/** In the reader's language; of what is rare there is only what the service says. */
function wordsOf({ code, status, detail }: Problem): string | null {
  if (status >= 500 && status !== 503) return t("problem.unexpected");
  if (status === 429) {
    const [, seconds] = /(\d+) seconds?\b/.exec(detail) ?? [];
    return seconds === undefined ? null : counted("refused.too_many", Number(seconds));
  }
  const key = `refused.${code}`;
  return isKey(key) ? t(key) : null;
}
