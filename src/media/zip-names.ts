/** The names of the files in a ZIP archive, as its directory at the end lists them; none where it has no directory. */
export function zipNames(data: Buffer): string[] {
  const end = data.lastIndexOf(endMark);
  if (end < 0 || end + endLength > data.length) return [];
  const count = Math.min(data.readUInt16LE(end + 10), mostNames);
  let at = data.readUInt32LE(end + 16);
  const names: string[] = [];
  while (names.length < count && at + entryLength <= data.length && data.readUInt32LE(at) === entryMark) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => data.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    names.push(data.toString("utf8", at + entryLength, at + entryLength + name));
    at += entryLength + name + extra + comment;
  }
  return names;
}

/** PKWARE APPNOTE 4.3.12 and 4.3.16: the marks and fixed lengths of an entry and of the end of the directory. */
const entryMark = 0x02_01_4b_50;
const entryLength = 46;
const endMark = Buffer.from("PK\u0005\u0006", "latin1");
const endLength = 22;

const mostNames = 2000;
