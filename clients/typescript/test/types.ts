// What the compiler must know of the client. It is compiled and never run.
import {
  blockArtist,
  exportBlockedArtists,
  isProblem,
  listBlockedArtists,
  ProblemError,
  registerPasskey,
  Session,
  startPasskeyRegistration,
  unwrap,
  type Client,
  type DnpEntry,
  type DnpPage,
  type ExportedList,
} from "@nodrake/client";

export async function everyAnswerHasItsType(client: Client): Promise<void> {
  const refused = await blockArtist({ client, body: { artist_id: "" } });
  if (refused.error?.code === "blocklists.artist_already_blocked") {
    refused.error.entry satisfies DnpEntry;
  }
  if (isProblem(refused.error) && refused.error.code === "blocklists.artist_already_blocked") {
    refused.error.entry satisfies DnpEntry;
  }
  // @ts-expect-error: a code that this operation never answers with
  if (refused.error?.code === "accounts.invalid_credentials") return;
  // @ts-expect-error: only a conflict comes with the entry
  refused.error?.entry;

  const { data, error } = await listBlockedArtists({ client, query: { limit: 1 } });
  if (error === undefined) data satisfies DnpPage;
  (await unwrap(listBlockedArtists({ client }))) satisfies DnpPage;
  // @ts-expect-error: an order that does not exist
  await listBlockedArtists({ client, query: { sort: "colour" } });

  (await unwrap(exportBlockedArtists({ client }))) satisfies ExportedList | string;
  // @ts-expect-error: the body is required
  await blockArtist({ client });
}

export function aThrownProblemHasItsCode(thrown: unknown): string | null {
  return thrown instanceof ProblemError ? thrown.code : null;
}

/** What a page does with passkeys: question and answer pass through as they are. */
export async function aBrowserUnderstands(session: Session): Promise<void> {
  const client = session.client;
  const options = await unwrap(startPasskeyRegistration({ client }));
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  await unwrap(registerPasskey({ client, body: { name: "Phone", credential: made.toJSON() } }));

  await session.signInWithPasskey(async (question) => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(question);
    const proof = await navigator.credentials.get({ publicKey });
    return (proof as PublicKeyCredential).toJSON();
  });
}
