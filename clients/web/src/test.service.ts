/** A service that answers as a test wants it to, in the place of the network. */
import { vi } from "vitest";

export interface Call {
  /** What was sent; of a form the text of each of its fields and files. */
  body: unknown;
  headers: Headers;
  query: URLSearchParams;
}
type Answer = { status?: number; body?: unknown; headers?: Record<string, string> };
type Answers = Record<string, (call: Call) => Answer | Promise<Answer>>;

export const ADA = {
  created_at: "2026-01-31T12:00:00Z",
  display_name: "Ada",
  email: "ada@example.org",
  email_verified: true,
  id: "01a1fc92-f28d-7423-8b08-1933147824f5",
  role: "member",
  settings: { email_notifications: true, language: "en", theme: "system" },
  two_factor_enabled: false,
  updated_at: "2026-01-31T12:00:00Z",
} as const;

export const problem = (status: number, code: string): Answer => ({
  status,
  body: {
    type: `urn:nodrake:problem:${code}`,
    title: "Refused",
    status,
    detail: "Because.",
    instance: "/",
    code,
    request_id: "r-1",
    timestamp: "2026-01-31T12:00:00Z",
    retryable: false,
  },
});

/** By method and path; what is sent is kept in `calls`. Signing in always works. */
export function service(answers: Answers): Record<string, Call[]> {
  const calls: Record<string, Call[]> = {};
  const all: Answers = {
    "POST /api/v1/auth/login": () => ({
      body: { access_token: "access", expires_in: 900, refresh_token: "", user: ADA },
    }),
    ...answers,
  };
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname, searchParams: query } = new URL(request.url);
    const name = `${request.method} ${pathname}`;
    const call = { body: await bodyOf(request), headers: request.headers, query };
    (calls[name] ??= []).push(call);
    const answer = all[name] ?? (() => problem(404, "http.not_found"));
    const { status = 200, body, headers = {} } = await answer(call);
    const type = status < 400 ? "application/json" : "application/problem+json";
    const content =
      status === 204 ? null : typeof body === "string" ? body : JSON.stringify(body ?? {});
    return new Response(content, { status, headers: { "content-type": type, ...headers } });
  });
  return calls;
}

async function bodyOf(request: Request): Promise<unknown> {
  if (request.headers.get("content-type")?.startsWith("multipart/form-data")) {
    const fields = [...(await request.formData())].map(async ([name, value]) => [
      name,
      typeof value === "string" ? value : await value.text(),
    ]);
    return Object.fromEntries(await Promise.all(fields));
  }
  const text = await request.text();
  return text ? JSON.parse(text) : undefined;
}
