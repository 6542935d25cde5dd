/** A choice of a question that lists its options, one a line. */
const listed = /^\s*(?:[-*•]\s+|(?:\d{1,2}|[A-Za-z])\s*[.)、:：．）]\s*)(.+?)\s*$/;

const most = 10;
const longest = 80;

/** No option is on a line that is longer, and to look through one of any length could take long. */
const longestLine = 200;

/**
 * The options at the end of a question, as flows list them in its text (Coze has no field for them): at least two lines
 * that are numbered, lettered or marked alike. Nothing where there are too many or too long ones for buttons.
 */
export function choicesIn(question: string): readonly string[] {
  const lines = question.trimEnd().split("\n");
  const options: string[] = [];
  for (let line = lines.pop(); line !== undefined; line = lines.pop()) {
    if (line.trim() === "") continue;
    const option = line.length <= longestLine ? listed.exec(line)?.[1] : undefined;
    if (option === undefined) break;
    options.unshift(option.replace(/^\*\*(.+)\*\*$/, "$1"));
  }
  const fits = options.length >= 2 && options.length <= most && options.every(({ length }) => length <= longest);
  return fits ? options : [];
}
