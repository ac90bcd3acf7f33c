/** What the browser is asked about passkeys, in the shapes that the API has. */
import type {
  PasskeyAssertion,
  PasskeyCreationOptions,
  PasskeyCredential,
  PasskeyRequestOptions,
} from "@nodrake/client";

/** Whether this browser can hold passkeys and speak of them in JSON. */
export function hasPasskeys(): boolean {
  return (
    typeof PublicKeyCredential === "function" &&
    "parseRequestOptionsFromJSON" in PublicKeyCredential &&
    "parseCreationOptionsFromJSON" in PublicKeyCredential
  );
}

/** Whether the browser offers passkeys among what it fills into the field of the address. */
export async function hasPasskeySuggestions(): Promise<boolean> {
  return hasPasskeys() && (await PublicKeyCredential.isConditionalMediationAvailable?.()) === true;
}

/** Ask for a proof by passkey; throws a `DOMException` where none is given. */
export async function askForPasskey(
  options: PasskeyRequestOptions,
  more: Pick<CredentialRequestOptions, "mediation" | "signal"> = {},
): Promise<PasskeyAssertion> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON({ ...options });
  const credential = await navigator.credentials.get({ publicKey, ...more });
  return answered(credential).toJSON() as unknown as PasskeyAssertion;
}

/** Have the browser make a passkey. */
export async function makePasskey(options: PasskeyCreationOptions): Promise<PasskeyCredential> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON({ ...options });
  return answered(await navigator.credentials.create({ publicKey })).toJSON() as unknown as PasskeyCredential;
}

/** Whether somebody has closed the browser's question, or has let it run out. */
export function wasDismissed(error: unknown): boolean {
  return error instanceof DOMException && ["NotAllowedError", "AbortError"].includes(error.name);
}

function answered(credential: Credential | null): PublicKeyCredential {
  if (credential instanceof PublicKeyCredential) return credential;
  throw new DOMException("No passkey was given", "NotAllowedError");
}
