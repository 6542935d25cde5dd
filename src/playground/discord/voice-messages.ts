import type { MessageForm } from "./message-form.ts";
import { messageFlags } from "./messages.ts";
import { refuse } from "./refusals.ts";

export function isVoice({ flags = 0 }: { readonly flags: number | undefined }): boolean {
  return (flags & messageFlags.voice) !== 0;
}

/** Refuses a voice message that is more, or less, than one described sound (Discord docs, voice messages). */
export function requireVoiceForm(form: MessageForm): void {
  if (form.content || form.embeds?.length || form.components?.length) throw refuse("voiceWithContent");
  const [file, ...others] = form.files;
  if (!file?.type.startsWith("audio/") || others.length > 0) throw refuse("voiceNotSingleAudio");
  if (!file.voice) throw refuse("voiceWithoutMetadata");
}
