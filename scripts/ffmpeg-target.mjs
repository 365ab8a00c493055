// Which system and processor a program file is for, told from its first bytes.

const machines = {
  elf: new Map([
    [0x3e, 'x64'],
    [0xb7, 'arm64'],
  ]),
  pe: new Map([
    [0x8664, 'x64'],
    [0xaa64, 'arm64'],
  ]),
  machO: new Map([
    [0x0100_0007, 'x64'],
    [0x0100_000c, 'arm64'],
  ]),
};

/**
 * @param {Buffer} bytes the file, or at least its first 4 KB
 * @returns {string | undefined} `<platform>-<arch>` in Node's words, or `undefined` for anything else
 */
export function executableTarget(bytes) {
  if (bytes.length < 64) return undefined;
  // ELF: e_machine at 18; little-endian is all that we package for.
  if (bytes.readUInt32BE(0) === 0x7f45_4c46)
    return named('linux', machines.elf.get(bytes.readUInt16LE(18)));
  // Mach-O, 64 bit: cputype at 4.
  if (bytes.readUInt32LE(0) === 0xfeed_facf)
    return named('darwin', machines.machO.get(bytes.readUInt32LE(4)));
  // PE: "MZ", the offset of "PE\0\0" at 0x3c, the machine behind it.
  if (bytes.readUInt16BE(0) === 0x4d5a) {
    const header = bytes.readUInt32LE(0x3c);
    if (header + 6 > bytes.length || bytes.readUInt32BE(header) !== 0x5045_0000) return undefined;
    return named('win32', machines.pe.get(bytes.readUInt16LE(header + 4)));
  }
  return undefined;
}

const named = (/** @type {string} */ platform, /** @type {string | undefined} */ arch) =>
  arch && `${platform}-${arch}`;

/** The name of the staged program for a platform in Node's words. */
export const ffmpegName = (/** @type {string} */ platform) =>
  platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';
