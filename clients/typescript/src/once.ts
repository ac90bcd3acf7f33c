/** Options of a call that carries a key: send it again with the same, and it has one effect. */
export interface Once {
  headers: { "Idempotency-Key": string };
}

/**
 * A new key, as options for every operation that takes one:
 *
 *     const key = once();
 *     await blockArtist({ client, body, ...key }); // no answer arrived?
 *     await blockArtist({ client, body, ...key }); // the same request, the same effect
 */
export function once(key: string = newKey()): Once {
  return { headers: { "Idempotency-Key": key } };
}

// `crypto.randomUUID` is missing from pages that are served without TLS.
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
