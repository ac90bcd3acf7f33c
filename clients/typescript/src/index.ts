export { createClient, type Client } from "./generated/client/index.js";
export * from "./generated/index.js";
export { once, type Once } from "./once.js";
export {
  isProblem,
  ProblemError,
  Session,
  unwrap,
  type SessionOptions,
  type TokenStore,
} from "./session.js";
