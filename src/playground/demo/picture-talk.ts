import { pngSize } from "./png.ts";
import { type Light, lights } from "./teapot.ts";

/** What the agent says of a file; it can't look into it, but it has every byte. */
export function pictureSeen(
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
  subject: string | undefined,
): string {
  const size = pngSize(bytes);
  const pixels = size ? `a picture of ${size.width} × ${size.height} pixels, ` : "";
  const guess = subject
    ? `You collect *${subject}*, so I guess that it shows one of them. 🫖`
    : "What it shows I can't say: I am only a script.";
  return `This is \`${name}\`: ${pixels}${bytes.length.toLocaleString("en")} bytes. The bridge took it from the chat to Coze.\n\n${guess}`;
}

/** A question of a flow: it lists its options in its text. */
export const lightQuestion = [
  "I have a teapot, too. In which light would you like to see it?\n",
  ...lights.map(({ title }, index) => `${index + 1}. ${title}`),
].join("\n");

const behindPicture = "The same pot on the same table: only the light is another.";

/** Before and behind the picture of {@link teapotShown}. */
export function wordsAround({ title }: Light): { readonly before: string; readonly behind: string } {
  return { before: `Here it is, **${title.toLowerCase()}**. I painted it while you waited:`, behind: behindPicture };
}

export function teapotShown(light: Light, picturesUrl: string): string {
  const { before, behind } = wordsAround(light);
  return `${before}\n\n![A teapot](${picturesUrl}/${light.fileName})\n\n${behind}`;
}

/** Suggested below the picture. */
export const whichWay = "How did the picture get here?";

export const wayOfPicture =
  "My answer held a link, as answers on Coze do. Such links expire soon, so the bridge **fetched the file at once**, looked at what it is, and sent it as a picture of the chat, in its place between my words. The link itself you never saw. 🖼️";
