/** What went wrong, in words for the person in front of the screen. */
import { isProblem, ProblemError, type Problem } from "@nodrake/client";
import { t } from "$lib/i18n/index.svelte";

export interface Trouble {
  /** What happened, and what to do next. */
  message: string;
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
  const message =
    problem.status >= 500 && problem.status !== 503
      ? t("problem.unexpected")
      : `${problem.title}. ${problem.detail}`;
  return { message, fields, requestId: problem.request_id, code: problem.code };
}
