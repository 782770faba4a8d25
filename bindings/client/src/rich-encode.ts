/** The JSON text of an input; what JSON has no word for is written as the server reads it. */
export function encode(input: unknown): string | undefined {
  return JSON.stringify(input, wireValue);
}

// A method of the object that holds the value: dates and buffers are texts and objects when they come as arguments.
function wireValue(this: unknown, key: string, value: unknown): unknown {
  const original: unknown = Reflect.get(Object(this), key);
  if (typeof value === 'bigint') {
    return String(value);
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return String(value);
  }
  if (original instanceof Date && value === null) {
    throw new RangeError(`${key || 'the input'} is no valid date`);
  }
  if (original instanceof Uint8Array) {
    return base64(original);
  }
  if (original instanceof ArrayBuffer) {
    return base64(new Uint8Array(original));
  }
  if (original instanceof Map || original instanceof Set) {
    return [...original];
  }
  return value;
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) {
    binary += String.fromCharCode(byte);
  }
  return btoa(binary);
}
