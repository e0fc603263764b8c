// Where a problem's underline begins and ends.

/**
 * A key before its colon, a quoted scalar, or else the rest of the line
 * without its trailing comment: what a reader would call "the thing there".
 */
const TOKEN = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'#:[{][^:#]*?(?=\s*:(?:\s|$))|.*?(?=\s+#|\s*$))/;

/**
 * The span to mark for a problem, as offsets into the document.
 * Positions are 1-based and count characters; those outside the text are
 * moved to the nearest place in it. Where nothing stands at the position,
 * the whole line is marked.
 *
 * @param {import("@codemirror/state").Text} doc
 * @param {{line: number, column: number}} problem
 */
export function problemRange(doc, { line, column }) {
  const { from, text } = lineAt(doc, line);
  const start = utf16Offset(text, column);
  const token = TOKEN.exec(text.slice(start))?.[0] ?? "";
  if (token !== "") {
    return { from: from + start, to: from + start + token.length };
  }
  const indent = text.length - text.trimStart().length;
  return { from: from + indent, to: from + Math.max(indent, text.trimEnd().length) };
}

/** The offset into the document of a 1-based line and column. */
export function offsetOf(doc, line, column) {
  const { from, text } = lineAt(doc, line);
  return from + utf16Offset(text, column);
}

function lineAt(doc, line) {
  return doc.line(Math.min(Math.max(line, 1), doc.lines));
}

/** Columns count characters, JavaScript strings count UTF-16 code units. */
function utf16Offset(text, column) {
  return [...text].slice(0, Math.max(column, 1) - 1).join("").length;
}
