/** The address of a link when it is one that can be opened: http(s), and no user name or password in it. */
export function webAddress(href: string): string | undefined {
  if (!/^https?:\/\//i.test(href) || !URL.canParse(href)) return undefined;
  const url = new URL(href);
  return url.username === "" && url.password === "" ? url.href : undefined;
}

/** Whether the path of `url` ends in the extension of a file that is sent as such. Web pages and source code are not. */
export function isNamedFile(url: string): boolean {
  const extension = /[^/]\.([a-z0-9]{2,5})$/i.exec(new URL(url).pathname)?.[1];
  return extension !== undefined && fileExtensions.has(extension.toLowerCase());
}

/** `image` is what Coze's image service (veImageX) ends its paths with: `…/cat.png~tplv-mdko3gqilj-image.image`. */
export const fileExtensions: ReadonlySet<string> = new Set(
  (
    "png jpg jpeg jfif gif webp bmp heic heif avif image mp3 wav ogg oga opus m4a aac flac amr mp4 m4v mov webm mkv " +
    "avi pdf doc docx xls xlsx ppt pptx odt ods odp epub rtf csv txt srt zip 7z rar"
  ).split(" "),
);

/**
 * Whether `url` looks like a file that Coze itself serves, whose address often has no extension. Seen in the answers of
 * plugins and flows: short links `s.coze.cn/t/DvEy1Vs0eck/`, what plugins and people stored
 * (`lf-bot-studio-plugin-resource.coze.cn/obj/…`, `lf9-bot-platform-tos-sign.coze.cn/…`,
 * `lf-plugin-resouce.oceancloudapi.com/obj/…`) and pictures (`p9-bot-workflow-sign.byteimg.com/tos-cn-i-…`). Pages such as
 * `www.coze.cn` are not among them.
 */
export function isCozeFile(url: string): boolean {
  const { hostname, pathname } = new URL(url);
  if (/^s\.coze\.(?:cn|com)$/.test(hostname)) return /^\/t\/[\w-]+\/?$/.test(pathname);
  return pathname.length > 1 && storageHost.test(hostname);
}

const storageHost =
  /^(?:[a-z0-9-]+\.i?byteimg\.com|[a-z0-9-]+(?:-tos-sign|-plugin-resour?ce)\.(?:coze\.(?:cn|com)|oceancloudapi\.com))$/;
