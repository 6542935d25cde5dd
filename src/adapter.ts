import type { FormattedText } from "./markdown/formatted-text.ts";

/**
 * The contract between the core and a chat platform. An adapter translates: platform events into {@link InboundEvent},
 * {@link OutgoingMessage} into the platform's own messages, the platform's failures into `PlatformError` (errors.ts).
 * It decides nothing: whom to answer, when to edit, where to cut a long text is the core's.
 */
export interface Adapter {
  /** Short, stable, lower case: `telegram`. It is a part of stored keys and of `session_name`. */
  readonly name: string;
  readonly capabilities: Capabilities;

  /** Who the bot is on the platform. Needs no `start`; fails with a `PlatformError` when the credentials are refused. */
  identify(): Promise<Identity>;

  /**
   * Connects and begins to offer events to `inbox`. Resolves once the platform accepted the credentials and events can
   * arrive; rejects with a `PlatformError` (or `ConfigError`, where the operator must change something) otherwise.
   */
  start(inbox: Inbox): Promise<void>;

  /** Offers no more events; messages can still be sent. Settles, may be called twice and before `start`. */
  stopReceiving(): Promise<void>;

  /** Ends everything, also calls under way: no connection and no timer is left. Settles, may be called twice and before `start`. */
  stop(): Promise<void>;

  /**
   * Sends a new message and returns its handle. `message.text` must measure at most `capabilities.maxLength`.
   * One call is at most one message on the platform: the adapter never repeats a request that may have been applied.
   */
  post(target: Target, message: OutgoingMessage): Promise<MessageRef>;

  /**
   * Sends files as the platform's own media, several as one album: at most `capabilities.mostInAlbum`, each at most
   * `capabilities.maxUploadBytes`. A `voice` stands alone. As with `post`, one call is at most one message or album.
   */
  postMedia(target: Target, media: OutgoingMedia): Promise<MessageRef>;

  /** Replaces the content of a message. "Not modified" is success. */
  edit(ref: MessageRef, message: OutgoingMessage): Promise<void>;

  /** Removes a message. One that is gone already is success. */
  delete(ref: MessageRef): Promise<void>;

  /** Replaces the buttons below a message and leaves its text as it is. "Not modified" is success. */
  showButtons(ref: MessageRef, buttons: Buttons): Promise<void>;

  /**
   * Looks for a message that an earlier `post` to `target` may have sent although no answer came. `known` are messages of
   * the bot that are accounted for. Nothing when there is none; absent where the platform lets nobody look.
   */
  findPosted?(target: Target, known: readonly MessageRef[]): Promise<MessageRef | undefined>;

  /** Where an answer to a command goes that its giver alone is to read. */
  privateTarget(event: CommandEvent): Target;

  /** Where to write in the chat with this id, as the operator finds it on the platform. */
  chatTarget(chatId: string): Target;

  /** Whether what people say arrives at this moment. Asked at any time, also before `start`. */
  condition(): Condition;

  /** Calls `listener` after every call to the platform. Called once, before `start`. */
  observeCalls(listener: (call: CallReport) => void): void;

  /**
   * Opens a live preview of an answer, which the platform shows while it is written and forgets by itself. Only where
   * `capabilities.drafts` is true; nothing for a target that takes none.
   */
  openDraft?(target: Target): Draft | undefined;

  /** Shows the bot as typing; the platform ends that by itself (`capabilities.typingLastsMs`) or at the next message. */
  startTyping(target: Target): Promise<void>;

