import { encode } from 'uqr';

export interface QrCodeProps {
  /** What it says, such as an address. */
  readonly text: string;
  readonly label: string;
}

/** As wide as ISO/IEC 18004 wants the quiet zone around it, in modules. */
const quietZone = 4;

/** Dark on light in every look of the window: many phones read it no other way. */
export function QrCode({ text, label }: QrCodeProps) {
  const { data, size } = encode(text, { ecc: 'M', border: quietZone });
  const modules = data.flatMap((row, y) =>
    row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])),
  );
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="mx-auto block w-full max-w-60 rounded-lg forced-color-adjust-none"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={modules.join('')} fill="#000" />
    </svg>
  );
}
