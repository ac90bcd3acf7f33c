/** What a service calls itself; a strange one by its code. */
import { isKey, t } from "./index.svelte";

export function serviceName(service: string): string {
  const key = `service.${service}`;
  return isKey(key) ? t(key) : service;
}
