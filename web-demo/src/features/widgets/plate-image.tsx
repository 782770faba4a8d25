import { memo } from 'react';
import { rosette } from './rosette';

type PlateImageProps = { id: string; name: string };

/** The portrait of a widget: its initial in a cameo, amid its own engraved curves. */
export const PlateImage = memo(function PlateImage({ id, name }: PlateImageProps) {
  const initial = Array.from(name.trim())[0]?.toUpperCase() ?? '';
  return (
    <div className="snipped plate develops aspect-[16/10]">
      <svg viewBox="-160 -100 320 200" aria-hidden="true" className="block size-full">
        <g fill="none" stroke="#a4947c" strokeWidth="0.7" opacity="0.75">
          {rosette(id).map((curve) => (
            <path key={curve} d={curve} />
          ))}
        </g>
        <ellipse rx="38" ry="46" fill="#15100d" />
        <ellipse rx="34" ry="42" fill="#d6cab5" />
        <ellipse cx="-7" cy="-10" rx="22" ry="27" fill="#ece3d2" opacity="0.55" />
        <text
          y="15"
          textAnchor="middle"
          className="fill-[#2a211a] font-display"
          style={{ fontSize: 42 }}
        >
          {initial}
        </text>
      </svg>
    </div>
  );
});