  /**
   * Opens an attachment that a message carried. The stream is the bytes as the platform serves them. Rejects with a
   * `PlatformError`, `too-long` where the platform does not give so large a file out.
   */
  fetchAttachment(attachment: Attachment, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;

  /**
   * Calls `listener` with what every answer of the platform tells about its limits. Called once, before `start`. Without
   * it the windows of {@link Target.rate} are all that is known.
   */
  observeRates?(listener: (report: RateReport) => void): void;

  /** Makes the commands known to the platform (slash commands, command menu). Called after `start`, may be repeated. */
  registerCommands?(commands: readonly CommandDescription[]): Promise<void>;
}

/** What the core must know of a platform; it never asks for the platform's name. */
export interface Capabilities {
  /** The longest message, in the unit of `measure`. */
  readonly maxLength: number;
  /**
   * The length of a text as the platform counts it: Unicode code points after rendering. Pure, and never smaller for a
   * longer prefix of the same text by more than the closing of its formats.
   */
  readonly measure: (text: FormattedText) => number;
  /** How long one `startTyping` is visible, in milliseconds. */
  readonly typingLastsMs: number;
  /** True when `startTyping` counts, or may count, against the limit for messages: reports differ about Telegram. */
  readonly typingIsCounted?: boolean;
  /** How often the bot may call in all chats together; a call must fit in all windows. */
  readonly botRate: readonly RateWindow[];
  /** The largest file that can be sent, in bytes, and the most files in one album. */
  readonly maxUploadBytes: number;
  readonly mostInAlbum: number;
  /** What the files of one album may have together, in bytes; infinite when absent. */
  readonly maxAlbumBytes?: number;
  /** Whether two files can stand in one album and each be shown as well as alone. Pure. */
  readonly sharesAlbum: (one: MediaItem, other: MediaItem) => boolean;
  /** True when every file of an album is a message of its own, of which `findPosted` finds one at a time. */
  readonly splitsAlbums?: boolean;
  /** The largest attachment that can be fetched, in bytes; infinite or absent where the platform has no limit of its own. */
  readonly maxDownloadBytes?: number;
  /** `fresh`: an answer that grew ends as a new message in place of its last one, so that it shows as unread. */
  readonly finish: "edit" | "fresh";
  /** True when answers are to be shown as live drafts while they grow, where `openDraft` gives one. */
  readonly drafts?: boolean;
}

/** A live preview. Its calls count against a budget of their own. */
export interface Draft {
  readonly budget: string;
  readonly rate: readonly RateWindow[];
  /** How long the platform shows a draft after its last change, in milliseconds. */
  readonly lastsMs: number;
  /** Replaces what the draft shows. Rejects with a `PlatformError`; `forbidden` and `unknown` mean: no drafts here. */
  show(text: FormattedText): Promise<void>;
}

/** What an answer of the platform told about the limit that its request counted against. */
export interface RateReport {
  /** The {@link Target.budget} of the request. */
  readonly budget: string;
  readonly call: "post" | "edit";
  /** Calls that report the same bucket within one budget share one limit. */
  readonly bucket: string;
  /** Calls in a full window. */
  readonly limit: number;
  /** Calls left in the running window. */
  readonly remaining: number;
  /** Until the window ends, in milliseconds from the answer on. */
  readonly resetAfterMs: number;
}

/** Whether a platform's events arrive. */
export interface Condition {
  readonly isReceiving: boolean;
  /** When the platform last gave a sign of life (a finished poll, a heartbeat's answer), in milliseconds since the epoch. */
  readonly heardAt?: number;
  /** Why nothing arrives, in a few words for the operator; never a secret. */
  readonly problem?: string;
}

/** One call to the platform, as a count of calls needs it. */
export interface CallReport {
  /** The platform's name of the call, without ids: `sendMessage`, `PATCH /channels/:id/messages/:id`. */
  readonly method: string;
  /** HTTP status; absent when no answer came. */
  readonly status?: number;
  /** How long it took, in milliseconds. */
  readonly ms: number;
}

/** How often a chat may be written to: at most `count` sends and edits together in any `perMs` milliseconds. */
export interface RateWindow {
  readonly count: number;
  readonly perMs: number;
}

export interface Identity {
  readonly id: string;
  /** As people see it, for a log line: `@weather_bot`. */
  readonly name: string;
}

/** What the core offers to an adapter. */
export interface Inbox {
  /**
   * Takes an event over. Resolves once it is stored (or found to be a duplicate, or not for the bot); from then on the
   * platform may forget it. The adapter acknowledges within the platform's own deadline before it calls this. Rejects
   * only when the event could not be stored: the platform should then offer it again, where it can.
   */
  accept(event: InboundEvent): Promise<void>;

