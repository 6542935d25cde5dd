import { badRequest } from "./refusal.ts";

/** tdlib/td FileManager.cpp, check_full_local_location. */
const MAX_PHOTO_BYTES = 10_485_760;

/** Bot API 10.3, sendPhoto: width and height together, and one to the other. */
const MAX_DIMENSIONS = 10_000;
const MAX_RATIO = 20;

const signatures = ["\x89PNG", "\xff\xd8\xff", "GIF8", "RIFF"];

/** Refuses what Telegram makes no photo of. Dimensions are read of PNG alone. */
export function checkPhoto(bytes: Uint8Array): void {
  if (bytes.length > MAX_PHOTO_BYTES) {
    const size = `file of size ${bytes.length} bytes`;
    throw badRequest(`${size} is too big for a photo; the maximum size is ${MAX_PHOTO_BYTES} bytes`);
  }
  const picture = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!signatures.some((signature) => picture.toString("latin1", 0, 4).startsWith(signature))) {
    throw badRequest("IMAGE_PROCESS_FAILED");
  }
  if (picture[0] !== 0x89 || picture.length < 24) return;
  const [width, height] = [picture.readUInt32BE(16), picture.readUInt32BE(20)];
  if (width + height > MAX_DIMENSIONS || Math.max(width, height) > MAX_RATIO * Math.min(width, height)) {
    throw badRequest("PHOTO_INVALID_DIMENSIONS");
  }
}
