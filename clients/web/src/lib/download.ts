/** A download that tells how much has come. */
export async function collect(
  stream: ReadableStream<Uint8Array>,
  heard: (bytes: number) => void,
  type: string,
): Promise<Blob> {
  const parts: BlobPart[] = [];
  let bytes = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts, { type });
    parts.push(value as Uint8Array<ArrayBuffer>);
    heard((bytes += value.byteLength));
  }
}
