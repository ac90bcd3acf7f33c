// The same list by Fastify and pg, with nothing around it: no authentication, no logging, no
// metrics. The statement is the service's own, prepared; the answer has the same members, written
// by a serialiser made from their schema, as Fastify advises.
import Fastify from "fastify";
import pg from "pg";

const { BENCH_STATEMENT, BENCH_SOCKET, BENCH_DATABASE, BENCH_USER, BENCH_USER_ID, BENCH_PORT } =
  process.env;
const ADDRESSES = JSON.parse(process.env.BENCH_ADDRESSES);
const PICTURE = process.env.BENCH_PICTURE;
const TIMESTAMPTZ = 1184;
// A Date would lose the microseconds.
pg.types.setTypeParser(TIMESTAMPTZ, (text) => {
  const [whole, fraction] = text.slice(0, -3).replace(" ", "T").split(".");
  return fraction === undefined ? `${whole}Z` : `${whole}.${fraction.padEnd(6, "0")}Z`;
});
const pool = new pg.Pool({ host: BENCH_SOCKET, database: BENCH_DATABASE, user: BENCH_USER, max: 10 });

const text = { type: "string" };
const optional = { type: ["string", "null"] };
const any = { type: "object", additionalProperties: true };
const words = { type: "object", additionalProperties: text };
const object = (properties) => ({ type: "object", properties });
const page = object({
  items: {
    type: "array",
    items: object({
      user_id: text,
      artist_id: text,
      artist: object({
        id: text,
        canonical_name: text,
        external_ids: words,
        metadata: any,
        image_url: optional,
        links: words,
        created_at: text,
      }),
      disambiguation: optional,
      tags: { type: "array", items: text },
      note: optional,
      created_at: text,
      until: optional,
      source: object({ kind: text, name: optional }),
    }),
  },
  next_cursor: optional,
});

function entry(row) {
  const [user_id, artist_id, tags, note, created_at, canonical_name, external_ids] = row;
  const [metadata, artist_created_at, , until, kind, name, disambiguation] = row.slice(7);
  const links = {};
  for (const service in external_ids) {
    if (service in ADDRESSES) links[service] = ADDRESSES[service].replace("{}", external_ids[service]);
  }
  const { [PICTURE]: image_url = null, ...others } = metadata;
  const artist = {
    id: artist_id, canonical_name, external_ids, metadata: others, image_url, links,
    created_at: artist_created_at,
  };
  const source = { kind, name };
  return { user_id, artist_id, artist, disambiguation, tags, note, created_at, until, source };
}

const app = Fastify();
app.get("/list", { schema: { response: { 200: page } } }, async (request) => {
  const limit = Number(request.query.limit);
  const { rows } = await pool.query({
    name: "list",
    text: BENCH_STATEMENT,
    values: [BENCH_USER_ID, new Date(), limit + 1],
    rowMode: "array",
  });
  const items = rows.slice(0, limit).map(entry);
  return { items, next_cursor: rows.length > limit ? "more" : null };
});
await app.listen({ port: Number(BENCH_PORT), host: "127.0.0.1" });
