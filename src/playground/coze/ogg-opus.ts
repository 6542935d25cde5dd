/** One packet of 20 ms of silence, as Opus encoders write it (RFC 6716, 3.1: CELT, fullband, mono). */
const SILENT_PACKET = Buffer.from([0xf8, 0xff, 0xfe]);
const PACKET_MS = 20;
/** Granule positions count samples of 48 kHz. */
const PACKET_SAMPLES = 960;
const SERIAL = 0x636f7a65;
const MOST_PACKETS_IN_PAGE = 50;

/** A silent Ogg Opus file (RFC 7845) of about this length. */
export function silentOggOpus(durationMs: number): Buffer {
  const packets = Math.max(1, Math.ceil(durationMs / PACKET_MS));
  const pages = [
    page([opusHead()], { sequence: 0, granule: 0, flags: 2 }),
    page([opusTags()], { sequence: 1, granule: 0 }),
  ];
  for (let sent = 0; sent < packets; ) {
    const count = Math.min(MOST_PACKETS_IN_PAGE, packets - sent);
    sent += count;
    const place = { sequence: pages.length, granule: sent * PACKET_SAMPLES, flags: sent === packets ? 4 : 0 };
    pages.push(page(Array<Buffer>(count).fill(SILENT_PACKET), place));
  }
  return Buffer.concat(pages);
}

interface Place {
  readonly sequence: number;
  readonly granule: number;
  /** 2: first page; 4: last page (RFC 3533). */
  readonly flags?: number;
}

/** Packets must be shorter than 255 bytes each. */
function page(packets: readonly Buffer[], { sequence, granule, flags = 0 }: Place): Buffer {
  const header = Buffer.alloc(27);
  header.write("OggS", 0, "latin1");
  header.writeUInt8(flags, 5);
  header.writeBigInt64LE(BigInt(granule), 6);
  header.writeUInt32LE(SERIAL, 14);
  header.writeUInt32LE(sequence, 18);
  header.writeUInt8(packets.length, 26);
  const bytes = Buffer.concat([header, Buffer.from(packets.map(({ length }) => length)), ...packets]);
  bytes.writeUInt32LE(checksum(bytes), 22);
  return bytes;
}

function opusHead(): Buffer {
  const head = Buffer.alloc(19);
  head.write("OpusHead", 0, "latin1");
  head.writeUInt8(1, 8);
  head.writeUInt8(1, 9);
  head.writeUInt16LE(312, 10);
  head.writeUInt32LE(24_000, 12);
  return head;
}

function opusTags(): Buffer {
  const vendor = Buffer.from("emulated");
  const tags = Buffer.alloc(8 + 4 + vendor.length + 4);
  tags.write("OpusTags", 0, "latin1");
  tags.writeUInt32LE(vendor.length, 8);
  vendor.copy(tags, 12);
  return tags;
}

/** CRC-32 with the polynomial 0x04c11db7, not reflected, from zero (RFC 3533, 6). */
function checksum(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}
