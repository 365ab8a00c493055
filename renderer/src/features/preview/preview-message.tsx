import { LoaderCircle, VideoOff } from 'lucide-react';

export interface PreviewMessageProps {
  readonly title: string;
  readonly text?: string;
  readonly busy?: boolean;
  readonly action?: { readonly label: string; readonly run: () => void };
}

/** In place of the picture; always light on black, since it lies where the picture will be. */
export function PreviewMessage({ title, text, busy = false, action }: PreviewMessageProps) {
  const Icon = busy ? LoaderCircle : VideoOff;
  return (
    <div className="absolute inset-0 flex flex-col items-center justify-center gap-2 bg-[#0b0d11] px-10 text-center text-[#e9ecf3]">
      <Icon
        aria-hidden
        size={28}
        strokeWidth={1.75}
        className={`text-[#9aa5ba] ${busy ? 'spinner' : ''}`}
      />
      <p className="max-w-md text-sm font-semibold text-balance">{title}</p>
      {text && <p className="max-w-md text-balance text-[#b4bdcf]">{text}</p>}
      {action && (
        <button
          type="button"
          onClick={() => action.run()}
          className="mt-2 h-8 rounded-lg border border-[#4a556e] bg-[#1c202a] px-3 font-medium transition-colors hover:bg-[#262c39]"
        >
          {action.label}
        </button>
      )}
    </div>
  );
}
