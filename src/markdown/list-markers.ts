/** What stands before an item of a list without numbers, by how many lists it lies in; the outermost is 0. */
export function bullet(level: number): string {
  return bullets[Math.min(level, bullets.length - 1)] ?? "•";
}

const bullets = ["•", "◦", "▪"];
