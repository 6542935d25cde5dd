import { percentEncoded, webAddress, withoutMarkers } from "./literal.ts";

/**
 * `[label](url)` where Discord makes a link of it: web addresses only, no brackets in the label, and nothing in it that
 * looks like another address. Elsewhere the address stands behind the label, unless the label says it already.
 */
export function linkMarkers(label: string, url: string): { readonly open: string; readonly close: string } | undefined {
  if (saysAddress(label, url) || url.replace(/^(mailto|tel):/, "") === label) return undefined;
  const isWeb = /^https?:/i.test(url);
  if (isWeb && !/[[\]]|:\/\//.test(label)) return { open: "[", close: `](${linkTarget(url)})` };
  const behind = isWeb ? webAddress(withoutSpaces(url), false, true) : url.replaceAll(/[\\*_`<[~|]/g, "\\$&");
  return { open: "", close: ` (${behind})` };
}

/** Whether a link is to be written as the bare address that its label is. */
export function isWholeAddress(label: string, url: string): boolean {
  return /^https?:/i.test(url) && !/[\s<>]/.test(label) && saysAddress(label, url);
}

/** A label may say the address in another script: `https://x.com/你`. */
function saysAddress(label: string, url: string): boolean {
  return label === url || encodeURI(label) === url;
}

function linkTarget(url: string): string {
  return withoutMarkers(url.replaceAll(/[\s()<>\\"[\]]/g, percentEncoded));
}

function withoutSpaces(url: string): string {
  return url.replaceAll(/[\s<>]/g, percentEncoded);
}
