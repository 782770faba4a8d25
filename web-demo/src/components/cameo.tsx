import { memo } from 'react';
import { rosette } from './rosette';

type CameoProps = {
  /** What the curves are drawn from. */
  seed: string;
  /** The letter in the middle. */
  initial: string;
  viewBox?: string;
};

/** An initial in an oval, amid engraved curves; it says nothing that is not written beside it. */
export const Cameo = memo(function Cameo({
  seed,
  initial,
  viewBox = '-160 -100 320 200',
}: CameoProps) {
  return (
    <svg viewBox={viewBox} aria-hidden="true" className="block size-full">
      <g fill="none" stroke="#a4947c" strokeWidth="0.7" opacity="0.8">
        {rosette(seed).map((curve) => (
          <path key={curve} d={curve} />
        ))}
      </g>
      <ellipse rx="38" ry="46" fill="#15100d" />
      <ellipse rx="34" ry="42" fill="#cfc2ab" />
      <ellipse cx="-3" cy="-4" rx="29" ry="36" fill="#dbd0bc" />
      <ellipse cx="-7" cy="-9" rx="21" ry="27" fill="#e8dfcd" />
      <text
        y="15"
        textAnchor="middle"
        className="fill-[#2a211a] font-display"
        style={{ fontSize: 42 }}
      >
        {initial}
      </text>
    </svg>
  );
});
