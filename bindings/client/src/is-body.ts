/** Forms, files and plain bytes. */
export type Body = FormData | Blob | ArrayBuffer | ArrayBufferView<ArrayBuffer> | ReadableStream;

/** Whether an input can be sent as it is. */
export function isBody(input: unknown): input is Body {
  return (
    ArrayBuffer.isView(input) ||
    [FormData, Blob, ArrayBuffer, ReadableStream].some((type) => input instanceof type)
  );
}
