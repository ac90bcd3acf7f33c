/** A library held against the list; the file stays here, the service forgets it. */
import { scanLibrary, unwrap, type LibraryScan, type ScanLibraryData } from "@nodrake/client";
import { Action } from "$lib/api/action.svelte";
import { account } from "$lib/api/session.svelte";

type Format = NonNullable<NonNullable<ScanLibraryData["query"]>["format"]>;

export class Scan {
  file = $state.raw<File | null>(null);
  report = $state.raw<LibraryScan | null>(null);
  /** Whether guests count. */
  features = $state(true);
  readonly looking = new Action();
  readonly writing = new Action();
  #stop: AbortController | null = null;

  async look(file: File): Promise<void> {
    const { signal } = (this.#stop = new AbortController());
    this.file = file;
    const { features } = this;
    await this.looking.run(async () => {
      this.report = (await this.#send(file, { features, format: "json" }, signal)) as LibraryScan;
    });
    if (signal.aborted) this.looking.trouble = null;
  }

  /** Hold the same file against the list again, with guests or without. */
  async count(features: boolean): Promise<void> {
    if (this.looking.busy || this.file === null) return;
    this.features = features;
    await this.look(this.file);
    if (this.looking.trouble) this.features = !features; // what is shown is as it was
  }

  stop(): void {
    this.#stop?.abort();
  }

  /** The report as a file; `null` where it could not be had. */
  async write(format: "csv" | "checklist"): Promise<Blob | null> {
    const { file, features } = this;
    if (file === null) return null;
    let written: Blob | null = null;
    await this.writing.run(async () => {
      written = (await this.#send(file, { features, format }, null, "blob")) as unknown as Blob;
    });
    return written;
  }

  #send(
    file: File,
    query: { features: boolean; format: Format },
    signal: AbortSignal | null,
    parseAs: "blob" | "auto" = "auto",
  ) {
    const client = account.client;
    return unwrap(scanLibrary({ client, body: { file }, query, parseAs, signal }));
  }
}
