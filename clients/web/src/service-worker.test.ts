import { beforeEach, expect, test, vi } from "vitest";
import source from "../service-worker.js?raw";

const HERE = "https://music.example.org";
const FILES = ["/", "/icon.svg", "/assets/index-1.js"];
type Event = { waitUntil: (work: Promise<unknown>) => void };
type Heard = (event: Event & { request: Request; respondWith: (answer: Promise<Response>) => void }) => void;

/** The browser's caches, by name and path. */
class Caches {
  readonly all = new Map<string, Map<string, string>>();
  keys = async () => [...this.all.keys()];
  delete = async (name: string) => this.all.delete(name);
  match = async (request: Request) => {
    const found = [...this.all.values()].map((cache) => cache.get(new URL(request.url).pathname));
    const [content] = found.filter((content) => content !== undefined);
    return content === undefined ? undefined : new Response(content);
  };
  open = async (name: string) => {
    const cache = this.all.get(name) ?? new Map<string, string>();
    this.all.set(name, cache);
    return {
      addAll: async (requests: { path: string }[]) =>
        requests.forEach(({ path }) => cache.set(path, `kept ${path}`)),
      match: async (path: string) => (cache.has(path) ? new Response(cache.get(path)) : undefined),
    };
  };
}

let caches: Caches;
const network = vi.fn<(request: Request) => Promise<Response>>();
const skipWaiting = vi.fn();

/** A worker of a build; what it does on an event is waited for. */
function worker(build: string) {
  const heard: Record<string, Heard> = {};
  const self = {
    location: { origin: HERE },
    skipWaiting,
    addEventListener: (name: string, listener: Heard) => (heard[name] = listener),
  };
  const script = source.replace("__BUILD__", build).replace('["__FILES__"]', JSON.stringify(FILES));
  const Asked = class {
    constructor(readonly path: string) {}
  };
  new Function("self", "caches", "fetch", "Request", script)(self, caches, network, Asked);
  return async (name: string, request?: Request) => {
    let work: Promise<unknown> | undefined;
    const keep = (promise: Promise<unknown>) => (work = promise);
    heard[name]!({ waitUntil: keep, respondWith: keep, request: request! });
    return work as Promise<Response> | undefined;
  };
}

/** A page that is gone to, or something that a page asks for. */
function asked(path: string, { mode = "cors", method = "GET" } = {}): Request {
  return { url: new URL(path, HERE).href, method, mode } as Request;
}

beforeEach(() => {
  caches = new Caches();
  network.mockReset();
  skipWaiting.mockReset();
  network.mockImplementation(async () => new Response("fresh"));
});

test.each([
  asked("/api/v1/dnp/list"),
  asked("/health/ready"),
  asked("/api/v1/auth/providers/example/callback", { mode: "navigate" }),
  asked("/docs", { mode: "navigate" }),
  asked("/", { method: "POST", mode: "navigate" }),
  asked("https://elsewhere.example/assets/index-1.js"),
])("what the service or somebody else answers is left alone: $method $url", async (request) => {
  const tell = worker("1");
  await tell("install");
  expect(await tell("fetch", request)).toBeUndefined();
});

test("a screen is fresh while the service is there, and the kept page where it is not", async () => {
  const tell = worker("1");
  await tell("install");
  const screen = asked("/settings/email", { mode: "navigate" });
  expect(await (await tell("fetch", screen))!.text()).toBe("fresh");
  network.mockRejectedValue(new TypeError("Failed to fetch"));
  expect(await (await tell("fetch", screen))!.text()).toBe("kept /");
  expect(await (await tell("fetch", asked("/icon.svg")))!.text()).toBe("kept /icon.svg");
});

test("a file whose name holds its digest is not asked for twice", async () => {
  const tell = worker("1");
  await tell("install");
  expect(await (await tell("fetch", asked("/assets/index-1.js")))!.text()).toBe("kept /assets/index-1.js");
  expect(network).not.toHaveBeenCalled();
  expect(await (await tell("fetch", asked("/assets/later-2.js")))!.text()).toBe("fresh");
});

test("a new build takes over at once, and keeps the files of the one before for open pages", async () => {
  await caches.open("something-else");
  for (const build of ["1", "2", "3"]) {
    const tell = worker(build);
    await tell("install");
    await tell("activate");
  }
  expect(skipWaiting).toHaveBeenCalledTimes(3);
  expect(await caches.keys()).toEqual(["something-else", "app-2", "app-3"]);
});
