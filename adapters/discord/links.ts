import { percentEncoded, webAddress, withoutMarkers } from "./literal.ts";

/**
 * `[label](url)` where Discord makes a link of it: web addresses only, no brackets in the label, and nothing in it that
 * looks like another address.
 */
export function linkMarkers(label: string, url: string): { readonly open: string; readonly close: string } | undefined {
  if (!isWeb(url) || saysAddress(label, url) || /[[\]]|:\/\//.test(label)) return undefined;
  return { open: "[", close: `](${linkTarget(url)})` };
}

/** What stands behind the label of any other link: its address, unless the label says it already. */
export function addressNote(label: string, url: string): string | undefined {
  const address = url.replace(/^(?:mailto|tel):/i, "");
  if (label.trim() === "" || label === address || saysAddress(label, url)) return undefined;
  const written = isWeb(url) ? webAddress(withoutSpaces(url), false, true) : address.replaceAll(/[\\*_`<[~|]/g, "\\$&");
  return ` (${written})`;
}

/** Whether a link is to be written as the bare address that its label is. */
export function isWholeAddress(label: string, url: string): boolean {
  return isWeb(url) && !/[\s<>]/.test(label) && saysAddress(label, url);
}

function isWeb(url: string): boolean {
  return /^https?:/i.test(url);
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
