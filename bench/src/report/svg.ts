type Attributes = Readonly<Record<string, string | number>>;

/** Colours that can be read on light and on dark backgrounds alike: an image does not know on which one it stands. */
export const colours = {
  text: "#6e7781",
  grid: "#8c959f",
  contestants: {
    ours: "#2f81f7",
    "ours-draft": "#2f81f7",
    chat: "#db6d28",
    "chat-draft": "#db6d28",
    naive: "#8957e5",
    idle: "#6e7781",
  },
} as const;

export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  const start = `<${name}${written.join("")}`;
  return children.length === 0 ? `${start}/>` : `${start}>${children.join("")}</${name}>`;
}

export function label(
  text: string,
  [x, y]: readonly [number, number],
  anchor: "start" | "middle" | "end" = "start",
  size = 12,
): string {
  return element(
    "text",
    { x: round(x), y: round(y), "text-anchor": anchor, "font-size": size, fill: colours.text },
    escaped(text),
  );
}

export function line([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]): string {
  const ends = { x1: round(x1), y1: round(y1), x2: round(x2), y2: round(y2) };
  return element("line", { ...ends, stroke: colours.grid, "stroke-opacity": 0.4 });
}

/** A whole image. `title` is read out by screen readers. */
export function image(
  title: string,
  [width, height]: readonly [number, number],
  ...children: readonly string[]
): string {
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: "img",
    "font-family": "system-ui, sans-serif",
  };
  return `${element("svg", attributes, element("title", {}, escaped(title)), ...children)}\n`;
}

export function translated([x, y]: readonly [number, number], ...children: readonly string[]): string {
  return element("g", { transform: `translate(${round(x)} ${round(y)})` }, ...children);
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
