// What can be written at a place, and what a field means. Which fields there are is asked of the
// page; what they mean is a file that is loaded when it is first needed.

/**
 * A completion source.
 *
 * @param {(text: string, line: number, column: number) => { start: number, options: object[] }} complete
 * @param {() => Promise<Map<string, string>>} meanings
 */
export function completions(complete, meanings) {
  return ({ state, pos, explicit }) => {
    const line = state.doc.lineAt(pos);
    const typed = state.sliceDoc(line.from, pos);
    // At the beginning of a line nothing is offered unasked: Enter is to make another line.
    if (!explicit && !/[A-Za-z]$/.test(typed)) return null;
    const { start, options } = complete(state.doc.toString(), line.number - 1, pos - line.from);
    if (options.length === 0) return null;
    return {
      from: line.from + start,
      validFor: /^[A-Za-z]*$/,
      options: options.map(({ label, detail, required, describedAs }) => ({
        label,
        detail: required ? `${detail}, required` : detail,
        boost: required ? 1 : 0,
        apply: `${label}:${/^(\[|\*?v1\.|map)/.test(detail) ? "" : " "}`,
        info: async () => paragraph((await meanings()).get(describedAs) ?? ""),
      })),
    };
  };
}

/** A source of tooltips: what the field under the pointer means. */
export function fieldHelp(describe, meanings) {
  return async (view, pos) => {
    const line = view.state.doc.lineAt(pos);
    const field = describe(view.state.doc.toString(), line.number - 1, pos - line.from);
    if (!field) return null;
    const meaning = (await meanings()).get(field.describedAs) ?? "";
    return {
      pos,
      above: true,
      create: () => {
        const dom = document.createElement("div");
        dom.className = "cm-field-help";
        const head = document.createElement("p");
        const name = document.createElement("b");
        name.textContent = field.name;
        head.append(name, ` ${field.type}`);
        dom.append(head, paragraph(meaning));
        return { dom };
      },
    };
  };
}

/** Text stays text. */
function paragraph(text) {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}
