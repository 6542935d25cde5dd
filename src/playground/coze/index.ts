export type { Answer, AskedQuestion, Mode, Said } from "./brain.ts";
export type { Dialect } from "./dialect.ts";
export { type CozeEmulator, type CozeEmulatorOptions, startCozeEmulator } from "./emulator.ts";
export type { Auth } from "./environment.ts";
export type { RecordedRequest } from "./record.ts";
export { cozeError } from "./refusal.ts";
export * from "./script.ts";
export type { Writing } from "./stream.ts";
export type { ConversationView, ShownText } from "./view.ts";
