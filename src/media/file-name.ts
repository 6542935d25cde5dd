import type { ContentType } from "./content-type.ts";

/**
 * What a file is called, safe for any file system: by the server, else by its URL; `""` where neither says anything. Coze's
 * flows put the name that a file had into the parameter `x-wf-file_name`, and the image service behind them (veImageX)
 * the form of a picture behind a `~`.
 */
export function givenName(url: URL, disposition: string | undefined): string {
  const written = [dispositionName(disposition), url.searchParams.get("x-wf-file_name") ?? "", lastSegment(url)];
  return written.map(safeName).find((name) => name !== "") ?? "";
}

/** The extension of a name, in small letters and without its dot; `""` for none. */
export function extensionOf(name: string): string {
  return /.\.((?=\d*[a-z])[a-z\d]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? "";
}

/** `given` with the extension that the type demands, and a name for what has none. */
export function nameFor({ kind, extensions }: ContentType, given: string): string {
  const extension = extensionOf(given);
  const stem = shortened(extension === "" ? given : given.slice(0, -extension.length - 1));
  return `${stem || kind}.${extensions.includes(extension) ? extension : extensions[0]}`;
}

/** RFC 6266: `filename*` in UTF-8 before `filename`. */
function dispositionName(disposition = ""): string {
  const encoded = /(?:^|;)\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(disposition)?.[1];
  if (encoded !== undefined) return decoded(encoded);
  const [, quoted, bare] = /(?:^|;)\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(disposition) ?? [];
  return decoded(fromLatin1(quoted?.replace(/\\(.)/g, "$1") ?? bare ?? ""));
}

/** Headers arrive as Latin-1; many servers write UTF-8 into them. */
function fromLatin1(text: string): string {
  const utf8 = Buffer.from(text, "latin1").toString("utf8");
  return utf8.includes("\ufffd") ? text : utf8;
}

function lastSegment(url: URL): string {
  return decoded(url.pathname.split("/").findLast((segment) => segment !== "") ?? "").replace(/~tplv-.*$/, "");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Without folders, what no file system takes, what hides or turns text around, and dots that hide a file. */
function safeName(name: string): string {
  return name
    .replace(/^.*[/\\]/s, "")
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "")
    .replace(/[:*?"<>|]/g, "_")
    .replace(/\s+/g, " ")
    .replace(/^[.\s]+|[.\s]+$/g, "");
}

/** Code points; the extension comes on top. */
const longestStem = 80;

function shortened(stem: string): string {
  return [...stem].slice(0, longestStem).join("").trim();
}
