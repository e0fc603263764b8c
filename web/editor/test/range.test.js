import assert from "node:assert/strict";
import { test } from "node:test";

import { Text } from "@codemirror/state";

import { offsetOf, problemRange } from "../src/range.js";

const TEXT = `kind: DaemonSet # a comment
metadata:
  name: "a # b"
  labels: { app: x }

😀: wrong
    `;
const doc = Text.of(TEXT.split("\n"));

/** What is underlined for a problem at that line and column. */
function marked(line, column) {
  const { from, to } = problemRange(doc, { line, column });
  return doc.sliceString(from, to);
}

test("a key is marked without its colon", () => assert.equal(marked(2, 1), "metadata"));
test("a value is marked without the comment after it", () => assert.equal(marked(1, 7), "DaemonSet"));
test("a quoted value is marked with its quotes", () => assert.equal(marked(3, 9), '"a # b"'));
test("a flow mapping is marked to its end", () => assert.equal(marked(4, 11), "{ app: x }"));
test("a position after the end marks the line", () => assert.equal(marked(2, 40), "metadata:"));
test("a position on nothing marks nothing", () => assert.equal(marked(5, 1), ""));
test("a line of blanks marks nothing", () => assert.equal(marked(7, 1), ""));
test("a line after the end is the last one", () => assert.equal(marked(99, 1), ""));
test("columns count characters", () => assert.equal(marked(6, 4), "wrong"));
test("line 0 is the first line", () => assert.equal(offsetOf(doc, 0, 0), 0));
