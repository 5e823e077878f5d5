import { describe, expect, test } from "vitest";
import type { Comment } from "../api/types";
import { ancestorsOf, answersTo, unfolded, withComment, withComments, withoutComment } from "./tree";

const comment = (id: number, parent_id: number | null, depth: number): Comment => ({
  ...{ id, article_id: 1, parent_id, depth, author: null, text: `${id}`, html: "" },
  ...{ created_at: "", modified_at: null, likes: 3, liked: true, status: "visible" },
  may: { edit: true, delete: true, moderate: false },
});
//  1
//    2
//      3
//    4
//  5
const tree = [comment(1, null, 0), comment(2, 1, 1), comment(3, 2, 2), comment(4, 1, 1), comment(5, null, 0)];
const ids = (list: readonly Comment[]) => list.map((one) => one.id);

describe("comments", () => {
  test("answers are counted over all depths, and folded away with them", () => {
    expect([1, 2, 3, 5, 99].map((id) => answersTo(tree, id))).toEqual([3, 1, 0, 0, 0]);
    expect(ids(unfolded(tree, new Set([1])))).toEqual([1, 5]);
    expect(ids(unfolded(tree, new Set([2])))).toEqual([1, 2, 4, 5]);
    expect(ids(unfolded(tree, new Set()))).toEqual([1, 2, 3, 4, 5]);
  });

  test("a new answer stands behind all answers to the same comment", () => {
    expect(ids(withComment(tree, comment(6, 2, 2)))).toEqual([1, 2, 3, 6, 4, 5]);
    expect(ids(withComment(tree, comment(6, 1, 1)))).toEqual([1, 2, 3, 4, 6, 5]);
    expect(ids(withComment(tree, comment(6, 5, 1)))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("one of its own comes first or last", () => {
    expect(ids(withComment(tree, comment(6, null, 0), "first"))).toEqual([6, 1, 2, 3, 4, 5]);
    expect(ids(withComment(tree, comment(6, null, 0)))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("another version takes its place; an answer to what is not there waits for its page", () => {
    const changed = { ...comment(3, 2, 2), text: "new" };
    expect(withComment(tree, changed)[2]?.text).toBe("new");
    expect(withComment(tree, comment(9, 77, 3))).toBe(tree);
    expect(ids(withComments(tree, [comment(5, null, 0), comment(7, null, 0)]))).toEqual([1, 2, 3, 4, 5, 7]);
  });

  test("deleted, it leaves a stone where it has answers, and nothing where it has none", () => {
    expect(ids(withoutComment(tree, 3))).toEqual([1, 2, 4, 5]);
    const stone = withoutComment(tree, 2);
    expect(ids(stone)).toEqual([1, 2, 3, 4, 5]);
    expect(stone[1]).toMatchObject({ status: "deleted", text: "", likes: 0, may: { edit: false } });
    expect(withoutComment(tree, 99)).toBe(tree);
  });

  test("what lies around a comment is known", () => {
    expect(ancestorsOf(tree, 3)).toEqual([1, 2]);
    expect(ancestorsOf(tree, 5)).toEqual([]);
  });
});
