/** The curves engraved into a plate: each seed has its own, the same in every window. */
export function rosette(seed: string): string[] {
  const number = hash(seed);
  const petals = 5 + (number % 9);
  const depth = 0.16 + ((number >>> 4) % 8) * 0.035;
  const turns = 2 + ((number >>> 8) % 3);
  const rings = 5 + ((number >>> 12) % 3);
  return Array.from({ length: rings }, (_, ring) => {
    const radius = 42 + ring * (46 / rings);
    const shift = (ring / rings) * (Math.PI / petals) * turns;
    return closedCurve((angle) => radius * (1 + depth * Math.cos(petals * angle + shift * petals)));
  });
}

const STEPS = 180;

function closedCurve(radiusAt: (angle: number) => number): string {
  const points = Array.from({ length: STEPS }, (_, step) => {
    const angle = (step / STEPS) * 2 * Math.PI;
    const radius = radiusAt(angle);
    return `${(radius * Math.cos(angle)).toFixed(1)} ${(radius * Math.sin(angle)).toFixed(1)}`;
  });
  return `M${points.join('L')}Z`;
}

/** FNV-1a, 32 bits: spreads ids that differ in one digit. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) {
    value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return value;
}
