import type { Tokens } from "marked";
import type { TextFlow } from "./text-flow.ts";

/** A link, or the text of it: a bare address is left to the platform to recognise, an unsafe one is no link. */
export function writeLink(link: Tokens.Link, flow: TextFlow, label: () => void): void {
  const isBareAddress = link.text === link.href || `mailto:${link.text}` === link.href || link.raw === link.text;
  if (isBareAddress) return flow.write(link.text);
  if (link.text.trim() === "") return flow.write(link.href);
  const url = linkableUrl(link.href);
  if (url !== undefined) return flow.within({ type: "link", url }, label);
  if (!isWebAddress(link.href)) return flow.write(link.raw);
  label();
  flow.write(` (${link.href})`);
}

/** Neither platform shows an image inside text: it becomes a link to the picture. */
export function writeImage(image: Pick<Tokens.Image, "href" | "text" | "raw">, flow: TextFlow): void {
  const url = linkableUrl(image.href);
  const label = image.text || image.href;
  if (url !== undefined) return flow.within({ type: "link", url }, () => flow.write(label));
  if (!isWebAddress(image.href)) return flow.write(image.raw);
  flow.write(image.text ? `${image.text} (${image.href})` : image.href);
}

/**
 * The address that both platforms take for a link, or `undefined`. Telegram refuses hosts without a dot, such as
 * `localhost`.
 */
export function linkableUrl(href: string): string | undefined {
  const url = href.trim().replace(/\s/g, "%20");
  if (!/^(https?:\/\/|mailto:|tel:|tg:)/i.test(url) || !URL.canParse(url)) return undefined;
  return isWebAddress(url) && !new URL(url).hostname.includes(".") ? undefined : url;
}

function isWebAddress(href: string): boolean {
  return /^https?:\/\//i.test(href) && URL.canParse(href);
}
