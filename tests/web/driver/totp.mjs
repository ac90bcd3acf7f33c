// What the app on somebody's phone shows (RFC 6238).
import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

const PERIOD = 30_000;

function code(secret, step) {
  let bits = "";
  for (const letter of secret.replace(/\s/g, "")) {
    bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0");
  }
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac("sha1", key).update(counter).digest();
  const at = digest.at(-1) & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** The code of now, and the one before it, which still counts: each works once. */
export async function codesOfNow(secret) {
  const left = PERIOD - (Date.now() % PERIOD);
  if (left < 8_000) await sleep(left); // enough time to type both
  const step = Math.floor(Date.now() / PERIOD);
  return { before: code(secret, step - 1), now: code(secret, step) };
}
