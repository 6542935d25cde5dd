/** `NAME=value` lines that a shell and a `.env` reader take for the same: in single quotes where anything could be special. */
export function environmentLines(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).map(([name, value]) => {
    if (/^[\w:/.@-]+$/.test(value)) return `${name}=${value}`;
    if (value.includes("'") || value.includes("\n")) throw new Error(`${name} can't be written in one quoted line.`);
    return `${name}='${value}'`;
  });
}
