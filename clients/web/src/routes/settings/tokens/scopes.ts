/** What an API token may be allowed to do, and the words for it. */
import type { Scope } from "@nodrake/client";
import type { Key } from "$lib/i18n/index.svelte";

export const SCOPES: Record<Scope, Key> = {
  "list:read": "scopes.list_read",
  "list:write": "scopes.list_write",
  "catalog:read": "scopes.catalog_read",
  "profile:read": "scopes.profile_read",
};

export function scopeName(scope: string): Key | null {
  return scope in SCOPES ? SCOPES[scope as Scope] : null;
}
