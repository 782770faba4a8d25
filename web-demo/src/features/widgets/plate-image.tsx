import { Cameo } from '../../components/cameo';

type PlateImageProps = { id: string; name: string };

/** The portrait of a widget: its initial amid its own engraved curves. */
export function PlateImage({ id, name }: PlateImageProps) {
  return (
    <div className="snipped plate develops aspect-[16/10]">
      <Cameo seed={id} initial={Array.from(name.trim())[0]?.toUpperCase() ?? ''} />
    </div>
  );
}
