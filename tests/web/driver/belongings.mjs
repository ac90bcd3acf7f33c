// What somebody has already when a journey begins, put there through the API.
import assert from "node:assert/strict";
import { PASSWORD } from "./person.mjs";

/** A caller of the API in the name of somebody who has an account. */
export async function caller(origin, email, password = PASSWORD) {
  const call = async (method, path, body, type = "application/json", token = null) => {
    const headers = { "content-type": type, ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const sent = typeof body === "string" ? body : JSON.stringify(body);
    const answer = await fetch(`${origin}/api/v1${path}`, { method, headers, body: sent });
    const text = await answer.text();
    assert(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  };
  const { access_token } = await call("POST", "/auth/login", { email, password });
  return (method, path, body, type) => call(method, path, body, type, access_token);
}

/** The rows of a list, as CSV: names of several scripts, and one that is very long. */
export function aList(count) {
  const rows = Array.from({ length: count }, (_, number) => {
    const id = number.toString(36).padStart(22, "0");
    const tags = ["", "evening", "loud;evening"][number % 3];
    return `${SOME[number % SOME.length]} ${number + 1},${id},${tags}`;
  });
  return ["artist,id,tags", ...rows, ""].join("\n");
}
const SOME = [
  "Neural Groove Machine",
  "Señor Ocaso",
  "Static Bloom",
  "静かな機械",
  "الآلة الهادئة",
  "The Extraordinarily Long and Winding Travelling Orchestra of the Lower Left Bank",
];

/** A list, and an API token. */
export async function moveIn(origin, email, entries = 60) {
  const call = await caller(origin, email);
  await call("POST", "/dnp/import", aList(entries), "text/csv");
  await call("POST", "/auth/tokens", {
    name: "Home server",
    scopes: ["list:read"],
    expires_in_days: 30,
  });
}
