/** What the source must not do, as functions from a file's text to what is wrong with it. */
import { parse } from "svelte/compiler";
import ts from "typescript";

/** Ways out that do not go through the generated client. */
const WAYS_OUT = [
  "fetch",
  "XMLHttpRequest",
  "axios",
  "WebSocket",
  "WebTransport",
  "EventSource",
  "RTCPeerConnection",
  "sendBeacon",
];
/** Places where something would be left behind in the browser. */
const PLACES = ["localStorage", "sessionStorage", "indexedDB", "cookieStore", "caches"];
/** Stands beside the source: its build puts the names of the files in. */
export const SERVICE_WORKER = "../service-worker.js";
/** What it needs, which keeps the app's own files. */
const OF_THE_SERVICE_WORKER = ["fetch", "caches"];
/** Attributes and properties that somebody reads or hears. */
const READ = new Set(
  "aria-label aria-description aria-roledescription aria-valuetext aria-placeholder title placeholder alt label hint text error message legend caption".split(
    " ",
  ),
);

interface Node {
  type: string;
  [key: string]: unknown;
}
const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

function* within(node: Node): Generator<Node> {
  yield node;
  for (const [key, value] of Object.entries(node)) {
    if (key === "parent") continue;
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* within(child);
  }
}

// What says whether there may be a session reads a cookie; to set one is nobody's.
const READS_COOKIES = "lib/api/session-mark.ts";

/** Every name and every text of a script or component; comments are neither. */
function words(path: string, source: string): { names: string[]; texts: string[]; cookie: boolean } {
  const names: string[] = [];
  const texts: string[] = [];
  let cookie = false;
  if (path.endsWith(".svelte")) {
    for (const node of within(parse(source, { modern: true }) as unknown as Node)) {
      if (node.type === "Identifier") names.push(node.name as string);
      if (node.type === "Literal" && typeof node.value === "string") texts.push(node.value);
      if (node.type === "Text") texts.push(node.data as string);
      if (node.type === "TemplateElement") texts.push((node.value as { raw: string }).raw);
      if (node.type === "MemberExpression") cookie ||= (node.property as Node).name === "cookie";
    }
  } else {
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node)) names.push(node.text);
      if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) texts.push(node.text);
      if (ts.isPropertyAccessExpression(node)) cookie ||= node.name.text === "cookie";
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest));
  }
  return { names, texts, cookie };
}

/** Names, also written as `window["fetch"]`, and addresses of operations written by hand. */
export function waysOut(path: string, source: string): string[] {
  const { names, texts } = words(path, source);
  const allowed = path === SERVICE_WORKER ? OF_THE_SERVICE_WORKER : [];
  const used = WAYS_OUT.filter((name) => names.includes(name) || texts.includes(name));
  const byHand = texts.filter((text) => text.startsWith("/api/"));
  return [...used.filter((name) => !allowed.includes(name)), ...byHand];
}

export function placesLeftBehind(path: string, source: string): string[] {
  const { names, texts, cookie } = words(path, source);
  const allowed = path === SERVICE_WORKER ? OF_THE_SERVICE_WORKER : [];
  return [
    ...PLACES.filter((name) => names.includes(name) || texts.includes(name)),
    ...(cookie && (path !== READS_COOKIES || /\.cookie\s*=[^=]/.test(source)) ? ["document.cookie"] : []),
  ].filter((name) => !allowed.includes(name));
}

/** What a component says by itself and not from the message catalogue. */
export function literalTexts(source: string): string[] {
  const { fragment } = parse(source, { modern: true });
  const found: string[] = [];
  for (const node of within(fragment as unknown as Node)) {
    if (node.type === "Fragment") {
      for (const child of node.nodes as Node[]) found.push(...said(child));
    }
    if (node.type === "Attribute" && READ.has(node.name as string)) {
      const parts = Array.isArray(node.value) ? (node.value as Node[]) : [node.value];
      for (const part of parts) if (isNode(part)) found.push(...said(part));
    }
  }
  return found.map((text) => text.trim()).filter((text) => /\p{L}/u.test(text));
}

/** The texts that a node may come out as; what a function makes of its arguments is its own. */
function said(node: Node): string[] {
  const all = (...keys: string[]) => keys.flatMap((key) => said(node[key] as Node));
  switch (node.type) {
    case "Text":
      return [node.data as string];
    case "ExpressionTag":
    case "HtmlTag":
      return all("expression");
    case "Literal":
      return typeof node.value === "string" ? [node.value] : [];
    case "TemplateLiteral":
      return [
        ...(node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked),
        ...(node.expressions as Node[]).flatMap(said),
      ];
    case "ConditionalExpression":
      return all("consequent", "alternate");
    case "LogicalExpression":
      return all("left", "right");
    case "BinaryExpression":
      return node.operator === "+" ? all("left", "right") : [];
    default:
      return [];
  }
}
