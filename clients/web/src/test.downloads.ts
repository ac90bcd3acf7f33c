/** What a screen has handed to the browser to keep. */
import { vi } from "vitest";

export interface Kept {
  name: string;
  text: string;
}

/** Grows while a test goes on. */
export function downloads(): Kept[] {
  const kept: Kept[] = [];
  const contents: Blob[] = [];
  vi.spyOn(URL, "createObjectURL").mockImplementation((content) => {
    contents.push(content as Blob);
    return `blob:${contents.length - 1}`;
  });
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    const content = contents[Number(this.href.replace("blob:", ""))]!;
    const name = this.download;
    void textOf(content).then((text) => kept.push({ name, text }));
  });
  return kept;
}

async function textOf(content: Blob): Promise<string> {
  return new TextDecoder().decode(await content.arrayBuffer());
}
