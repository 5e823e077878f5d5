/** Pictures and sounds made by code: PNG files for avatars and talk, WAV files for voices. */
import { deflateSync } from "node:zlib";

/**
 * A square picture of two colours: a disc before a ground.
 * @param {number} size in pixels
 * @param {[number, number, number]} ground red, green, blue
 * @param {[number, number, number]} disc
 * @returns {Buffer} a PNG file
 */
export function png(size, ground, disc) {
  return drawn(size, size, (x, y) => {
    const inside = Math.hypot(x - size / 2, y - size * 0.45) < size * 0.28;
    const shoulders = Math.hypot(x - size / 2, (y - size * 1.15) * 0.9) < size * 0.45;
    return inside || shoulders ? disc : ground;
  });
}

/**
 * Hills before an evening sky.
 * @param {number} width in pixels
 * @param {number} height
 * @param {[number, number, number]} sky
 * @param {[number, number, number]} hill
 * @returns {Buffer} a PNG file
 */
export function landscape(width, height, sky, hill) {
  return drawn(width, height, (x, y) => {
    const across = (x / width) * Math.PI * 2;
    if (Math.hypot(x - width * 0.7, y - height * 0.3) < height * 0.11) return [255, 236, 200];
    const far = height * (0.62 + 0.08 * Math.sin(across * 1.3 + 1));
    const near = height * (0.78 + 0.06 * Math.sin(across * 2 + 4));
    const light = y > near ? 0.55 : y > far ? 0.8 : 1;
    const base = y > far ? hill : sky;
    const glow = y > far ? 0 : (60 * y) / height;
    const [r, g, b] = base.map((part) => Math.min(255, Math.round(part * light + glow)));
    return [r ?? 0, g ?? 0, b ?? 0];
  });
}

/**
 * A tone that swells and fades.
 * @param {number} seconds
 * @returns {Buffer} a WAV file, 8,000 samples a second
 */
export function wav(seconds) {
  const rate = 8_000;
  const samples = Buffer.alloc(seconds * rate * 2);
  for (let i = 0; i < seconds * rate; i++) {
    const loud = Math.abs(Math.sin((i / rate) * 1.7)) * 9_000;
    samples.writeInt16LE(Math.round(Math.sin((i / rate) * 440 * 2 * Math.PI) * loud), i * 2);
  }
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  // Uncompressed, one channel.
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

/**
 * @param {number} width
 * @param {number} height
 * @param {(x: number, y: number) => [number, number, number]} colour of a point
 * @returns {Buffer} a PNG file
 */
function drawn(width, height, colour) {
  const line = 1 + width * 3;
  const rows = Buffer.alloc(height * line);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows.set(colour(x, y), y * line + 1 + x * 3);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits a channel, three channels.
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

/** The checksum of PNG. @param {Buffer} bytes */
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/**
 * A GIF that goes on between colours, each a frame.
 *
 * @param {number} side In pixels.
 * @param {number[][]} colours At most three.
 */
export function gif(side, colours) {
  const size = [side & 255, side >> 8];
  const table = [...colours, [0, 0, 0], [0, 0, 0], [0, 0, 0]].slice(0, 4).flat();
  const frames = colours.flatMap((_, at) => [
    ...[0x21, 0xf9, 4, 0, 30, 0, 0, 0],
    ...[0x2c, 0, 0, 0, 0, ...size, ...size, 0, 2, ...blocks(codes(side * side, at)), 0],
  ]);
  const repeat = [0x21, 0xff, 11, ...Buffer.from("NETSCAPE2.0"), 3, 1, 0, 0, 0];
  return Buffer.from([...Buffer.from("GIF89a"), ...size, ...size, 0x81, 0, 0, ...table, ...repeat, ...frames, 0x3b]);
}

/** Pixels of one colour as codes of three bits; begun anew after every second one, so that they stay so short. */
function codes(/** @type {number} */ count, /** @type {number} */ colour) {
  const [clear, end] = [4, 5];
  const all = Array.from({ length: Math.ceil(count / 2) }, () => [clear, colour, colour]).flat();
  const bits = [...all, end].flatMap((code) => [code & 1, (code >> 1) & 1, (code >> 2) & 1]);
  const bytes = Array.from({ length: Math.ceil(bits.length / 8) }, () => 0);
  bits.forEach((bit, at) => (bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (bit << (at & 7))));
  return bytes;
}

/** In blocks of at most 255 bytes, each with its length before it. */
function blocks(/** @type {number[]} */ bytes) {
  const count = Math.ceil(bytes.length / 255);
  const parts = Array.from({ length: count }, (_, at) => bytes.slice(at * 255, (at + 1) * 255));
  return parts.flatMap((part) => [part.length, ...part]);
}
