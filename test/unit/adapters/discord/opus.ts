export interface Sound {
  /** The size of every packet of sound, in bytes. */
  readonly packets: readonly number[];
  /** Samples of each packet; 960 are 20 ms. */
  readonly samples?: number;
  /** Samples at the beginning that are not played. */
  readonly preSkip?: number;
}

/** Ogg with Opus by RFC 3533 and RFC 7845: headers on pages of their own, and a page for every four packets. */
export function oggOpus({ packets, samples = 960, preSkip = 312 }: Sound): Uint8Array {
  const pages = [page(0n, [opusHead(preSkip)]), page(0n, [Buffer.from("OpusTags\0\0\0\0\0\0\0\0", "latin1")])];
  for (let at = 0; at < packets.length; at += 4) {
    const part = packets.slice(at, at + 4);
    pages.push(
      page(
        BigInt((at + part.length) * samples + preSkip),
        part.map((size) => Buffer.alloc(size, 7)),
      ),
    );
  }
  return Buffer.concat(pages);
}

/** One second of sound. */
export const second = oggOpus({ packets: Array.from({ length: 50 }, (_, index) => 20 + index) });

function opusHead(preSkip: number): Buffer {
  const head = Buffer.alloc(19);
  head.write("OpusHead", "latin1");
  head.writeUInt8(1, 8);
  head.writeUInt8(1, 9);
  head.writeUInt16LE(preSkip, 10);
  head.writeUInt32LE(48_000, 12);
  return head;
}

function page(granulePosition: bigint, packets: readonly Buffer[]): Buffer {
  const lacing = packets.flatMap(({ length }) => [...Array(Math.floor(length / 255)).fill(255), length % 255]);
  const header = Buffer.alloc(27);
  header.write("OggS", "latin1");
  header.writeBigInt64LE(granulePosition, 6);
  header.writeUInt8(lacing.length, 26);
  return Buffer.concat([header, Buffer.from(lacing), ...packets]);
}
