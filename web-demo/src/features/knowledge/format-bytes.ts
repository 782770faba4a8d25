const units = ['kB', 'MB', 'GB'] as const;

/** A size as people read it. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  const power = Math.min(units.length, Math.floor(Math.log2(bytes) / 10));
  const size = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
  return `${size.format(bytes / 1024 ** power)} ${units[power - 1]}`;
}
