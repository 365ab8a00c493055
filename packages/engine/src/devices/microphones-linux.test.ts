import { expect, it } from 'vitest';
import { parseAlsaCaptureDevices, parsePulseSources } from './microphones-linux.js';

it('reads the capture devices of ALSA', () => {
  // Linux 6.1 with snd-aloop, and a laptop's codec.
  const cards = [
    ' 0 [Loopback       ]: Loopback - Loopback',
    '                      Loopback 1',
    ' 1 [PCH            ]: HDA-Intel - HDA Intel PCH',
    '                      HDA Intel PCH at 0xf7e20000 irq 33',
  ].join('\n');
  const pcm = [
    '00-00: Loopback PCM : Loopback PCM : playback 8 : capture 8',
    '00-01: Loopback PCM : Loopback PCM : playback 8 : capture 8',
    '01-00: ALC257 Analog : ALC257 Analog : playback 1 : capture 1',
    '01-03: HDMI 0 : HDMI 0 : playback 1',
  ].join('\n');
  expect(parseAlsaCaptureDevices(cards, pcm)).toEqual([
    { id: 'hw:Loopback,0,0', label: 'Loopback: Loopback PCM (0)' },
    { id: 'hw:Loopback,1,0', label: 'Loopback: Loopback PCM (1)' },
    { id: 'hw:PCH,0', label: 'HDA Intel PCH: ALC257 Analog (0)' },
  ]);
  expect(parseAlsaCaptureDevices('--- no soundcards ---', '')).toEqual([]);
});

it('reads the sources of PulseAudio, the default first and what the loudspeakers play last', () => {
  const stdout = [
    'Auto-detected sources for pulse:',
    '  alsa_output.pci-0000.monitor [Monitor of Built-in Audio] (none)',
    '  alsa_input.usb-Blue [Yeti Stereo Microphone]',
    '* alsa_input.pci-0000 [Built-in Audio [Analog]] (audio)',
  ].join('\n');
  expect(parsePulseSources(stdout)).toEqual([
    { id: 'pulse:alsa_input.pci-0000', label: 'Built-in Audio [Analog]' },
    { id: 'pulse:alsa_input.usb-Blue', label: 'Yeti Stereo Microphone' },
    { id: 'pulse:alsa_output.pci-0000.monitor', label: 'Monitor of Built-in Audio' },
  ]);
  const none = 'Auto-detected sources for pulse:\nCannot list sources: Generic error';
  expect(parsePulseSources(none)).toEqual([]);
});
