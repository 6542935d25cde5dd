/** The first bytes of files, as Latin-1, or all of a small one. */
const heads: Readonly<Record<string, string>> = {
  png: "\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
  jpg: "\xff\xd8\xff\xe0\0\x10JFIF",
  gif: "GIF89a\x01\0\x01\0",
  webp: "RIFF\x10\0\0\0WEBPVP8 ",
  bmp: `BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0${"\0".repeat(20)}`,
  heic: box("heic", "mif1", "heic"),
  avif: box("avif", "mif1", "miaf"),
  mp4: box("isom", "iso2", "avc1", "mp41"),
  mov: box("qt  ", "qt  "),
  m4a: box("M4A ", "mp42"),
  pdf: "%PDF-1.7\n",
  ogg: `OggS\0\x02${"\0".repeat(20)}\x01\x13OpusHead`,
  ogv: `OggS\0\x02${"\0".repeat(20)}\x01\x2a\x80theora`,
  wav: "RIFF\x10\0\0\0WAVEfmt ",
  avi: "RIFF\x10\0\0\0AVI LIST",
  flac: "fLaC\0\0\0\x22",
  amr: "#!AMR\n",
  mp3: "ID3\x04\0\0\0\0\0\0",
  aac: "\xff\xf1\x50\x80\0\x1f\xfc",
  webm: "\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm",
  mkv: "\x1a\x45\xdf\xa3\xa3\x42\x86\x81\x01\x42\x82\x88matroska",
  "7z": "7z\xbc\xaf\x27\x1c\0\x04",
  rar: "Rar!\x1a\x07\x01\0",
  rtf: "{\\rtf1\\ansi}",
  doc: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
  zip: zip("a.txt", "word/a.txt"),
  docx: zip("[Content_Types].xml", "_rels/.rels", "word/document.xml"),
  xlsx: zip("[Content_Types].xml", "xl/workbook.xml"),
  pptx: zip("[Content_Types].xml", "ppt/presentation.xml"),
  odt: zip("mimetype=application/vnd.oasis.opendocument.text", "content.xml"),
  epub: zip("mimetype=application/epub+zip", "META-INF/container.xml"),
};

export const samples: ReadonlyMap<string, Buffer> = new Map(
  Object.entries(heads).map(([extension, head]) => [extension, Buffer.from(head, "latin1")]),
);

export function sample(extension: string): Buffer {
  const data = samples.get(extension);
  if (!data) throw new Error(`no sample of ${extension}`);
  return data;
}

/** ISO 14496-12: the length, `ftyp`, the major brand, a version, and what it is compatible with. */
function box(major: string, ...brands: readonly string[]): string {
  const content = `ftyp${major}\0\0\0\0${brands.join("")}`;
  return `\0\0\0${String.fromCharCode(content.length + 4)}${content}\0\0\0\x08mdat`;
}

/** An archive of files that are stored as they are, `name=content` or empty. */
function zip(...files: readonly string[]): string {
  let body = "";
  let directory = "";
  for (const file of files) {
    const [name = "", content = ""] = file.split(/=(.*)/s);
    const sizes = uint32(content.length).repeat(2) + uint16(name.length);
    directory += `PK\x01\x02${"\0".repeat(16)}${sizes}${"\0".repeat(12)}${uint32(body.length)}${name}`;
    body += `PK\x03\x04${"\0".repeat(14)}${sizes}\0\0${name}${content}`;
  }
  const count = uint16(files.length).repeat(2);
  return `${body}${directory}PK\x05\x06\0\0\0\0${count}${uint32(directory.length)}${uint32(body.length)}\0\0`;
}

function uint16(value: number): string {
  return String.fromCharCode(value & 255, value >> 8);
}

function uint32(value: number): string {
  return uint16(value & 0xffff) + uint16(value >>> 16);
}
