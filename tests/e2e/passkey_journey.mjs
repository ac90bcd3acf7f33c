// A life without a password: passkeys through the TypeScript client against the real service.
//
//     node passkey_journey.mjs BASE_URL ORIGIN
import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

import {
  getProfile,
  listPasskeys,
  reauthenticateWithPasskey,
  registerPasskey,
  removePasskey,
  renamePasskey,
  Session,
  startPasskeyRegistration,
  startPasskeySignIn,
  unwrap,
} from "../../clients/typescript/dist/index.js";

const [baseUrl, origin] = process.argv.slice(2);
const email = `passkeys-${Date.now()}@example.org`;
const sha256 = (data) => createHash("sha256").update(data).digest();

/** Stands for the browser and its authenticator: Ed25519, user verified, a counter. */
class Device {
  #keys = generateKeyPairSync("ed25519");
  #id = randomBytes(16);
  #count = 0;
  #handle = null;

  create = (options) => {
    this.#handle = options.user.id;
    const x = Buffer.from(this.#keys.publicKey.export({ format: "jwk" }).x, "base64url");
    const key = Buffer.concat([Buffer.from("a4010103272006215820", "hex"), x]);
    const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, 16]), this.#id, key]);
    const data = this.#data(options.rp.id, 0x45, attested);
    const head = Buffer.from("a363666d74646e6f6e656761747453746d74a068617574684461746158", "hex");
    return this.#answer({
      clientDataJSON: this.#clientData("webauthn.create", options).toString("base64url"),
      attestationObject: Buffer.concat([head, Buffer.from([data.length]), data]).toString(
        "base64url",
      ),
      transports: ["internal"],
    });
  };

  get = (options) => {
    this.#count += 1;
    const clientData = this.#clientData("webauthn.get", options);
    const data = this.#data(options.rpId, 0x05);
    const message = Buffer.concat([data, sha256(clientData)]);
    return this.#answer({
      clientDataJSON: clientData.toString("base64url"),
      authenticatorData: data.toString("base64url"),
      signature: sign(null, message, this.#keys.privateKey).toString("base64url"),
      userHandle: this.#handle,
    });
  };

  #clientData(type, { challenge }) {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }

  #data(rpId, flags, attested = Buffer.alloc(0)) {
    const head = Buffer.alloc(5);
    head.writeUInt8(flags);
    head.writeUInt32BE(this.#count, 1);
    return Buffer.concat([sha256(rpId), head, attested]);
  }

  #answer(response) {
    const id = this.#id.toString("base64url");
    return { id, rawId: id, type: "public-key", response, clientExtensionResults: {} };
  }
}

const session = new Session({ baseUrl });
const client = session.client;
const user = await session.register(email, "seven quiet otters on a raft");

const phone = new Device();
const make = async (device, name) => {
  const options = await unwrap(startPasskeyRegistration({ client }));
  return unwrap(registerPasskey({ client, body: { name, credential: device.create(options) } }));
};
const kept = await make(phone, "Phone");
await session.signOut();

assert.equal((await session.signInWithPasskey(phone.get)).id, user.id);
assert.equal((await unwrap(getProfile({ client }))).email, email);
assert.equal(await session.resume(), true);

const key = await make(new Device(), "Key");
await unwrap(renamePasskey({ client, path: { passkey_id: key.id }, body: { name: "Spare" } }));
const { items } = await unwrap(listPasskeys({ client }));
assert.deepEqual(items.map(({ name }) => name), ["Phone", "Spare"]);

const credential = phone.get(await unwrap(startPasskeySignIn({ client })));
await unwrap(reauthenticateWithPasskey({ client, body: { credential } }));
const again = await reauthenticateWithPasskey({ client, body: { credential } });
assert.equal(again.error.code, "accounts.invalid_passkey");

await unwrap(removePasskey({ client, path: { passkey_id: kept.id } }));
await session.signOut();
await assert.rejects(session.signInWithPasskey(phone.get), { code: "accounts.invalid_passkey" });
console.log(JSON.stringify({ signed_in: true }));
