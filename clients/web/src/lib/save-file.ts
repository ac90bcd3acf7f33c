/** Hands something to the browser as a file to keep. */
export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser needs the address until it has begun to write.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** `list-2026-01-31.csv`: with the day where the reader is, so that the newest is found again. */
export function datedName(name: string, extension: string): string {
  const now = new Date();
  const parts = [now.getFullYear(), now.getMonth() + 1, now.getDate()];
  return `${name}-${parts.map((part) => String(part).padStart(2, "0")).join("-")}.${extension}`;
}