  /** What to offer while a person types the argument of a command, on platforms that ask. At most 25, best first. */
  complete(request: CompletionRequest): Promise<readonly Completion[]>;

  /** Where people talked to the bot, for a platform that does not repeat what was said while nobody listened. */
  recentChats(platform: string): Promise<readonly RecentChat[]>;

  /** What was said before this time, in milliseconds since the epoch, is too old to be read now. */
  oldestWanted(): number;
}

/** A person has begun to type the argument of a command. */
export interface CompletionRequest extends Pick<CommandEvent, "platform" | "author" | "chat" | "name"> {
  /** What stands there so far. */
  readonly typed: string;
}

export interface Completion {
  /** At most 100 characters, like the value. */
  readonly label: string;
  /** What {@link CommandEvent.argument} will be. */
  readonly value: string;
}

/** A chat and the last message that was taken in from it. */
export interface RecentChat {
  readonly chat: Chat;
  /** The {@link EventBase.id} and `sentAt` of that message. */
  readonly lastId: string;
  readonly lastSentAt: number;
}

export type InboundEvent = PersonEvent | EditedEvent | DeletedEvent | MovedEvent;

/** What a person did on purpose. */
export type PersonEvent = MessageEvent | CommandEvent | ActionEvent | StopEvent;

interface EventBase {
  /** The same for every delivery of the same event, and different for any other event of this platform. */
  readonly id: string;
  readonly platform: string;
  /** When the person sent it, in milliseconds since the epoch, by the platform's clock. */
  readonly sentAt: number;
  readonly author: Author;
  readonly chat: Chat;
  /** Where an answer to this event goes. */
  readonly target: Target;
}

/** A person said something. */
export interface MessageEvent extends EventBase {
  readonly type: "message";
  /** The text without the mention that addressed the bot. May be empty when there are attachments. */
  readonly text: string;
  /**
   * The message's own (an album is one message), then those of the message that it replies to, but for what the bot itself
   * said in a voice message.
   */
  readonly attachments: readonly Attachment[];
  /** True in private chats, and elsewhere when the message mentions the bot or replies to one of its messages. */
  readonly addressed: boolean;
}

/** A person gave a command meant for this bot. */
export interface CommandEvent extends EventBase {
  readonly type: "command";
  /** Lower case, without the slash. Unknown names arrive too; the core decides what they are. */
  readonly name: string;
  /** What followed the name; empty when nothing did. */
  readonly argument: string;
}

/** A person pressed a button below one of the bot's messages. The adapter has acknowledged it already. */
export interface ActionEvent extends EventBase {
  readonly type: "action";
  /** The {@link Button.value} of the button. */
  readonly value: string;
  /** The message that the button stands below. */
  readonly ref: MessageRef;
}

/** A person ended an answer by the platform's own means, such as the Stop button of a draft. The same as `/stop`. */
export interface StopEvent extends EventBase {
  readonly type: "stopped";
}

/** A person changed the text of a message. */
export interface EditedEvent {
  readonly type: "edited";
  readonly platform: string;
  /** The {@link EventBase.id} of the message. */
  readonly messageId: string;
  /** The new text, without the mention that addressed the bot. */
  readonly text: string;
}

/** A message of a person is gone. */
export interface DeletedEvent {
  readonly type: "deleted";
  readonly platform: string;
  /** The {@link EventBase.id} of the message. */
  readonly messageId: string;
}

/** A chat goes on under another key, as a Telegram group does that becomes a supergroup. */
export interface MovedEvent {
  readonly type: "moved";
  readonly platform: string;
  /** {@link Chat.key}s. */
  readonly from: string;
  readonly to: string;
}

export interface Author {
  /** The platform's user id. With `platform` it makes the `session_name`. */
  readonly id: string;
  readonly name: string;
  /** IETF language tag as the platform told it (`zh-hans`), when it did. */
  readonly locale?: string;
  /** True for bots, webhooks, channels and the bot itself: never answered. */
  readonly automated: boolean;
}

export interface Chat {
  /** One key for each place where people talk: a private chat, a group, a thread and a forum topic each have their own. */
  readonly key: string;
  readonly kind: "private" | "group";
  /** True for a thread or topic inside another chat. */
  readonly isThread?: boolean;
  readonly title?: string;
}

/** Any value that survives JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Where to send. Stored as JSON by the core, which never looks into `address`. */
export interface Target {
  /** Calls with the same budget count against the same rate limit (topics of one Telegram forum share theirs). */
  readonly budget: string;
  /** The windows of that budget; a call must fit in all of them. */
  readonly rate: readonly RateWindow[];
  /** True when calls to this target don't count against `capabilities.botRate`. */
  readonly isOutsideBotRate?: boolean;
  readonly address: Json;
}

/** A message that was sent. Stored as JSON by the core, which never looks inside. */
export interface MessageRef {
  readonly address: Json;
}

export interface OutgoingMessage {
  readonly text: FormattedText;
  /** True for the first message of an answer: shown as a reply to the person's message where the platform can. */
  readonly reply?: boolean;
  /** Below the text. A message that is edited without buttons loses those that it had. */
  readonly buttons?: Buttons;
  /** A key that makes a repeated `post` of the same message harmless on platforms that can de-duplicate. At most 25 characters. */
  readonly nonce?: string;
}

/** Files of the bot's. */
export interface OutgoingMedia {
  readonly items: readonly MediaItem[];
  /** Below the files. Not everywhere below several: then the call goes through without them. */
  readonly buttons?: Buttons;
  readonly reply?: boolean;
  readonly nonce?: string;
}

export interface MediaItem {
  /** `voice` is Ogg with Opus and is shown as a voice message. */
  readonly kind: "image" | "audio" | "video" | "file" | "voice";
  readonly name: string;
  readonly mimeType: string;
  readonly data: Uint8Array;
}

/** Rows of buttons: at most five, of at most five each. */
export type Buttons = readonly (readonly Button[])[];

export interface Button {
  /** At most 80 characters. */
  readonly label: string;
  /** What an {@link ActionEvent} brings back: at most 64 bytes of ASCII. */
  readonly value: string;
}

export interface Attachment {
  readonly kind: "image" | "audio" | "video" | "file";
  /** True for a voice message: something said, not a file that was sent. */
  readonly isVoice?: boolean;
  /** True for what stands in the message that was replied to. */
  readonly isQuoted?: boolean;
  readonly name: string;
  readonly mimeType?: string;
  /** In bytes, when the platform told. */
  readonly size?: number;
  readonly address: Json;
}

export interface CommandDescription {
  readonly name: string;
  /** In English, shown where no better language is known. At most 100 characters, like the translations. */
  readonly description: string;
  /** Other languages by ISO 639-1 code: `{ zh: "…" }`. */
  readonly translations: Readonly<Record<string, string>>;
  /** What may follow the name, where the platform has fields for that. */
  readonly argument?: CommandArgument;
}

export interface CommandArgument extends Omit<CommandDescription, "argument"> {
  /** True when the platform should ask {@link Inbox.complete} while it is typed. */
  readonly completes?: boolean;
}

/** The part of pino that an adapter uses. Fields first, then a short fixed sentence; never a token, at info never a person's text. */
export interface AdapterLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
